"""A rule shows what it would have done before it is adopted."""

from uuid import UUID

from hypothesis import given, settings

from billing.attribution.allocations import CostFacts
from billing.attribution.comparing import Cell, Difference, compare
from billing.attribution.rules import Rule
from billing.clauses import CapPeriod, CostClause
from billing.parties import Party
from tests.billing.attribution.costs import AGENCY, MERCHANT, cap, clause, cost, shares, some_clauses, some_costs

ONE, TWO = UUID(int=101), UUID(int=102)


def test_the_difference_is_told_by_merchant_month_and_party() -> None:
    costs = {ONE: [cost(1000), cost(500, on="2026-04-02")], TWO: [cost(100)]}
    there = Rule("v1", (clause(),))
    other = Rule("v2", (clause(shares=shares(merchant=10_000)),))
    assert compare(costs, {ONE: there, TWO: there}, {ONE: other, TWO: there}) == (
        Difference(Cell(ONE, "2026-03", AGENCY), 300, 0),
        Difference(Cell(ONE, "2026-03", MERCHANT), 700, 1000),
        Difference(Cell(ONE, "2026-04", AGENCY), 150, 0),
        Difference(Cell(ONE, "2026-04", MERCHANT), 350, 500),
        Difference(Cell(TWO, "2026-03", AGENCY), 30, 30),
        Difference(Cell(TWO, "2026-03", MERCHANT), 70, 70),
    )


def test_caps_count_from_the_first_day_in_whatever_order_the_costs_come() -> None:
    rule = Rule("v2", (clause(shares=shares(merchant=10_000), caps=(cap(1000, per=CapPeriod.TERM),)),))
    costs = [cost(800, on="2026-04-01", number=2), cost(800, on="2026-03-01", number=1)]
    march, *_ = compare({ONE: costs}, {ONE: Rule("v1")}, {ONE: rule})
    assert (march.cell, march.after, march.more) == (Cell(ONE, "2026-03", MERCHANT), 800, 0)


@settings(deadline=None)
@given(some_clauses(), some_clauses(), some_costs())
def test_what_one_party_bears_more_the_others_bear_less(
    before: tuple[CostClause, ...], after: tuple[CostClause, ...], costs: list[CostFacts]
) -> None:
    months: dict[str, int] = {}
    for difference in compare({ONE: costs}, {ONE: Rule("v1", before)}, {ONE: Rule("v2", after)}):
        month = difference.cell.month
        months[month] = months.get(month, 0) + difference.more
    assert not any(months.values())


@settings(deadline=None)
@given(some_clauses(), some_costs())
def test_the_same_rule_makes_no_difference(clauses: tuple[CostClause, ...], costs: list[CostFacts]) -> None:
    rule = Rule("v1", clauses)
    assert all(difference.more == 0 for difference in compare({ONE: costs}, {ONE: rule}, {ONE: rule}))


def test_parties_that_bear_nothing_are_not_told() -> None:
    assert compare({ONE: [cost(0)]}, {ONE: Rule("v1")}, {ONE: Rule("v2", (clause(),))}) == ()
    assert {one.cell.party for one in compare({ONE: [cost(9)]}, {ONE: Rule("v1")}, {ONE: Rule("v1")})} == {
        Party.MERCHANT
    }
