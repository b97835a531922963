"""Everything that anybody might do to an order, sensible or not, for the random walks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from hotline_tui.rules.acceptance import EMERGENCY_NUMBERS
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import (
    Action,
    AssignmentState,
    Channel,
    Fault,
    Kind,
    OrderState,
    RefusalReason,
    Release,
    RequestMatter,
    Verdict,
)
from hotline_tui.services import (
    answer,
    calendar,
    callbacks,
    claims,
    classify,
    conduct,
    consent,
    dispatch,
    handling,
    instruction,
    intake,
    letters,
    notes,
    on_site,
    presence,
    promise,
    release,
    restrict,
)
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import Intake
from tests.builders import Town
from tests.services.invariants import Rows, Tables

T = TypeVar("T")
PHONES = ("13900002211", "13900003322", "")
SOURCE = "城南新区临时通知"


@dataclass
class Walk:
    """Who does something, to which order, and what decides the rest."""

    town: Town
    tables: Tables
    desk: Desk
    order: dict[str, Any]
    chance: Random
    sensible: bool = True
    """Choose what fits, where something does."""

    @property
    def id(self) -> UUID:
        return self.order["id"]

    @property
    def today(self) -> date:
        return shanghai_day(self.town.now)

    def one(self, things: Sequence[T]) -> T:
        return self.chance.choice(things)

    def yes(self) -> bool:
        return self.chance.choice([True, False])

    def of(self, table: str) -> Rows:
        """The order's own rows of a table."""
        return [row for row in self.tables[table] if row["order_id"] == self.id]

    def unit(self) -> UUID:
        return self.one([self.town.a, self.town.a_below, self.town.b])

    def share(self, *states: AssignmentState) -> UUID:
        """A share of the order, in one of these states and of the desk's own units if that is sensible."""
        every = self.of("assignment")
        fitting = [row for row in every if not states or row["state"] in states]
        own = [row for row in fitting if row["unit_id"] in self.desk.viewer.unit_ids]
        chosen = (own or fitting or every) if self.sensible else every
        return self.one(chosen)["id"] if chosen else self.id

    def request(self, matter: RequestMatter | None) -> UUID:
        every = self.of("request")
        fitting = [row for row in every if row["matter"] == matter and row["granted"] is None]
        chosen = (fitting or every) if self.sensible else every
        return self.one(chosen)["id"] if chosen else self.id

    def number(self) -> str:
        return self.one([row["number"] for row in self.tables["work_order"]])

    def day(self) -> date:
        """A working day to come, mostly."""
        from hotline_tui.data.calendar import calendar_in_force

        with self.town.store.read() as session:
            working = calendar_in_force(session).after(self.today, self.chance.randint(1, 8))
        return working if self.sensible else working - timedelta(days=self.chance.randint(0, 20))


def _matter(walk: Walk) -> Intake:
    name, workplace, home = walk.one([("王小明", "某某公司", "某某花园3栋501"), ("", "", "")])
    return Intake(
        kind=walk.one(list(Kind)),
        narrative="小区物业从本月起对业主私家车按每天十元收费, 没有公示",
        name=name,
        workplace=workplace,
        home_address=home,
        channel=walk.one([Channel.PHONE, Channel.COUNTER]),
        phone=walk.one(PHONES),
        topic_id=walk.one([walk.town.parking, walk.town.parking, None]),
        region_id=walk.one([walk.town.region, walk.town.region, None]),
        urgent=walk.yes(),
        secret=walk.chance.randint(0, 4) == 0,
        accused=(walk.unit(),) if walk.chance.randint(0, 4) == 0 else (),
    )


def _refusal(walk: Walk) -> dict[str, Any]:
    reason = walk.one(list(RefusalReason))
    return {
        "reason": reason,
        "told": walk.one(["请说明地点", "请说明地点", ""]),
        "earlier_number": walk.number() if reason is RefusalReason.DUPLICATE else None,
        "emergency_number": walk.one(EMERGENCY_NUMBERS) if reason is RefusalReason.EMERGENCY else None,
    }


def _register(walk: Walk) -> object:
    if walk.chance.randint(0, 3) == 0:
        return intake.refuse(walk.desk, _matter(walk), **_refusal(walk))
    return intake.register(walk.desk, _matter(walk))


