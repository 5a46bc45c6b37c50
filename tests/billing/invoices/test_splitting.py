"""An amount with tax in it: the two parts always make the whole, and are what the tax bureau's program comes to."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.clauses import MOST
from billing.invoices.splitting import RATES, split

AMOUNTS = st.integers(-MOST, MOST)


@given(AMOUNTS, st.sampled_from(RATES))
def test_the_parts_make_the_whole_and_the_net_is_rounded_half_up(fen: int, rate: int) -> None:
    net, tax = split(fen, rate)

    assert net + tax == fen
    assert net == int((Decimal(fen) * 100 / (100 + rate)).quantize(Decimal(1), ROUND_HALF_UP))
    assert split(-fen, rate) == (-net, -tax)


def test_amounts_as_they_stand_on_invoices() -> None:
    assert split(10_600, 6) == (10_000, 600)
    assert split(1, 13) == (1, 0)
    assert split(10_000, 13) == (8_850, 1_150)
    assert split(12_345, 0) == (12_345, 0)


def test_a_rate_that_the_law_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="17"):
        split(100, 17)
