"""Contract versions: at most one in force on a day, found and never guessed, kept as it was."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.amounts import open_terms, without_amounts
from anshou.merchants.contracts import (
    Contract,
    ContractVersion,
    Standing,
    contract_in_force,
    contracts_of,
    find_contract_in_force,
    versions_of,
    visible_contract,
    visible_version,
)
from anshou.merchants.documents import StoredFile, add_document, documents_of, remove_document, visible_document
from anshou.merchants.drafting import (
    ContractHead,
    Draft,
    add_draft,
    change_draft,
    discard_draft,
    draw_up,
    end_version,
    put_in_force,
    supersede,
)
from anshou.merchants.errors import (
    ContractNotFound,
    ContractNumberTaken,
    DatesInvalid,
    DocumentNotFound,
    NoContractInForce,
    VersionInForce,
    VersionNotInForce,
    VersionsOverlap,
)
from anshou.merchants.merchants import Merchant
from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, TERMS, Anhe, agree, settle
from tests.conftest import ActAs

DAY = timedelta(days=1)
NEW_YEAR = date(2026, 1, 1)


async def draft(
    session: AsyncSession, contract: Contract, first: date, last: date | None, by: Person
) -> ContractVersion:
    return await add_draft(session, contract, Draft(valid_from=first, valid_until=last, terms=TERMS), by=by, at=NOW)


async def of_yunshan(session: AsyncSession, cast: Anhe) -> tuple[Contract, ContractVersion]:
    version = await contract_in_force(session, cast.yunshan.id, date(2026, 11, 23))
    return version.contract, version


async def test_the_version_in_force_on_a_day_is_found(session: AsyncSession) -> None:
    cast = await settle(session)
    version = await contract_in_force(session, cast.yunshan.id, date(2026, 11, 23))
    assert version.id == cast.yunshan.version_id
    assert version.contract.number == "DY-2026-001"
    assert version.agreed == without_amounts(TERMS)
    assert await open_terms(session, version, by=cast.admin, at=NOW) == TERMS


async def test_a_day_without_a_contract_has_none_and_says_so(session: AsyncSession) -> None:
    cast = await settle(session)
    assert await find_contract_in_force(session, cast.qinghe.id, date(2026, 11, 30)) is None
    with pytest.raises(NoContractInForce, match="2026-11-30"):
        await contract_in_force(session, cast.qinghe.id, date(2026, 11, 30))
    assert (await contract_in_force(session, cast.qinghe.id, date(2026, 12, 1))).id == cast.qinghe.version_id


async def test_a_draft_decides_nothing_and_is_changed_and_dropped_freely(session: AsyncSession) -> None:
    cast = await settle(session)
    contract, former = await of_yunshan(session, cast)
    await end_version(session, former, date(2026, 6, 30), "双方协商终止", by=cast.admin, at=NOW)
    later = await draft(session, contract, date(2026, 7, 1), None, cast.admin)
    assert later.version == 2
    assert later.standing(date(2026, 8, 1)) is Standing.DRAFT
    assert await find_contract_in_force(session, cast.yunshan.id, date(2026, 8, 1)) is None
    changed = Draft(valid_from=date(2026, 8, 1), valid_until=date(2026, 12, 31), terms=TERMS)
    await change_draft(session, later, changed, by=cast.admin)
    assert (later.valid_from, later.valid_until) == (date(2026, 8, 1), date(2026, 12, 31))
    await discard_draft(session, later, by=cast.admin)
    assert [version.id for version in await versions_of(session, cast.yunshan.id, by=cast.admin)] == [former.id]


async def test_an_overlap_is_refused_and_names_the_other_version(session: AsyncSession) -> None:
    cast = await settle(session)
    contract, _ = await of_yunshan(session, cast)
    later = await draft(session, contract, date(2026, 12, 1), None, cast.admin)
    with pytest.raises(VersionsOverlap, match="DY-2026-001 第 1 版（2026-01-01 至 长期）"):
        await put_in_force(session, later, by=cast.admin, at=NOW)


async def test_another_contract_of_the_merchant_overlaps_too(session: AsyncSession) -> None:
    cast = await settle(session)
    merchant = await session.get_one(Merchant, cast.yunshan.id)
    with pytest.raises(VersionsOverlap):
        await agree(session, merchant, valid_from=date(2026, 12, 1), number="DY-2026-002", by=cast.admin)


async def test_a_new_version_supersedes_the_former_from_its_first_day(session: AsyncSession) -> None:
    cast = await settle(session)
    contract, former = await of_yunshan(session, cast)
    later = await draft(session, contract, date(2026, 12, 1), date(2027, 11, 30), cast.admin)
    await supersede(session, former, later, by=cast.admin, at=NOW)
    found = {
        day: (await contract_in_force(session, cast.yunshan.id, day)).version
        for day in (date(2026, 11, 30), date(2026, 12, 1), date(2027, 11, 30))
    }
    assert list(found.values()) == [1, 2, 2]
    assert await find_contract_in_force(session, cast.yunshan.id, date(2027, 12, 1)) is None
    today = date(2026, 11, 23)
    assert (former.standing(today), later.standing(today)) == (Standing.IN_FORCE, Standing.UPCOMING)
    assert former.standing(date(2026, 12, 1)) is Standing.ENDED
    assert later.standing(date(2028, 1, 1)) is Standing.EXPIRED


async def test_a_version_that_never_took_effect_leaves_its_days_to_another(session: AsyncSession) -> None:
    cast = await settle(session)
    upcoming = await contract_in_force(session, cast.qinghe.id, date(2026, 12, 1))
    instead = await draft(session, upcoming.contract, upcoming.valid_from, None, cast.admin)
    await supersede(session, upcoming, instead, by=cast.admin, at=NOW)
    assert upcoming.last_day == date(2026, 11, 30)
    assert upcoming.standing(date(2026, 11, 1)) is Standing.ENDED
    assert (await contract_in_force(session, cast.qinghe.id, date(2026, 12, 1))).id == instead.id


async def test_a_version_ends_once_earlier_than_agreed_and_not_before_it_began(session: AsyncSession) -> None:
    cast = await settle(session)
    contract, former = await of_yunshan(session, cast)
    with pytest.raises(VersionNotInForce):
        await end_version(session, former, NEW_YEAR - 2 * DAY, "从未生效", by=cast.admin, at=NOW)
    later = await draft(session, contract, date(2027, 1, 1), date(2027, 12, 31), cast.admin)
    with pytest.raises(VersionNotInForce):
        await end_version(session, later, date(2027, 6, 30), "草稿", by=cast.admin, at=NOW)
    await supersede(session, former, later, by=cast.admin, at=NOW)
    with pytest.raises(VersionNotInForce):
        await end_version(session, former, date(2026, 6, 30), "再次终止", by=cast.admin, at=NOW)
    with pytest.raises(VersionNotInForce):
        await end_version(session, later, date(2027, 12, 31), "到期", by=cast.admin, at=NOW)


async def test_what_is_in_force_is_not_changed_or_dropped(session: AsyncSession) -> None:
    cast = await settle(session)
    _, version = await of_yunshan(session, cast)
    with pytest.raises(VersionInForce):
        await change_draft(session, version, Draft(valid_from=NEW_YEAR, terms=TERMS), by=cast.admin)
    with pytest.raises(VersionInForce):
        await discard_draft(session, version, by=cast.admin)
    with pytest.raises(VersionInForce):
        await put_in_force(session, version, by=cast.admin, at=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contract_version SET terms = '{}'",
        "UPDATE contract_version SET valid_until = '2026-02-01'",
        "UPDATE contract_version SET valid_from = '2025-01-01'",
        "UPDATE contract_version SET in_force_at = NULL",
        "UPDATE contract_version SET version = 7",
        "DELETE FROM contract_version",
    ],
)
async def test_the_database_keeps_what_was_in_force(statement: str, session: AsyncSession) -> None:
    await settle(session)
    with pytest.raises(DBAPIError, match="kept as it was"):
        async with session.begin_nested():
            await session.execute(text(statement))


async def test_the_database_refuses_an_overlap_that_slips_past_the_verbs(session: AsyncSession) -> None:
    cast = await settle(session)
    contract, _ = await of_yunshan(session, cast)
    later = await draft(session, contract, date(2026, 12, 1), None, cast.admin)
    with pytest.raises(IntegrityError, match="contract versions overlap"):
        async with session.begin_nested():
            await session.execute(update(ContractVersion).where(ContractVersion.id == later.id).values(in_force_at=NOW))


@pytest.fixture
async def committed(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    async with tenants.session(tenant, AGENCY) as session:
        return await settle(session)


@pytest.mark.parametrize("by_the_verb", [True, False], ids=["by the verb", "by the database alone"])
async def test_of_two_overlapping_versions_put_in_force_at_once_one_is_refused(
    by_the_verb: bool, tenants: Tenants, tenant: Tenant, committed: Anhe
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        contract, former = await of_yunshan(session, committed)
        await end_version(session, former, date(2026, 11, 30), "到期续签", by=committed.admin, at=NOW)
        drafts = [
            (await draft(session, contract, date(2026, 12, 1) + number * DAY, None, committed.admin)).id
            for number in range(2)
        ]
    both_there = asyncio.Barrier(2)

    async def enforce(version_id: object) -> None:
        async with tenants.session(tenant, AGENCY) as session:
            version = await session.get_one(ContractVersion, version_id)
            await both_there.wait()
            if by_the_verb:
                await put_in_force(session, version, by=committed.admin, at=NOW)
            else:
                version.in_force_at = NOW
                await session.flush()
            await asyncio.sleep(0.2)

    outcomes = await asyncio.gather(*map(enforce, drafts), return_exceptions=True)
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert len(refused) == 1
    if by_the_verb:
        assert isinstance(refused[0], VersionsOverlap)
    async with tenants.session(tenant, AGENCY) as session:
        standing = [
            version.in_force_at for version in await versions_of(session, committed.yunshan.id, by=committed.admin)
        ]
    assert sorted(moment is None for moment in standing) == [False, False, True]


async def test_dates_must_follow_and_numbers_differ(session: AsyncSession) -> None:
    cast = await settle(session)
    contract, _ = await of_yunshan(session, cast)
    with pytest.raises(DatesInvalid):
        await draft(session, contract, date(2026, 12, 1), date(2026, 11, 30), cast.admin)
    merchant = await session.get_one(Merchant, cast.yunshan.id)
    with pytest.raises(ContractNumberTaken):
        await draw_up(session, merchant, ContractHead(number="DY-2026-001", title="重复"), by=cast.admin, at=NOW)


async def test_only_administrators_draw_contracts_up(session: AsyncSession) -> None:
    cast = await settle(session)
    merchant = await session.get_one(Merchant, cast.yunshan.id)
    head = ContractHead(number="X", title="X")
    for person in (cast.account_manager, cast.executive, cast.owner):
        with pytest.raises(PermissionMissing):
            await draw_up(session, merchant, head, by=person, at=NOW)


async def test_a_merchant_reads_its_own_contract_but_no_draft_and_a_member_none(
    session: AsyncSession, act_as: ActAs
) -> None:
    cast = await settle(session)
    contract, version = await of_yunshan(session, cast)
    hidden = await draft(session, contract, date(2027, 1, 1), None, cast.admin)
    await act_as(cast.owner.context())
    assert [found.id for found in await contracts_of(session, cast.yunshan.id, by=cast.owner)] == [contract.id]
    assert [found.id for found in await versions_of(session, cast.yunshan.id, by=cast.owner)] == [version.id]
    assert await contracts_of(session, cast.qinghe.id, by=cast.owner) == []
    with pytest.raises(ContractNotFound):
        await visible_version(session, cast.yunshan.id, hidden.id, by=cast.owner)
    with pytest.raises(ContractNotFound):
        await visible_version(session, cast.qinghe.id, cast.qinghe.version_id, by=cast.owner)
    with pytest.raises(ContractNotFound):
        await visible_contract(session, cast.yunshan.id, cast.qinghe.contract_id, by=cast.owner)
    with pytest.raises(PermissionMissing):
        await contracts_of(session, cast.yunshan.id, by=cast.member)


async def test_documents_belong_to_their_version_and_stay_once_it_is_in_force(session: AsyncSession) -> None:
    cast = await settle(session)
    contract, version = await of_yunshan(session, cast)
    scan = StoredFile(name="合同扫描件.pdf", media_type="application/pdf", size=1024, sha256=b"s" * 32, storage_key="k")
    kept = await add_document(session, version, scan, by=cast.admin, at=NOW)
    assert [found.name for found in await documents_of(session, version, by=cast.owner)] == ["合同扫描件.pdf"]
    with pytest.raises(VersionInForce):
        await remove_document(session, version, kept, by=cast.admin, at=NOW)
    later = await draft(session, contract, date(2027, 1, 1), None, cast.admin)
    with pytest.raises(DocumentNotFound):
        await visible_document(session, later, kept.id, by=cast.admin)
    attached = await add_document(session, later, scan, by=cast.admin, at=NOW)
    await remove_document(session, later, attached, by=cast.admin, at=NOW)
    assert await documents_of(session, later, by=cast.admin) == []
