"""A matter as suggestions see it: how often each sign and each two neighbours stand in it, and again in its heading."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search import tokens

VERSION = tokens.VERSION * 100 + 1
"""Of these terms: what was learned from others is of no use."""
HEADING = np.uint64(1 << 62)
"""Added to a term of the heading: the heading is a text of its own beside the whole."""
HEADING_SIGNS = 30
MOST = 20_000
"""Characters of a text that are looked at."""
_PAIR = np.uint64(21)
_ENDS = re.compile(r"尊敬|您好|你好|敬爱|领导|[。!?;\n]")

Terms = NDArray[np.uint64]
Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Terms ascending, each once, and how much each counts."""

    terms: Terms
    counts: Counts


def counted(narrative: str, subject: str = "") -> Counted:
    """What stands in a matter, and again what stands in its heading."""
    whole, many = np.unique(codes(f"{subject}\n{narrative}"[:MOST]), return_counts=True)
    above, often = np.unique(codes(heading(narrative, subject)), return_counts=True)
    return Counted(np.concatenate([whole, above | HEADING]), np.concatenate([many, often]).astype(np.float64))


def heading(narrative: str, subject: str = "") -> str:
    """The subject; else how the narrative begins, as far as the first stop or the address to whoever reads it."""
    if subject.strip():
        return subject
    begins = "".join(tokens.folded(narrative[: 4 * HEADING_SIGNS]).split())[:HEADING_SIGNS]
    end = _ENDS.search(begins, 6)
    return begins[: end.start()] if end else begins


def codes(text: str) -> Terms:
    """Its signs and its pairs of neighbours, as `tokens` numbers them."""
    runs = (np.frombuffer(run.encode("utf-32-le"), np.uint32).astype(np.uint64) for run in tokens.runs(text))
    return np.concatenate([each for run in runs for each in (run, run[:-1] << _PAIR | run[1:])] or [_NONE])


_NONE = np.empty(0, np.uint64)
