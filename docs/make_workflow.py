"""Writes docs/workflow.md from the tables of the workflow: `.venv/bin/python docs/make_workflow.py`."""
# ruff: noqa: INP001 - a script beside the documents, not a package

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from hotline_tui.errors import NotAllowed
from hotline_tui.rules.words import Action, AssignmentState, OrderState, Role, Word
from hotline_tui.rules.workflow import (
    ASSIGNMENT_STEPS,
    ORDER_STEPS,
    RETURNS_BEFORE_OFFICE,
    UNREACHED_BEFORE_ARCHIVE,
    Case,
    Relation,
    Step,
    assignment_step,
    order_step,
)

PAGE = Path(__file__).parent / "workflow.md"
HEAD = """\
# 办理流程一览

本页由 `docs/make_workflow.py` 按 `hotline_tui/rules/workflow.py` 的两张表生成, 请勿手工修改。

每件工单有一个状态, 其中每个承办单位的一份(承办)另有一个状态。表中没有写的动作, 在该状态不能做; 没有写的岗位不能做。
不能做时, 程序说明原因和依据的条文。承办人、单位分管领导的动作都以本单位及其下属单位的承办为限。
"""
SHORT = {
    Role.AGENT: "前",
    Role.OFFICE: "办",
    Role.HANDLER: "承",
    Role.UNIT_LEADER: "审",
    Role.CITY_LEADER: "市",
    Role.AUTHORITY: "管",
    Role.ADMIN: "系",
}
CASES = {
    Case.ANY: "",
    Case.SHARES_LEFT: "其他单位尚在承办",
    Case.SHARES_DONE: "没有其他单位在承办, 或牵头单位退出",
    Case.FIRST_REPLY: "承诺件的第一次答复",
    Case.FINAL_REPLY: "最后的答复",
    Case.UNPROMISED: "尚未作出承诺",
    Case.PROMISE_RUNS: "承诺已告知来电人",
    Case.SATISFIED: "满意或基本满意",
    Case.UNSATISFIED: "不满意",
    Case.UNREACHED: "未联系上",
    Case.PAST: "原系统已答复的来信",
}
OTHERWISE: dict[str, Sequence[Any]] = {
    "returns": (0, RETURNS_BEFORE_OFFICE),
    "last_case": (None, Case.SATISFIED, Case.UNREACHED),
    "unreached": (0, UNREACHED_BEFORE_ARCHIVE),
}
"""What the fields of Relation can be, where they are not yes or no."""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page."""
    return "\n".join((HEAD, *_overview(), *_orders(), *_assignments()))


def relations() -> Iterator[Relation]:
    """What somebody may be to an order: nothing, everything, and each with one or two things changed."""
    values = {field.name: OTHERWISE.get(field.name, (False, True)) for field in fields(Relation)}
    for base in (Relation(), replace(Relation(), **{name: each[-1] for name, each in values.items()})):
        yield base
        for first, second in combinations(values, 2):
            for one in values[first]:
                for other in values[second]:
                    yield replace(base, **{first: one, second: other})


RELATIONS = tuple(dict.fromkeys(relations()))


def _refusals(ask: Callable[..., object], step: Step[Any]) -> list[str]:
    """The sentences with which this row turns away those whom it names, but for what holds for every unit."""
    found: dict[str, None] = {}
    for role in Role:
        if role in step.roles:
            for relation in RELATIONS:
                try:
                    ask(step.action, step.source, role, relation, step.case)
                except NotAllowed as refusal:
                    found[str(refusal)] = None
    return [sentence for sentence in found if not sentence.startswith("只有承办单位自己才能")]


def _overview() -> Iterator[str]:
    """Actions by states: who may."""
    yield "## 状态、动作和岗位\n"
    yield f"{'; '.join(f'{SHORT[role]}: {role.label}' for role in Role)}。\n"
    columns = (None, *OrderState)
    for action in Action:
        assert any(step.action is action for step in ORDER_STEPS), action
    rows = [
        (
            action.label,
            *(
                _letters(step for step in ORDER_STEPS if (step.action, step.source) == (action, state))
                for state in columns
            ),
        )
        for action in Action
    ]
    yield from _table(("动作", *(_state(state) for state in columns)), rows)


def _letters(steps: Iterable[Step[OrderState]]) -> str:
    who = {role for step in steps for role in step.roles}
    return "".join(SHORT[role] for role in Role if role in who)


def _orders() -> Iterator[str]:
    for state in (None, *OrderState):
        yield f"## 工单: {_state(state)}\n"
        yield from _steps(order_step, [step for step in ORDER_STEPS if step.source is state])


def _assignments() -> Iterator[str]:
    for state in (None, *AssignmentState):
        yield f"## 承办: {_state(state)}\n"
        yield from _steps(assignment_step, [step for step in ASSIGNMENT_STEPS if step.source is state])


def _steps(ask: Callable[..., object], steps: Sequence[Step[Any]]) -> Iterator[str]:
    if not steps:
        yield "不再变动。\n"
        return
    rows = [
        (
            step.action.label,
            "各岗位, 系统管理员除外"
            if step.roles >= set(Role) - {Role.ADMIN}
            else "、".join(role.label for role in Role if role in step.roles),
            "不变" if step.target is step.source else step.target.label,
            step.article,
            CASES[step.case],
            "; ".join(_refusals(ask, step)),
        )
        for step in steps
    ]
    yield from _table(("动作", "岗位", "转为", "依据", "情形", "不能做的, 答复"), rows)


def _state(state: Word | None) -> str:
    return state.label if state else "尚未有"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cells)} |"
    yield ""


if __name__ == "__main__":
    main()
