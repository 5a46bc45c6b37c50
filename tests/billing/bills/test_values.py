"""Cells of bills: amounts to the fen, days, times, ids."""

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.bills import values

FEN = st.integers(min_value=-(10**12), max_value=10**12)
WAYS = st.sampled_from(
    ["{sign}{yuan}.{rest:02}", "{sign}¥{yuan}.{rest:02}", "¥{sign}{yuan:,}.{rest:02}", " {sign}{yuan:,}.{rest:02}0\t"]
)


@given(FEN, WAYS)
def test_an_amount_is_read_to_the_fen_however_it_is_written(fen: int, way: str) -> None:
    written = way.format(sign="-" if fen < 0 else "", yuan=abs(fen) // 100, rest=abs(fen) % 100)

    assert values.fen(written) == fen
    assert values.fen(written.translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == fen


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_an_amount(text: str) -> None:
    with suppress(values.Unreadable):
        fen = values.fen(text)
        assert any(character.isdigit() for character in text)
        assert isinstance(fen, int)


@pytest.mark.parametrize("text", ["", "1.005", "1,23.00", "--1", "1e3", "12 元整", "¥", "1.2.3", "NaN", "∞"])
def test_amounts_that_are_none(text: str) -> None:
    with pytest.raises(values.Unreadable):
        values.fen(text)


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("2026-11-03", date(2026, 11, 3), None),
        ("2026/1/3 9:05", date(2026, 1, 3), time(9, 5)),
        ("20261103", date(2026, 11, 3), None),
        ("2026年11月3日 10:11:12", date(2026, 11, 3), time(10, 11, 12)),
        ("2026-11-03T10:11:12", date(2026, 11, 3), time(10, 11, 12)),
    ],
)
def test_days_and_times(text: str, day: date, clock: time | None) -> None:
    assert (values.day(text), values.clock(text)) == (day, clock)


@pytest.mark.parametrize("text", ["", "11-03", "2026-02-30", "2026-11-031", "46000", "昨天"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(values.Unreadable):
        values.day(text)
