"""The pinyin of words that stand in answers alone.

No spelling is kept of an answer. Pairs of its characters that enough answers hold join the pieces of titles, said as a
small table has them; what it lacks as titles say it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.lexicon import FIRST, OFTEN, Lexicon, joined
from hotline_tui.data.search.readings import BMP, packed, readings
from hotline_tui.data.search.segment import Segment
from hotline_tui.data.search.tokens import SIGN_BITS

SHARE = 2000
"""A pair that fewer than one of so many articles hold is left out."""
_SELDOM = 4
"""Articles that count as one sixteenth of a title."""


def with_answers(lexicon: Lexicon, segment: Segment, background: Lexicon) -> Lexicon:
    """The lexicon, and pairs of the segment that no title holds; `background`: another one that tells how they are
    said."""
    if not segment.documents:
        return lexicon
    terms, often = segment.terms, np.diff(segment.starts)
    first, second = terms >> np.uint64(SIGN_BITS), terms & np.uint64((1 << SIGN_BITS) - 1)
    pairs = (first >= FIRST) & (first < BMP) & (second >= FIRST) & (second < BMP)
    pairs &= often > segment.documents // SHARE
    signs = np.column_stack([first[pairs], second[pairs]]).astype(np.uint16)
    said, often = readings().of(signs, _alone(lexicon, background)), np.maximum(often[pairs] // _SELDOM, 1)
    of_two = (lexicon.signs[:, 1] != 0) & (lexicon.signs[:, 2] == 0)
    new = (said != 0).all(axis=1) & ~np.isin(packed(signs), packed(lexicon.signs[of_two]))
    return joined(lexicon, signs[new], said[new], np.minimum(often[new], OFTEN))


def _alone(*lexicons: Lexicon) -> NDArray[np.uint16]:
    """How each character is said by the table, else the most often in titles; 0 where that is not known."""
    syllables = np.zeros(BMP, np.uint16)
    for lexicon in reversed(lexicons):
        single = np.flatnonzero(lexicon.signs[:, 1] == 0) if lexicon.size else np.empty(0, np.int64)
        single = single[np.argsort(lexicon.often[single], kind="stable")]
        syllables[lexicon.signs[single, 0]] = lexicon.said[single, 0]
    known = readings().alone
    return np.where(known != 0, known, syllables)
