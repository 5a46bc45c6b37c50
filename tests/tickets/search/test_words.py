"""Folding a whole text at once says what folding each of its characters does."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from anshou.tickets.search.words import bared, fold, fold_with_places, has_cjk, is_cjk

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("，（）：；,.12ＡaＢ退款ﬁ豈"))


def one_by_one(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", character).casefold() for character in text)


def test_every_character_of_the_basic_plane_is_folded_alone() -> None:
    every = [chr(code) for code in range(0x10000) if not 0xD800 <= code <= 0xDFFF]
    assert [fold(one) for one in every] == [one_by_one(one) for one in every]


@given(TEXTS)
def test_a_text_is_folded_as_its_characters_are(text: str) -> None:
    assert fold(text) == one_by_one(text)
    folded, places = fold_with_places(text)
    assert (folded, len(places)) == (fold(text), len(folded))


@given(TEXTS)
def test_a_text_has_characters_of_a_writing_without_spaces_if_one_of_them_is(text: str) -> None:
    assert has_cjk(text) == any(map(is_cjk, text))


def test_large_amounts_lose_their_commas() -> None:
    assert bared(fold("退款１，２３４元，共 1,000,000")) == "退款1234元,共 1000000"