def _import(walk: Walk) -> object:
    file: Path = walk.town.settings.home.with_name("letters.csv")
    file.write_text(
        f"来信时间,来信内容,来信人,联系电话\n2026-11-19,路灯第{walk.chance.randint(1, 3)}盏不亮,李某,13900003322\n",
        "utf-8",
    )
    return letters.import_letters(walk.desk, file, {}, rejects_dir=file.parent)


def _classify(walk: Walk) -> object:
    return classify.classify(
        walk.desk,
        walk.id,
        kind=walk.one([None, *Kind]),
        topic_id=walk.town.licence,
        region_id=walk.town.region,
        urgent=walk.yes(),
        secret=walk.one([None, None, True, False]),
        accused=(walk.unit(),) if walk.chance.randint(0, 4) == 0 else (),
    )


def _report(walk: Walk) -> object:
    leader = walk.one([None, walk.town.accounts["city_leader"], walk.town.accounts["leader"]])
    return instruction.report(
        walk.desk, walk.id, "不能确定承办单位", leader_id=None if walk.sensible else leader, countersign=walk.yes()
    )


def _units(walk: Walk) -> list[UUID]:
    """One to three of them, the first leads."""
    units = [walk.town.a, walk.town.b, walk.town.a_below]
    return walk.chance.sample(units, walk.one([1, 2, 2, 3])) if walk.sensible else [walk.unit(), walk.unit()]


def _instruct(walk: Walk) -> object:
    lead, *assists = _units(walk)
    named = {"lead": lead, "assists": assists} if walk.one([True, True, False]) else {}
    return instruction.instruct(walk.desk, walk.id, "请抓紧办理", leader="郑市长", **named)


def _assign(walk: Walk) -> object:
    if walk.order["state"] == OrderState.ASSIGNED:
        return dispatch.add_assist(walk.desk, walk.id, walk.unit(), "请配合")
    if walk.order["state"] == OrderState.RECEIVED:
        units = [walk.unit()] if walk.sensible else _units(walk)
    else:
        given = max(walk.of("instruction"), key=lambda row: row["id"], default=None)
        named = [row for row in walk.of("instructed_unit") if given and row["instruction_id"] == given["id"]]
        units = [row["unit_id"] for row in sorted(named, key=lambda row: row["share"], reverse=True)] or [walk.unit()]
    return dispatch.assign(walk.desk, walk.id, units[0], assists=units[1:])


def _propose(walk: Walk) -> object:
    if walk.order["state"] == OrderState.RECEIVED:
        return instruction.propose(walk.desk, walk.id, "涉及几个单位")
    return instruction.propose_from_unit(walk.desk, walk.share(), "职责有分歧")


def _call_back(walk: Walk) -> object:
    callers = [row["caller_id"] for row in walk.of("order_caller")]
    return callbacks.call_back(
        walk.desk,
        walk.id,
        walk.one(list(Verdict)),
        not_solved=walk.one(["没有解决", "没有解决", ""]),
        caller_id=walk.one([None, *callers]),
    )


def _on_site(walk: Walk) -> object:
    sent = [row for row in walk.of("on_site") if row["arrived_at"] is None or not walk.sensible]
    moment = walk.town.now - timedelta(minutes=walk.chance.randint(-10 if not walk.sensible else 0, 30))
    if sent and walk.yes():
        row = walk.one(sent)
        return on_site.arrive(walk.desk, row["id"], max(moment, row["sent_at"]) if walk.sensible else moment, "已劝离")
    return on_site.send(walk.desk, walk.id, "值班员 马某", moment)


def _restrict(walk: Walk) -> object:
    secret, accused = walk.one([(True, ()), (False, (walk.unit(),)), (True, (walk.unit(),)), (False, ())])
    return restrict.restrict(walk.desk, walk.id, walk.one(["反映本单位人员", ""]), secret=secret, accused=accused)


def _calendar(walk: Walk) -> object:
    known = sorted({row["source"] for row in walk.tables["calendar_row"]})
    if known and walk.yes():
        return calendar.take_back(walk.desk, walk.one(known))
    day = walk.today + timedelta(days=walk.chance.randint(-2, 9))
    return calendar.add_days(walk.desk, [day], "临时放假", f"{SOURCE}{walk.chance.randint(1, 2)}号", works=walk.yes())


_ANSWERING = (AssignmentState.SIGNED, AssignmentState.PROMISED, AssignmentState.REPLY_DRAFTED)
_EARLY = (AssignmentState.DISPATCHED, AssignmentState.SIGNED)
_DRAFTED = AssignmentState.REPLY_DRAFTED
_PROMISED = AssignmentState.PROMISED

