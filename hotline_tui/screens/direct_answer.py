"""直办: a matter answered at once from the knowledge base, and what was looked for there in vain (Art. 11(2)1)."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from hotline_tui.data.queries import knowledge
from hotline_tui.data.queries.knowledge import ArticleDetail, ArticleRow
from hotline_tui.errors import HotlineError
from hotline_tui.screens.answers import ConfirmAnswer
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.matter import Matter, Step, query_of
from hotline_tui.screens.opinion import say_opinion, why_no_opinion
from hotline_tui.services import answer, missing
from hotline_tui.services.missing import Asked


class DirectAnswer(DeskScreen):
    """Sub-classes give `matter` and `carry_out`."""

    JUDGES: ClassVar[str] = ""
    """What is said of the key for an opinion, after an answer, where a screen has one."""
    answered: ArticleRow | None = None
    """From which the last direct answer was given here: it may be said whether it helped."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sought: dict[str, list[Asked]] = {}
        """Searches without an answer, by the number of the order in hand; a call has none yet."""

    def matter(self) -> Matter:
        """What is in hand."""
        raise NotImplementedError

    def carry_out(self, step: Step, *, repeats: str = "") -> None:
        """Do it to the order in hand, registering it first where it is none yet.

        `repeats`: the number of the earlier order, whose topic and region a new one takes where none are told.
        """
        raise NotImplementedError

    def start_answer(self) -> None:
        """Choose a standard answer; the narrative is the query."""
        from hotline_tui.screens.knowledge import KnowledgeScreen

        def chosen(article_id: UUID | None) -> None:
            if article_id is not None:
                self.read(
                    lambda session: knowledge.article(session, self.desk.viewer, article_id),
                    self._read_out,
                    lane="answer",
                    opens=True,
                )

        self.app.push_screen(
            KnowledgeScreen(query=query_of(self.matter().narrative), pick=True, asked=self.in_vain), chosen
        )

    def in_vain(self, asked: Asked) -> None:
        """A search for the matter in hand was ended without an answer: noted once the matter is dispatched."""
        self.sought.setdefault(self.matter().number, []).append(asked)

    def _noted(self, step: Step) -> Step:
        """The dispatch, and after it what was sought in vain before; nobody waits for that, nor is it in the way."""
        asked = [*self.sought.get("", ()), *self.sought.get(self.matter().number, ())]

        def run(order_id: UUID, seen: int | None) -> str:
            said = step(order_id, seen)
            if asked:
                try:
                    missing.note(self.desk, asked, order_id)
                except HotlineError as error:
                    self.log.warning(str(error))
            return said

        return run

    def _read_out(self, article: ArticleDetail) -> None:
        """Nothing is closed before the answer was seen whole; without a topic the matter takes the article's."""
        matter = self.matter()
        if matter.topic_id is None and article.row.topic_id is None:
            self.ask_topic()
            return
        taken = ""
        if matter.topic_id is None and article.row.topic_id is not None:
            taken = article.row.topic
            self.take_topic(article.row.topic_id)

        def answered(sure: bool | None) -> None:
            if sure:
                self.carry_out(self._answer_from(article, online=matter.online))

        self.app.push_screen(ConfirmAnswer(article, online=matter.online, topic=taken), answered)

    def take_topic(self, topic_id: UUID) -> None:
        """The matter had no topic, the answer has one: show it where topics are shown."""

    def ask_topic(self) -> None:
        """Neither has one: ask for it."""
        raise NotImplementedError

    def _answer_from(self, article: ArticleDetail, *, online: bool) -> Step:
        row = article.row

        def step(order_id: UUID, seen: int | None) -> str:
            answer.answer(self.desk, order_id, row.id, version=row.version, online=online, seen=seen)
            self.answered = row
            return f"已直接答复{self.JUDGES}"

        return step

    def do_opinion(self) -> None:
        """Ctrl+G: of what was answered last."""
        assert self.answered is not None
        row = self.answered
        say_opinion(self, row.id, row.version, row.question)

    def why_not_opinion(self) -> str | None:
        """Before anything was answered there is nothing to be said."""
        return why_no_opinion(self.desk) or (None if self.answered else "直接答复以后可以评价所用的标准答案")
