"""The amounts of a contract: in no row in plain, back for who may, kept as they were once in force."""

import msgspec
import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.amounts import (
    AMOUNTS_APPLIED,
    AMOUNTS_OPENED,
    ContractAmount,
    amounts_of,
    open_terms,
    terms_to_attribute,
)
from anshou.merchants.contracts import contract_in_force, visible_contract
from anshou.merchants.drafting import Draft, add_draft, change_draft, discard_draft
from anshou.merchants.errors import AmountMissing
from anshou.people.errors import PermissionMissing
from billing.clauses import Cap, Threshold, ThresholdKind
from billing.parties import CostCategory
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from confidentiality.sealing.handles import Sealed
from tenants.context import AGENCY
from tests.cast import NOW, TERMS, Anhe
from tests.conftest import ActAs

FEN = 5_000_000


def caps(terms: object) -> list[int | None]:
    """Every amount of the terms."""
    return [cap.fen for clause in terms.cost_clauses for cap in clause.caps]  # type: ignore[attr-defined]


def draft(fen: int | None) -> Draft:
    (clause,) = [one for one in TERMS.cost_clauses if one.caps]
    changed = msgspec.structs.replace(clause, caps=(msgspec.structs.replace(clause.caps[0], fen=fen),))
    return Draft(valid_from=NOW.date(), terms=msgspec.structs.replace(TERMS, cost_clauses=(changed,)))


async def test_no_row_holds_an_amount_in_plain(session: AsyncSession, anhe: Anhe) -> None:
    rows = "\n".join(str(row[0]) for row in await session.execute(text("SELECT to_jsonb(v) FROM contract_version v")))
    assert str(FEN) not in rows
    assert "50000" not in rows
    version = await contract_in_force(session, anhe.yunshan.id, NOW.date())
    assert caps(version.agreed) == [None]
    (row,) = (await amounts_of(session, version)).values()
    assert isinstance(row.amount, Sealed)


async def test_the_merchant_and_who_edits_a_draft_read_the_amounts_and_that_is_recorded(
    session: AsyncSession, anhe: Anhe, act_as: ActAs
) -> None:
    for person in (anhe.owner, anhe.admin):
        await act_as(person.context())
        version = await contract_in_force(session, anhe.yunshan.id, NOW.date())
        assert caps(await open_terms(session, version, by=person, at=NOW)) == [FEN]
    await act_as(AGENCY)
    await write_leaves(session)
    leaves = await session.scalars(select(AuditLeaf.actor_id).where(AuditLeaf.action == AMOUNTS_OPENED.code))
    assert set(leaves) == {anhe.owner.id, anhe.admin.id}


async def test_others_reveal_them_or_see_none(session: AsyncSession, anhe: Anhe) -> None:
    version = await contract_in_force(session, anhe.yunshan.id, NOW.date())
    for person in (anhe.account_manager, anhe.executive, anhe.auditor):
        with pytest.raises(PermissionMissing):
            await open_terms(session, version, by=person, at=NOW)


async def test_a_changed_draft_has_its_new_amounts_and_a_discarded_one_none(session: AsyncSession, anhe: Anhe) -> None:
    contract = await visible_contract(session, anhe.yunshan.id, anhe.yunshan.contract_id, by=anhe.admin)
    version = await add_draft(session, contract, draft(100), by=anhe.admin, at=NOW)
    assert caps(await open_terms(session, version, by=anhe.admin, at=NOW)) == [100]
    await change_draft(session, version, draft(123_456_789), by=anhe.admin)
    assert caps(await open_terms(session, version, by=anhe.admin, at=NOW)) == [123_456_789]
    await discard_draft(session, version, by=anhe.admin)
    left = await session.scalars(select(ContractAmount.id).where(ContractAmount.version_id == version.id))
    assert list(left) == []


async def test_a_cap_without_amount_is_refused_naming_the_field(session: AsyncSession, anhe: Anhe) -> None:
    contract = await visible_contract(session, anhe.yunshan.id, anhe.yunshan.contract_id, by=anhe.admin)
    with pytest.raises(AmountMissing) as refused:
        await add_draft(session, contract, draft(None), by=anhe.admin, at=NOW)
    assert list(refused.value.fields) == ["terms.cost_clauses[0].caps[0].fen"]


@pytest.mark.parametrize("fen", [-1, 10**12 + 1])
def test_an_amount_that_nobody_means_is_refused(fen: int) -> None:
    stated = {"party": "agency", "per": "month", "fen": fen, "beyond_to": "merchant"}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(stated, Cap)


async def test_the_database_keeps_the_amounts_of_a_version_in_force(session: AsyncSession, anhe: Anhe) -> None:
    with pytest.raises(DBAPIError, match="kept as they were"):
        async with session.begin_nested():
            await session.execute(delete(ContractAmount).where(ContractAmount.merchant_id == anhe.yunshan.id))


def with_thresholds() -> Draft:
    (clause,) = [one for one in TERMS.cost_clauses if one.caps]
    thresholds = (
        Threshold(kind=ThresholdKind.MINIMUM, fen=12_321),
        Threshold(kind=ThresholdKind.REASONABLE, category=CostCategory.REPAIR, fen=98_789),
    )
    changed = msgspec.structs.replace(clause, thresholds=thresholds)
    return Draft(valid_from=NOW.date(), terms=msgspec.structs.replace(TERMS, cost_clauses=(changed,)))


async def test_the_amounts_of_thresholds_lie_sealed_beside_those_of_caps(session: AsyncSession, anhe: Anhe) -> None:
    contract = await visible_contract(session, anhe.yunshan.id, anhe.yunshan.contract_id, by=anhe.admin)
    version = await add_draft(session, contract, with_thresholds(), by=anhe.admin, at=NOW)
    assert [one.fen for clause in version.agreed.cost_clauses for one in clause.thresholds] == [None, None]
    opened = await open_terms(session, version, by=anhe.admin, at=NOW)
    assert [one.fen for clause in opened.cost_clauses for one in clause.thresholds] == [12_321, 98_789]
    assert caps(opened) == [FEN]
    assert len(await amounts_of(session, version)) == 3


async def test_what_attributes_costs_reads_the_amounts_and_that_is_recorded(session: AsyncSession, anhe: Anhe) -> None:
    version = await contract_in_force(session, anhe.yunshan.id, NOW.date())
    assert caps(await terms_to_attribute(session, version, at=NOW)) == [FEN]
    await write_leaves(session)
    leaves = await session.scalars(select(AuditLeaf.subject_id).where(AuditLeaf.action == AMOUNTS_APPLIED.code))
    assert list(leaves) == [version.id]
