"""A rule is tried on the last months, and nothing changes by that."""

from datetime import date, timedelta

import msgspec
import pytest
from sqlalchemy import select

from anshou.finance.ruling import RuleDraft
from anshou.finance.what_if import Months, Proposed, what_if
from anshou.merchants.contracts import ContractVersion
from anshou.merchants.drafting import (
    ContractHead,
    Draft,
    add_draft,
    change_draft,
    draw_up,
    end_version,
    put_in_force,
)
from anshou.merchants.merchants import Merchant
from anshou.people.errors import PermissionMissing
from billing.attribution.comparing import Cell, Difference
from billing.attribution.general import STANDARD
from billing.clauses import CostClause
from billing.parties import CostCategory, Party
from billing.shares import Share
from tenants.context import AGENCY
from tests.cast import TERMS
from tests.finance.counter import Counter
from tests.finance.test_attributing import books, determined, worked

AUTUMN = Months(date(2026, 9, 1), date(2026, 11, 1))
LICENCE = CostCategory.MATERIAL_LICENCE


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
    general = RuleDraft(valid_from=date(2026, 1, 1), clauses=changed)
    found = await what_if(counter.session, AUTUMN, Proposed(general=general), by=finance, at=counter.desk.now)
    assert found == (
        Difference(Cell(merchant, "2026-11", LICENCE, Party.AGENCY), 89_600, 108_800),
        Difference(Cell(merchant, "2026-11", LICENCE, Party.MERCHANT), 0, 19_200),
        Difference(Cell(merchant, "2026-11", LICENCE, Party.PLATFORM), 38_400, 0),
    )
    assert await books(counter) == stands


async def drafted(counter: Counter, valid_from: date, *clauses: CostClause) -> ContractVersion:
    """A draft of another contract with 云杉 that begins on that day."""
    admin = counter.cast.admin
    await counter.desk.act_as(AGENCY)
    merchant = await counter.session.get_one(Merchant, counter.cast.yunshan.id)
    head = ContractHead(number="DY-2026-002", title="店铺代运营服务合同（改签）")
    contract = await draw_up(counter.session, merchant, head, by=admin, at=counter.desk.now)
    terms = msgspec.structs.replace(TERMS, cost_clauses=clauses)
    return await add_draft(
        counter.session, contract, Draft(valid_from=valid_from, terms=terms), by=admin, at=counter.desk.now
    )


async def test_a_drafted_contract_shows_its_effect_on_the_days_it_would_be_in_force(counter: Counter) -> None:
    await verified(counter)
    # The problem occurred on 23 November.
    for begins, more in ((date(2026, 11, 23), 44_800), (date(2026, 11, 24), 0)):
        draft = await drafted(counter, begins, halved(Party.AGENCY, "8.1")) if more else await moved(counter, begins)
        found = await what_if(
            counter.session, AUTUMN, Proposed(draft=draft), by=counter.cast.finance, at=counter.desk.now
        )
        assert {one.cell.party: one.more for one in found if one.more} == (
            {Party.AGENCY: -more, Party.MERCHANT: more} if more else {}
        )


async def moved(counter: Counter, begins: date) -> ContractVersion:
    """The same draft, to begin on another day."""
    await counter.desk.act_as(AGENCY)
    query = select(ContractVersion).where(ContractVersion.in_force_at.is_(None))
    draft = (await counter.session.scalars(query)).one()
    terms = msgspec.structs.replace(TERMS, cost_clauses=(halved(Party.AGENCY, "8.1"),))
    await change_draft(counter.session, draft, Draft(valid_from=begins, terms=terms), by=counter.cast.admin)
    return draft


async def test_a_general_rule_shows_its_effect_only_from_its_day_on(counter: Counter) -> None:
    await verified(counter)
    changed = tuple(halved(Party.PLATFORM, "G-9") if one.cause is Party.PLATFORM else one for one in STANDARD.clauses)
    for begins, differs in ((date(2026, 11, 23), True), (date(2026, 11, 24), False)):
        proposed = Proposed(general=RuleDraft(valid_from=begins, clauses=changed))
        found = await what_if(counter.session, AUTUMN, proposed, by=counter.cast.finance, at=counter.desk.now)
        assert any(one.more for one in found) is differs


async def test_each_cost_is_judged_by_the_contract_of_its_day_and_not_by_todays(counter: Counter) -> None:
    await verified(counter)
    admin = counter.cast.admin
    await counter.desk.act_as(AGENCY)
    query = select(ContractVersion).where(ContractVersion.id == counter.cast.yunshan.version_id)
    version = (await counter.session.scalars(query)).one()
    # From the day after the problem another contract is in force, under which the merchant would bear the half.
    await end_version(counter.session, version, date(2026, 11, 23), "改签", by=admin, at=counter.desk.now)
    draft = await drafted(counter, date(2026, 11, 24), halved(Party.AGENCY, "8.1"))
    await put_in_force(counter.session, draft, by=admin, at=counter.desk.now)
    found = await what_if(
        counter.session, AUTUMN, Proposed(), by=counter.cast.finance, at=counter.desk.now + timedelta(days=3)
    )
    assert {one.cell.party: one.before for one in found} == {Party.AGENCY: 89_600, Party.PLATFORM: 38_400}
    assert all(one.more == 0 for one in found)


async def test_costs_of_other_months_are_left_out(counter: Counter) -> None:
    await verified(counter)
    december = Months(date(2026, 12, 1), date(2026, 12, 1))
    assert await what_if(counter.session, december, Proposed(), by=counter.cast.finance, at=counter.desk.now) == ()


async def test_only_who_sets_the_rules_tries_them(counter: Counter) -> None:
    with pytest.raises(PermissionMissing):
        await what_if(counter.session, AUTUMN, Proposed(), by=counter.cast.supervisor, at=counter.desk.now)
