"""Real letters and replies, repeated with variation: what the searches of `bench.knowledge` are asked over.

A copy has the subject of one letter and the text of it with every third sentence taken from another letter; places and
numbers are changed alike in both. So nothing stands there twice, and every word is one that people wrote.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

REPLIED, MORE = "teddy_reply2816.csv", "teddy_hot4326.csv"
SEED = 12345
NARRATIVES, KEYS, FROM = 12, 40, 3
"""So many narratives are typed, so many characters of each; the first key that is timed is the third."""
SHORT = 60
SPELLED = 60
_SENTENCE = re.compile(r"[^。!?！？;；\n]*[。!?！？;；\n]|[^。!?！？;；\n]+$")
_PLACE = re.compile(r"[A-Z][0-9]*(?=[市区县])|[A-Z][0-9]+|[0-9]+")
_HAN = re.compile(r"[\u4e00-\u9fff]{4,}")


@dataclass(frozen=True, slots=True)
class Document:
    """A title and a text, as a standard answer has them."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody wrote and what was answered, where it was."""

    subject: str
    detail: str
    reply: str = ""


def read(folder: Path) -> tuple[list[Letter], list[Letter]]:
    """The letters with a reply, and those without one; raises FileNotFoundError."""
    return list(_rows(folder / REPLIED)), list(_rows(folder / MORE))


def _rows(path: Path) -> Iterator[Letter]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            told = (row["留言主题"], row["留言详情"], row.get("答复意见", ""))
            yield Letter(*(" ".join(text.split()) for text in told))


def documents(replied: Sequence[Letter], more: Sequence[Letter], many: int) -> list[Document]:
    """The letters with their replies first, those without one with their own text, then copies until there are so
    many."""
    first = [*(Document(each.subject, each.reply) for each in replied), *(Document(e.subject, e.detail) for e in more)]
    return list(islice((*first, *islice(_varied(first), max(0, many - len(first)))), many))


def _varied(first: Sequence[Document]) -> Iterator[Document]:
    draw = random.Random(SEED)
    sentences = [_SENTENCE.findall(each.text) for each in first]
    for copy in count(1):
        for number, each in enumerate(first):
            other = draw.choice(sentences)
            mixed = [
                draw.choice(other) if place % 3 == 2 and other else sentence
                for place, sentence in enumerate(sentences[number])
            ]
            yield Document(_moved(each.title, copy), _moved("".join(mixed), copy))


def _moved(text: str, copy: int) -> str:
    """Another place, another number: the same one for the same."""

    def other(found: re.Match[str]) -> str:
        letter, digits = found[0].rstrip("0123456789"), found[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        letter = chr((ord(letter) - 65 + copy) % 26 + 65) if letter else ""
        return letter + (str((int(digits) * 7 + copy) % 10 ** len(digits)) if digits else "")

    return _PLACE.sub(other, text)


# -- what is typed


def narratives(letters: Sequence[Letter]) -> list[list[str]]:
    """The beginnings of narratives as they grow, key by key."""
    draw = random.Random(SEED)
    long = [each.detail for each in letters if len(each.detail) >= KEYS]
    return [[text[:keys] for keys in range(FROM, KEYS + 1)] for text in draw.sample(long, min(NARRATIVES, len(long)))]


def short(titles: Sequence[str]) -> list[str]:
    """One and two characters, half of each, from titles."""
    draw = random.Random(SEED)
    han = [found for title in titles for found in _HAN.findall(title)]
    begins = [(text, draw.randrange(len(text) - 1)) for text in (draw.choice(han) for _ in range(SHORT if han else 0))]
    return [text[at : at + 1 + number % 2] for number, (text, at) in enumerate(begins)]


def spelled(titles: Sequence[str]) -> list[str]:
    """Pieces of titles of two to four characters: in full pinyin, by initials, and in characters with letters."""
    from pypinyin import lazy_pinyin

    draw = random.Random(SEED)
    han = [found for title in titles for found in _HAN.findall(title)]
    asked: list[str] = []
    for number in range(SPELLED if han else 0):
        text = draw.choice(han)
        at = draw.randrange(len(text) - 3)
        piece = text[at : at + 2 + number % 3]
        said = lazy_pinyin(piece)
        asked.append(("".join(said), "".join(each[0] for each in said), piece[:1] + said[1])[number // 3 % 3])
    return asked
