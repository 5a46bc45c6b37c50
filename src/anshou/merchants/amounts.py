"""The amounts that a contract agrees lie sealed: the terms say what is capped for whom, and here is by how much."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.merchants.contracts import ContractVersion
from anshou.merchants.errors import AmountMissing
from anshou.merchants.terms import Terms
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.clauses import Cap, CapPeriod, CostClause
from billing.parties import Party
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from confidentiality.errors import KeyDestroyed
from confidentiality.keys.vault import open_keys
from confidentiality.sealing import masks
from confidentiality.sealing.cells import note_gone
from confidentiality.sealing.fields import SealedRow, sealed
from confidentiality.sealing.handles import Sealed
from tenants.base import Base, MerchantRow
from tenants.refusals import N_

AMOUNTS_OPENED = action("contract.amounts_opened", N_("查看合同金额"))

Place = tuple[str, Party, CapPeriod]
"""Which cap: the clause's number, whose it is, over which period."""


class ContractAmount(MerchantRow, SealedRow, Base):
    """By how much a clause of a version caps what a party bears. `amount` is in yuan with two decimals: 50000.00."""

    __tablename__ = "contract_amount"

    version_id: Mapped[UUID]
    clause: Mapped[str]
    party: Mapped[Party]
    per: Mapped[CapPeriod]
    amount: Mapped[Sealed[str]] = sealed(mask=masks.text, label=N_("合同限额（元）"))

    @property
    def place(self) -> Place:
        """Which cap it is."""
        return self.clause, self.party, self.per


def without_amounts(terms: Terms) -> Terms:
    """The terms as they are kept in plain: every cap without its amount."""
    return _with(terms, lambda place, cap: None)


async def seal_amounts(session: AsyncSession, version: ContractVersion, terms: Terms) -> None:
    """Keep the amounts of these terms for the version, in place of those kept before. Raises AmountMissing."""
    for clause_index, clause in enumerate(terms.cost_clauses):
        for cap_index, cap in enumerate(clause.caps):
            if cap.fen is None:
                raise AmountMissing(f"terms.cost_clauses[{clause_index}].caps[{cap_index}].fen")
    await forget_amounts(session, version)
    caps = [(clause, cap) for clause in terms.cost_clauses for cap in clause.caps]
    if not caps:
        return
    ring = await open_keys(session, version.merchant_id)
    for clause, cap in caps:
        row = ContractAmount(
            merchant_id=version.merchant_id, version_id=version.id, clause=clause.number, party=cap.party, per=cap.per
        )
        ring.seal(row, amount=f"{Decimal(cap.fen or 0) / 100:.2f}")
        session.add(row)
    await session.flush()


async def forget_amounts(session: AsyncSession, version: ContractVersion) -> None:
    """Keep none for the version; the database refuses that for one in force."""
    of_version = (ContractAmount.merchant_id == version.merchant_id, ContractAmount.version_id == version.id)
    gone = delete(ContractAmount).where(*of_version)
    columns = ContractAmount.id, ContractAmount.seal_version, ContractAmount.merchant_id
    note_gone(session.sync_session, ContractAmount, (await session.execute(gone.returning(*columns))).all())


async def amounts_of(session: AsyncSession, version: ContractVersion) -> dict[Place, ContractAmount]:
    """The version's sealed amounts by the cap that they belong to."""
    query = select(ContractAmount).where(
        ContractAmount.merchant_id == version.merchant_id, ContractAmount.version_id == version.id
    )
    return {row.place: row for row in await session.scalars(query)}


async def open_terms(session: AsyncSession, version: ContractVersion, *, by: Person, at: datetime) -> Terms:
    """The terms with their amounts, for the merchant's own people and for who edits a draft; that is recorded.

    Whoever else wants to see an amount reveals it. The record is in the same transaction, which must commit before the
    amounts leave. What was sealed under a destroyed key stays without. Raises PermissionMissing.
    """
    authorize(by, Permission.READ_CONTRACTS if by.is_merchant else Permission.MANAGE_CONTRACTS)
    rows = await amounts_of(session, version)
    if not rows:
        return version.agreed
    try:
        ring = await open_keys(session, version.merchant_id)
    except KeyDestroyed:
        return version.agreed
    await record(
        session,
        AMOUNTS_OPENED,
        actor=by.actor(),
        at=at,
        owner=version.merchant_id,
        subject=version.id,
        body={"amounts": len(rows)},
    )
    fen = {place: int(Decimal(ring.open(row.amount)) * 100) for place, row in rows.items()}
    return _with(version.agreed, lambda place, cap: fen.get(place, cap.fen))


def _with(terms: Terms, fen: Callable[[Place, Cap], int | None]) -> Terms:
    def capped(clause: CostClause) -> CostClause:
        caps = (msgspec.structs.replace(cap, fen=fen((clause.number, cap.party, cap.per), cap)) for cap in clause.caps)
        return msgspec.structs.replace(clause, caps=tuple(caps))

    return msgspec.structs.replace(terms, cost_clauses=tuple(map(capped, terms.cost_clauses)))
