"""What the office records on an order: 督办, 撤销承办, 移送公安, 责任追究 (Art. 11(4), 16, 17, 18)."""

from __future__ import annotations

from uuid import UUID

from textual.app import ComposeResult

from hotline_tui.rules.words import Action, Fault
from hotline_tui.screens.deeds import DeedsScreen, Subject
from hotline_tui.screens.directory import Directory, read_directory
from hotline_tui.screens.form_fields import Toggle
from hotline_tui.screens.kept import AskKept, Kept
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.picker import Picker, PickItem
from hotline_tui.services import conduct, dispatch, notes

DEMAND = "请写明督办要求(第十一条(四))"


class SuperviseForm(AskKept):
    """督办要求, and whether the order becomes urgent."""

    CSS_PATH = "leader_forms.tcss"

    def __init__(self, kept: Kept, title: str, prompt: str, *, urgent: bool) -> None:
        super().__init__(kept, title, prompt, must=DEMAND, long=True)
        self.was_urgent = urgent
        self.urgent = False

    @property
    def KEYS(self) -> str:  # noqa: N802 - a constant of the other modals
        """Which keys end it."""
        return "F4 确定  Tab 下一项  空格 标记  Esc 取消"

    def compose_body(self) -> ComposeResult:
        """The words, the mark."""
        yield from super().compose_body()
        if not self.was_urgent:
            yield Toggle("列为急件: 在各列表中排在最前 ", id="urgent")

    def action_give(self) -> None:
        """The words; `urgent` holds the mark."""
        self.urgent = any(toggle.on for toggle in self.query(Toggle))
        super().action_give()


class RecordDeeds(DeedsScreen):
    """Each asks what it must and writes."""

    def supervise(self) -> None:
        """督办: what the unit must do, in words; also to make the order urgent (Art. 11(4))."""
        one = self.the_subject()
        self.with_seen(one, lambda seen: self._ask_supervise(one, urgent=seen.detail.row.urgent))

    def _ask_supervise(self, one: Subject, *, urgent: bool) -> None:
        kept = Kept(self.seat, Action.SUPERVISE.value, one.order_id)
        form = SuperviseForm(kept, f"督办  {one.number}", "对承办单位的要求, 记入办理过程:", urgent=urgent)

        def given(text: str) -> None:
            self.perform(
                lambda: notes.supervise(self.desk, one.order_id, text, urgent=form.urgent, seen=one.version),
                f"已督办{', 列为急件' if form.urgent else ''} {one.number}",
                kept=kept,
            )

        self.open_form(form, given)

    # -- 撤销承办

    def cancel_share(self) -> None:
        """A unit that owes its share no more; with several, which one."""
        one = self.the_subject()
        self.with_seen(one, lambda seen: self._pick_share(one, seen))

    def _pick_share(self, one: Subject, seen: OrderSeen) -> None:
        names = {str(share.id): f"{share.share.label} {share.unit}" for share in seen.live}
        if len(names) == 1:
            self._ask_cancel(one, *next(iter(names.items())))
            return
        items = [PickItem(str(share.id), names[str(share.id)], share.state.label) for share in seen.live]

        def chosen(key: str | None) -> None:
            if key is not None:
                self._ask_cancel(one, key, names[key])

        self.app.push_screen(Picker(f"撤销承办  {one.number}", items), chosen)

    def _ask_cancel(self, one: Subject, key: str, name: str) -> None:
        self.ask(
            Action.CANCEL,
            one,
            f"撤销{name}的承办; 撤销牵头单位的, 协办一并撤销, 工单回到派单。理由:",
            "请写明撤销承办的理由(第十一条(四))",
            lambda text, kept: self.perform(
                lambda: dispatch.cancel(self.desk, UUID(key), text, seen=one.version),
                f"已撤销{name}承办 {one.number}",
                kept=kept,
            ),
        )

    # -- 移送公安, 责任追究

    def refer(self) -> None:
        """移送公安: to whom, when and why (R-16)."""
        one = self.the_subject()
        self.ask(
            Action.MARK_MALICIOUS,
            one,
            "恶意、虚假、辱骂等的工单, 标为恶意并移送。写明移送的公安机关、时间和事由:",
            "请写明移送的公安机关、时间和事由(第十六条)",
            lambda text, kept: self.perform(
                lambda: conduct.refer(self.desk, one.order_id, text, seen=one.version),
                f"已记录移送公安 {one.number}",
                kept=kept,
            ),
        )

    def record_fault(self) -> None:
        """责任追究: of which unit, what, in words; a unit that had the order stands on top (R-17, R-18)."""
        one = self.the_subject()

        def picker(known: Directory, seen: OrderSeen) -> None:
            concerned = [str(share.unit_id) for share in reversed(seen.detail.assignments)]
            concerned += [str(unit_id) for unit_id in known.named(seen.detail.accused)]

            def chosen(key: str | None) -> None:
                if key is not None:
                    self._pick_fault(one, UUID(key), known.short_unit(UUID(key)))

            form = Picker(
                f"责任追究  {one.number}: 哪个单位", known.unit_items, suggested=list(dict.fromkeys(concerned))
            )
            self.app.push_screen(form, chosen)

        self.read(
            read_directory,
            lambda known: self.with_seen(one, lambda seen: picker(known, seen)),
            lane="directory",
            opens=True,
        )

    def _pick_fault(self, one: Subject, unit_id: UUID, name: str) -> None:
        def chosen(key: str | None) -> None:
            if key is not None:
                self._ask_fault(one, unit_id, name, Fault(key))

        items = [PickItem(fault.value, fault.label, _UNDER[fault]) for fault in Fault]
        self.app.push_screen(Picker(f"责任追究  {name}: 何种情形", items), chosen)

    def _ask_fault(self, one: Subject, unit_id: UUID, name: str, fault: Fault) -> None:
        def give(text: str, kept: Kept) -> None:
            def job() -> None:
                conduct.record_fault(self.desk, one.order_id, unit_id, fault, text, seen=one.version)

            self.perform(job, f"已记录责任追究 {one.number}", kept=kept)

        prompt = f"{name}  {fault.label}, 计入考核。写明事实和依据:"
        self.ask(Action.RECORD_MISCONDUCT, one, prompt, "请写明事实和依据(第十七条、第十八条)", give)


_UNDER = {Fault.RETALIATION: "第十七条", Fault.FALSIFICATION: "第十八条", Fault.INACTION: "第十八条"}
"""The article of each."""
