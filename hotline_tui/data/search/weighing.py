"""How much of the matter that was told an order holds: what callers say in a few words is a small part of a long order.

A cosine, by which the likest are found, is small for a short text beside a long one, and great for what merely lies at
the same place. So of each that was found it is asked which of the pairs of signs it holds that are neither the place
nor how one speaks to an office.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from hotline_tui.data.search.matters import TEXT, Told
from hotline_tui.data.search.tokens import ASKING, SOMEWHERE, folded, runs

MATTER = 0.3
"""So much of what was told makes an order alike, where little was told."""
BRIEF = 60
"""Signs. Longer texts tell the same in other words: then the cosine says whether they are alike."""
LEAST_MATTER = 0.03
"""Below it the place alone is the same, or how it is put."""
ONE_WORD, ITS_SUBJECT = 0.8, 0.25
"""One word in common is no likeness, but where it is nearly all that was told, or much of it and in the subject."""
IN_SUBJECT = 2.0
"""A pair that stands in an order's subject counts so much more."""
UNKNOWN = 0.25
"""What a pair counts that no order holds: mostly it is where one word ends and the next begins."""
_SPEECH = re.compile(
    f"{ASKING.pattern}|{SOMEWHERE.pattern}|希望|请求|恳请|麻烦|尽快|尽早|马上|立即|及时|解决|处理|帮助|帮忙|协调|谢谢|感谢|问题|情况|反映|反应|"
    "来电人|来电|市民|群众|领导|您好|你好|尊敬|有关部门|相关部门|部门|有没有|没有|没人|有人|无人|一下|这个|那个|这里|那里|我们|你们|他们|我想|昨天|今天|前天|开始|到现在|电话|打不通|想问|"
    "咨询|投诉|举报|求助|建议|已经|现在|目前|一直|经常|非常|特别|严重|影响|[的了很吗呢吧啊]"
)
"""What is said of every matter."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which of the pairs that were told an order says."""

    held: frozenset[str]
    """Outside its address."""
    titled: frozenset[str]
    """Of those, what stands in its subject."""
    placed: frozenset[str]
    """What stands in its address."""

    @classmethod
    def of(cls, pairs: frozenset[str], subject: str, address: str, text: str) -> Order:
        """As it is stored; `pairs` were told."""
        above, placed = _pairs(folded(subject)), pairs & _pairs(folded(address))
        return cls((pairs & (above | _pairs(folded(text)))) - placed, (pairs & above) - placed, placed)


class Weighing:
    """One text, and the orders that may be like it."""

    def __init__(self, told: Told, rarity: Mapping[str, float | None], many: int, orders: Sequence[Order]) -> None:
        """`rarity` of the pairs of `asked`, None of one that no order holds; `many` orders there are."""
        middle = (1 + log(1 + many)) / 2
        self.brief = brief(told)
        self._weights: dict[str, float] = {}
        self._whole = 0.0
        named, held = Counter(_pairs(folded(told.place))), Counter[str]()
        for order in orders:
            named.update(order.placed)
            held.update(order.held)
        for pair, rare in rarity.items():
            if named[pair] and named[pair] >= held[pair]:
                continue  # of the name of a place
            # What no order holds but by another word is neither rare nor frequent.
            tells = middle if rare is None and held[pair] else rare
            self._weights[pair] = tells**2 if tells is not None else 0.0
            self._whole += max(tells, middle) ** 2 if tells is not None else UNKNOWN * middle**2

    def share(self, order: Order) -> float:
        """How much of the matter it holds, from 0 to 1; 0 where that is a word that says too little by itself."""
        held = sorted(order.held & self._weights.keys())
        if not held:
            return 0.0
        share = sum(self._weights[pair] for pair in held) / self._whole
        titled = [pair for pair in held if pair in order.titled]
        one_word = all(set(held[0]) & set(pair) for pair in held)
        if one_word and share < (ITS_SUBJECT if titled else ONE_WORD):
            return 0.0
        more = (IN_SUBJECT - 1) * sum(self._weights[pair] for pair in titled)
        return min(1.0, share + more / self._whole)


def brief(told: Told) -> bool:
    """Whether little was told."""
    return len(told.subject) + len(told.text) <= BRIEF


def asked(told: Told) -> tuple[str, ...]:
    """The pairs of signs of a matter, without where it is and how it is put."""
    said = f"{folded(told.subject)}\n{folded(told.text[:TEXT])}"
    for name in sorted(told.names, key=len, reverse=True):
        said = said.replace(name, " ")
    said = _SPEECH.sub(" ", said)
    return tuple(dict.fromkeys("".join(two) for run in runs(said) for two in pairwise(run)))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map(str.__add__, text, text[1:]))
