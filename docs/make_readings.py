"""Writes hotline_tui/data/reference/readings.txt from pypinyin: `.venv/bin/python docs/make_readings.py`."""
# ruff: noqa: INP001 - a script beside the documents, not a package

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from hotline_tui.data.search.lexicon import syllables
from hotline_tui.rules.pinyin import spell

TABLE = Path(__file__).parent.parent / "hotline_tui" / "data" / "reference" / "readings.txt"
HEAD = """\
# How the characters of GB 2312 are said by themselves, and the words of two of which one is said otherwise.
# Written by docs/make_readings.py from pypinyin and its phrases (MIT).
"""
_ROWS, _PLACES = range(0xB0, 0xF8), range(0xA1, 0xFF)
"""Where the characters of GB 2312 are."""


def table() -> str:
    """A syllable and its characters a line; then two syllables and their words a line."""
    from pypinyin.phrases_dict import phrases_dict

    codes = (bytes((row, place)) for row in _ROWS for place in _PLACES)
    signs = list(filter(None, (code.decode("gb2312", "ignore") for code in codes)))
    alone = {sign: said for sign in signs if (said := spell(sign)) in syllables()}
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for sign, said in alone.items():
        lines[said].append(sign)
    for word in sorted(each for each in phrases_dict if len(each) == len("银行")):
        said = spell(word)
        known = alone.keys() >= set(word) and syllables().keys() >= set(said.split())
        if known and said.split() != [alone[sign] for sign in word]:
            lines[said].append(word)
    ordered = sorted(lines, key=lambda said: (len(said.split()), said))
    return HEAD + "".join(f"{said} {''.join(lines[said])}\n" for said in ordered)


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
