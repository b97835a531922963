"""The pinyin of words that stand in answers alone: as their characters are said in titles.

No spelling is kept of an answer. Pairs of its characters that enough answers hold join the pieces of titles.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.lexicon import FIRST, OFTEN, Lexicon, joined
from hotline_tui.data.search.segment import Segment
from hotline_tui.data.search.tokens import SIGN_BITS

SHARE = 2000
"""A pair that fewer than one of so many articles hold is left out."""
_SELDOM = 4
"""Articles that count as one sixteenth of a title."""
_BMP = 1 << 16


def with_answers(lexicon: Lexicon, segment: Segment, background: Lexicon) -> Lexicon:
    """The lexicon, and pairs of the segment that no title holds; `background`: another one that tells how they are
    said."""
    syllables = _said(lexicon, background)
    terms, often = segment.terms, np.diff(segment.starts)
    first, second = terms >> np.uint64(SIGN_BITS), terms & np.uint64((1 << SIGN_BITS) - 1)
    pairs = (first >= FIRST) & (first < _BMP) & (second >= FIRST) & (second < _BMP)
    pairs &= often > segment.documents // SHARE
    signs = np.column_stack([first[pairs], second[pairs]]).astype(np.uint16)
    said, often = syllables[signs], np.maximum(often[pairs] // _SELDOM, 1)
    alone = (lexicon.signs[:, 1] != 0) & (lexicon.signs[:, 2] == 0)
    new = (said != 0).all(axis=1) & ~np.isin(_packed(signs), _packed(lexicon.signs[alone]))
    return joined(lexicon, signs[new], said[new], np.minimum(often[new], OFTEN))


def _packed(signs: NDArray[np.uint16]) -> NDArray[np.uint32]:
    return signs[:, 0].astype(np.uint32) << np.uint32(16) | signs[:, 1]


def _said(*lexicons: Lexicon) -> NDArray[np.uint16]:
    """How each character is said the most often; 0 where that is not known."""
    syllables = np.zeros(_BMP, np.uint16)
    for lexicon in reversed(lexicons):
        alone = np.flatnonzero(lexicon.signs[:, 1] == 0) if lexicon.size else np.empty(0, np.int64)
        alone = alone[np.argsort(lexicon.often[alone], kind="stable")]
        syllables[lexicon.signs[alone, 0]] = lexicon.said[alone, 0]
    return syllables
