"""What is looked up while the caller speaks: his history, answers, similar orders, the limit (Art. 11(2))."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.widgets import Input

from hotline_tui.data.queries import callers
from hotline_tui.data.queries.callers import History
from hotline_tui.data.search.similar import Similar, similar_orders
from hotline_tui.data.search.tokens import runs
from hotline_tui.data.suggest.advice import Advice
from hotline_tui.errors import HotlineError
from hotline_tui.rules.deadlines import Due, shanghai_day
from hotline_tui.rules.numbers import unusual
from hotline_tui.screens.answers import Found, find
from hotline_tui.screens.intake_call import CallInHand
from hotline_tui.screens.intake_panels import (
    ANSWERS,
    BEING_MADE,
    LIKENED,
    LOOKING,
    NO_WORDS,
    NONE,
    NOT_ASKED,
    NOT_LIKE_ANY,
    NOT_TOLD,
    told,
)
from hotline_tui.screens.matter import query_of
from hotline_tui.services import dispatch
from hotline_tui.services.clock import edges_now

AGAIN_SECONDS = 2.0
"""Until the index that is being made is asked again."""
NEWS_SECONDS = 1.5
"""Until one looks for new standard answers where nobody tells of them."""
UNUSUAL = "号码位数少见, 请核对"


class LookedUp(CallInHand):
    """Asks in the background; what comes while somebody types is painted at the next key."""

    _gathering = False
    """All orders of late are being gathered for this page."""
    _partial = False
    """What is shown was found among the newest alone."""

    @on(Input.Submitted, "#phone")
    @on(Input.Blurred, "#phone")
    def ask_history(self) -> None:
        """Read what this number has brought before."""
        phone = self.form.phone.strip()
        if phone == self._asked_phone:
            return
        self._asked_phone = phone
        if self._asked_alike:
            self.look_alike()
        desk = self.desk
        self.read(
            lambda session: callers.history(session, desk.viewer, edges_now(desk, session), phone),
            self._show_history,
            lane="history",
        )

    def _show_history(self, history: History) -> None:
        self.history = history
        warning = UNUSUAL if unusual(self._asked_phone) else ""
        if history.total:
            self.form.show_history(f"历史 {history.total} 件: {told(history.counts)}", "F7 查看", warning)
        else:
            self.form.show_history("历史 0 件" if self._asked_phone else "", warning=warning)

    def look(self) -> None:
        """Standard answers and similar orders for the words and the topic."""
        self._look_for_advice()
        desk, seat, told_now = self.desk, self.seat, self.form.intake
        words, topic = query_of(told_now.narrative), told_now.topic_id
        if self._asked_words != (words, topic) and (words or self._asked_words[0]):
            self._asked_words = words, topic
            if not self.found:
                nothing = _nothing(words, NOT_TOLD, LOOKING)
                self.hold("answers", lambda: self.panels.show_answers((), nothing=nothing))
            self.read_by(lambda: find(desk, seat.knowledge, words, ANSWERS, topic), self._take_answers, lane="answers")
        if words or self._asked_alike:
            self.look_alike()

    def look_alike(self, *, again: bool = False) -> None:
        """Similar orders for the words, the place, the topic and the number; `again`: also for the same ones."""
        desk, seat, told_now = self.desk, self.seat, self.form.intake
        asked = told_now.narrative, told_now.address, told_now.phone, told_now.topic_id
        if asked == self._asked_alike and not again:
            return
        self._asked_alike = asked
        if not self.likened:
            nothing = _nothing(told_now.narrative, NOT_TOLD, LOOKING)
            self.hold("similar", lambda: self.panels.show_similar((), nothing=nothing))

        def alike(session: Any) -> tuple[tuple[Similar, ...], bool]:
            index = seat.alike
            found = similar_orders(
                session,
                desk.viewer,
                edges_now(desk, session),
                text=told_now.narrative,
                place=told_now.address,
                phone=told_now.phone,
                topic_id=told_now.topic_id,
                limit=LIKENED,
                index=index,
                names=seat.advisor.named(session, told_now.narrative),
            )
            return found, index.wanting

        self.read(alike, self._take_similar, lane="similar")

    def _look_for_advice(self) -> None:
        """What the words speak for; the topic that was chosen changes nothing of it."""
        matter = self.matter()
        asked = matter.narrative, matter.address
        if asked == self._asked_advice:
            return
        self._asked_advice = asked
        if not self.advice.topics:
            self.hold("route", self.show_route)

        def take(advice: Advice) -> None:
            self.advice, self._advised = advice, asked
            self.hold("route", self.show_route)

        self.read_by(lambda: self.read_advice(matter), take, lane="advice")

    def gather(self) -> None:
        """Have all orders of late compared, not the newest alone: in a thread, while answers go on."""
        if self._gathering:
            return
        self._gathering = True
        desk, seat = self.desk, self.seat

        def make(session: Any) -> bool:
            index, now = seat.alike, edges_now(desk, session).now
            index.refresh(session, desk.viewer, now)
            return not index.wanting or index.complete(session, desk.viewer, now)

        def failed(error: HotlineError) -> None:
            self._gathering = False
            self.show_error(error)

        self.read(make, self._gathered, lane="gather", otherwise=failed)

    def _gathered(self, whole: bool) -> None:
        """What is shown was found among the newest alone: look again, as soon as all are compared."""
        self._gathering = False
        if not whole:  # a page that was left is at it
            self.set_timer(AGAIN_SECONDS, self.gather)
        elif self._partial and self._asked_alike:
            self.look_alike(again=True)

    def look_for_news(self) -> None:
        """Standard answers were changed: the same words may find others."""
        if self._asked_words[0]:
            self._asked_words = "", None
            self.look()

    def _take_answers(self, answers: tuple[tuple[Found, ...], str, str]) -> None:
        self.found = answers[0]
        complete = self.seat.knowledge.complete
        nothing = _nothing(self._asked_words[0], NOT_TOLD, NOT_LIKE_ANY if complete else BEING_MADE)
        self.hold("answers", lambda: self.panels.show_answers(*answers, nothing=nothing))
        if not complete:
            self._asked_words = "", None
            self.set_timer(AGAIN_SECONDS, self.look)

    def _take_similar(self, answer: tuple[tuple[Similar, ...], bool]) -> None:
        self.likened, self._partial = answer
        self.similar = tuple(each.order for each in self.likened)
        if self._partial:
            self.gather()
        found, today = self.likened, shanghai_day(self.desk.clock())
        nothing = _nothing(self.form.intake.narrative, NOT_TOLD, LOOKING if self._partial else NONE)

        def show() -> None:
            self.panels.show_similar(found, today, nothing=nothing)
            self.show_route()

        self.hold("similar", show)

    def ask_due(self) -> None:
        """When an answer would be due that is dispatched now."""
        kind = self.form.kind
        if kind in self._dues:
            self.show_route()
            return

        def take(due: Due) -> None:
            self._dues[kind] = due
            self.show_route()

        self.read_by(lambda: dispatch.preview(self.desk, kind), take, lane="due")

    def show_route(self) -> None:
        """The topics, the region and the unit that suggest themselves, and the due date."""
        matter = self.matter()
        topics = self.directory.topics_for(self.advice, matter.similar_topics)
        region = self.directory.region_for(self.advice)
        self.form.advised_topics, self.form.advised_region = topics, region
        asked = matter.narrative, matter.address
        nothing = _nothing(" ".join(asked), NOT_ASKED, NONE if asked == self._advised else LOOKING)
        self.panels.show_advised(self.directory, topics, None if matter.region_id else region, nothing)
        self.panels.show_route(self.directory, self.suggestions(matter), self._dues.get(self.form.kind))


def _nothing(text: str, empty: str, nothing: str) -> str:
    """What is said where a text has found nothing, and what where there is nothing to look for."""
    return (nothing if runs(text) else NO_WORDS) if text.strip() else empty
