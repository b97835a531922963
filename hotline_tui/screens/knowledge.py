"""知识库: standard answers found as one types, each in full; the office and the units keep them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

from textual import on
from textual.binding import BindingType
from textual.widgets import Input

from hotline_tui.data.drafts import Draft
from hotline_tui.data.queries import knowledge as queries
from hotline_tui.data.queries.knowledge import SEES_DRAFTS, ArticleDetail
from hotline_tui.data.queries.stock import OF_KEEPERS, Shelf
from hotline_tui.errors import HotlineError
from hotline_tui.rules.workflow import UNIT_ROLES
from hotline_tui.screens import article_keeping
from hotline_tui.screens.actions import ScreenAction, bindings_for
from hotline_tui.screens.article_clearing import ask_reason
from hotline_tui.screens.article_form import ArticleForm, article_of, draft_id
from hotline_tui.screens.article_origin import Origin, kept_in, of_order
from hotline_tui.screens.base import BACK, HELP
from hotline_tui.screens.knowledge_finding import Finding
from hotline_tui.screens.opinion import say_opinion, why_no_opinion
from hotline_tui.screens.order_view import look
from hotline_tui.screens.revision import to_discard, to_publish
from hotline_tui.screens.stock_list import shelf_counts
from hotline_tui.screens.versions import VersionsScreen
from hotline_tui.screens.widgets.modals import Ask, Confirm
from hotline_tui.screens.widgets.picker import Picker, PickItem
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import knowledge
from hotline_tui.services.article_source import PersonalFound
from hotline_tui.services.missing import Asked

KEEPING = {"add", "revise", "expire", "publish", "discard"}
READING = {"versions", "opinion"}


class KnowledgeScreen(Finding):
    """With `pick`, Enter gives the article's id to whoever opened it; otherwise it is for reading and keeping."""

    TITLE_TEXT = "知识库"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "pick", "用此答复", "用光标所在的标准答案答复"),
        ScreenAction("f5", "add", "新增", "写一条新的标准答案, 先存为草稿"),
        ScreenAction("f6", "revise", "修订", "修订光标所在的一条, 也用来延长有效期; 发布前仍用原文"),
        ScreenAction("f7", "expire", "停用", "停用光标所在的一条, 不再用来答复"),
        ScreenAction("f8", "publish", "发布", "发布光标所在的一条或其修订稿, 前台即可用来答复(由热线办)"),
        ScreenAction("f9", "discard", "弃修订稿", "丢弃光标所在一条的修订稿, 现行内容不变"),
        ScreenAction(
            "ctrl+o", "shelf", "换状态", "选看全部、有效、待发布、即将到期、常用、从未使用、停用和过期", shown=False
        ),
        ScreenAction("ctrl+r", "versions", "版本", "光标所在一条的各个版本, 任意两版比较", shown=False),
        ScreenAction("ctrl+g", "opinion", "评价", "说光标所在的一条有用还是没有用, 可写意见", shown=False),
        ScreenAction("ctrl+n", "missed", "缺答", "查过而没有答案的问题, 由此拟写标准答案", shown=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for((*ACTIONS, HELP, BACK)), *Finding.MOVES]

    def __init__(
        self,
        query: str = "",
        pick: bool = False,
        draft: Draft | None = None,
        asked: Callable[[Asked], object] | None = None,
        shelf: Shelf = Shelf.ALL,
    ) -> None:
        """With `draft`, the form that it was left in stands open on top. `asked` takes what was looked for in vain;
        without it only what found nothing is kept."""
        super().__init__(query, pick, shelf)
        self.draft = draft
        self.asked = asked
        self._told: set[str] = set()

    @property
    def hint(self) -> str:
        """Beside what everybody has, for those who keep answers."""
        if self.pick or article_keeping.why_not_keep(self.desk):
            return super().hint
        missed = "" if self.why_not("missed") else "  Ctrl+N 缺答"
        return f"{super().hint}  Ctrl+R 版本{missed}"

    def on_mount(self) -> None:
        """Where it was left."""
        if self.draft is not None:
            self._open_draft(self.draft)

    @on(Input.Submitted, "#words")
    async def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._asked != self._words:
            self._look()
        elif self.pick:
            await self.action_act("pick")
        else:
            self._ended(only_empty=True)

    # -- what was looked for in vain

    def _ended(self, *, only_empty: bool = False) -> None:
        """A search is over, and nothing of it was used: said once of the same words, and only of what was read."""
        words, stock = self._words, self.stock
        known = stock is not None and self._shown == words and self.seat.knowledge.complete
        if not words or not known or words in self._told or self.shelf not in (Shelf.ALL, Shelf.IN_FORCE):
            return
        found = bool(self.query_one("#found", RowList).rows)
        if found and (only_empty or self.asked is None):
            return
        self._told.add(words)
        if self.asked is not None:
            self.asked(Asked(words, found=found, ended=only_empty))
        else:
            self.seat.asked(Asked(words, found=found, ended=only_empty))

    def left(self) -> None:
        """As when a call comes: what found nothing was asked in vain, whether or not somebody comes back to it."""
        self._ended(only_empty=True)

    def do_back(self) -> None:
        """Esc: nothing was used."""
        self._ended()
        super().do_back()

    # -- what can be done

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """Only what is of use here: choosing, or keeping."""
        unwanted = KEEPING if self.pick or article_keeping.why_not_keep(self.desk) else set[str]()
        unwanted = unwanted | ({"missed"} if self.pick else {"pick"})
        found = [action for action in self.all_actions() if action.id not in unwanted]
        # Where nobody keeps, there is room on the line.
        few = unwanted >= KEEPING and not self.pick
        return tuple(replace(each, shown=each.shown or (few and each.id in READING)) for each in found)

    def why_not(self, action_id: str) -> str | None:
        """What the role or the article's state closes."""
        if action_id == "shelf":
            return "答复只用有效的标准答案(第十一条(二)1)" if self.pick else None
        if action_id == "missed":
            return None if self.desk.role in knowledge.PUBLISHES else "缺答的问题由热线办处理(第十一条(二)1)"
        if action_id in READING:
            return (why_no_opinion(self.desk) if action_id == "opinion" else None) or self._why_no_detail()
        if action_id == "pick":
            if not self.pick:
                return "登记来电时按 F4 直接答复, 再在这里选"
            if self._why_no_detail() or self.detail is None:
                return self._why_no_detail()
            return None if self.detail.in_force(self.today) else "这条标准答案不在有效期内(第十一条(二)1)"
        if action_id in KEEPING:
            return self._why_not_keep(action_id)
        return None

    def _why_no_detail(self) -> str | None:
        """What was read must be what the cursor stands on: nothing is done to an answer that nobody saw."""
        if self.key is None and self._shown == self._words:
            return "没有选中标准答案"
        if self.detail is None or str(self.detail.row.id) != self.key or self._shown != self._words:
            return "正在查找, 请稍候"
        return None

    def _why_not_keep(self, action_id: str) -> str | None:
        if (reason := article_keeping.why_not_keep(self.desk)) or action_id == "add":
            return reason
        if self._why_no_detail() or self.detail is None:
            return self._why_no_detail()
        return article_keeping.why_not(action_id, self.detail.row, self.desk)

    def do_shelf(self) -> None:
        """Ctrl+O: choose how the articles stand; what waits is for those who read drafts, what ends for keepers."""
        reads_drafts = self.desk.role in SEES_DRAFTS | UNIT_ROLES
        keeps = article_keeping.why_not_keep(self.desk) is None
        shelves = [
            shelf
            for shelf in Shelf
            if (reads_drafts or shelf is not Shelf.WAITING) and (keeps or shelf not in OF_KEEPERS)
        ]

        def show(counts: dict[Shelf, str]) -> None:
            items = [PickItem(shelf.name, shelf.value, counts[shelf], _SPELLINGS[shelf]) for shelf in shelves]
            self.app.push_screen(Picker("看哪些标准答案", items, current=self.shelf.name), self._shelf_chosen)

        self.work_read(lambda: shelf_counts(self.desk, shelves, self.today), show, lane="shelves", opens=True)

    def _shelf_chosen(self, name: str | None) -> None:
        if name is not None:
            self.shelf = Shelf[name]
            self._made = None
            self._look()

    def do_versions(self) -> None:
        """Ctrl+R."""
        assert self.detail is not None
        self.app.push_screen(VersionsScreen(self.detail.row.id))

    def do_opinion(self) -> None:
        """Ctrl+G; what did not help was asked in vain."""
        assert self.detail is not None
        row, words = self.detail.row, self._words

        def told(helpful: bool) -> None:
            if not helpful and words and self.asked is None:
                self._told.add(words)
                self.seat.asked(Asked(words, found=True))
            self._look()

        say_opinion(self, row.id, row.version, row.question, told)

    def do_missed(self) -> None:
        """Ctrl+N."""
        from hotline_tui.screens.missed import MissedScreen

        self.app.push_screen(MissedScreen(), self._saved)

    def do_pick(self) -> None:
        """Give it to whoever asked."""
        assert self.detail is not None
        self.dismiss(self.detail.row.id)

    def do_add(self) -> None:
        """F5."""
        self._open_form(None)

    def do_revise(self) -> None:
        """F6; of what ends soon the cursor stands in the last day."""
        assert self.detail is not None
        self._open_form(self.detail, at="valid_to" if self.shelf is Shelf.ENDING else "")

    def _open_form(self, detail: ArticleDetail | None, missing: Sequence[str] = (), at: str = "") -> None:
        """With what was left unsaved the last time."""
        drafts, key = self.seat.drafts, draft_id(self.desk.login, detail.row.id if detail else None)

        def show(draft: Draft | None) -> None:
            self.app.push_screen(ArticleForm(detail, draft, missing, at=at), self._saved)

        self.work_read(lambda: drafts.get(key), show, lane="draft", opens=True)

    def _open_draft(self, draft: Draft) -> None:
        """As home does: of a new article, or of one that is read first."""
        desk, article_id = self.desk, article_of(draft)

        def show(detail: ArticleDetail | None) -> None:
            self.app.push_screen(ArticleForm(detail, draft), self._saved)

        order_id, asked = kept_in(draft)
        if order_id is not None:
            self.read(
                look(desk, order_id), lambda seen: self._open_new(of_order(seen), draft), lane="draft", opens=True
            )
        elif asked:
            self._open_new(Origin("答缺答的问题", asked=asked), draft)
        elif article_id is None:
            show(None)
        else:
            self.read(lambda session: queries.article(session, desk.viewer, article_id), show, lane="draft", opens=True)

    def _open_new(self, origin: Origin, draft: Draft) -> None:
        self.app.push_screen(ArticleForm(None, draft, origin=origin), self._saved)

    def do_expire(self) -> None:
        """F7, with a reason."""
        assert self.detail is not None
        article_id = self.detail.row.id

        def told(reason: str) -> None:
            self.write(lambda: knowledge.expire(self.desk, article_id, reason), lambda _: self._kept("已停用"))

        self.open_form(Ask("停用标准答案", "为何停用:", must="请写明停用的理由"), told)

    def do_publish(self) -> None:
        """F8, once confirmed: what was read and nothing else; what it lacks is asked for first."""
        assert self.detail is not None
        if missing := article_keeping.lacking(self.detail):
            self._open_form(self.detail, missing)
            return
        row, question = self.detail.row, to_publish(self.detail)
        version = row.pending or row.version
        self._sure(
            "发布标准答案", question, lambda: knowledge.publish(self.desk, row.id, version), "已发布", self._not_out
        )

    def do_discard(self) -> None:
        """F9, once confirmed."""
        assert self.detail is not None
        row, question = self.detail.row, to_discard(self.detail)
        self._sure("丢弃修订稿", question, lambda: knowledge.discard(self.desk, row.id, row.pending), "已丢弃修订稿")

    def _sure(
        self,
        title: str,
        question: str,
        service: Callable[[], None],
        sentence: str,
        otherwise: Callable[[HotlineError], object] | None = None,
    ) -> None:
        def told(yes: bool | None) -> None:
            if yes:
                self.write(service, lambda _: self._kept(sentence), otherwise=otherwise or self._lost)

        self.app.push_screen(Confirm(title, question), told)

    def _lost(self, error: HotlineError) -> None:
        """Somebody was faster: read again what there is now."""
        self.show_error(error)
        self._look()

    def _not_out(self, error: HotlineError) -> None:
        """Personal data in what was written from a reply are cleared with a reason, or changed."""
        source = self.keeping.source if self.keeping else None
        if not isinstance(error, PersonalFound) or source is None or self.detail is None:
            self._lost(error)
            return
        row, hits = self.detail.row, error.hits
        version, order_id = row.pending or row.version, source.order_id

        def given(reason: str) -> None:
            cleared = [hit.said for hit in hits]
            self.write(
                lambda: knowledge.publish(self.desk, row.id, version, cleared=cleared, reason=reason),
                lambda _: self._kept("已发布"),
                otherwise=self._lost,
            )

        ask_reason(self, order_id, hits, given)

    def _saved(self, kept: tuple[str, UUID] | None) -> None:
        """What was saved stands under the cursor, also when the words do not find it: F8 publishes what was written."""
        if kept is not None:
            sentence, self._made = kept
            self._shown = None
            self._kept(sentence)

    def _kept(self, sentence: str) -> None:
        self.flash(sentence)
        self._look()


_SPELLINGS = {
    Shelf.ALL: "quan bu",
    Shelf.IN_FORCE: "you xiao",
    Shelf.WAITING: "dai fa bu",
    Shelf.ENDING: "ji jiang dao qi",
    Shelf.OFTEN: "chang yong",
    Shelf.NEVER: "cong wei shi yong",
    Shelf.OVER: "ting yong he guo qi",
}
