"""Pairs and threes found for many texts at once are those of each text by itself."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.data.search.grams import signs
from hotline_tui.data.search.tokens import pair, runs

TEXTS = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.text(st.sampled_from("停車停车费ＡＢab１2㎡½é\u0301\u4e00\U00020000\U0002f800 ,。\n\0"), max_size=30),
    ),
    max_size=8,
)


@given(TEXTS)
def test_of_many_texts_at_once_the_same_terms_as_of_each(texts: list[str]) -> None:
    terms, numbers = signs(texts).grams()
    for number, text in enumerate(texts):
        there = sorted(int(term) for term, of in zip(terms, numbers, strict=True) if of == number)
        two = [pair(one, other) for run in runs(text) for one, other in pairwise(run)]
        three = [
            pair(run[at], run[at + 1]) << 21 | ord(run[at + 2]) for run in runs(text) for at in range(len(run) - 2)
        ]
        assert there == sorted(two + three)


@given(TEXTS)
def test_the_signs_of_a_text_are_what_stands_between_its_punctuation(texts: list[str]) -> None:
    found = signs(texts)
    for number, text in enumerate(texts):
        assert found.of(number).decode("utf-32-le") == "".join(runs(text))
