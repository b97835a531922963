"""分类: the kind, the topic, the place and the marks of a matter that came in without them (Art. 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from hotline_tui.rules.words import Kind
from hotline_tui.screens.actions import with_twins
from hotline_tui.screens.directory import Directory
from hotline_tui.screens.form_fields import KINDS, KindLine, PickField, Toggle
from hotline_tui.screens.widgets.modals import HotlineModal


@dataclass(frozen=True)
class Classification:
    """What a matter is."""

    kind: Kind
    topic_id: UUID | None
    region_id: UUID | None
    urgent: bool
    secret: bool
    accused: tuple[UUID, ...] = ()
    """Named in addition to those that the order names already."""


class ClassifyForm(HotlineModal[Classification]):
    """F4 gives it; digits choose the kind."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "give", show=False),
        Binding("enter", "give", show=False),
        *(
            Binding(",".join(with_twins(str(number))), f"kind({number - 1})", show=False)
            for number in range(1, len(KINDS) + 1)
        ),
    ]
    CSS_PATH = "ways_out.tcss"
    KEYS = "F4 确定  1-7 类别  Tab 下一项  空格 标记  Esc 取消"

    def __init__(
        self, directory: Directory, standing: Classification, narrative: str, accused: Sequence[str] = ()
    ) -> None:
        """`accused`: the names of those that the order names already."""
        super().__init__("分类(第九条)")
        self.directory = directory
        self.standing = standing
        self.narrative = narrative
        self.accused = tuple(accused)

    def compose_body(self) -> ComposeResult:
        """Kind, marks, topic, place, accused units."""
        yield KindLine(self.standing.kind, id="kind")
        with Horizontal(classes="row"):
            yield Static(" 分类 ", classes="label")
            yield PickField("诉求分类", suggest=self._topics, id="topic")
        with Horizontal(classes="row"):
            yield Static(" 区域 ", classes="label")
            yield PickField("区域", id="region")
            yield Toggle(" 紧急", id="urgent")
            yield Toggle(" 保密", id="secret")
        with Horizontal(classes="row"):
            yield Static(" 被反映单位 ", classes="label")
            yield PickField("被反映单位", several=True, id="accused")
        if self.accused:
            yield Static(f" 已指明: {'、'.join(self.accused)}", markup=False)

    def on_mount(self) -> None:
        """As it stands."""
        directory, standing = self.directory, self.standing
        topic, region = self.query_one("#topic", PickField), self.query_one("#region", PickField)
        topic.offer(directory.topic_items)
        region.offer(directory.region_items)
        self.query_one("#accused", PickField).offer(
            directory.unit_items, {str(unit.id): unit.short for unit in directory.units}
        )
        topic.put(*([str(standing.topic_id)] if standing.topic_id else []))
        region.put(*([str(standing.region_id)] if standing.region_id else []))
        self.query_one("#urgent", Toggle).on = standing.urgent
        self.query_one("#secret", Toggle).on = standing.secret
        self.query_one(KindLine).focus()

    def action_kind(self, place: int) -> None:
        """A digit; then the topic."""
        self.query_one(KindLine).kind = KINDS[place]
        if isinstance(self.focused, KindLine):
            self.query_one("#topic").focus()

    def action_give(self) -> None:
        """That is what it is."""
        topic, region = self._picked("topic"), self._picked("region")
        self.dismiss(
            Classification(
                self.query_one(KindLine).kind,
                topic[0] if topic else None,
                region[0] if region else None,
                self.query_one("#urgent", Toggle).on,
                self.query_one("#secret", Toggle).on,
                self._picked("accused"),
            )
        )

    @on(PickField.Picked)
    def _picked_one(self, event: PickField.Picked) -> None:
        event.stop()

    def _picked(self, name: str) -> tuple[UUID, ...]:
        return tuple(UUID(key) for key in self.query_one(f"#{name}", PickField).keys)

    def _topics(self) -> list[str]:
        return [str(topic_id) for topic_id in self.directory.topics_in(self.narrative)]
