"""工单: an order in full, its time line, and every action that it is open to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Container

from hotline_tui.rules.words import Action, RequestMatter, Verdict
from hotline_tui.rules.words import OrderState as State
from hotline_tui.rules.workflow import UNIT_ROLES
from hotline_tui.screens import order_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.article_form import ArticleForm
from hotline_tui.screens.article_origin import of_order, why_not_promote
from hotline_tui.screens.deeds_assist import ADD_ASSIST, ADD_ASSIST_SPELLING
from hotline_tui.screens.deeds_consent import ConsentDeeds
from hotline_tui.screens.deeds_front import FrontDeeds
from hotline_tui.screens.deeds_leader import LeaderDeeds
from hotline_tui.screens.deeds_office import OfficeDeeds
from hotline_tui.screens.deeds_record import RecordDeeds
from hotline_tui.screens.deeds_restrict import RestrictDeeds
from hotline_tui.screens.deeds_unit import UNIT_SPELLINGS, UnitDeeds
from hotline_tui.screens.holding import HoldingScreen
from hotline_tui.screens.kept import AskKept, Kept
from hotline_tui.screens.one_order import OneOrderScreen
from hotline_tui.screens.order_actions import next_way, ways, why_closed
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.lines import Line
from hotline_tui.screens.widgets.pages import Pages
from hotline_tui.screens.widgets.picker import Picker, PickItem
from hotline_tui.services import claims, notes, promotion
from hotline_tui.services.notes import CallerData

if TYPE_CHECKING:
    from hotline_tui.data.drafts import Draft

_OPEN = "现在可办"


class OrderScreen(
    OneOrderScreen,
    LeaderDeeds,
    ConsentDeeds,
    RecordDeeds,
    RestrictDeeds,
    UnitDeeds,
    OfficeDeeds,
    FrontDeeds,
    HoldingScreen,
):
    """F4 takes the next step, F5 lists every action; the text and the time line are read with the arrows.

    What waits for dispatch is this seat's from the key that begins with it to its end.
    """

    TITLE_TEXT = "工单"
    CSS_PATH = "order.tcss"
    GIVES = claims.DISPATCH
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "next", "下一步", "现在最该办的一步, 名称随工单状态和岗位而变"),
        ScreenAction("f5", "ways", "办理", "列出本件的全部操作; 现在不能办的写明理由"),
        ScreenAction("f6", "note", "备注", "记入办理过程, 不能更改"),
        ScreenAction("f7", "seventh", "催办", "催承办单位办理, 每次都记录; 承办单位为续报"),
        ScreenAction("f8", "promote", "转答案", "把发布的答复转为标准答案, 先存为草稿, 由热线办发布", shown=False),
        ScreenAction("f9", "unmask", "查看", "说明理由后查看来电人信息, 查看会记录(第十三条)"),
    )

    unmasked: tuple[CallerData, ...] = ()

    def compose_body(self) -> ComposeResult:
        """Head, text, time line."""
        yield Line(id="caller")
        yield Line(id="unit")
        yield Line(id="place")
        with Container(id="panes"):
            yield Pages("诉求", empty="正在读取", id="text")
            yield Pages("办理过程", id="course")

    def on_mount(self) -> None:
        """The arrows read the text; Tab goes to the time line."""
        self.query_one("#text", Pages).focus()

    def on_screen_resume(self) -> None:
        """What was asked for is answered, or was left."""
        self.taken_in()

    def taken_in(self) -> None:
        """What was begun is over: the order goes back into the queue."""
        if self._mine is not None and not self.in_course:
            self._put_back()

    def show_order(self, seen: OrderSeen) -> None:
        """Paint it."""
        self.set_title(*order_view.title(seen))
        self.query_one("#caller", Line).show(*order_view.caller_line(seen, self.unmasked))
        self.query_one("#unit", Line).show(*order_view.unit_line(seen))
        self.query_one("#place", Line).show(*order_view.place_line(seen))
        body = (*order_view.in_full(self.unmasked), *order_view.texts(seen, callers=not self.unmasked))
        self.query_one("#text", Pages).show(body, of=(self.order_id, bool(self.unmasked)))
        self.query_one("#course", Pages).show(order_view.course(seen.steps, seen.now), of=self.order_id, end=True)

    # -- which keys work

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """F4 bears the name of the step that comes next; F7 is 续报 for a unit, which urges nobody."""
        way = next_way(self.seen, self.desk.role) if self.seen else None
        labels = {"next": self.label(way.action) if way else "下一步", "seventh": self.label(self.seventh)}
        twice = way is not None and way.action is self.seventh
        return tuple(
            replace(
                action,
                label=labels.get(action.id, action.label),
                help=self._help(action),
                shown=(action.shown and not (twice and action.id == "seventh"))
                or (action.id == "promote" and self.why_not("promote") is None),
            )
            for action in super().actions_now()
        )

    def label(self, action: Action) -> str:
        """What it is called here; a countersigned order in handling takes one more unit."""
        if action is Action.ASSIGN and self.seen is not None and self.seen.detail.row.state is State.ASSIGNED:
            return ADD_ASSIST
        return _LABELS.get(action, action.label)

    def _spelling(self, action: Action) -> str:
        return ADD_ASSIST_SPELLING if self.label(action) == ADD_ASSIST else _SPELLINGS.get(action, "")

    @property
    def seventh(self) -> Action:
        """What F7 does for this role."""
        return Action.PROGRESS if self.desk.role in UNIT_ROLES else Action.URGE

    def _help(self, action: ScreenAction) -> str:
        unit = action.id == "seventh" and self.seventh is Action.PROGRESS
        return "办理时间长的, 报告进展" if unit else action.help

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables."""
        if action_id in ("help", "back"):
            return None
        if self.seen is None:
            return self.why_not_read()
        role = self.desk.role
        match action_id:
            case "next":
                if next_way(self.seen, role) is None:
                    return f"现为{self.seen.detail.row.state.label}, {role.label}没有要办的; 其他操作按 F5"
                return None
            case "seventh":
                return why_closed(self.seen, role, self.seventh)
            case "promote":
                return why_not_promote(self.desk, self.seen)
            case "note" | "unmask":
                return why_closed(self.seen, role, Action(action_id))
            case _:
                return None

    # -- doing it

    def do_next(self) -> None:
        """F4."""
        way = next_way(self.require_seen(), self.desk.role)
        if way is not None:
            self.take(way.action)

    def do_ways(self) -> None:
        """F5: open ones first, closed ones with the reason."""
        found = sorted(ways(self.require_seen(), self.desk.role), key=lambda way: way.closed is not None)
        reasons = {way.action.value: way.closed for way in found}
        items = [
            PickItem(
                way.action.value,
                self.label(way.action),
                "现在不能" if way.closed else _OPEN,
                self._spelling(way.action),
            )
            for way in found
        ]
        self.app.push_screen(
            Picker(
                f"办理  {self.the_subject().number}",
                items,
                detail=lambda key: f"现在不能: {reasons[key]}" if reasons[key] else _OPEN,
            ),
            self._way_chosen,
        )

    def _way_chosen(self, key: str | None) -> None:
        if key is None or self.seen is None:
            return
        action = Action(key)
        reason = why_closed(self.seen, self.desk.role, action)
        if reason is not None:
            self.tell(reason)
        else:
            self.take(action)

    def take(self, action: Action) -> None:
        """Begin an action that is open."""
        deeds: dict[Action, Callable[[], object]] = {
            **self.unit_deeds(),
            Action.RELEASE: self.release_way,
            Action.REJECT_REPLY: self.reject_reply,
            Action.REDISPATCH: self.redispatch,
            Action.CALL_BACK: self.call_back,
            Action.ARCHIVE: self.do_archive,
            Action.ANSWER: self.start_answer,
            Action.ASSIGN: self.assign_now,
            Action.REPORT: self.start_report,
            Action.WITHDRAW: self.withdraw,
            Action.INSTRUCT: self.instruct,
            Action.REFUSE: self.start_refuse,
            Action.MERGE: self.start_merge,
            Action.CONSENT_RETURN: lambda: self.grant_one(RequestMatter.LATE_RETURN),
            Action.CHANGE_PROMISE: lambda: self.grant_one(RequestMatter.PROMISED_DAY),
            Action.DECLINE: self.decline_one,
            Action.CANCEL: self.cancel_share,
            Action.URGE: self.urge,
            Action.SUPERVISE: self.supervise,
            Action.MARK_MALICIOUS: self.refer,
            Action.RECORD_MISCONDUCT: self.record_fault,
            Action.RESTRICT: self.restrict,
            Action.NOTE: self.note,
            Action.UNMASK: self.do_unmask,
        }
        if action in _OF_DISPATCH and self.require_seen().detail.row.state is State.RECEIVED:
            self.taken(deeds[action])
        else:
            deeds[action]()

    def release_way(self) -> None:
        """单独回复 or 网上公开: a choice of two, a secret order has one."""
        if self.require_seen().detail.row.secret:
            self.release_privately()
            return
        items = [PickItem("private", "单独回复", "只告知来电人"), PickItem("public", "网上公开", "人人可见")]

        def chosen(key: str | None) -> None:
            if key == "private":
                self.release_privately()
            elif key == "public":
                self.release_publicly()

        self.app.push_screen(Picker("发布回复", items), chosen)

    def do_archive(self) -> None:
        """归档; satisfied or answered callers need no reason."""
        found = self.require_seen().detail
        contented = found.verdict in (Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED)
        self.archive(contented=contented or found.row.state is State.ANSWERED)

    def do_note(self) -> None:
        """F6."""
        self.note()

    def do_seventh(self) -> None:
        """F7."""
        self.take(self.seventh)

    def do_promote(self) -> None:
        """F8."""
        origin = of_order(self.require_seen())
        drafts, key = self.seat.drafts, origin.draft_id(self.desk.login)

        def read() -> Draft | None:
            promotion.check(self.desk, self.order_id)
            return drafts.get(key)

        def show(draft: Draft | None) -> None:
            self.app.push_screen(ArticleForm(None, draft, origin=origin), self._promoted)

        self.work_read(read, show, lane="promote", opens=True)

    def _promoted(self, kept: tuple[str, UUID] | None) -> None:
        if kept is not None:
            self.flash(kept[0])

    def do_unmask(self) -> None:
        """F9: the reason, then the data, on this screen only, until it is left."""
        kept = Kept(self.seat, Action.UNMASK.value, self.order_id)

        def shown(data: tuple[CallerData, ...]) -> None:
            kept.discard()
            self.unmasked = data
            self.flash("已记录本次查看")
            self.reload()

        def told(reason: str) -> None:
            self.write(lambda: notes.unmask(self.desk, self.order_id, reason), shown)

        self.open_form(
            AskKept(
                kept,
                "查看来电人信息(第十三条)",
                "查看会记入办理过程。请写明理由:",
                must="请写明查看来电人信息的理由",
            ),
            told,
        )


