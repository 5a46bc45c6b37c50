"""Ageing: the oldest cost is paid first, and the figures add up to what is owed."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from billing.statements.ageing import BUCKETS, ageing

TODAY = date(2026, 11, 22)
POSTINGS = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=400).map(lambda days: TODAY - timedelta(days=days)),
        st.integers(min_value=-(10**9), max_value=10**9),
    ),
    max_size=30,
)


def test_a_payment_goes_to_the_oldest_cost_first() -> None:
    postings = [(TODAY - timedelta(days=100), 500), (TODAY - timedelta(days=10), 300), (TODAY, -600)]

    assert ageing(postings, TODAY) == (200, 0, 0, 0, 0)


@given(POSTINGS)
def test_the_figures_add_up_to_what_is_owed_and_none_is_negative(postings: list[tuple[date, int]]) -> None:
    figures = ageing(postings, TODAY)

    assert len(figures) == len(BUCKETS) + 1
    assert min(figures) >= 0
    assert sum(figures) == max(sum(fen for _, fen in postings), 0)


@given(POSTINGS)
def test_the_order_of_postings_is_of_no_matter(postings: list[tuple[date, int]]) -> None:
    assert ageing(postings[::-1], TODAY) == ageing(postings, TODAY)