DEEDS: dict[Action, Callable[[Walk], object]] = {
    Action.REGISTER: _register,
    Action.IMPORT: _import,
    Action.CLASSIFY: _classify,
    Action.REFUSE: lambda w: intake.refuse_received(w.desk, w.id, **_refusal(w)),
    Action.MERGE: lambda w: intake.merge(w.desk, w.id, w.number()),
    Action.ANSWER: lambda w: answer.answer(w.desk, w.id, w.one([w.town.article, w.town.article_b]), online=w.yes()),
    Action.REPORT: _report,
    Action.WITHDRAW: lambda w: instruction.withdraw(w.desk, w.id, "已能确定单位"),
    Action.INSTRUCT: _instruct,
    Action.ASSIGN: _assign,
    Action.SIGN: lambda w: handling.sign(w.desk, w.share(AssignmentState.DISPATCHED)),
    Action.RETURN: lambda w: handling.return_(w.desk, w.share(*_EARLY), "不属本单位职责"),
    Action.REQUEST_RETURN: lambda w: consent.request_return(w.desk, w.share(*_EARLY), "不属本单位职责"),
    Action.CONSENT_RETURN: lambda w: consent.grant(w.desk, w.request(RequestMatter.LATE_RETURN)),
    Action.PROMISE: lambda w: promise.promise(w.desk, w.share(*_ANSWERING), "须排期施工", w.day()),
    Action.REQUEST_PROMISE: lambda w: consent.request_promise(w.desk, w.share(_PROMISED), w.day(), "材料未到"),
    Action.CHANGE_PROMISE: lambda w: consent.grant(w.desk, w.request(RequestMatter.PROMISED_DAY)),
    Action.DECLINE: lambda w: consent.decline(w.desk, w.request(w.one(list(RequestMatter))), "请抓紧办理"),
    Action.PROPOSE_COUNTERSIGN: _propose,
    Action.DELEGATE: lambda w: handling.delegate(w.desk, w.share(*_ANSWERING), w.unit()),
    Action.PROGRESS: lambda w: handling.progress(w.desk, w.share(*_ANSWERING), "正在办理"),
    Action.DRAFT_REPLY: lambda w: handling.draft_reply(w.desk, w.share(*_ANSWERING), "已办理"),
    Action.APPROVE: lambda w: handling.approve(w.desk, w.share(_DRAFTED)),
    Action.SEND_BACK: lambda w: handling.send_back(w.desk, w.share(_DRAFTED), "不具体"),
    Action.RELEASE: lambda w: release.release(w.desk, w.id, w.one(list(Release))),
    Action.REJECT_REPLY: lambda w: release.reject_reply(w.desk, w.id, "未答复全部诉求"),
    Action.CALL_BACK: _call_back,
    Action.REDISPATCH: lambda w: dispatch.redispatch(w.desk, w.id, w.unit(), "再办"),
    Action.ARCHIVE: lambda w: callbacks.archive(w.desk, w.id, w.one(["已解释", ""])),
    Action.CANCEL: lambda w: dispatch.cancel(w.desk, w.share(*_EARLY, *_ANSWERING), "改由他单位承办"),
    Action.URGE: lambda w: notes.urge(w.desk, w.id),
    Action.SUPERVISE: lambda w: notes.supervise(w.desk, w.id, "当日到场", urgent=w.yes()),
    Action.ON_SITE: _on_site,
    Action.NOTE: lambda w: notes.note(w.desk, w.id, w.one(["备注", ""])),
    Action.MARK_MALICIOUS: lambda w: conduct.refer(w.desk, w.id, "已移送新河派出所"),
    Action.RECORD_MISCONDUCT: lambda w: conduct.record_fault(w.desk, w.id, w.unit(), w.one(list(Fault)), "压件不办"),
    Action.RESTRICT: _restrict,
    Action.RECALCULATE: _calendar,
    Action.UNMASK: lambda w: notes.unmask(w.desk, w.id, "核实"),
}
CLAIMS: dict[str, Callable[[Walk], object]] = {
    "take": lambda w: claims.claim(w.desk, w.id),
    "take to dispatch": lambda w: claims.claim(w.desk, w.id, claims.DISPATCH),
    "give_up": lambda w: claims.give_up(w.desk, w.id),
    "come": lambda w: presence.come(w.desk, w.id),
    "leave": lambda w: presence.leave(w.desk, w.id),
}
