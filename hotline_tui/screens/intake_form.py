"""The form of a call, in the order a call is told (Art. 9, 15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from hotline_tui.data.suggest.advice import Proposal
from hotline_tui.rules.acceptance import NEEDS_REAL_NAME, CallerFacts, Fact
from hotline_tui.rules.words import Kind
from hotline_tui.screens.directory import NO_UNITS, Directory
from hotline_tui.screens.form_fields import Edited, KindLine, PickField, Toggle, whys
from hotline_tui.screens.widgets.display import FAINT, OVERDUE
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.screens.widgets.lines import Line, Rule
from hotline_tui.services.intake import Intake

TEXTS = ("phone", "name", "address", "workplace", "home_address")
PICKS = ("topic", "region", "accused")
FIELD_OF_FACT = {"contact": "phone"}
"""Where a fact of Art. 15 is typed, when the field has another name."""
_SHORT = {Fact.NAME: "姓名", Fact.CONTACT: "电话", Fact.WORKPLACE: "单位", Fact.HOME_ADDRESS: "住址"}


class IntakeForm(Vertical):
    """Posts `Edited` when anything in it changes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "line(1)", show=False),
        Binding("up", "line(-1)", show=False),
        Binding("pagedown", "narrative", show=False),
        Binding("pageup", "phone", show=False),
    ]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.advised_topics: Sequence[Proposal] = ()
        self.advised_region: Proposal | None = None

    def compose(self) -> ComposeResult:
        """Six lines and the narrative."""
        with Horizontal(classes="row"):
            yield _label("电话")
            yield HotlineInput(id="phone", max_length=30)
            yield _label("姓名")
            yield HotlineInput(id="name", max_length=60)
            yield Line("", id="history")
        with Horizontal(classes="row"):
            yield KindLine(id="kind")
            yield Toggle("紧急", id="urgent")
            yield Toggle("保密", id="secret")
        with Horizontal(classes="row"):
            yield _label("分类")
            yield PickField("诉求分类", suggest=lambda: whys(self.advised_topics), id="topic")
            yield _label("区域")
            yield PickField("区域", suggest=lambda: whys((self.advised_region,)), id="region")
            yield _label("地址")
            yield HotlineInput(id="address", max_length=200)
        with Horizontal(classes="row"):
            yield _label("单位")
            yield HotlineInput(id="workplace", max_length=200)
            yield _label("住址")
            yield HotlineInput(id="home_address", max_length=200)
            yield _label("被反映单位")
            yield PickField("被反映单位", several=True, without=NO_UNITS, id="accused")
        yield Line(id="real-name")
        yield Rule(" 诉求", id="narrative-rule")
        yield Narrative(id="narrative")

    def on_mount(self) -> None:
        """Say what is missing from the start."""
        self._check_real_name()

    # -- what it holds

    @property
    def kind(self) -> Kind:
        """类别."""
        return self.query_one(KindLine).kind

    @kind.setter
    def kind(self, kind: Kind) -> None:
        self.query_one(KindLine).kind = kind

    @property
    def narrative(self) -> str:
        """诉求."""
        return self.query_one(Narrative).text

    @property
    def phone(self) -> str:
        """电话."""
        return self._text("phone")

    def picked(self, name: str) -> tuple[UUID, ...]:
        """What stands in one of the picked fields."""
        return tuple(UUID(key) for key in self.query_one(f"#{name}", PickField).keys)

    @property
    def intake(self) -> Intake:
        """What there is to register."""
        topic, region = self.picked("topic"), self.picked("region")
        return Intake(
            kind=self.kind,
            narrative=self.narrative,
            topic_id=topic[0] if topic else None,
            region_id=region[0] if region else None,
            urgent=self.query_one("#urgent", Toggle).on,
            secret=self.query_one("#secret", Toggle).on,
            accused=self.picked("accused"),
            phone=self._text("phone"),
            name=self._text("name"),
            address=self._text("address"),
            workplace=self._text("workplace"),
            home_address=self._text("home_address"),
        )

    @property
    def empty(self) -> bool:
        """Whether nothing was told yet."""
        texts = (self.narrative, *map(self._text, TEXTS))
        return not any(text.strip() for text in texts) and not any(map(self.picked, PICKS))

    def fields(self) -> dict[str, Any]:
        """Everything, as a draft keeps it."""
        kept: dict[str, Any] = {name: self._text(name) for name in TEXTS}
        kept |= {name: list(self.query_one(f"#{name}", PickField).keys) for name in PICKS}
        kept |= {name: self.query_one(f"#{name}", Toggle).on for name in ("urgent", "secret")}
        return kept | {"kind": self.kind.value, "narrative": self.narrative}

    def restore(self, kept: dict[str, Any]) -> None:
        """Everything as a draft has it; nothing for what it has not."""
        with self.prevent(Input.Changed, TextArea.Changed, Edited, PickField.Picked):
            for name in TEXTS:
                entry = self.query_one(f"#{name}", HotlineInput)
                entry.value = str(kept.get(name, ""))
                entry.cursor_position = len(entry.value)
            for name in PICKS:
                self.query_one(f"#{name}", PickField).put(*kept.get(name, ()))
            for name in ("urgent", "secret"):
                self.query_one(f"#{name}", Toggle).on = bool(kept.get(name, False))
            self.kind = Kind(kept.get("kind", Kind.INQUIRY))
            narrative = self.query_one(Narrative)
            narrative.load_text(str(kept.get("narrative", "")))
            narrative.move_cursor(narrative.document.end)
        self._check_real_name()

    def offer(self, directory: Directory) -> None:
        """What the pickers choose from."""
        short = {str(unit.id): unit.short for unit in directory.units}
        self.query_one("#topic", PickField).offer(directory.topic_items)
        regions = {str(region.id): region.name for region in directory.regions}
        self.query_one("#region", PickField).offer(directory.region_items, regions)
        self.query_one("#accused", PickField).offer(directory.unit_items, short)

    def show_history(self, told: str, key: str = "", warning: str = "") -> None:
        """What the number has brought before; faintly, that it has an unusual length."""
        line = Text(f" {told}" if told else "")
        if warning:
            line = Text(f" {warning} ", style=FAINT).append_text(line)
        self.query_one("#history", Line).show(line, key)

    def go_to(self, missing: str) -> None:
        """Put the cursor on what is missing: a fact of Art. 15 or a field."""
        self.query_one(f"#{FIELD_OF_FACT.get(missing, missing)}").focus()

    # -- getting about

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    def action_line(self, step: int) -> None:
        """The field above or below."""
        here = self.screen.focused
        if here is None:
            return
        fields = [each for each in self.query("*") if each.can_focus]
        rows = sorted({each.region.y for each in fields if (each.region.y - here.region.y) * step > 0})
        if rows:
            row = rows[0 if step > 0 else -1]
            beside = [each for each in fields if each.region.y == row]
            min(beside, key=lambda each: abs(each.region.x - here.region.x)).focus()

    def action_narrative(self) -> None:
        """Straight to the narrative."""
        self.query_one(Narrative).focus()

    def action_phone(self) -> None:
        """Back to the first field."""
        self.query_one("#phone").focus()

    # -- Art. 15 as it is typed

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Edited)
    def _changed(self) -> None:
        self._check_real_name()

    def _check_real_name(self) -> None:
        if self.kind not in NEEDS_REAL_NAME:
            line = Text(f" 实名核对  {self.kind.label}不要求实名")
        else:
            intake = self.intake
            facts = CallerFacts(intake.name, intake.phone, intake.workplace, intake.home_address)
            line = Text(" 实名核对(第十五条)")
            for fact in Fact:
                told = facts.told(fact)
                line.append(f"  {_SHORT[fact]}:").append("有" if told else "缺", style="" if told else OVERDUE)
        self.query_one("#real-name", Line).show(line)

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", HotlineInput).value


def _label(text: str) -> Widget:
    return Static(f" {text} ", classes="label", markup=False)
