"""A rule is tried on the last months, and nothing changes by that."""

from datetime import date

import pytest

from anshou.finance.what_if import what_if
from anshou.people.errors import PermissionMissing
from billing.attribution.comparing import Cell, Difference
from billing.attribution.general import STANDARD, GeneralRule
from billing.clauses import CostClause
from billing.parties import Party
from billing.shares import Share
from tests.finance.counter import Counter
from tests.finance.test_attributing import books, determined, worked

SINCE = date(2026, 9, 1)


def halved(cause: Party, number: str) -> CostClause:
    """What the cause is responsible for is shared between agency and merchant."""
    shares = (Share(party=Party.AGENCY, basis_points=5000), Share(party=Party.MERCHANT, basis_points=5000))
    return CostClause(number=number, cause=cause, shares=shares)


async def verified(counter: Counter) -> None:
    await determined(counter, agency=7000, platform=3000)
    await counter.verify((await counter.submit()).number)
    await worked(counter)


async def test_another_general_rule_shows_its_effect_before_it_is_adopted(counter: Counter) -> None:
    await verified(counter)
    changed = tuple(halved(Party.PLATFORM, "G-9") if one.cause is Party.PLATFORM else one for one in STANDARD.clauses)
    stands = await books(counter)
    finance, merchant = counter.cast.finance, counter.cast.yunshan.id
    found = await what_if(
        counter.session,
        SINCE,
        general=GeneralRule(version=1, clauses=changed),
        by=finance,
        at=counter.desk.now,
    )
    assert found == (
        Difference(Cell(merchant, "2026-11", Party.AGENCY), 89_600, 108_800),
        Difference(Cell(merchant, "2026-11", Party.MERCHANT), 0, 19_200),
        Difference(Cell(merchant, "2026-11", Party.PLATFORM), 38_400, 0),
    )
    assert await books(counter) == stands


async def test_other_clauses_of_a_merchant_show_theirs(counter: Counter) -> None:
    await verified(counter)
    merchant = counter.cast.yunshan.id
    clauses = {merchant: (halved(Party.AGENCY, "8.1"),)}
    found = await what_if(counter.session, SINCE, clauses=clauses, by=counter.cast.finance, at=counter.desk.now)
    assert {one.cell.party: one.more for one in found} == {
        Party.AGENCY: -44_800,
        Party.MERCHANT: 44_800,
        Party.PLATFORM: 0,
    }


async def test_costs_before_the_day_are_left_out(counter: Counter) -> None:
    await verified(counter)
    later = date(2026, 11, 21)
    assert await what_if(counter.session, later, by=counter.cast.finance, at=counter.desk.now) == ()


async def test_only_who_sets_the_rules_tries_them(counter: Counter) -> None:
    with pytest.raises(PermissionMissing):
        await what_if(counter.session, SINCE, by=counter.cast.supervisor, at=counter.desk.now)
