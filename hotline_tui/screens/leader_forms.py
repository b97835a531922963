"""What is laid before a leader, and what he decides: the words, and the units that they name (Art. 11(2))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static, TextArea

from hotline_tui.screens.form_fields import Edited, PickField, Toggle
from hotline_tui.screens.unsaved import leave
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.screens.widgets.modals import Confirm, HotlineModal
from hotline_tui.screens.widgets.picker import PickItem

if TYPE_CHECKING:
    from hotline_tui.data.queries.leaders import LeaderChoice
    from hotline_tui.screens.directory import Directory, Suggestion
    from hotline_tui.screens.kept import KeptForm

ANY_LEADER = "全体市领导"
NO_LEAD = "提请的是会签, 未指定牵头单位: 按 Enter 不会签, 由热线办按批示交办; Esc 返回指定"
LEADER_LENGTH = 40


@dataclass(frozen=True)
class Reporting:
    """呈报 or 提请会签."""

    reason: str
    countersign: bool
    leader_id: UUID | None = None


@dataclass(frozen=True)
class Instructing:
    """批示."""

    text: str
    leader: str = ""
    lead: UUID | None = None
    assists: tuple[UUID, ...] = ()


class LeaderForm(HotlineModal[Any]):
    """A form whose fields are kept as they are typed, also when it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4", "give", show=False)]
    CSS_PATH = "leader_forms.tcss"

    def __init__(self, title: str, kept: KeptForm | None) -> None:
        super().__init__(title)
        self.kept = kept
        self._first: dict[str, Any] = {}

    def fields(self) -> dict[str, Any]:
        """What stands in the form; `text` tells what a draft is about."""
        raise NotImplementedError

    def put(self, fields: dict[str, Any]) -> None:
        """Put back what was kept."""
        raise NotImplementedError

    def begin(self) -> None:
        """From now on what is typed is kept."""
        self._first = self.fields()
        if self.kept is not None:
            self.put(self.kept.fields())

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Edited)
    def _changed(self, event: Input.Changed | TextArea.Changed | Edited) -> None:
        event.stop()
        self.complain("")
        if self.kept is None or not self._first:
            return
        fields = self.fields()
        if fields == self._first:
            self.kept.discard()
        else:
            self.kept.put_fields(fields)

    def action_cancel(self) -> None:
        """Leave without an answer; what was typed stays as a draft."""
        if self.kept is None:
            self.dismiss(None)
        else:
            leave(self, self.kept.seat.drafts, (self.kept.id,), lambda: self.dismiss(None))

    def action_give(self) -> None:
        """Give what was written, unless something is missing."""
        raise NotImplementedError


class ReportForm(LeaderForm):
    """批办: why a leader has to decide. The office says before whom; the front desk proposes."""

    KEYS = "Enter 或 F4 确定  Tab 下一项  空格 标记  Esc 取消"

    def __init__(
        self,
        leaders: Sequence[LeaderChoice] | None,
        *,
        kept: KeptForm | None = None,
        reason: str = "",
        countersign: bool = False,
    ) -> None:
        """`leaders`: for the office, who may be chosen; None for the front desk, which cannot choose."""
        super().__init__("批办: 呈报批示" if leaders is not None else "批办: 提请热线办呈报", kept)
        self.leaders = leaders
        self.reason = reason
        self.countersign = countersign

    def compose_body(self) -> ComposeResult:
        """Reason, countersigning, leader."""
        yield Static("重要事项, 不能确定承办单位, 或须几个单位会签的, 报领导批示。请写明理由:", markup=False)
        yield HotlineInput(self.reason, id="reason")
        yield Toggle("会签: 须几个单位共同办理, 由领导确定牵头单位和协办单位 ", id="countersign")
        if self.leaders is not None:
            with Horizontal(classes="row"):
                yield Static(" 呈报 ", classes="label")
                yield PickField("呈报哪位领导", id="leader")
                yield Static(f" 不选则报{ANY_LEADER}", classes="label", markup=False)

    def on_mount(self) -> None:
        """As it was left."""
        if self.leaders is not None:
            self.query_one("#leader", PickField).offer(
                [PickItem(str(each.id), each.name, "", each.spelling) for each in self.leaders]
            )
        self.query_one("#countersign", Toggle).on = self.countersign
        self.begin()
        self.query_one("#reason").focus()

    def fields(self) -> dict[str, Any]:
        """Reason, countersigning, leader."""
        leader = self.query_one("#leader", PickField).keys if self.leaders is not None else ()
        return {
            "text": self.query_one("#reason", HotlineInput).value,
            "countersign": self.query_one("#countersign", Toggle).on,
            "leader": list(leader),
        }

    def put(self, fields: dict[str, Any]) -> None:
        """Put back what was kept."""
        if "text" in fields:
            self.query_one("#reason", HotlineInput).value = str(fields["text"])
        if "countersign" in fields:
            self.query_one("#countersign", Toggle).on = bool(fields["countersign"])
        if self.leaders is not None:
            known = {str(each.id) for each in self.leaders}
            self.query_one("#leader", PickField).put(*(key for key in fields.get("leader", ()) if key in known))

    @on(Input.Submitted, "#reason")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_give()

    def action_give(self) -> None:
        """Report it, with a reason."""
        found = self.fields()
        reason = found["text"].strip()
        if not reason:
            self.complain("请写明呈报批示的理由(第十一条(二)3)")
            self.query_one("#reason").focus()
            return
        leader = next(iter(found["leader"]), None)
        self.hand_in(Reporting(reason, found["countersign"], UUID(leader) if leader else None))


