"""The written content of the demonstration city holds together: keys, counts, lengths, widths, no real person."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from hotline_tui.data.queries.stock import REMIND_DAYS
from hotline_tui.rules.words import ArticleState, Kind, RefusalReason, Role

REFERENCE = files("hotline_tui") / "data" / "reference"
DEMO = REFERENCE / "demo"
REPORT_TOPICS = [
    "违章建设",
    "公共服务",
    "物业管理",
    "市政建设",
    "环保",
    "公共治安",
    "劳动社保",
    "工商管理",
    "其它",
]


@cache
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((DEMO / name).read_text(encoding="utf-8"))


def refusals() -> list[dict[str, Any]]:
    return tomllib.loads((REFERENCE / "refusals.toml").read_text(encoding="utf-8"))["refusal"]


@cache
def articles() -> list[dict[str, Any]]:
    names = sorted(entry.name for entry in (DEMO / "knowledge").iterdir() if entry.name.endswith(".toml"))
    return [article for name in names for article in read(f"knowledge/{name}")["article"]]


@cache
def units() -> dict[str, dict[str, Any]]:
    return {unit["key"]: unit for unit in read("units.toml")["unit"]}


@cache
def regions() -> dict[str, str | None]:
    """Region key -> key of the region above it."""
    above: dict[str, str | None] = {}
    for region in read("site.toml")["region"]:
        above[region["key"]] = region.get("parent")
        above.update({community["key"]: region["key"] for community in region.get("communities", [])})
    return above


def topic_paths() -> set[str]:
    return {f"{topic['name']}/{child['name']}" for topic in read("topics.toml")["topic"] for child in topic["children"]}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def everything() -> list[str]:
    names = ["site.toml", "units.toml", "topics.toml", "accounts.toml", "matters.toml", "pools.toml"]
    return [text for content in [*map(read, names), articles(), refusals()] for text in texts(content)]


def repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_sites_and_regions_refer_to_each_other() -> None:
    city, above = read("site.toml"), regions()
    assert [site["code"] for site in city["site"]] == ["C01", "N02", "N03"]
    assert all(site["region"] in above for site in city["site"])
    assert all(parent is None or parent in above for parent in above.values())
    assert sum(parent == "chengnan" for parent in above.values()) >= 5


def test_units_are_unique_and_their_parents_and_regions_exist() -> None:
    listed, known = read("units.toml")["unit"], units()
    assert len(listed) >= 24
    assert not repeated([unit["key"] for unit in listed])
    assert not repeated([unit["short"] for unit in listed])
    for unit in listed:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)?", unit["key"])
        assert unit.get("parent") is None or unit["parent"] in known
        assert unit["region"] in regions()
        assert unit["duties"]
        assert unit["aliases"]


def test_the_units_of_the_report_are_there() -> None:
    shorts = {unit["short"] for unit in units().values()}
    assert {"新河街道", "工商分局", "房产分局", "安环办", "信访局", "政务办"} <= shorts


def test_topics_are_the_nine_of_the_report_in_its_order_with_four_to_eight_below_each() -> None:
    topics = read("topics.toml")["topic"]
    assert [topic["name"] for topic in topics] == REPORT_TOPICS
    for topic in topics:
        assert 4 <= len(topic["children"]) <= 8
        assert not repeated([child["name"] for child in topic["children"]])
        for node in [topic, *topic["children"]]:
            assert node["unit"] in units()
            assert node["words"]


def test_accounts_cover_every_role_and_handling_accounts_name_their_unit() -> None:
    accounts = read("accounts.toml")["account"]
    sites = {site["code"] for site in read("site.toml")["site"]}
    assert not repeated([account["login"] for account in accounts])
    assert {account["role"] for account in accounts} == {role.value for role in Role}
    for account in accounts:
        assert re.fullmatch(r"[a-z0-9-]{3,20}", account["login"])
        assert account["site"] in sites
        assert "password" not in account
        handles = Role(account["role"]) in (Role.HANDLER, Role.UNIT_LEADER)
        assert account.get("unit") in units() if handles else "unit" not in account


def test_every_unit_with_a_handler_has_a_leader_who_reviews() -> None:
    accounts = read("accounts.toml")["account"]
    staffed = {
        role: {account["unit"] for account in accounts if account["role"] == role}
        for role in (Role.HANDLER, Role.UNIT_LEADER)
    }
    assert staffed[Role.HANDLER] == staffed[Role.UNIT_LEADER]
    assert len(staffed[Role.HANDLER]) >= 6


def test_at_least_eighty_answers_spread_over_all_nine_topics() -> None:
    found = articles()
    assert len([article for article in found if article["state"] == ArticleState.PUBLISHED]) >= 80
    assert not repeated([article["key"] for article in found])
    assert not repeated([article["question"] for article in found])
    assert {article["topic"].partition("/")[0] for article in found} == set(REPORT_TOPICS)


@pytest.mark.parametrize("article", articles(), ids=lambda article: article["key"])
def test_an_answer_is_complete_and_short_enough_to_read_out(article: dict[str, Any]) -> None:
    assert article["topic"] in topic_paths()
    assert article["unit"] in units()
    assert 3 <= len(article["phrasings"]) <= 6
    assert not repeated([article["question"], *article["phrasings"]])
    assert 80 <= len(article["answer"]) <= 300
    assert "1. " in article["answer"]
    assert article["basis"]
    assert 1 <= article["version"] <= 3
    assert ArticleState(article["state"])
    assert isinstance(article["valid_from"], date)
    assert article.get("valid_to") is None or article["valid_to"] > article["valid_from"]
    assert "ends_in" not in article or "valid_to" not in article


def test_some_answers_have_no_end_some_end_soon_and_one_is_expired() -> None:
    found = articles()
    assert any("valid_to" not in article for article in found)
    assert sum(article.get("valid_to") == date(2026, 12, 31) for article in found) >= 2
    assert sum(0 < article.get("ends_in", 0) <= REMIND_DAYS for article in found) >= 4
    expired = [article for article in found if article["state"] == ArticleState.EXPIRED]
    assert len(expired) == 1
    assert expired[0]["valid_to"] < date(2026, 11, 1)


@pytest.mark.parametrize("matter", read("matters.toml")["matter"], ids=lambda matter: matter["key"])
def test_a_matter_refers_to_what_exists_and_to_a_unit_that_can_handle_it(matter: dict[str, Any]) -> None:
    handled = {account.get("unit") for account in read("accounts.toml")["account"]}
    published = {article["key"] for article in articles() if article["state"] == ArticleState.PUBLISHED}
    assert Kind(matter["kind"])
    assert matter["topic"] in topic_paths()
    assert matter["unit"] in units()
    assert matter["unit"] in handled
    assert 60 <= len(matter["narrative"]) <= 200
    assert 35 <= len(matter["reply"]) <= 200
    assert matter["place"] in ("compound", "road", "none")
    assert set(re.findall(r"{\w+}", matter["narrative"])) == (set() if matter["place"] == "none" else {"{place}"})
    assert "knowledge" not in matter or matter["knowledge"] in published


def test_a_complaint_or_tipoff_says_whom_and_is_never_sent_to_the_unit_it_accuses() -> None:
    for matter in read("matters.toml")["matter"]:
        if Kind(matter["kind"]) in (Kind.COMPLAINT, Kind.TIPOFF):
            assert matter["accused"], matter["key"]
        accused = matter.get("accused_unit")
        unit: str | None = matter["unit"]
        while accused and unit:
            assert unit != accused, matter["key"]
            unit = units()[unit].get("parent")


def test_matters_cover_all_kinds_and_topics_and_some_can_be_answered_directly() -> None:
    matters = read("matters.toml")["matter"]
    assert len(matters) >= 70
    assert not repeated([matter["key"] for matter in matters])
    assert not repeated([matter["narrative"] for matter in matters])
    assert {matter["kind"] for matter in matters} == {kind.value for kind in Kind}
    assert {matter["topic"].partition("/")[0] for matter in matters} == set(REPORT_TOPICS)
    assert sum("knowledge" in matter for matter in matters) >= 12
    assert any(matter.get("accused_unit") for matter in matters)
    assert any(matter.get("urgent") for matter in matters)
    assert any(matter.get("secret") for matter in matters)


def test_every_unit_with_a_region_has_the_places_that_its_matters_need() -> None:
    pools, above = read("pools.toml"), regions()
    places = {pool: [place["region"] for place in pools[pool]] for pool in ("compound", "road")}
    assert all(region in above for found in places.values() for region in found)
    for matter in read("matters.toml")["matter"]:
        region = units()[matter["unit"]]["region"]
        if matter["place"] != "none" and region != "chengnan":
            assert any(region in (place, above[place]) for place in places[matter["place"]]), matter["key"]


def test_a_unit_is_taken_for_others_that_have_staff_and_stand_neither_above_nor_below_it() -> None:
    staffed = {account.get("unit") for account in read("accounts.toml")["account"]}
    mistaken = read("pools.toml")["mistaken"]
    assert set(mistaken) == {matter["unit"] for matter in read("matters.toml")["matter"]}
    for right, others in mistaken.items():
        assert len(others) == len({*others, right}) - 1 == 4, right
        assert staffed.issuperset(others), right
        assert all(units()[right].get("parent") != unit != right for unit in others), right
        assert all(units()[unit].get("parent") != right for unit in others), right


def test_a_reply_that_is_sent_back_stands_with_its_own_reason() -> None:
    poor = read("pools.toml")["poor"]
    assert Counter(each["by"] for each in poor).keys() == {"leader", "office"}
    assert not repeated([each["reply"] for each in poor])
    assert not repeated([each["reason"] for each in poor])
    assert {each["reply"] for each in poor}.isdisjoint(matter["reply"] for matter in read("matters.toml")["matter"])


def test_the_pools_of_phrases_are_filled() -> None:
    for name, phrases in read("pools.toml")["phrases"].items():
        assert phrases, name
        assert not repeated(phrases), name


def test_every_refusal_reason_has_its_sentence_and_an_emergency_its_numbers() -> None:
    sentences = {refusal["reason"]: refusal for refusal in refusals()}
    assert list(sentences) == [reason.value for reason in RefusalReason]
    assert all(refusal["say"].startswith("您好") for refusal in sentences.values())
    assert "{number}" in sentences["duplicate"]["say"]
    assert "{number}" in sentences["emergency"]["say"]
    assert [number["number"] for number in sentences["emergency"]["numbers"]] == ["110", "119", "120", "122"]


def test_refused_calls_show_every_reason_and_a_duplicate_names_a_matter() -> None:
    refused = read("pools.toml")["refused"]
    known = {matter["key"] for matter in read("matters.toml")["matter"]}
    assert {call["reason"] for call in refused} == {reason.value for reason in RefusalReason}
    assert all(call["of"] in known for call in refused if call["reason"] == RefusalReason.DUPLICATE)
    assert all("number" in call for call in refused if call["reason"] == RefusalReason.EMERGENCY)


def test_no_text_has_a_character_whose_width_depends_on_the_terminal() -> None:
    ambiguous = {c for text in everything() for c in text if unicodedata.east_asian_width(c) == "A"}
    assert not ambiguous


def test_chinese_text_uses_full_width_commas() -> None:
    assert [text for text in everything() if re.search(r"[\u4e00-\u9fff][,;?!]|[,;?!][\u4e00-\u9fff]", text)] == []


def test_nobody_in_the_demonstration_is_a_real_person() -> None:
    callers = read("pools.toml")["callers"]
    assert callers["phone_prefix"] == "1390000"
    assert all(given.startswith("某") for given in callers["given_names"])
    people = [account["name"] for account in read("accounts.toml")["account"] if "unit" in account]
    assert all("某" in name for name in people)
    assert not [text for text in everything() if re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)|\d{15}|@", text)]
