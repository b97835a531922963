"""What a unit does: 签收, 退件, 续报, 拟写回复, 审核, 转下属单位, 提请会签 (Art. 11(2), (3), (5))."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from hotline_tui.rules.secrecy import unit_and_below
from hotline_tui.rules.words import Action, AssignmentType, Duty, Share
from hotline_tui.rules.workflow import UNIT_ROLES
from hotline_tui.screens.deeds import Subject
from hotline_tui.screens.deeds_on_site import OnSiteDeeds
from hotline_tui.screens.deeds_promise import PromiseDeeds
from hotline_tui.screens.directory import Directory, read_directory
from hotline_tui.screens.kept import Kept
from hotline_tui.screens.order_actions import none_below
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.standing import moment
from hotline_tui.screens.ways_out import NOT_LISTED
from hotline_tui.screens.widgets.picker import Picker, PickItem
from hotline_tui.services import consent, handling, instruction

UNIT_SPELLINGS = {
    Action.SIGN: "qian shou",
    Action.RETURN: "tui jian",
    Action.REQUEST_RETURN: "shen qing tui jian",
    Action.PROMISE: "cheng nuo",
    Action.REQUEST_PROMISE: "shen qing bian geng cheng nuo",
    Action.PROGRESS: "xu bao",
    Action.DELEGATE: "zhuan xia shu dan wei",
    Action.PROPOSE_COUNTERSIGN: "ti qing hui qian",
    Action.ON_SITE: "xian chang chu zhi",
    Action.DRAFT_REPLY: "ni xie hui fu",
    Action.APPROVE: "shen he",
    Action.SEND_BACK: "tui hui xiu gai",
}
ALL_ACCUSED = "下属单位都是被反映单位, 不能转办(第十三条)"
ASKED = "已提出申请, 请等候热线办答复(第十一条(四))"
_LATE = "已过退件时限。可申请退件, 由热线办同意, 按逾期退件计。"
_LEADS = "牵头单位由领导确定, 退件须经热线办同意。"
_WHY = "请写明不属本单位职责的理由:"


class UnitDeeds(PromiseDeeds, OnSiteDeeds):
    """Each asks what it must and writes."""

    def unit_deeds(self) -> dict[Action, Callable[[], object]]:
        """Every one of them by its action."""
        return {
            Action.SIGN: self.sign,
            Action.RETURN: self.return_,
            Action.REQUEST_RETURN: self.request_return,
            Action.PROMISE: self.promise,
            Action.REQUEST_PROMISE: self.request_promise,
            Action.PROGRESS: self.progress,
            Action.DELEGATE: self.delegate,
            Action.ON_SITE: self.on_site,
            Action.DRAFT_REPLY: self.write_reply,
            Action.APPROVE: self.review,
            Action.SEND_BACK: self.review,
            Action.PROPOSE_COUNTERSIGN: self.propose,
        }

    def sign(self) -> None:
        """签收, at once."""
        one = self.the_subject()
        self.perform(lambda: handling.sign(self.desk, one.share, seen=one.version), f"已签收 {one.number}")

    # -- 退件

    def return_(self) -> None:
        """退件, saying until when it is on time (R-D5); afterwards, or by a lead unit, 申请退件."""
        one = self.the_subject()
        self.with_seen(one, lambda seen: self._ask_return(one, seen))

    def _ask_return(self, one: Subject, seen: OrderSeen) -> None:
        until = seen.clock(one.share, Duty.RETURN)
        share = seen.share(one.share)
        leads = share is not None and leads_others(share.type, share.share)
        if late(until, seen.now) or leads:
            self._ask_request(one, _LEADS if leads else _LATE)
            return
        self.ask(
            Action.RETURN,
            one,
            f"退件应在 {moment(until)} 以前。{_WHY}",
            "请写明退件理由(第十一条(三))",
            lambda text, kept: self.perform(
                lambda: handling.return_(self.desk, one.share, text, seen=one.version),
                f"已退件 {one.number}",
                kept=kept,
            ),
        )

    def request_return(self) -> None:
        """申请退件, whatever the clock says."""
        self._ask_request(self.the_subject(), "申请退件, 由热线办同意; 当日以后提出的按逾期退件计。")

    def _ask_request(self, one: Subject, why: str) -> None:
        # Written as a return while the time for it ran out.
        before = Kept(self.seat, Action.RETURN.value, one.order_id)

        def asked() -> None:
            before.discard()
            self.reload()

        def give(text: str, kept: Kept) -> None:
            self.perform(
                lambda: consent.request_return(self.desk, one.share, text, seen=one.version),
                f"已申请退件 {one.number}, 等候热线办同意",
                kept=kept,
                then=asked,
            )

        self.ask(
            Action.REQUEST_RETURN,
            one,
            f"{why}\n{_WHY}",
            "请写明申请退件的理由(第十一条(三))",
            give,
            value=before.text(),
        )

    # -- the reply

    def progress(self) -> None:
        """续报."""
        one = self.the_subject()
        self.ask(
            Action.PROGRESS,
            one,
            "办理到哪一步, 还要做什么, 何时能办结:",
            "请写明办理进展(讲话(二))",
            lambda text, kept: self.perform(
                lambda: handling.progress(self.desk, one.share, text, seen=one.version),
                f"已续报 {one.number}",
                kept=kept,
            ),
        )

    def write_reply(self, one: Subject | None = None) -> None:
        """拟写回复, on a screen of its own."""
        from hotline_tui.screens.reply import ReplyScreen

        one = one or self.the_subject()
        self.app.push_screen(ReplyScreen(one.order_id, one.share), self.after)

    def review(self, one: Subject | None = None) -> None:
        """审核, on a screen of its own."""
        from hotline_tui.screens.review import ReviewScreen

        one = one or self.the_subject()
        self.app.push_screen(ReviewScreen(one.order_id, one.share), self.after)

    # -- others

    def delegate(self) -> None:
        """转下属单位: one of those below, or back to the unit itself (R-S1)."""
        one = self.the_subject()
        self.read(
            read_directory,
            lambda known: self.with_seen(one, lambda seen: self._pick_below(one, known, seen)),
            lane="directory",
            opens=True,
        )

    def _pick_below(self, one: Subject, known: Directory, seen: OrderSeen) -> None:
        share = seen.share(one.share)
        if share is None:
            return
        below = unit_and_below(share.unit_id, {unit.id: unit.parent_id for unit in known.units})
        accused = known.named(seen.detail.accused)
        items = [
            PickItem(item.key, item.label, item.hint, item.spellings, item.others)
            for item in known.open_units(accused)
            if UUID(item.key) in below and UUID(item.key) != share.unit_id
        ]
        if not items:
            self.tell(ALL_ACCUSED if share.units_below else none_below(share.unit))
            return
        if share.delegated_to:
            items.append(PickItem(str(share.unit_id), "收回, 由本单位办理", share.unit, "shou hui"))

        def chosen(key: str | None) -> None:
            if key is not None:
                self._ask_delegate(one, UUID(key), known.short_unit(UUID(key)), back=UUID(key) == share.unit_id)

        note = f"{share.unit}对本件负责, 时限不变{'; ' + NOT_LISTED if accused else ''}"
        self.app.push_screen(Picker(f"转下属单位  {one.number}", items, note=note), chosen)

    def _ask_delegate(self, one: Subject, unit_id: UUID, name: str, *, back: bool) -> None:
        def give(text: str, kept: Kept) -> None:
            def job() -> None:
                handling.delegate(self.desk, one.share, unit_id, text, seen=one.version)

            said = f"已收回 {one.number}" if back else f"已转{name}办理 {one.number}"
            self.perform(job, said, kept=kept)

        prompt = "收回由本单位办理。说明(可不填):" if back else f"转{name}办理。办理要求(可不填):"
        self.ask(Action.DELEGATE, one, prompt, "", give)

    def propose(self) -> None:
        """提请会签, by a unit that does not agree that the matter is its own alone, or by the front (R-11.2.2c)."""
        one, of_unit = self.the_subject(), self.desk.role in UNIT_ROLES

        def give(text: str, kept: Kept) -> None:
            def job() -> None:
                if of_unit:
                    instruction.propose_from_unit(self.desk, one.share, text, seen=one.version)
                else:
                    instruction.propose(self.desk, one.order_id, text, seen=one.version)

            self.perform(job, f"已提请会签 {one.number}, 由热线办呈报领导", kept=kept)

        ends = "; 本单位的承办到此为止" if of_unit else ""
        self.ask(
            Action.PROPOSE_COUNTERSIGN,
            one,
            f"由热线办呈报领导, 确定牵头单位和协办单位{ends}。\n请写明涉及哪些单位, 理由是什么:",
            "请写明提请会签的理由(第十一条(二)2(3))",
            give,
        )


def late(until: datetime | None, now: datetime) -> bool:
    """Whether a return needs the office's consent (R-D5); `until` as the return clock says, both aware."""
    return until is None or until < now


def leads_others(type_: AssignmentType, share: Share) -> bool:
    """Whether a leader made this unit the lead of several (R-11.2.2c)."""
    return type_ is AssignmentType.COUNTERSIGNED and share is Share.LEAD
