"""受理: what is in scope, which facts a complaint needs, why a matter is refused (Art. 7, 8, 15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hotline_tui.errors import NotAccepted, Refused
from hotline_tui.rules.words import Kind, OrderState, RefusalReason, Word

NEEDS_REAL_NAME = frozenset({Kind.COMPLAINT, Kind.TIPOFF})
NO_ONE_PLACE = ("全区", "全市", "不详")
"""What an address begins with when the matter is of no one region, or of one that nobody knows."""
EMERGENCY_NUMBERS = ("110", "119", "120", "122")
NOT_EARLIER = "不能作为先前的工单"


class Scope(Word):
    """受理范围 (Art. 7)."""

    LIVELIHOOD = "livelihood", "日常生活中的一般性求助"
    HOT_ISSUE = "hot_issue", "社会生活中的热点、难点问题及建议和诉求"
    CONDUCT = "conduct", "对政府部门及工作人员办事效率、工作作风的投诉和举报"
    DEVELOPMENT = "development", "对国民经济和社会发展的合理化建议"
    GOVERNMENT = "government", "有关政府工作、行政审批及政策法规的咨询"


class Fact(Word):
    """The four facts of Art. 15."""

    NAME = "name", "姓名"
    CONTACT = "contact", "联系方式"
    WORKPLACE = "workplace", "工作单位"
    HOME_ADDRESS = "home_address", "家庭住址"


@dataclass(frozen=True, slots=True)
class CallerFacts:
    """What the caller told of himself; an empty text means not told."""

    name: str = ""
    contact: str = ""
    workplace: str = ""
    home_address: str = ""

    def told(self, fact: Fact) -> bool:
        """Whether this fact was given."""
        return bool(getattr(self, fact.value).strip())


def missing_facts(kind: Kind, facts: CallerFacts) -> tuple[Fact, ...]:
    """The facts that Art. 15 asks for and the caller has not told, in form order."""
    if kind not in NEEDS_REAL_NAME:
        return ()
    return tuple(fact for fact in Fact if not facts.told(fact))


def fullest(callers: Iterable[CallerFacts]) -> CallerFacts:
    """What one of an order's callers told, of several the one who told most: a real name is enough (Art. 15)."""
    return max(callers, key=lambda facts: sum(facts.told(fact) for fact in Fact), default=CallerFacts())


def check_acceptance(kind: Kind, facts: CallerFacts, narrative: str) -> None:
    """Raise NotAccepted naming what is missing (Art. 8, 15)."""
    if not narrative.strip():
        raise NotAccepted("诉求内容为空, 请先写明诉求", "第八条", ("narrative",))
    missing = missing_facts(kind, facts)
    if missing:
        names = "、".join(fact.label for fact in missing)
        raise NotAccepted(f"{kind.label}须实名, 还缺: {names}", "第十五条", tuple(fact.value for fact in missing))


def place_told(region: object | None, address: str) -> bool:
    """Whether the place is told: a region, or the plain word that there is none (Art. 9)."""
    return region is not None or address.strip().startswith(NO_ONE_PLACE)


def check_topic(told: bool) -> None:
    """Raise NotAccepted for a matter without a topic (Art. 9)."""
    if not told:
        raise NotAccepted("请先选诉求分类", "第九条", ("topic",))


def check_place(told: bool) -> None:
    """Raise NotAccepted for a matter without a place (Art. 9)."""
    if not told:
        raise NotAccepted("请先选区域; 全区的或不详的, 地址写全区或不详", "第九条", ("region",))


def why_not_earlier(number: str, state: OrderState) -> str | None:
    """Why no order can be refused as a duplicate of one in this state, as a sentence; None when one can.

    Of two orders that were refused for each other nobody would handle either.
    """
    if state is OrderState.REFUSED:
        return f"{number} {state.label}, {NOT_EARLIER}, 请改选理由或受理本件"
    return None


def check_refusal(reason: RefusalReason, told: str, earlier_number: str | None, emergency_number: str | None) -> None:
    """Raise Refused when a refusal lacks what it must record (Art. 8): words told, earlier order, number."""
    if reason is RefusalReason.DUPLICATE and not earlier_number:
        raise Refused("内容重复的, 请指明先前的工单编号", "第八条")
    if reason is RefusalReason.EMERGENCY and emergency_number not in EMERGENCY_NUMBERS:
        raise Refused("紧急警情请指明已告知的号码: 110、119、120 或 122", "第八条")
    if not told.strip():
        raise Refused("请写明已告知来电人的话", "第八条")
