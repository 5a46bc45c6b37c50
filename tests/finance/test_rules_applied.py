"""A contract or general rule with a day in the past: what it says is allocated anew, the rest stays to the byte."""

from datetime import date

import msgspec
import pytest
from sqlalchemy import select, text

from anshou.finance.allocated import how_allocated
from anshou.finance.attributing import apply_rules
from anshou.finance.ruling import RuleDraft, set_general_rule
from anshou.merchants.contracts import ContractVersion
from anshou.merchants.drafting import end_version, put_in_force
from billing.attribution.general import STANDARD
from billing.attribution.setting import general_rules, read_general_rule
from billing.clauses import CostClause
from billing.costs.items import CostItem
from billing.ledger.periods import close_period
from billing.ledger.uses import AccountUse
from billing.parties import CostCategory, Party
from tenants.context import AGENCY
from tenants.shapes import Unfit
from tests.finance.counter import Counter
from tests.finance.test_attributing import MERCHANTS, PAYABLE, books, determined, worked
from tests.finance.test_what_if import drafted, halved

PAST = date(2026, 11, 1)
AGENCYS, CLAIMED = AccountUse.BORNE_BY_AGENCY, AccountUse.CLAIM_ON_PLATFORM


def with_clause(*changed: CostClause) -> tuple[CostClause, ...]:
    """The standard rule with these clauses in the place of those for their causes."""
    causes = {one.cause for one in changed}
    return (*(one for one in STANDARD.clauses if one.cause not in causes), *changed)


async def adopted(counter: Counter, valid_from: date, *changed: CostClause) -> None:
    finance = counter.cast.finance
    await counter.desk.act_as(finance.context())
    draft = RuleDraft(valid_from=valid_from, clauses=with_clause(*changed))
    await set_general_rule(counter.session, draft, by=finance, at=counter.desk.now)


async def two_costs(counter: Counter) -> tuple[CostItem, CostItem]:
    """A licence and telephone of one ticket that the platform caused, allocated by the standard rule."""
    await determined(counter, platform=10_000)
    licence = await counter.verify((await counter.submit()).number)
    telephone = await counter.verify(
        (await counter.submit(category=CostCategory.COMMUNICATION, fen=3_000, tax_fen=0)).number
    )
    await worked(counter)
    return licence, telephone


async def written(counter: Counter, item: CostItem) -> list[str]:
    """Every row about the item's allocation, as the database writes it."""
    await counter.desk.act_as(AGENCY)
    of_item = {"item": item.id}
    rows: list[str] = []
    for query in (
        "SELECT a::text FROM allocation a WHERE item_id = :item ORDER BY id",
        "SELECT p::text FROM allocation_part p JOIN allocation a ON a.id = p.allocation_id WHERE item_id = :item "
        "ORDER BY p.id",
        "SELECT e::text FROM ledger_entry e WHERE cost_item_id = :item ORDER BY e::text",
        "SELECT d::text FROM cost_deed d WHERE item_id = :item ORDER BY d.id",
    ):
        rows += list(await counter.session.scalars(text(query), of_item))
    return rows


async def test_a_general_rule_of_a_past_day_moves_what_it_says_and_leaves_the_rest_to_the_byte(
    counter: Counter,
) -> None:
    licence, telephone = await two_costs(counter)
    kept = await written(counter, telephone)
    only_licences = msgspec.structs.replace(halved(Party.PLATFORM, "G-9"), categories=(CostCategory.MATERIAL_LICENCE,))
    standard = next(one for one in STANDARD.clauses if one.cause is Party.PLATFORM)
    rest = msgspec.structs.replace(standard, excluded=(CostCategory.MATERIAL_LICENCE,))
    await adopted(counter, PAST, only_licences, rest)
    await worked(counter)
    assert await books(counter) == {AGENCYS: 64_000, MERCHANTS: 64_000, CLAIMED: 3_000, PAYABLE: -131_000}
    assert await written(counter, telephone) == kept
    now, before = await how_allocated(counter.session, licence, by=counter.cast.finance)
    assert now.row.supersedes_id == before.row.id
    assert now.row.determination_id == before.row.determination_id
    # The voucher says that a rule changed, and nobody's determination.
    reasons = await counter.session.scalars(text("SELECT summary FROM ledger_voucher WHERE reverses_id IS NOT NULL"))
    assert all("改判" not in reason for reason in reasons)


