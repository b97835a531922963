"""Each step of an order as a line in plain Chinese (SCREENS, 工单)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from hotline_tui.data.queries.timeline import Step
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.personal import Personal, told
from hotline_tui.rules.words import (
    Action,
    Fault,
    Kind,
    OfficeAction,
    RefusalReason,
    Release,
    RequestMatter,
    Verdict,
    Word,
)

DIGITS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
Facts = dict[str, Any]


def sentence(step: Step) -> str:
    """What happened in this step, in one line; empty when action and actor say everything."""
    return _SENTENCES.get(step.action, _words)(step.facts).replace("\n", " ").strip()


def _merged(facts: Facts) -> str:
    if "joined" in facts:
        return f"{facts['joined'] or '另一来电人的工单'} 并入本件"
    return f"并入 {facts.get('living', '')}"


def _answered(facts: Facts) -> str:
    how = "网上答复" if facts.get("online") else "电话答复"
    return f"{how}: {facts.get('question', '')} (第{facts.get('version', '')}版)"


def _dispatched(facts: Facts) -> str:
    unit = _join(str(facts.get("unit", "")), _told("协办", "、".join(facts.get("assists", ()))))
    return _join(f"{unit}  {_clock(facts)}", _told("说明", facts.get("remark")))


def _reported(facts: Facts) -> str:
    return _join(_told("呈报", facts.get("leader")), _clock(facts), _words(facts))


def _promised(facts: Facts) -> str:
    return _join(_words(facts), _told("承诺日期", _days(facts)))


def _recalculated(facts: Facts) -> str:
    return _join(_clock(facts), _words(facts))


def _instructed(facts: Facts) -> str:
    return _join(_told(str(facts.get("leader", "领导")), facts.get("text")), _led(facts.get("units")))


def _classified(facts: Facts) -> str:
    before = _label(Kind, facts.get("from_kind"))
    return f"{_kind(facts)}{f'(原为{before})' if before else ''}, 紧急: {_yes(facts.get('urgent'))}"


def _released(facts: Facts) -> str:
    said = _label(Release, facts.get("release")) + (", 公开内容有改动" if facts.get("edited") else "")
    many = {kind: count for kind in Personal if (count := facts.get("cleared", {}).get(kind.value))}
    reached = f"告知来电人 {facts['callers']} 位" if facts.get("callers") else ""
    return _join(said, reached, _told("个人信息核对后公开", told(many)), _told("理由", facts.get("reason")))


def _urged(facts: Facts) -> str:
    return _join(f"第 {facts.get('count', '')} 次", str(facts.get("text") or ""))


def _delegated(facts: Facts) -> str:
    return _join(_told("转", facts.get("to")), _words(facts))


def _declined(facts: Facts) -> str:
    return _join(_label(RequestMatter, facts.get("matter")), _words(facts))


def _consented(facts: Facts) -> str:
    return _join(_words(facts), "按逾期退件计" if facts.get("late") else "")


def _blamed(facts: Facts) -> str:
    return _join(_label(Fault, facts.get("fault")), _words(facts))


def _supervised(facts: Facts) -> str:
    return _join("列为急件" if facts.get("urgent") else "", _words(facts))


def _restricted(facts: Facts) -> str:
    secret = "列为保密" if facts.get("secret") else ""
    return _join(secret, _told("被反映单位", "、".join(facts.get("accused", ()))), _told("理由", facts.get("reason")))


def _days(facts: Facts) -> str:
    """`2026-12-01`, or `2026-12-01 改为 2026-12-08`."""
    if "to_day" in facts:
        return f"{facts.get('from_day', '')} 改为 {facts['to_day']}"
    return str(facts.get("promised_day") or "")


def _led(units: list[str] | None) -> str:
    if not units:
        return ""
    lead, *assists = units
    return _join(_told("牵头", lead), _told("协办", "、".join(assists)))


def _on_site(facts: Facts) -> str:
    moment = facts.get("arrived_at") or facts.get("sent_at")
    when = f"{datetime.fromisoformat(str(moment)).astimezone(SHANGHAI):%m-%d %H:%M}" if moment else ""
    return _join(
        f"{facts.get('staff', '')} {when} {'到达' if facts.get('found') else '派出'}", str(facts.get("found") or "")
    )


def _registered(facts: Facts) -> str:
    secret = ", 保密" if facts.get("secret") else ""
    return f"登记, {_kind(facts)}, 紧急: {_yes(facts.get('urgent'))}{secret}"


def _imported(facts: Facts) -> str:
    if "replied_at" not in facts:
        return _registered(facts)
    at = datetime.fromisoformat(str(facts["replied_at"])).astimezone(SHANGHAI)
    return _join(_registered(facts), f"原系统 {at:%Y-%m-%d} 答复: {facts.get('reply') or '没有正文'}")


def _refused(facts: Facts) -> str:
    said = _label(RefusalReason, facts.get("reason"))
    if facts.get("emergency_number"):
        said = f"{said}, 已告知拨打 {facts['emergency_number']}"
    whom = f"已告知 {facts['callers']} 位来电人" if "callers" in facts else "已告知"
    return _join(said, _told("先前工单", facts.get("earlier")), _told(whom, facts.get("told")))


def _called(facts: Facts) -> str:
    whom = f"第 {facts['caller']} 位来电人 " if "caller" in facts else ""
    said = f"第 {facts.get('attempt', '')} 次: {whom}{_label(Verdict, facts.get('verdict'))}"
    return _join(said, _told("未解决", facts.get("not_solved")), str(facts.get("remark") or ""))


def _clock(facts: Facts) -> str:
    """`五个工作日 (跳过 11-21 11-22), 应于 11-27 18:00 前`."""
    if "due" not in facts:
        return ""
    days = facts.get("working_days", 0)
    limit = f"{DIGITS[days] if days < len(DIGITS) else days}个工作日"
    skipped = " ".join(f"{date.fromisoformat(day):%m-%d}" for day, _ in facts.get("skipped", ()))
    due = datetime.fromisoformat(facts["due"]).astimezone(SHANGHAI)
    provisional = " 暂定" if facts.get("provisional") else ""
    return f"{limit}{f' (跳过 {skipped})' if skipped else ''}  应办 {due:%m-%d %H:%M}{provisional}"


def _words(facts: Facts) -> str:
    """What a person wrote: the unit, the reason, the text, the remark."""
    told = (facts.get(name) for name in ("text", "reason", "remark"))
    written = _join(*(str(each) for each in told if each))
    return "  ".join(part for part in (str(facts.get("unit") or ""), written) if part)


def _kind(facts: Facts) -> str:
    return _label(Kind, facts.get("kind"))


def _label(words: type[Word], value: object) -> str:
    return next((word.label for word in words if word.value == value), "")


def _yes(value: object) -> str:
    return "是" if value else "否"


def _told(what: str, text: object) -> str:
    return f"{what}: {text}" if text else ""


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


_SENTENCES: dict[Action | OfficeAction, Callable[[Facts], str]] = {
    Action.REGISTER: _registered,
    Action.IMPORT: _imported,
    Action.REFUSE: _refused,
    Action.MERGE: _merged,
    Action.ANSWER: _answered,
    Action.ASSIGN: _dispatched,
    Action.REDISPATCH: _dispatched,
    Action.REPORT: _reported,
    Action.PROMISE: _promised,
    Action.REQUEST_PROMISE: _promised,
    Action.CHANGE_PROMISE: _promised,
    Action.RECALCULATE: _recalculated,
    Action.INSTRUCT: _instructed,
    Action.CLASSIFY: _classified,
    Action.RELEASE: _released,
    Action.CALL_BACK: _called,
    Action.URGE: _urged,
    Action.DELEGATE: _delegated,
    Action.ON_SITE: _on_site,
    Action.DECLINE: _declined,
    Action.CONSENT_RETURN: _consented,
    Action.RECORD_MISCONDUCT: _blamed,
    Action.SUPERVISE: _supervised,
    Action.RESTRICT: _restricted,
}
