"""Many texts cut at once have the terms that each has by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.data.search.cutting import Cutter
from hotline_tui.data.search.tokens import of_text, of_title

ODD = "怎么样办身份证ABab019\u03a3\u03c3\u03c2①㎡…½é\u0301ﾊﾞ가ᄀㅏᆨİſ\0\n,車Ｗ１\ud800𠀀"
"""Signs, and what normalising joins, splits or changes by what stands beside it."""
TEXTS = st.lists(st.text(st.one_of(st.characters(), st.sampled_from(ODD)), max_size=12), max_size=5)
CUTTER = Cutter()


@given(TEXTS)
def test_texts_cut_together_have_the_terms_of_each(texts: list[str]) -> None:
    signs = CUTTER.signs(texts)
    found: list[list[int]] = [[] for _ in texts]
    alone: list[list[int]] = [[] for _ in texts]
    for place in signs.pairs().tolist():
        found[signs.texts[place]].append(int(signs.codes[place]) << 21 | int(signs.codes[place + 1]))
    terms, numbers = signs.words()
    for term, number in zip(terms.tolist(), numbers.tolist(), strict=True):
        found[number].append(term)
    for place in signs.alone().tolist():
        alone[signs.texts[place]].append(int(signs.codes[place]))
    assert [sorted(each) for each in found] == [sorted(of_text(text)) for text in texts]
    assert alone == [of_title(text) for text in texts]
