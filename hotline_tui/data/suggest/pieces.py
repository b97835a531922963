"""Terms that spoke for a label, as pieces of the text that a person reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from hotline_tui.data.search import tokens

MOST = 3
LONGEST = 6
"""Signs of a piece."""
_SHIFT, _MASK = 21, (1 << 21) - 1
_EMPTY = frozenset(
    "的了是我你他她它这那在有和与及也都就还没不要会能可为被把对从到上下个们着过吗呢吧请您好次天太很更最又再已才只"
)
"""Signs with which no piece begins or ends."""

_EVERYDAY = frozenset(
    (
        "没人",
        "有人",
        "无人",
        "怎么",
        "什么",
        "这个",
        "那个",
        "我们",
        "他们",
        "你们",
        "大家",
        "自己",
        "现在",
        "一直",
        "经常",
        "非常",
        "家里",
        "家中",
        "这里",
        "那里",
    )
)
"""They say nothing of a matter, and what cuts into one of them is no piece."""


def pieces(
    text: str, speaks: Mapping[int, float], most: int = MOST, known: Collection[str] = frozenset()
) -> tuple[str, ...]:
    """The pieces that say most, neighbouring pairs joined; the strongest first.

    `known`: words. A pair within one stands for all of it; one that cuts into one is no piece that a person reads.
    """
    told = _told(speaks)
    found: dict[str, float] = {}
    for run in tokens.runs(text):
        for begin, end, worth in _joined(_spans(run, told, known)):
            piece = run[begin:end] if run[begin:end] in known else _even(run[begin:end], told)
            found[piece] = max(worth, found.get(piece, 0.0))
    best: list[str] = []
    for piece in sorted(found, key=lambda piece: -found[piece]):
        if not any(piece in other or other in piece for other in best):
            best.append(piece)
        if len(best) == most:
            break
    return tuple(best)


def _spans(run: str, told: Mapping[str, float], known: Collection[str]) -> Iterator[tuple[int, int, float]]:
    """Where a pair says something, and what."""
    for at in range(len(run) - 1):
        worth = told.get(run[at : at + 2], 0.0)
        if worth <= 0:
            continue
        words = [
            (begin, end)
            for begin in range(max(0, at - LONGEST + 1), at + 2)
            for end in range(max(begin + 2, at + 1), min(len(run), begin + LONGEST) + 1)
            if run[begin:end] in known or run[begin:end] in _EVERYDAY
        ]
        if any(run[begin:end] in _EVERYDAY for begin, end in words) and not any(
            run[begin:end] in known and begin <= at and at + 2 <= end for begin, end in words
        ):
            continue
        around = [(begin, end) for begin, end in words if begin <= at and at + 2 <= end]
        if around:
            yield *max(around, key=lambda word: word[1] - word[0]), worth
        elif not words or (run[max(0, at - 1) : at + 1] in told and run[at + 1 : at + 3] in told):
            yield at, at + 2, worth


def _joined(spans: Iterable[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    """Those that overlap as one, as far as it is not too long."""
    begin, end, worth = 0, 0, 0.0
    for first, last, more in spans:
        if first < end and max(end, last) - begin <= LONGEST:
            begin, end, worth = min(begin, first), max(end, last), worth + more
            continue
        if worth:
            yield begin, end, worth
        begin, end, worth = first, last, more
    if worth:
        yield begin, end, worth


def _even(piece: str, told: Mapping[str, float]) -> str:
    """Without the weaker end where its signs are odd: most words have two, and a half one reads badly."""
    if len(piece) % 2 == 0:
        return piece
    return piece[1:] if told.get(piece[-2:], 0.0) > told.get(piece[:2], 0.0) else piece[:-1]


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