async def test_a_rule_that_begins_after_the_problem_moves_nothing(counter: Counter) -> None:
    licence, telephone = await two_costs(counter)
    kept = await written(counter, licence), await written(counter, telephone)
    await adopted(counter, date(2026, 11, 24), halved(Party.PLATFORM, "G-9"))
    await worked(counter)
    assert (await written(counter, licence), await written(counter, telephone)) == kept


async def test_the_same_clauses_under_another_version_move_nothing(counter: Counter) -> None:
    licence, telephone = await two_costs(counter)
    kept = await written(counter, licence), await written(counter, telephone)
    await adopted(counter, PAST, halved(Party.CARRIER, "G-1"))
    await worked(counter)
    assert (await written(counter, licence), await written(counter, telephone)) == kept


async def test_what_was_allocated_in_a_closed_month_stays(counter: Counter) -> None:
    licence, telephone = await two_costs(counter)
    kept = await written(counter, licence), await written(counter, telephone)
    month = counter.desk.now.date().replace(day=1)
    await close_period(counter.session, month, by=counter.cast.finance.id, at=counter.desk.now)
    await adopted(counter, PAST, halved(Party.PLATFORM, "G-9"))
    await worked(counter)
    assert (await written(counter, licence), await written(counter, telephone)) == kept


async def test_a_contract_entered_late_decides_what_happened_since_it_began(counter: Counter) -> None:
    await determined(counter, agency=10_000)
    await counter.verify((await counter.submit()).number)
    await worked(counter)
    assert await books(counter) == {AGENCYS: 128_000, PAYABLE: -128_000}
    admin = counter.cast.admin
    await counter.desk.act_as(AGENCY)
    query = select(ContractVersion).where(ContractVersion.id == counter.cast.yunshan.version_id)
    version = (await counter.session.scalars(query)).one()
    await end_version(counter.session, version, date(2026, 11, 10), "改签", by=admin, at=counter.desk.now)
    draft = await drafted(counter, date(2026, 11, 11), halved(Party.AGENCY, "8.1"))
    await put_in_force(counter.session, draft, by=admin, at=counter.desk.now)
    await worked(counter)
    assert await books(counter) == {AGENCYS: 64_000, MERCHANTS: 64_000, PAYABLE: -128_000}
    await worked(counter)
    assert await books(counter) == {AGENCYS: 64_000, MERCHANTS: 64_000, PAYABLE: -128_000}


@pytest.mark.parametrize(("since", "merchants", "asked"), [(PAST, "own", 1), (PAST, "all", 1), (PAST, "other", 0)])
async def test_only_tickets_with_booked_costs_since_the_day_are_asked_about(
    counter: Counter, since: date, merchants: str, asked: int
) -> None:
    await two_costs(counter)
    await counter.desk.act_as(AGENCY)
    merchant = {"own": counter.cast.yunshan.id, "other": counter.cast.qinghe.id, "all": None}[merchants]
    assert await apply_rules(counter.session, since, merchant) == asked
    assert await apply_rules(counter.session, date(2026, 11, 24), merchant) == 0


async def test_of_the_versions_that_count_on_a_day_the_latest_decides(counter: Counter) -> None:
    await adopted(counter, date(2026, 12, 1), halved(Party.PLATFORM, "G-1"))
    await adopted(counter, date(2026, 10, 1), halved(Party.PLATFORM, "G-2"))
    days = (date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 1))
    assert [(await read_general_rule(counter.session, day)).version for day in days] == [0, 2, 2]
    assert [one.version for one in await general_rules(counter.session)] == [2, 1]


def test_a_rule_that_leaves_a_cost_undecided_is_refused_before_it_is_kept() -> None:
    with pytest.raises(Unfit, match="没有规则"):
        RuleDraft(valid_from=PAST, clauses=STANDARD.clauses[1:])
    with pytest.raises(Unfit, match="有两条规则"):
        RuleDraft(valid_from=PAST, clauses=(*STANDARD.clauses, STANDARD.clauses[0]))
