"""The form of a standard answer: question, answer, basis, validity; what is typed is a draft until it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID, uuid5

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static, TextArea

from hotline_tui.data.drafts import Draft
from hotline_tui.data.queries.knowledge import ArticleDetail
from hotline_tui.errors import HotlineError, UsageError
from hotline_tui.rules.dates import read_day
from hotline_tui.rules.words import ArticleState
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.article_clearing import ask_reason
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.directory import NO_UNITS, Directory, read_directory
from hotline_tui.screens.form_fields import Edited, PickField
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.services import knowledge
from hotline_tui.services.article_source import PersonalFound
from hotline_tui.services.knowledge import ArticleText

if TYPE_CHECKING:
    from hotline_tui.rules.personal import Hit
    from hotline_tui.screens.article_origin import Origin

_NEW = UUID("0192f0c4-0000-7000-8000-00000000a5e1")
LINES = ("question", "basis", "valid_from", "valid_to")
TEXTS = ("answer", "phrasings")
PICKS = ("unit", "topic")
ARTICLE = "article"


def draft_id(login: str, article_id: UUID | None) -> UUID:
    """One draft per person and article, and one for a new article."""
    return uuid5(article_id or _NEW, login)


def article_of(draft: Draft) -> UUID | None:
    """The article that a draft revises; None for a new one."""
    kept = str(draft.fields.get(ARTICLE) or "")
    return UUID(kept) if kept else None


class ArticleForm(DeskScreen):
    """F4 saves; a unit's text waits for the office to publish it. Gives what became of it, and the article's id."""

    TITLE_TEXT = "标准答案"
    CSS_PATH = "knowledge.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "save", "保存", "保存; 改了问题、答复、依据或效期的, 由热线办发布后启用"),
    )

    def __init__(
        self,
        detail: ArticleDetail | None = None,
        draft: Draft | None = None,
        missing: Sequence[str] = (),
        *,
        at: str = "",
        origin: Origin | None = None,
    ) -> None:
        """`missing`: the fields without which it can not be published; the cursor stands in the first, else `at`.

        `origin`: from what a new one is written.
        """
        super().__init__()
        self.detail = detail
        self.draft = draft
        self.missing = missing
        self.at = at
        self.origin = origin

    def compose_body(self) -> ComposeResult:
        """Question, answer, other phrasings, basis, place in the house, validity."""
        with Horizontal(classes="row"):
            yield Static(" 问题 ", classes="label")
            yield HotlineInput(id="question", max_length=200)
        yield Rule(" 答复内容")
        yield Narrative(id="answer")
        yield Rule(" 别的问法, 每行一条")
        yield Narrative(id="phrasings")
        with Horizontal(classes="row"):
            yield Static(" 依据 ", classes="label")
            yield HotlineInput(id="basis", max_length=400)
        with Horizontal(classes="row"):
            yield Static(" 单位 ", classes="label")
            yield PickField("承办单位", without=NO_UNITS, moves_on=False, id="unit")
            yield Static(" 分类 ", classes="label")
            yield PickField("诉求分类", moves_on=False, id="topic")
        with Horizontal(classes="row"):
            yield Static(" 生效 ", classes="label")
            yield HotlineInput(placeholder="空着为即日起", id="valid_from", max_length=14)
            yield Static(" 失效 ", classes="label")
            yield HotlineInput(placeholder="空着为长期", id="valid_to", max_length=14)

    def on_mount(self) -> None:
        """The article as it stands, or the draft that was left."""
        doing = self.origin.title if self.origin else "修订" if self.detail else "新增"
        self.set_title(f" 标准答案: {doing}", f"{self.desk.name} ")
        self._fill(self.draft.fields if self.draft else self._standing())
        self.read(read_directory, self._offer, lane="directory")
        self.query_one(f"#{next(iter(self.missing), self.at or 'question')}").focus()
        if self.missing:
            self.flash(f"发布前请写明{'、'.join(knowledge.NEEDED[name] for name in self.missing)}, 按 F4 保存后再按 F8")
        elif self.draft:
            self.flash("接着上次未保存的草稿")

    def _offer(self, directory: Directory) -> None:
        self.query_one("#unit", PickField).offer(directory.unit_items)
        self.query_one("#topic", PickField).offer(directory.topic_items)

    def _standing(self) -> dict[str, str]:
        """Every field as it was read: the revision that waits, or the text in use."""
        if self.detail is None:
            blank = dict.fromkeys((*LINES, *TEXTS, *PICKS), "") | {"unit": str(self.desk.viewer.unit_id or "")}
            return blank | dict(self.origin.fields if self.origin else {})
        row = self.detail.row
        told = self.detail.waiting or row
        return {
            "question": told.question,
            "answer": self.detail.waiting.answer if self.detail.waiting else self.detail.answer,
            "phrasings": "\n".join(self.detail.phrasings),
            "basis": self.detail.waiting.basis if self.detail.waiting else self.detail.basis,
            "unit": str(row.unit_id or ""),
            "topic": str(row.topic_id or ""),
            "valid_from": str(told.valid_from or ""),
            "valid_to": str(told.valid_to or ""),
        }

    def _fill(self, kept: dict[str, Any]) -> None:
        with self.prevent(Input.Changed, TextArea.Changed, PickField.Picked):
            for name in LINES:
                self.query_one(f"#{name}", HotlineInput).value = str(kept.get(name, ""))
            for name in TEXTS:
                self.query_one(f"#{name}", Narrative).load_text(str(kept.get(name, "")))
            for name in PICKS:
                self.query_one(f"#{name}", PickField).put(*filter(None, [kept.get(name, "")]))

    def _fields(self) -> dict[str, str]:
        kept = {name: self.query_one(f"#{name}", HotlineInput).value for name in LINES}
        kept |= {name: self.query_one(f"#{name}", Narrative).text for name in TEXTS}
        return kept | {name: next(iter(self.query_one(f"#{name}", PickField).keys), "") for name in PICKS}

    @property
    def _article_id(self) -> UUID | None:
        return self.detail.row.id if self.detail else None

    @property
    def _draft_id(self) -> UUID:
        if self.draft is not None:
            return self.draft.id
        login = self.desk.login
        return self.origin.draft_id(login) if self.origin else draft_id(login, self._article_id)

    def drafts_here(self) -> tuple[UUID, ...]:
        """The article as it is written."""
        return (self._draft_id,)

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Edited)
    def _changed(self) -> None:
        kept = self._fields()
        if kept == self._standing():
            self.seat.drafts.discard(self._draft_id)
            return
        fields = kept | {ARTICLE: str(self._article_id or "")} | (self.origin.kept if self.origin else {})
        self.seat.drafts.put(Draft(self._draft_id, self.desk.login, "article", self.desk.clock(), None, fields))

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    def do_save(self) -> None:
        """F4."""
        kept = self._fields()
        try:
            first, last = _day(kept["valid_from"]), _day(kept["valid_to"])
        except UsageError as error:
            self.show_error(error)
            return
        text = ArticleText(
            question=kept["question"],
            answer=kept["answer"],
            phrasings=tuple(kept["phrasings"].splitlines()),
            basis=kept["basis"],
            unit_id=UUID(kept["unit"]) if kept["unit"] else None,
            topic_id=UUID(kept["topic"]) if kept["topic"] else None,
            valid_from=first,
            valid_to=last,
        )
        self._save(text, self._outcome(kept))

    def _save(self, text: ArticleText, sentence: str, hits: Sequence[Hit] = (), reason: str = "") -> None:
        """`hits`: the personal data that `reason` lets go."""
        article_id, seen = self._article_id, self.detail.row.revision if self.detail else None
        origin, cleared = self.origin, [hit.said for hit in hits]

        def run() -> UUID:
            if origin is not None:
                return origin.save(self.desk, text, cleared, reason)
            return knowledge.save(self.desk, text, article_id, seen, cleared=cleared, reason=reason)

        def failed(error: HotlineError) -> None:
            if isinstance(error, PersonalFound) and not reason:
                key = article_id or (origin.order_id if origin else None) or self._draft_id
                ask_reason(self, key, error.hits, lambda told: self._save(text, sentence, error.hits, told))
            else:
                self.show_error(error)

        self.write(run, lambda saved: self._saved(sentence, saved), otherwise=failed)

    def _outcome(self, kept: dict[str, str]) -> str:
        """What became of it."""
        if self.detail is None or self.detail.row.state is ArticleState.DRAFT:
            return "已存为草稿, 由热线办发布"
        stands = self._standing()
        if all(kept[name] == stands[name] for name in (*LINES, "answer")):
            return "已保存"
        if self.desk.role in knowledge.PUBLISHES:
            return "已存为修订稿, 按 F8 发布; 发布前仍用原文"
        return "已存为修订稿, 由热线办发布; 发布前仍用原文"

    def _saved(self, sentence: str, article_id: UUID) -> None:
        self.seat.drafts.discard(self._draft_id)
        self.dismiss((sentence, article_id))


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return read_day(typed)
    except ValueError:
        raise UsageError(f"日期 {typed.strip()} 不对, 请写成 2026-01-01 的样子") from None
