"""A million cost items under two hundred contracts, against a bare loop over integers that comes to the same amounts.

The bare loop is what one would write for these figures alone: it knows each contract's shares and caps as integers in
tuples, divides with the largest remainder and keeps nothing but the amounts. Ours makes of every item an allocation
with its parts and their steps, and both must agree on every fen.
"""

import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from bench.ground import Ground
from bench.rows import Row, at_most, ratio_of_medians, spread
from billing.attribution.allocations import CostFacts
from billing.attribution.attributing import attribute_all
from billing.attribution.rules import Rule
from billing.clauses import Cap, CapPeriod, CostClause
from billing.parties import CostCategory, Party
from billing.shares import WHOLE, Share

ITEMS = 1_000_000
CONTRACTS = 200
ROUNDS = 3

# The three whom costs are shared between here; in the order of their names, which breaks ties.
AGENCY, CONSUMER, MERCHANT = 0, 1, 2
PARTIES = (Party.AGENCY, Party.CONSUMER, Party.MERCHANT)

# One contract in integers: what the merchant and what the agency caused, in basis points of the three; the most that
# the merchant bears of an item and of a month, in fen. What is beyond goes to the agency.
Bare = tuple[tuple[int, int, int], tuple[int, int, int], int, int]
# An item in integers: amount, what of it the agency caused in basis points (the rest the merchant), month.
Item = tuple[int, int, int]


async def measure(_: Ground) -> list[Row]:
    """Alternate both over the same items."""
    drawn = random.Random(20261122)
    contracts = [_contract(drawn) for _ in range(CONTRACTS)]
    rules = [Rule(f"v{place}", _clauses(bare)) for place, bare in enumerate(contracts)]
    items = [[_item(drawn) for _ in range(ITEMS // CONTRACTS)] for _ in contracts]
    costs = [[_facts(place, item) for place, item in enumerate(those)] for those in items]
    ours: list[float] = []
    reference: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        bare_sums = [_bare(contract, those) for contract, those in zip(contracts, items, strict=True)]
        reference.append(time.perf_counter() - began)
        began = time.perf_counter()
        for rule, those_costs in zip(rules, costs, strict=True):
            for _allocation in attribute_all(those_costs, rule):
                pass
        ours.append(time.perf_counter() - began)
    # Outside the measured time: that both came to the same.
    for rule, those_costs, bare in zip(rules, costs, bare_sums, strict=True):
        assert _amounts(rule, those_costs) == bare
    return [
        at_most(
            f"allocate {ITEMS:,} cost items under {CONTRACTS} contracts, against a bare loop over integers",
            ratio_of_medians(ours, reference),
            10,
            detail=f"{spread(ours)} against {spread(reference)}; every fen the same",
        )
    ]


def _contract(drawn: random.Random) -> Bare:
    caused_by_merchant, caused_by_agency = (_three(drawn), _three(drawn))
    return caused_by_merchant, caused_by_agency, drawn.randrange(20_000, 80_000), drawn.randrange(10**6, 10**8)


def _three(drawn: random.Random) -> tuple[int, int, int]:
    first, second = sorted(drawn.sample(range(1, WHOLE), 2))
    return first, second - first, WHOLE - second


def _item(drawn: random.Random) -> Item:
    caused_by_agency = drawn.choice((0, 0, WHOLE, drawn.randrange(1, WHOLE)))
    return drawn.randrange(-5_000, 200_000), caused_by_agency, drawn.randrange(12)


def _clauses(bare: Bare) -> tuple[CostClause, ...]:
    by_merchant, by_agency, per_item, per_month = bare
    caps = (
        Cap(party=Party.MERCHANT, per=CapPeriod.ITEM, fen=per_item, beyond_to=Party.AGENCY),
        Cap(party=Party.MERCHANT, per=CapPeriod.MONTH, fen=per_month, beyond_to=Party.AGENCY),
    )
    return (
        CostClause(number="8.1", cause=Party.MERCHANT, shares=_shares(by_merchant), caps=caps),
        CostClause(number="8.2", cause=Party.AGENCY, shares=_shares(by_agency)),
    )


def _shares(points: tuple[int, int, int]) -> tuple[Share, ...]:
    return tuple(Share(party=party, basis_points=part) for party, part in zip(PARTIES, points, strict=True))


_CAUSED = {
    points: tuple(
        Share(party=party, basis_points=part)
        for party, part in ((Party.AGENCY, points), (Party.MERCHANT, WHOLE - points))
        if part
    )
    for points in range(WHOLE + 1)
}


def _facts(place: int, item: Item) -> CostFacts:
    fen, caused_by_agency, month = item
    return CostFacts(
        item_id=UUID(int=place),
        category=CostCategory.FREIGHT,
        fen=fen,
        incurred_on=date(2026, month + 1, 1) + timedelta(days=place % 28),
        shares=_CAUSED[caused_by_agency],
    )


def _bare(contract: Bare, items: list[Item]) -> list[tuple[int, int, int]]:
    by_merchant, by_agency, per_item, per_month = contract
    called = [0] * 12
    borne: list[tuple[int, int, int]] = []
    for fen, agency_points, month in items:
        sign, whole = (-1, -fen) if fen < 0 else (1, fen)
        agency_part, rest = divmod(whole * agency_points, WHOLE)
        # Of two remainders that add up to one fen the larger wins, and the agency where they are equal.
        agency_part += rest > 0 and rest >= WHOLE - rest
        agency, consumer, merchant = _split(whole - agency_part, by_merchant)
        within = min(merchant, per_item)
        agency, merchant = agency + merchant - within, sign * within
        before = called[month]
        called[month] = before + merchant
        within = max(-per_month, min(per_month, before + merchant)) - max(-per_month, min(per_month, before))
        agency, merchant = sign * agency + merchant - within, within
        more_agency, more_consumer, more_merchant = _split(agency_part, by_agency)
        borne.append((agency + sign * more_agency, sign * (consumer + more_consumer), merchant + sign * more_merchant))
    return borne


def _split(whole: int, points: tuple[int, int, int]) -> tuple[int, int, int]:
    if not whole:
        return 0, 0, 0
    first, first_left = divmod(whole * points[0], WHOLE)
    second, second_left = divmod(whole * points[1], WHOLE)
    third, third_left = divmod(whole * points[2], WHOLE)
    left = whole - first - second - third
    if left == 1:
        if first_left >= second_left and first_left >= third_left:
            first += 1
        elif second_left >= third_left:
            second += 1
        else:
            third += 1
    elif left == 2:
        # The smallest remainder gets none, and of equal ones the last.
        if third_left <= first_left and third_left <= second_left:
            first, second = first + 1, second + 1
        elif second_left <= first_left:
            first, third = first + 1, third + 1
        else:
            second, third = second + 1, third + 1
    return first, second, third


def _amounts(rule: Rule, costs: list[CostFacts]) -> list[tuple[int, int, int]]:
    return list(_in_order(rule, costs))


def _in_order(rule: Rule, costs: list[CostFacts]) -> Iterator[tuple[int, int, int]]:
    for allocation in attribute_all(costs, rule):
        borne = allocation.borne()
        yield borne.get(Party.AGENCY, 0), borne.get(Party.CONSUMER, 0), borne.get(Party.MERCHANT, 0)