class InstructForm(LeaderForm):
    """批示: the words, the lead unit, the assisting units; the office also writes whose words they are."""

    KEYS = "F4 记录批示  Tab 下一项  Enter 或直接输入选单位  退格 去掉末一个  Esc 取消"

    def __init__(
        self,
        number: str,
        directory: Directory,
        *,
        accused: Iterable[UUID],
        kept: KeptForm | None = None,
        leader: str | None = None,
        suggested: Sequence[Suggestion] = (),
        countersign: bool = False,
    ) -> None:
        """`leader`: the name to begin with where the office records; None where the leader himself writes.

        `countersign`: it was reported for several units, so that naming none is asked about (R-11.2.2c).
        """
        super().__init__(f"批示  {number}", kept)
        self.directory = directory
        self.accused = tuple(accused)
        self.leader = leader
        self.suggested = tuple(suggested)
        self.countersign = countersign

    def compose_body(self) -> ComposeResult:
        """Leader, words, units."""
        if self.leader is not None:
            with Horizontal(classes="row"):
                yield Static(" 批示领导 ", classes="label")
                yield HotlineInput(self.leader, max_length=LEADER_LENGTH, id="leader")
        yield Static(" 批示原文, 记入办理过程, 不能更改:", markup=False)
        yield Narrative(id="text")
        for label, name, several in (("牵头单位", "lead", False), ("协办单位", "assists", True)):
            with Horizontal(classes="row"):
                yield Static(f" {label} ", classes="label")
                yield PickField(label, several=several, suggest=self._suggest, id=name)
        if self.accused:
            yield Static(" 被反映单位及其下属不列出(第十三条)", markup=False)

    def on_mount(self) -> None:
        """As it was left."""
        items = self.directory.open_units(self.accused)
        short = {str(unit.id): unit.short for unit in self.directory.units}
        for name in ("lead", "assists"):
            self.query_one(f"#{name}", PickField).offer(items, short)
        self.begin()
        self.query_one("#leader" if self.leader == "" else "#text").focus()

    def _suggest(self) -> dict[str, str]:
        return {str(each.unit_id): each.why for each in self.suggested}

    def fields(self) -> dict[str, Any]:
        """Leader, words, units."""
        leader = self.query_one("#leader", HotlineInput).value if self.leader is not None else ""
        return {
            "text": self.query_one("#text", Narrative).text,
            "leader": leader,
            "lead": list(self.query_one("#lead", PickField).keys),
            "assists": list(self.query_one("#assists", PickField).keys),
        }

    def put(self, fields: dict[str, Any]) -> None:
        """Put back what was kept; a unit that became accused meanwhile is left out."""
        known = {item.key for item in self.directory.open_units(self.accused)}
        if fields.get("text"):
            self.query_one("#text", Narrative).load_text(str(fields["text"]))
        if self.leader is not None and fields.get("leader"):
            self.query_one("#leader", HotlineInput).value = str(fields["leader"])
        for name in ("lead", "assists"):
            self.query_one(f"#{name}", PickField).put(*(key for key in fields.get(name, ()) if key in known))

    @on(Input.Submitted, "#leader")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    def action_give(self) -> None:
        """The words, a leader, and no unit twice."""
        found = self.fields()
        missing = next((each for each in self._missing(found)), None)
        if missing is not None:
            sentence, field = missing
            self.complain(sentence)
            self.query_one(field).focus()
            return
        lead = UUID(found["lead"][0]) if found["lead"] else None
        made = Instructing(found["text"].strip(), found["leader"].strip(), lead, tuple(map(UUID, found["assists"])))
        if self.countersign and lead is None:
            self._ask_unnamed(made)
        else:
            self.hand_in(made)

    def _ask_unnamed(self, made: Instructing) -> None:
        def answered(sure: bool | None) -> None:
            if sure:
                self.hand_in(made)
            else:
                self.query_one("#lead").focus()

        self.app.push_screen(Confirm(self.heading, NO_LEAD), answered)

    def _missing(self, found: dict[str, Any]) -> Iterable[tuple[str, str]]:
        if self.leader is not None and not found["leader"].strip():
            yield "请写明作出批示的领导(第十一条(二)3)", "#leader"
        if not found["text"].strip():
            yield "请写明批示内容(第十一条(二)3)", "#text"
        if found["assists"] and not found["lead"]:
            yield "有协办单位的, 请确定牵头单位(第十一条(二)2(3))", "#lead"
        if set(found["lead"]) & set(found["assists"]):
            yield "牵头单位和协办单位不能相同(第十一条(二)2(3))", "#assists"