_OF_DISPATCH = {
    Action.ANSWER,
    Action.ASSIGN,
    Action.REPORT,
    Action.PROPOSE_COUNTERSIGN,
    Action.REFUSE,
    Action.MERGE,
}
"""What is done with an order out of the queue of 派单, on whichever screen."""
_LABELS = {
    Action.APPROVE: "审核",
    Action.DRAFT_REPLY: "拟写回复",
    Action.RELEASE: "发布",
    Action.CHANGE_PROMISE: "同意变更",
}
_SPELLINGS = {
    **UNIT_SPELLINGS,
    Action.RELEASE: "fa bu",
    Action.REJECT_REPLY: "tui hui chong ban",
    Action.REDISPATCH: "chong xin jiao ban",
    Action.CALL_BACK: "hui fang",
    Action.ARCHIVE: "gui dang",
    Action.ANSWER: "zhi jie da fu",
    Action.ASSIGN: "jiao ban",
    Action.REPORT: "cheng bao pi shi",
    Action.WITHDRAW: "che hui cheng bao",
    Action.INSTRUCT: "pi shi",
    Action.CONSENT_RETURN: "tong yi tui jian",
    Action.CHANGE_PROMISE: "tong yi bian geng",
    Action.DECLINE: "bu yu tong yi",
    Action.CANCEL: "che xiao cheng ban",
    Action.MARK_MALICIOUS: "yi song gong an",
    Action.RECORD_MISCONDUCT: "ze ren zhui jiu",
    Action.RESTRICT: "xian ding zhi xi",
    Action.REFUSE: "bu yu shou li",
    Action.MERGE: "bing an",
    Action.URGE: "cui ban",
    Action.SUPERVISE: "du ban",
    Action.NOTE: "bei zhu",
    Action.UNMASK: "cha kan",
}
