"""Art. 7, 8 and 15: what is accepted, what is refused and how."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from hotline_tui.errors import NotAccepted, Refused
from hotline_tui.rules.acceptance import (
    CallerFacts,
    Fact,
    Scope,
    check_acceptance,
    check_place,
    check_refusal,
    check_topic,
    missing_facts,
    place_told,
)
from hotline_tui.rules.words import Kind, RefusalReason

pytestmark = pytest.mark.requirement("R-7", "R-8", "R-15")

ALL_TOLD = CallerFacts("王某", "13900002211", "某某公司", "某某花园3栋501")


def without(*facts: Fact) -> CallerFacts:
    return CallerFacts(**{fact.value: "" if fact in facts else getattr(ALL_TOLD, fact.value) for fact in Fact})


def test_there_are_exactly_seven_kinds_and_five_fields_of_scope() -> None:
    assert [kind.label for kind in Kind] == ["咨询", "求助", "投诉", "举报", "建议", "表扬", "其他"]
    assert len(Scope) == 5


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("absent", [each for n in range(5) for each in itertools.combinations(Fact, n)])
def test_a_complaint_or_tipoff_needs_each_of_the_four_facts(kind: Kind, absent: tuple[Fact, ...]) -> None:
    facts = without(*absent)
    if kind in (Kind.COMPLAINT, Kind.TIPOFF) and absent:
        assert missing_facts(kind, facts) == absent
        with pytest.raises(NotAccepted, match="第十五条") as refused:
            check_acceptance(kind, facts, "小区物业乱收费")
        assert refused.value.missing == tuple(fact.value for fact in absent)
        assert all(fact.label in str(refused.value) for fact in absent)
    else:
        check_acceptance(kind, facts, "小区物业乱收费")


def test_blanks_are_not_a_fact() -> None:
    assert missing_facts(Kind.TIPOFF, CallerFacts(" ", "\t", "某某公司", "　")) == (
        Fact.NAME,
        Fact.CONTACT,
        Fact.HOME_ADDRESS,
    )


@pytest.mark.parametrize("kind", Kind)
def test_an_empty_matter_is_not_accepted(kind: Kind) -> None:
    with pytest.raises(NotAccepted, match="第八条"):
        check_acceptance(kind, ALL_TOLD, " \n ")


@pytest.mark.parametrize("reason", RefusalReason)
def test_a_refusal_records_what_the_caller_was_told(reason: RefusalReason) -> None:
    with pytest.raises(Refused, match="告知"):
        check_refusal(reason, "  ", "C01-20261120-0031", "110")
    check_refusal(reason, "您反映的事项不在受理范围", "C01-20261120-0031", "110")


def test_a_duplicate_names_the_earlier_order() -> None:
    with pytest.raises(Refused, match="先前的工单编号"):
        check_refusal(RefusalReason.DUPLICATE, "已有工单在办", None, None)


@pytest.mark.parametrize("number", [None, "", "12345", "911"])
def test_an_emergency_is_told_the_right_number(number: str | None) -> None:
    with pytest.raises(Refused, match="110、119、120"):
        check_refusal(RefusalReason.EMERGENCY, "请立即拨打", None, number)


@pytest.mark.parametrize(
    ("region", "address", "told"),
    [
        ("新河街道", "", True),
        (None, "全区", True),
        (None, " 不详, 来电人说不清", True),
        (None, "荷花苑3栋", False),
        (None, "", False),
    ],
)
def test_a_place_is_a_region_or_the_plain_word_that_there_is_none(region: str | None, address: str, told: bool) -> None:
    assert place_told(region, address) is told


@pytest.mark.parametrize(("check", "field"), [(check_topic, "topic"), (check_place, "region")])
def test_article_9_wants_a_topic_and_a_place_and_says_which_field_lacks(
    check: Callable[[bool], None], field: str
) -> None:
    check(True)
    with pytest.raises(NotAccepted, match="第九条") as refusal:
        check(False)
    assert refusal.value.missing == (field,)
