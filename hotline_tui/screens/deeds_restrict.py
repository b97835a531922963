"""限定知悉 on an order: who may no longer find it, and why (Art. 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from hotline_tui.rules.words import Action
from hotline_tui.screens.deeds import DeedsScreen, Subject
from hotline_tui.screens.directory import NO_UNITS, Directory, read_directory
from hotline_tui.screens.form_fields import PickField, Toggle
from hotline_tui.screens.kept import KeptForm
from hotline_tui.screens.leader_forms import LeaderForm
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.display import lines_of
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.services.restrict import restrict

if TYPE_CHECKING:
    from hotline_tui.screens.widgets.picker import PickItem

NOT_TAKEN_BACK = "从此看不到本件的人, 查询、列表和统计中都没有本件。指明的单位以后不能去掉。"
HIDES = "保密: 只有热线办、市领导、主管机关、登记人和承办单位能看到 "
MUST = "请写明限定知悉的理由(第十三条)"
WHICH = "请标为保密, 或指明被反映单位(第十三条)"


@dataclass(frozen=True)
class Restricting:
    """What is hidden, and why."""

    reason: str
    secret: bool
    accused: tuple[UUID, ...]


class RestrictForm(LeaderForm):
    """The mark, the units, the reason."""

    KEYS = "F4 确定  Tab 下一项  空格 标记  Esc 取消"

    def __init__(
        self,
        number: str,
        units: Sequence[PickItem],
        short: dict[str, str],
        kept: KeptForm,
        *,
        secret: bool,
        accused: Sequence[str],
    ) -> None:
        """`units` can be named; `secret` and `accused` stand already."""
        super().__init__(f"限定知悉  {number}", kept)
        self.units = tuple(units)
        self.short = short
        self.secret = secret
        self.accused = tuple(accused)

    def compose_body(self) -> ComposeResult:
        """What it means, the mark, the units, the reason."""
        yield Static(lines_of(NOT_TAKEN_BACK), markup=False)
        if self.secret:
            yield Static(" 本件已是保密件", markup=False)
        else:
            yield Toggle(HIDES, id="secret")
        with Horizontal(classes="row"):
            yield Static(" 被反映单位 ", classes="label")
            yield PickField("被反映单位: 它和它的下属单位查不到本件", several=True, without=NO_UNITS, id="accused")
        if self.accused:
            yield Static(lines_of(f" 已指明: {'、'.join(self.accused)}"), markup=False)
        yield Static("理由, 记入办理过程:", markup=False)
        yield Narrative("", id="reason")

    def on_mount(self) -> None:
        """As it was left; the cursor stands on the mark."""
        self.query_one("#accused", PickField).offer(self.units, self.short)
        self.begin()
        reason = self.query_one("#reason", Narrative)
        reason.move_cursor(reason.document.end)
        self.query_one("#accused" if self.secret else "#secret").focus()

    def fields(self) -> dict[str, Any]:
        """Reason, mark, units."""
        return {
            "text": self.query_one("#reason", Narrative).text,
            "secret": any(toggle.on for toggle in self.query(Toggle)),
            "accused": list(self.query_one("#accused", PickField).keys),
        }

    def put(self, fields: dict[str, Any]) -> None:
        """Put back what was kept; a unit that was named meanwhile is not named again."""
        self.query_one("#reason", Narrative).text = str(fields.get("text", ""))
        for toggle in self.query(Toggle):
            toggle.on = bool(fields.get("secret"))
        known = {item.key for item in self.units}
        self.query_one("#accused", PickField).put(*(key for key in fields.get("accused", ()) if key in known))

    def action_give(self) -> None:
        """Something is hidden, for a reason."""
        fields = self.fields()
        if not fields["secret"] and not fields["accused"]:
            self.complain(WHICH)
        elif not fields["text"].strip():
            self.complain(MUST)
            self.query_one("#reason").focus()
        else:
            units = tuple(UUID(key) for key in fields["accused"])
            self.hand_in(Restricting(fields["text"].strip(), fields["secret"], units))


class RestrictDeeds(DeedsScreen):
    """Asks what it must and writes."""

    def restrict(self) -> None:
        """限定知悉: in whatever state the order is (R-13a)."""
        one = self.the_subject()
        self.read(
            read_directory,
            lambda known: self.with_seen(one, lambda seen: self._ask_restrict(one, known, seen)),
            lane="directory",
            opens=True,
        )

    def _ask_restrict(self, one: Subject, known: Directory, seen: OrderSeen) -> None:
        found = seen.detail
        kept = KeptForm(self.seat, Action.RESTRICT.value, one.order_id)
        named = {str(unit_id) for unit_id in known.named(found.accused)}

        def given(made: Restricting) -> None:
            self.perform(
                lambda: restrict(
                    self.desk,
                    one.order_id,
                    made.reason,
                    secret=made.secret,
                    accused=made.accused,
                    seen=one.version,
                ),
                f"已限定知悉 {one.number}",
                kept=kept,
            )

        self.open_form(
            RestrictForm(
                one.number,
                [item for item in known.unit_items if item.key not in named],
                {str(unit.id): unit.short for unit in known.units},
                kept,
                secret=found.row.secret,
                accused=found.accused,
            ),
            given,
        )
