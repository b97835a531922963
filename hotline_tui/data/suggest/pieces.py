"""Terms that spoke for a label, as pieces of the text that a person reads."""

from __future__ import annotations

from collections.abc import Mapping

from hotline_tui.data.search import tokens

MOST = 3
LONGEST = 6
"""Signs of a piece."""
_SHIFT, _MASK = 21, (1 << 21) - 1
_EMPTY = frozenset("的了是我你他她它这那在有和与及也都就还没不要会能可为被把对从到上下个们着过吗呢吧请您好次天")
"""Signs with which no piece begins or ends."""


def pieces(text: str, speaks: Mapping[int, float], most: int = MOST) -> tuple[str, ...]:
    """The pieces that say most, neighbouring pairs joined; the strongest first."""
    told = _told(speaks)
    found: dict[str, float] = {}
    for run in tokens.runs(text):
        start = 0
        while start < len(run) - 1:
            end, worth = start, 0.0
            while end < len(run) - 1 and end - start < LONGEST - 1 and (more := told.get(run[end : end + 2], 0.0)) > 0:
                worth, end = worth + more, end + 1
            if end > start:
                piece = _even(run[start : end + 1], told)
                found[piece] = max(worth, found.get(piece, 0.0))
            start = end + 1 if end > start else start + 1
    best: list[str] = []
    for piece in sorted(found, key=lambda piece: -found[piece]):
        if not any(piece in other or other in piece for other in best):
            best.append(piece)
        if len(best) == most:
            break
    return tuple(best)


def _even(piece: str, told: Mapping[str, float]) -> str:
    """Without the weaker end where its signs are odd: most words have two, and a half one reads badly."""
    if len(piece) % 2 == 0:
        return piece
    return piece[1:] if told[piece[-2:]] > told[piece[:2]] else piece[:-1]


def _told(speaks: Mapping[int, float]) -> dict[str, float]:
    """Pairs of Chinese characters that say something, with what they say; the weakest are left out."""
    pairs: dict[str, float] = {}
    for term, worth in speaks.items():
        code = term & ((1 << 62) - 1)
        one, two = chr(code >> _SHIFT), chr(code & _MASK)
        if code > _MASK and tokens.is_han(one) and tokens.is_han(two) and not _EMPTY & {one, two}:
            pairs[one + two] = pairs.get(one + two, 0.0) + worth
    least = max(pairs.values(), default=0.0) / 4
    return {pair: worth for pair, worth in pairs.items() if worth >= least}
