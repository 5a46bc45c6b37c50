"""A claim ends in money, in part of it, or with somebody who carries it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.attribution.allocations import Part
from billing.attribution.attributing import attribute
from billing.attribution.claims import ClaimResult, Outcome, conclude
from billing.attribution.errors import ClaimOutOfRange
from billing.attribution.rules import Rule
from tests.billing.attribution.costs import AGENCY, cost


def claim(fen: int) -> Part:
    (part,) = attribute(cost(fen, carrier=10_000), Rule("v1")).parts
    return part


def test_a_claim_that_is_paid_is_won() -> None:
    assert conclude(claim(1000), 1000) == Outcome(ClaimResult.WON, 1000, 0, None)


def test_the_rest_of_a_claim_goes_where_the_clause_says() -> None:
    assert conclude(claim(1000), 400) == Outcome(ClaimResult.PARTLY, 400, 600, AGENCY)
    assert conclude(claim(1000), 0) == Outcome(ClaimResult.FAILED, 0, 1000, AGENCY)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_what_came_in_and_the_rest_make_up_the_claim(fen: int, received: int) -> None:
    if min(0, fen) <= received <= max(0, fen):
        outcome = conclude(claim(fen), received)
        assert outcome.received + outcome.rest == fen
    else:
        with pytest.raises(ClaimOutOfRange):
            conclude(claim(fen), received)


def test_nothing_is_claimed_from_a_merchant() -> None:
    (part,) = attribute(cost(100), Rule("v1")).parts
    with pytest.raises(ValueError, match="merchant"):
        conclude(part, 100)
