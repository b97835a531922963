"""What the front does to an order that has come in: 分类, 直办, 交办, 批办, 不予受理, 并案, on any screen of orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hotline_tui.data.queries.callers import same_caller
from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.data.search.similar import Similar, similar_orders
from hotline_tui.data.suggest.advice import Advice
from hotline_tui.errors import HotlineError
from hotline_tui.rules.acceptance import fullest, missing_facts, place_told
from hotline_tui.rules.words import Action, Channel, OrderState
from hotline_tui.screens.classify_form import Classification, ClassifyForm
from hotline_tui.screens.deeds import DeedsScreen
from hotline_tui.screens.earlier import Choice, EarlierOrders
from hotline_tui.screens.kept import KeptForm
from hotline_tui.screens.matter import Matter, Step
from hotline_tui.screens.order_view import OrderSeen, look
from hotline_tui.screens.refusal import Refusal
from hotline_tui.screens.ways_out import WaysOut
from hotline_tui.services import intake
from hotline_tui.services.classify import classify
from hotline_tui.services.clock import edges_now

if TYPE_CHECKING:
    from uuid import UUID

    from hotline_tui.data.store import Session

SIMILAR = 8


class ReceivedDeeds(DeedsScreen, WaysOut):
    """The ways out of intake and dispatch, for the order that the screen shows."""

    similar: tuple[OrderRow, ...] = ()
    """Which orders the one in hand may repeat, by its text."""
    likened: tuple[Similar, ...] = ()
    """The same, with what is of one text."""
    of_caller: tuple[OrderRow, ...] = ()
    """Orders under way from the same number."""

    def matter(self) -> Matter:
        """The order in hand, whom it accuses, and what it may repeat."""
        found = self.require_seen().detail
        similar = [each.order for each in self.likened if each.speaks and each.order.id != found.row.id]
        return Matter(
            found.row.kind,
            found.narrative,
            found.row.number,
            found.topic_id,
            found.region_id,
            accused=self.directory.named(found.accused),
            similar_units=tuple(row.unit_id for row in similar),
            similar_topics=tuple(row.topic for row in similar),
            subject=found.subject,
            address=found.row.address,
            repeats=next(iter(self.similar), None),
            urgent=found.row.urgent,
            callers=max(1, len(found.callers)),
            online=found.row.channel is Channel.MAILBOX,
            returned_by=tuple(share.unit_id for share in found.assignments if share.returned_at is not None),
        )

    def carry_out(self, step: Step, *, repeats: str = "") -> None:
        """Do it to the order in hand."""
        one = self.the_subject()

        def done(said: str) -> None:
            self.flash(f"{said} {one.number}")
            self.reload()

        def failed(error: HotlineError) -> None:
            self.show_error(error)
            self.reload()

        self.write(lambda: step(one.order_id, one.version), done, otherwise=failed)

    def refuse(self, refusal: Refusal) -> None:
        """Refuse the order in hand."""
        one = self.the_subject()
        self.perform(
            lambda: intake.refuse_received(
                self.desk,
                one.order_id,
                refusal.reason,
                refusal.told,
                earlier_number=refusal.earlier_number,
                emergency_number=refusal.emergency_number,
                seen=one.version,
            ),
            f"不予受理 {one.number}",
            kept=self._refusal_kept(one.order_id),
        )

    def refusal_begins(self) -> Mapping[str, str]:
        """Of the order in hand."""
        return self._refusal_kept(self.the_subject().order_id).fields()

    def keep_refusal(self, fields: dict[str, str]) -> None:
        """With the order in hand."""
        self._refusal_kept(self.the_subject().order_id).put_fields(fields)

    def forget_refusal(self, order_id: UUID) -> None:
        """Its draft is about nothing any more."""
        self._refusal_kept(order_id).discard()

    def _refusal_kept(self, order_id: UUID) -> KeptForm:
        return KeptForm(self.seat, Action.REFUSE.value, order_id)

    # -- what a way out needs first (Art. 9, 15)

    def start_assign(self) -> None:
        """What has no topic, place or name yet gets it first."""
        found = self.require_seen().detail
        placed = place_told(found.region_id, found.row.address) or found.row.state is not OrderState.RECEIVED
        assign = super().start_assign
        self._complete_first(lambda: self.with_similar(assign), lacks=found.topic_id is None or not placed)

    def start_report(self) -> None:
        """What has no topic or name yet gets it first."""
        self._complete_first(super().start_report, lacks=self.require_seen().detail.topic_id is None)

    def start_answer(self) -> None:
        """What has no name yet gets it first; a topic comes with the answer."""
        self._complete_first(super().start_answer)

    def _complete_first(self, then: Callable[[], object], *, lacks: bool = False) -> None:
        """Go on, after the form for what is missing; a complaint or tip-off may also lack the facts of Art. 15."""
        found = self.require_seen().detail
        unnamed = missing_facts(found.row.kind, fullest(caller.facts for caller in found.callers))
        if lacks or (unnamed and found.row.state is OrderState.RECEIVED):
            self.start_classify(then, whole=True)
        else:
            then()

    def report_kept(self) -> KeptForm:
        """Of the order in hand."""
        return KeptForm(self.seat, Action.REPORT.value, self.the_subject().order_id)

    def ask_topic(self) -> None:
        """The answer has none to lend."""
        self.start_classify(self.start_answer, whole=True)

    def with_similar(self, then: Callable[[], object]) -> None:
        """Read which orders this one may repeat, then go on."""
        found, desk = self.require_seen().detail, self.desk

        seat = self.seat

        def read(session: Session) -> tuple[tuple[OrderRow, ...], tuple[Similar, ...]]:
            same = same_caller(session, desk.viewer, edges_now(desk, session), found.row.id, SIMILAR)
            alike = similar_orders(
                session,
                desk.viewer,
                edges_now(desk, session),
                text=found.narrative,
                subject=found.subject,
                place=found.row.address,
                topic_id=found.topic_id,
                limit=SIMILAR,
                index=seat.alike,
                but=found.row.id,
                names=seat.advisor.named(session, f"{found.subject}\n{found.narrative}"),
            )
            return same, alike

        def take(read: tuple[tuple[OrderRow, ...], tuple[Similar, ...]]) -> None:
            self.of_caller, self.likened = read
            self.similar = tuple(each.order for each in self.likened)
            then()

        self.read(read, take, lane="similar", opens=True)

    # -- 并案

    def start_merge(self) -> None:
        """Choose the living order: of the same caller, alike, or by its number (R-8)."""

        def chosen(choice: Choice | None) -> None:
            if choice is None:
                return
            if choice.open_id is not None:
                self.seat.open_order(choice.open_id)
            else:
                self.merge(choice.number)

        self._complete_first(lambda: self.with_similar(lambda: self.app.push_screen(self._earlier(), chosen)))

    def merge(self, living: str) -> None:
        """Also where the refusal turned into it."""
        merge = super().merge
        self._complete_first(lambda: merge(living))

    def _earlier(self) -> EarlierOrders:
        in_hand = self.in_hand(self.matter())
        return EarlierOrders(self.of_caller, self.likened, in_hand=in_hand, look_up=self.look_up, now=self.desk.clock())

    # -- 分类

    def start_classify(self, then: Callable[[], object] = lambda: None, *, whole: bool = False) -> None:
        """Ask what the matter is, write it and go on; `whole`: topic and place are wanted."""
        matter = self.matter()

        def advised(advice: Advice) -> None:
            self.advice = advice
            if self.directory.topics:
                self._classify(then, whole)
            else:
                self.read_directory(lambda: self._classify(then, whole))

        self.work_read(lambda: self.read_advice(matter), advised, lane="advice", opens=True)

    def _classify(self, then: Callable[[], object], whole: bool) -> None:
        found, one = self.require_seen().detail, self.the_subject()
        row = found.row
        standing = Classification(row.kind, found.topic_id, found.region_id, row.urgent, row.secret, row.address)
        kept = KeptForm(self.seat, "classify", one.order_id)

        def decided(made: Classification) -> None:
            self.perform(
                lambda: classify(
                    self.desk,
                    one.order_id,
                    kind=made.kind,
                    topic_id=made.topic_id,
                    region_id=made.region_id,
                    address=made.address,
                    urgent=made.urgent,
                    secret=made.secret,
                    accused=made.accused,
                    told=made.told,
                    seen=one.version,
                ),
                f"已分类 {one.number}",
                kept=kept,
                then=lambda: self.classified(then),
            )

        self.open_form(
            ClassifyForm(
                self.directory,
                standing,
                found.narrative,
                accused=found.accused,
                callers=found.callers,
                kept=kept,
                whole=whole,
                topics=self.directory.topics_for(self.advice, self.matter().similar_topics),
                region=self.directory.region_for(self.advice),
            ),
            decided,
        )

    def classified(self, then: Callable[[], object]) -> None:
        """Read the order as it is now, then take the next step."""

        def take(seen: OrderSeen) -> None:
            self.seen = seen
            then()

        # In a lane of its own: coming back from the form the screen reads its order too.
        self.read(look(self.desk, self.the_subject().order_id), take, lane="classified", opens=True)
