"""工作台: the places by number, and what was left unfinished."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from hotline_tui.data.news import News
from hotline_tui.rules.words import Action, Role
from hotline_tui.screens.actions import ScreenAction, bindings_for, with_twins
from hotline_tui.screens.base import BACK, HELP
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.following import QUIET_SECONDS
from hotline_tui.screens.places import BY_ID, places_for, why_no_place
from hotline_tui.screens.shell import SHANGHAI
from hotline_tui.screens.unsaved import LOST, Unsaved
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.modals import Confirm
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

if TYPE_CHECKING:
    from hotline_tui.data.drafts import Draft
    from hotline_tui.data.store import Session
    from hotline_tui.services.desk import Desk

FORMS = {action.value: action.label for action in Action} | {
    "intake": "受理登记",
    "reply": "拟写回复",
    "article": "标准答案",
    "notice": "放假通知",
    "clear": "公开理由",
    "not_solved": "回访",
    "on_site_send": "现场处置",
    "on_site_arrive": "现场处置",
}
_DRAFT = "draft:"
_COMMAND_LINE = " 本岗位不办理工单; 账号、导入、单位和数据库用命令行管理, 见 hotline --help"
_TOLD = ("narrative", "text", "question", "answer", "reason", "found", "staff", "phone")
"""The fields of which the first that is filled tells what a draft is about."""
_DIGITS = 10


class HomeScreen(DeskScreen):
    """A number or Enter opens a place."""

    TITLE_TEXT = "工作台"
    CSS_PATH = "home.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f2", "intake", "新受理", "登记一个新来电 (任何页面都可用)"),
        ScreenAction("f3", "knowledge", "知识库", "查标准答案 (任何页面都可用)"),
        ScreenAction("f4", "open", "打开", "打开光标所在的一项"),
        ScreenAction("f8", "discard", "删草稿", "删除光标所在的草稿"),
        ScreenAction("f9", "lock", "锁定", "锁定屏幕, 内容保留"),
        ScreenAction("1", "place_1", "数字", "数字 1 至 9 打开编号对应的去处, 0 打开第十个", shown=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for((*ACTIONS, HELP, BACK)),
        *(
            Binding(",".join(with_twins(str(number))), f"act('place_{number}')", show=False)
            for number in (*range(2, 10), 0)
        ),
    ]

    def compose_body(self) -> ComposeResult:
        """The places, and under them the drafts."""
        yield Rule("去处: 按数字或 Enter 打开")
        yield RowList([Column("", 3), Column("", 12), Column("")], head=False, id="places")
        if self.desk.role is Role.ADMIN:
            yield Static(_COMMAND_LINE, markup=False)
        yield Rule("未完成的草稿")
        yield RowList([Column("", 12), Column("", 12), Column("")], head=False, empty="没有未完成的草稿", id="drafts")

    def open_actions(self) -> Iterator[ScreenAction]:
        """Without the digits: the palette lists the places by name."""
        return (action for action in super().open_actions() if action.id != "place_1")

    def on_mount(self) -> None:
        """The cursor stands on the first place."""
        desk = self.desk
        self.set_title(f" 工作台    {desk.site_name}", f"{desk.name}  {desk.role.label} ")
        self.places = places_for(desk.role)
        self._show_places()
        self.query_one("#places", RowList).focus()
        self.load_drafts()
        self.load_keeping()
        self.follow(self.load_keeping, News.KNOWLEDGE, every=QUIET_SECONDS)

    def _show_places(self, keeping: str = "") -> None:
        told = {"knowledge": keeping}
        self.query_one("#places", RowList).show(
            Row(
                place.id,
                (_digit(number), place.label, told.get(place.id) or place.help),
            )
            for number, place in enumerate(self.places, 1)
        )

    def load_keeping(self) -> None:
        """What of the knowledge base waits for whoever keeps it."""
        desk = self.desk
        if any(place.id == "knowledge" for place in self.places):
            self.read(lambda session: _to_keep(session, desk), self._show_places, lane="keeping")

    def on_screen_resume(self) -> None:
        """A draft may have come or gone."""
        if self.is_mounted:
            self.load_drafts()
            self.load_keeping()

    def load_drafts(self) -> None:
        """Read the drafts in a thread."""
        drafts, login = self.seat.drafts, self.desk.login
        self.work_read(lambda: drafts.of(login), self._show_drafts, lane="drafts")

    def draft_saved(self, _draft: Draft) -> None:
        """Told by the application when a draft is on disk at last."""
        self.load_drafts()

    def _show_drafts(self, drafts: list[Draft]) -> None:
        self.drafts = {f"{_DRAFT}{draft.id}": draft for draft in drafts}
        self.query_one("#drafts", RowList).show(
            Row(key, (FORMS.get(draft.form, draft.form), self._saved(draft), _brief(draft)))
            for key, draft in self.drafts.items()
        )

    def _saved(self, draft: Draft) -> str:
        if self.seat.drafts.failure(draft.id) is not None:
            return "没有存上"
        return draft.saved_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")

    @on(RowList.Chosen, "#places")
    def _place_chosen(self, event: RowList.Chosen) -> None:
        self.seat.go(event.key or "")

    @on(RowList.Chosen, "#drafts")
    def _draft_chosen(self, event: RowList.Chosen) -> None:
        self.open_draft(self.drafts[event.key or ""])

    def open_draft(self, draft: Draft) -> None:
        """Go on where it was left."""
        if draft.form == "intake":
            self.seat.go("intake", draft=draft)
        elif draft.form == "article":
            self.seat.go("knowledge", draft=draft)
        elif draft.form == "notice":
            self.seat.go("calendar", draft=draft)
        elif draft.order_id is not None:
            self.seat.open_order(draft.order_id)

    def why_not(self, action_id: str) -> str | None:
        """What is closed to this role or at this place of the cursor."""
        if action_id == "discard":
            return None if self._draft_key() else "请先用 Tab 移到草稿上"
        return why_no_place(self.desk.role, action_id) if action_id in BY_ID else None

    def _draft_key(self) -> str | None:
        rows = self.query_one("#drafts", RowList)
        return rows.key if rows.has_focus else None

    def do_intake(self) -> None:
        """F2."""
        self.seat.go("intake")

    def do_knowledge(self) -> None:
        """F3."""
        self.seat.go("knowledge")

    def do_open(self) -> None:
        """What the cursor stands on."""
        if key := self._draft_key():
            self.open_draft(self.drafts[key])
        elif key := self.query_one("#places", RowList).key:
            self.seat.go(key)

    def do_discard(self) -> None:
        """Throw a draft away, once confirmed."""
        draft = self.drafts[self._draft_key() or ""]

        def answer(sure: bool | None) -> None:
            if sure:
                self.seat.drafts.discard(draft.id)
                self.load_drafts()

        self.app.push_screen(Confirm("删除草稿", f"删除后不能恢复:\n{_brief(draft)}"), answer)

    def do_lock(self) -> None:
        """Hide everything."""
        app: Any = self.app
        app.lock()

    def do_back(self) -> None:
        """Leave the program, once confirmed; what is not on disk would be lost."""
        writer, login = self.seat.drafts, self.desk.login

        def settled() -> list[Draft]:
            writer.flush()
            return writer.of(login)

        self.work_read(settled, self._ask_to_leave, lane="leave", opens=True)

    def _ask_to_leave(self, drafts: list[Draft]) -> None:
        failure = self.seat.drafts.failure()
        if failure is None:
            question: Confirm | Unsaved = Confirm("退出", "离开本程序? 未完成的内容已存为草稿。")
        else:
            unsaved = [draft for draft in drafts if self.seat.drafts.failure(draft.id) is not None]
            told = "\n".join((LOST, *(f"{FORMS.get(draft.form, draft.form)}  {_brief(draft)}" for draft in unsaved)))
            question = Unsaved(str(failure), told=told, here="本程序")
        self.app.push_screen(question, lambda sure: self.app.exit() if sure else None)

    async def action_act(self, action_id: str) -> None:
        """A digit goes to its place; the rest as everywhere."""
        if action_id.startswith("place_"):
            self._go_number(int(action_id.removeprefix("place_")))
        else:
            await super().action_act(action_id)

    def _go_number(self, digit: int) -> None:
        number = digit or 10
        if number <= len(self.places):
            self.seat.go(self.places[number - 1].id)


def _to_keep(session: Session, desk: Desk) -> str:
    """What is past its day, what soon will be, what was asked in vain; nothing where nothing is. In a thread."""
    from hotline_tui.data.queries.keeping import to_keep
    from hotline_tui.rules.deadlines import shanghai_day

    found = to_keep(session, desk.viewer, shanghai_day(desk.clock()), desk.settings.remind_days)
    many = (("已过期", found.over), ("即将到期", found.ending), ("缺答", found.missed))
    told = ", ".join(f"{label} {count}" for label, count in many if count)
    return f"标准答案: {told}" if told else ""


def _brief(draft: Draft) -> str:
    text = str(next(filter(None, map(draft.fields.get, _TOLD)), ""))
    return text.replace("\n", " ")[:60] or "(空白)"


def _digit(number: int) -> str:
    """The key of a place; the tenth has 0, later ones none."""
    return f"{number % _DIGITS:>2}" if number <= _DIGITS else ""
