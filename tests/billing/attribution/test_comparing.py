"""A rule shows what it would have done before it is adopted."""

from uuid import UUID

from hypothesis import given, settings

from billing.attribution.allocations import CostFacts
from billing.attribution.comparing import Cell, Difference, RuleFor, compare
from billing.attribution.rules import Rule
from billing.clauses import CapPeriod, CostClause
from billing.parties import Party
from tests.billing.attribution.costs import AGENCY, MERCHANT, cap, clause, cost, shares, some_clauses, some_costs

ONE, TWO = UUID(int=101), UUID(int=102)
CATEGORY = cost(1).category


def always(rule: Rule) -> RuleFor:
    """The one rule, whatever the cost."""
    return lambda _, __: rule


def test_the_difference_is_told_by_merchant_month_and_party() -> None:
    costs = {ONE: [cost(1000), cost(500, on="2026-04-02")], TWO: [cost(100)]}
    there = Rule("v1", (clause(),))
    other = Rule("v2", (clause(shares=shares(merchant=10_000)),))
    assert compare(costs, always(there), lambda merchant, _: other if merchant == ONE else there) == (
        Difference(Cell(ONE, "2026-03", CATEGORY, AGENCY), 300, 0),
        Difference(Cell(ONE, "2026-03", CATEGORY, MERCHANT), 700, 1000),
        Difference(Cell(ONE, "2026-04", CATEGORY, AGENCY), 150, 0),
        Difference(Cell(ONE, "2026-04", CATEGORY, MERCHANT), 350, 500),
        Difference(Cell(TWO, "2026-03", CATEGORY, AGENCY), 30, 30),
        Difference(Cell(TWO, "2026-03", CATEGORY, MERCHANT), 70, 70),
    )


def test_caps_count_from_the_first_day_in_whatever_order_the_costs_come() -> None:
    rule = Rule("v2", (clause(shares=shares(merchant=10_000), caps=(cap(1000, per=CapPeriod.TERM),)),))
    costs = [cost(800, on="2026-04-01", number=2), cost(800, on="2026-03-01", number=1)]
    march, *_ = compare({ONE: costs}, always(Rule("v1")), always(rule))
    assert (march.cell, march.after, march.more) == (Cell(ONE, "2026-03", CATEGORY, MERCHANT), 800, 0)


@settings(deadline=None)
@given(some_clauses(), some_clauses(), some_costs())
def test_what_one_party_bears_more_the_others_bear_less(
    before: tuple[CostClause, ...], after: tuple[CostClause, ...], costs: list[CostFacts]
) -> None:
    months: dict[str, int] = {}
    for difference in compare({ONE: costs}, always(Rule("v1", before)), always(Rule("v2", after))):
        month = difference.cell.month
        months[month] = months.get(month, 0) + difference.more
    assert not any(months.values())


@settings(deadline=None)
@given(some_clauses(), some_costs())
def test_the_same_rule_makes_no_difference(clauses: tuple[CostClause, ...], costs: list[CostFacts]) -> None:
    rule = Rule("v1", clauses)
    assert all(difference.more == 0 for difference in compare({ONE: costs}, always(rule), always(rule)))


def test_parties_that_bear_nothing_are_not_told() -> None:
    assert compare({ONE: [cost(0)]}, always(Rule("v1")), always(Rule("v2", (clause(),)))) == ()
    assert {one.cell.party for one in compare({ONE: [cost(9)]}, always(Rule("v1")), always(Rule("v1")))} == {
        Party.MERCHANT
    }


def test_of_a_cap_what_one_contract_version_used_up_is_there_under_the_next_and_a_general_one_is_not() -> None:
    capped = (clause(shares=shares(merchant=10_000), caps=(cap(1000, per=CapPeriod.MONTH),)),)
    costs = [cost(800, on="2026-03-01", number=1), cost(800, on="2026-03-20", number=2)]
    versions = {costs[0].item_id: Rule("first", capped), costs[1].item_id: Rule("second", capped)}
    found = compare({ONE: costs}, lambda _, facts: versions[facts.item_id], always(Rule("first", capped)))
    merchants = next(one for one in found if one.cell.party is MERCHANT)
    assert (merchants.before, merchants.after) == (1600, 1000)
