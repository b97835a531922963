"""分类: kind, topic, place and marks of a matter that came in without them, and who writes (Art. 9, 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from hotline_tui.errors import NotAccepted
from hotline_tui.rules.acceptance import (
    NEEDS_REAL_NAME,
    CallerFacts,
    check_acceptance,
    check_place,
    check_topic,
    fullest,
    place_told,
)
from hotline_tui.rules.words import Kind
from hotline_tui.screens.actions import with_twins
from hotline_tui.screens.directory import NO_UNITS, Directory
from hotline_tui.screens.form_fields import KINDS, Edited, KindLine, PickField, Toggle, whys
from hotline_tui.screens.unsaved import leave
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.modals import Confirm, HotlineModal

if TYPE_CHECKING:
    from hotline_tui.data.queries.parts import MaskedCaller
    from hotline_tui.data.suggest.advice import Proposal
    from hotline_tui.screens.kept import KeptForm

LIMITS = {"address": 200, "name": 60, "contact": 30, "workplace": 200, "home_address": 200}
_PICKS, _MARKS = ("topic", "region", "accused"), ("urgent", "secret")
_SHORT = {"name": "姓名", "contact": "电话", "workplace": "单位", "home_address": "住址"}


@dataclass(frozen=True)
class Classification:
    """What a matter is."""

    kind: Kind
    topic_id: UUID | None
    region_id: UUID | None
    urgent: bool
    secret: bool
    address: str = ""
    accused: tuple[UUID, ...] = ()
    """Named in addition to those that the order names already."""
    told: CallerFacts = field(default_factory=CallerFacts)
    """What the writer said when he was called back; an empty fact leaves what is known."""


class ClassifyForm(HotlineModal[Classification]):
    """F4 gives it; digits choose the kind."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "give", show=False),
        *(
            Binding(",".join(with_twins(str(number))), f"kind({number - 1})", show=False)
            for number in range(1, len(KINDS) + 1)
        ),
    ]
    CSS_PATH = "ways_out.tcss"
    KEYS = "F4 确定  1-7 类别  Enter 下一项  空格 标记  Esc 取消"

    def __init__(
        self,
        directory: Directory,
        standing: Classification,
        narrative: str,
        *,
        accused: Sequence[str] = (),
        callers: Sequence[MaskedCaller] = (),
        kept: KeptForm | None = None,
        whole: bool = False,
        topics: Sequence[Proposal] = (),
        region: Proposal | None = None,
    ) -> None:
        """`accused`: the names of those that the order names already; `whole`: topic and place are wanted (Art. 9).

        `topics`, `region`: what suggests itself.
        """
        super().__init__("分类(第九条)")
        self.directory = directory
        self.standing = standing
        self.narrative = narrative
        self.accused = tuple(accused)
        self.known = [caller.facts for caller in callers] or [CallerFacts()]
        self.kept = kept
        self.whole = whole
        self.advised_topics = tuple(topics)
        self.advised_region = region
        self._first: dict[str, Any] = {}

    def compose_body(self) -> ComposeResult:
        """Kind, marks, topic, place, accused units, who writes."""
        yield KindLine(self.standing.kind, id="kind")
        with Horizontal(classes="row"):
            yield Static(" 分类 ", classes="label")
            yield PickField("诉求分类", suggest=lambda: whys(self.advised_topics), id="topic")
        with Horizontal(classes="row"):
            yield Static(" 区域 ", classes="label")
            yield PickField("区域", suggest=lambda: whys((self.advised_region,)), id="region")
            yield Toggle("紧急", id="urgent")
            yield Toggle("保密", id="secret")
        with Horizontal(classes="row"):
            yield Static(" 地址 ", classes="label")
            yield HotlineInput(self.standing.address, max_length=200, id="address")
        with Horizontal(classes="row"):
            yield Static(" 被反映单位 ", classes="label")
            yield PickField("被反映单位", several=True, without=NO_UNITS, id="accused")
        if self.accused:
            yield Static(f" 已指明: {'、'.join(self.accused)}", markup=False)
        yield Rule(" 来电(信)人: 与本人核实后填写, 已有的可不填", "投诉、举报须实名(第十五条)", id="caller")
        for row in (("name", "contact"), ("workplace", "home_address")):
            with Horizontal(classes="row"):
                for name in row:
                    known = getattr(self.known[0], name)
                    yield Static(f" {_SHORT[name]} ", classes="label")
                    yield HotlineInput(placeholder=f"已有 {known}" if known else "缺", max_length=LIMITS[name], id=name)

    def on_mount(self) -> None:
        """As it stands, or as it was left."""
        directory, standing = self.directory, self.standing
        self.query_one("#topic", PickField).offer(directory.topic_items)
        self.query_one("#region", PickField).offer(directory.region_items)
        self.query_one("#accused", PickField).offer(
            directory.unit_items, {str(unit.id): unit.short for unit in directory.units}
        )
        self._put(
            {
                "kind": standing.kind.value,
                "topic": [str(standing.topic_id)] if standing.topic_id else [],
                "region": [str(standing.region_id)] if standing.region_id else [],
                "accused": [],
                "urgent": standing.urgent,
                "secret": standing.secret,
                "address": standing.address,
            }
        )
        self._first = self._fields()
        if self.kept is not None:
            self._put(self.kept.fields())
        self.query_one(KindLine).focus()

    # -- what is typed is kept

    def _fields(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"kind": self.query_one(KindLine).kind.value}
        kept |= {name: list(self.query_one(f"#{name}", PickField).keys) for name in _PICKS}
        kept |= {name: self.query_one(f"#{name}", Toggle).on for name in _MARKS}
        return kept | {name: self.query_one(f"#{name}", HotlineInput).value for name in LIMITS}

    def _put(self, fields: dict[str, Any]) -> None:
        if "kind" in fields:
            self.query_one(KindLine).kind = Kind(fields["kind"])
        for name in _PICKS:
            if name in fields:
                self.query_one(f"#{name}", PickField).put(*fields[name])
        for name in _MARKS:
            if name in fields:
                self.query_one(f"#{name}", Toggle).on = bool(fields[name])
        for name in LIMITS:
            if name in fields:
                self.query_one(f"#{name}", HotlineInput).value = str(fields[name])

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    @on(Input.Changed)
    @on(Edited)
    def _changed(self, event: Input.Changed | Edited) -> None:
        event.stop()
        if self.kept is None or not self._first:
            return
        fields = self._fields()
        if fields == self._first:
            self.kept.discard()
        else:
            self.kept.put_fields(fields | {"text": self.narrative[:60]})

    def action_kind(self, place: int) -> None:
        """A digit; then the topic."""
        self.query_one(KindLine).kind = KINDS[place]
        if isinstance(self.focused, KindLine):
            self.query_one("#topic").focus()

    def action_give(self) -> None:
        """That is what it is, unless something is wanted first."""
        made = self._made()
        try:
            self._check(made)
        except NotAccepted as refusal:
            self.complain(str(refusal))
            self.query_one(f"#{refusal.missing[0]}").focus()
        else:
            self._sure(made)

    def _sure(self, made: Classification) -> None:
        """What came as a complaint or tip-off becomes something else only when somebody says so (Art. 15)."""
        before = self.standing.kind
        if before not in NEEDS_REAL_NAME or made.kind in NEEDS_REAL_NAME:
            self.hand_in(made)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.hand_in(made)

        question = (
            f"来件为{before.label}, 改为{made.kind.label}后不再按{before.label}核实身份和计时, 改动记入办理过程"
            "(第十五条)。\n确认来件的内容不是投诉、举报的, 按 Enter。"
        )
        self.app.push_screen(Confirm("改变类别", question), answered)

    def action_cancel(self) -> None:
        """Leave without an answer; what was typed stays as a draft."""
        if self.kept is None:
            self.dismiss(None)
        else:
            leave(self, self.kept.seat.drafts, (self.kept.id,), lambda: self.dismiss(None))

    def _made(self) -> Classification:
        topic, region = self._picked("topic"), self._picked("region")
        text = {name: self.query_one(f"#{name}", HotlineInput).value.strip() for name in LIMITS}
        return Classification(
            self.query_one(KindLine).kind,
            topic[0] if topic else None,
            region[0] if region else None,
            self.query_one("#urgent", Toggle).on,
            self.query_one("#secret", Toggle).on,
            text.pop("address"),
            self._picked("accused"),
            CallerFacts(**text),
        )

    def _check(self, made: Classification) -> None:
        """Raise NotAccepted for what the services would refuse; the known facts are masked, which is enough here."""
        first, *others = self.known
        first = CallerFacts(**{name: getattr(made.told, name) or getattr(first, name) for name in _SHORT})
        check_acceptance(made.kind, fullest((first, *others)), self.narrative)
        if self.whole:
            check_topic(made.topic_id is not None or not self.directory.topics)
            check_place(place_told(made.region_id, made.address) or not self.directory.regions)

    def _picked(self, name: str) -> tuple[UUID, ...]:
        return tuple(UUID(key) for key in self.query_one(f"#{name}", PickField).keys)
