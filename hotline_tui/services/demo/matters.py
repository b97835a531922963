"""What people call about: the written matters with a place, a caller and the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from hotline_tui.data import reference
from hotline_tui.rules.acceptance import NEEDS_REAL_NAME
from hotline_tui.rules.words import Channel, Kind
from hotline_tui.services.demo.city import City
from hotline_tui.services.intake import Intake

MARKS = (
    "路灯", "退", "噪声", "清理", "堆", "配件", "降雨", "管线", "监控", "台账", "业主", "物业", "费用", "施工",
    "处罚", "反弹", "规划", "产权", "职责", "人数", "用水", "计划", "文件", "房号",
)  # fmt: skip
"""A phrase with one of these fits only a matter that speaks of it too."""


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who calls, with what he tells of himself where he must."""

    name: str
    phone: str
    workplace: str
    home_address: str


@dataclass(frozen=True, slots=True)
class Place:
    """A housing estate or a road."""

    region: str
    text: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A written matter; `key`, `unit` and `knowledge` as in matters.toml."""

    key: str
    kind: Kind
    topic: str
    unit: str
    place: str
    narrative: str
    reply: str
    knowledge: str
    accused_unit: str
    urgent: bool
    secret: bool


class Pools:
    """The written words of the city, and its citizens."""

    def __init__(self, city: City, chance: Random) -> None:
        self.city = city
        pools = reference.demo("pools")
        self.phrases: dict[str, list[str]] = pools["phrases"]
        self.refused: list[dict[str, str]] = pools["refused"]
        self.poor: list[dict[str, str]] = pools["poor"]
        self.mistaken: dict[str, list[str]] = pools["mistaken"]
        self.letters: dict[str, list[str]] = pools["letters"]
        streets = {
            each["key"]: street["name"]
            for street in reference.demo("site")["region"]
            for each in street.get("communities", ())
        }
        self.places = {
            kind: [Place(each["region"], streets[each["region"]] + each["name"]) for each in pools[kind]]
            for kind in ("compound", "road")
        }
        self.buildings: list[str] = pools["callers"]["buildings"]
        self.matters = [_matter(each) for each in reference.demo("matters")["matter"]]
        self.citizens = self._citizens(pools["callers"], chance)

    def _citizens(self, words: dict[str, Any], chance: Random) -> list[Citizen]:
        numbers = chance.sample(range(10_000), 220)
        return [
            Citizen(
                name=chance.choice(words["surnames"]) + chance.choice(words["given_names"]),
                phone=f"{words['phone_prefix']}{number:04d}",
                workplace=chance.choice(words["workplaces"]),
                home_address=chance.choice(self.places["compound"]).text
                + chance.choice(self.buildings)
                + chance.choice(words["rooms"]),
            )
            for number in numbers
        ]

    def phrase(self, name: str, chance: Random, about: str = "") -> str:
        """Words of a pool that fit what the matter says."""
        pool = self.phrases[name]
        return chance.choice([each for each in pool if _fits(each, about)] or pool[:1])

    def sent_back(self, by: str, chance: Random, about: str) -> tuple[str, str]:
        """A reply that is sent back by the leader or the office, and why."""
        pool = [each for each in self.poor if each["by"] == by and _fits(each["reply"] + each["reason"], about)]
        poor = chance.choice(pool)
        return poor["reply"], poor["reason"]

    def intake(self, matter: Matter, citizen: Citizen, chance: Random, channel: Channel = Channel.PHONE) -> Intake:
        """The form as the front desk fills it in."""
        place = self._place(matter, chance)
        address = place.text + (chance.choice(self.buildings) if matter.place == "compound" else "") if place else ""
        told = matter.kind in NEEDS_REAL_NAME or chance.random() < 0.3
        return Intake(
            kind=matter.kind,
            narrative=matter.narrative.replace("{place}", address),
            channel=channel,
            name=citizen.name,
            phone=citizen.phone,
            workplace=citizen.workplace if told else "",
            home_address=citizen.home_address if told else "",
            topic_id=self.city.topics[matter.topic],
            region_id=self.city.regions[place.region if place else reference.demo("site")["region"][0]["key"]],
            address=address,
            subject=_subject(matter, place),
            urgent=matter.urgent,
            secret=matter.secret,
            accused=(self.city.units[matter.accused_unit],) if matter.accused_unit else (),
        )

    def letter(self, matter: Matter, citizen: Citizen, chance: Random) -> tuple[Intake, dict[str, str]]:
        """A letter as the website exports it, and the form that it comes to."""
        form = self.intake(matter, citizen, chance, Channel.MAILBOX)
        text = form.narrative.replace("来电人", "本人").removeprefix("本人反映")
        whole = f"{chance.choice(self.letters['openings'])}\n{text}\n{chance.choice(self.letters['closings'])}"
        return form, {
            "来信人": citizen.name,
            "电话": citizen.phone,
            "主题": form.subject,
            "内容": whole,
        }

    def _place(self, matter: Matter, chance: Random) -> Place | None:
        if matter.place == "none":
            return None
        street = self.city.unit_regions[matter.unit]
        near = [each for each in self.places[matter.place] if each.region.partition(".")[0] == street]
        return chance.choice(near or self.places[matter.place])


def _subject(matter: Matter, place: Place | None) -> str:
    leaf, word = matter.topic.rpartition("/")[2], matter.kind.label
    return f"{place.text if place else ''}{leaf}{'' if word in leaf or matter.kind is Kind.OTHER else word}"


def _matter(each: dict[str, Any]) -> Matter:
    return Matter(
        key=each["key"],
        kind=Kind(each["kind"]),
        topic=each["topic"],
        unit=each["unit"],
        place=each["place"],
        narrative=each["narrative"],
        reply=each["reply"],
        knowledge=each.get("knowledge", ""),
        accused_unit=each.get("accused_unit", ""),
        urgent=each.get("urgent", False),
        secret=each.get("secret", False),
    )


def _fits(phrase: str, about: str) -> bool:
    """Whether everything that a phrase speaks of, the matter speaks of too."""
    return all(mark in about for mark in MARKS if mark in phrase)
