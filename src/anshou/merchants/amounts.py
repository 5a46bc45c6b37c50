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
from anshou.people.person import SYSTEM, Person
from billing.clauses import Cap, CostClause, Threshold
from billing.parties import Party
from confidentiality.audit.actions import Action, action
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
AMOUNTS_APPLIED = action("contract.amounts_applied", N_("按合同金额归属费用"))

Place = tuple[str, str, str, str]
"""Which amount: the clause's number, whose it is, the cap's period or threshold's kind, the threshold's category."""


def place_of(clause: CostClause, agreed: Cap | Threshold) -> Place:
    """Where the amount of this cap or threshold of the clause is kept."""
    if isinstance(agreed, Cap):
        return clause.number, agreed.party.value, agreed.per.value, ""
    category = "" if agreed.category is None else agreed.category.value
    return clause.number, agreed.borne_by.value, agreed.kind.value, category


class ContractAmount(MerchantRow, SealedRow, Base):
    """How much a cap or a threshold of a clause of a version comes to. `amount` is in yuan with two decimals: 50000.00.

    `per` is the period of a cap or the kind of a threshold; `category` the threshold's, or empty.
    """

    __tablename__ = "contract_amount"

    version_id: Mapped[UUID]
    clause: Mapped[str]
    party: Mapped[Party]
    per: Mapped[str]
    category: Mapped[str]
    amount: Mapped[Sealed[str]] = sealed(mask=masks.text, label=N_("合同限额（元）"))

    @property
    def place(self) -> Place:
        """Which amount it is."""
        return self.clause, self.party.value, self.per, self.category


def without_amounts(terms: Terms) -> Terms:
    """The terms as they are kept in plain: every cap and threshold without its amount."""
    return _with(terms, lambda place, agreed: None)


async def seal_amounts(session: AsyncSession, version: ContractVersion, terms: Terms) -> None:
    """Keep the amounts of these terms for the version, in place of those kept before. Raises AmountMissing."""
    for clause_index, clause in enumerate(terms.cost_clauses):
        fields = {"caps": [one.fen for one in clause.caps], "thresholds": [one.fen for one in clause.thresholds]}
        for field, amounts_given in fields.items():
            if None in amounts_given:
                raise AmountMissing(f"terms.cost_clauses[{clause_index}].{field}[{amounts_given.index(None)}].fen")
    await forget_amounts(session, version)
    amounts = {place_of(clause, one): one.fen or 0 for clause in terms.cost_clauses for one in _amounts(clause)}
    if not amounts:
        return
    ring = await open_keys(session, version.merchant_id)
    for (number, party, per, category), fen in amounts.items():
        row = ContractAmount(
            merchant_id=version.merchant_id,
            version_id=version.id,
            clause=number,
            party=Party(party),
            per=per,
            category=category,
        )
        ring.seal(row, amount=f"{Decimal(fen) / 100:.2f}")
        session.add(row)
    await session.flush()


async def forget_amounts(session: AsyncSession, version: ContractVersion) -> None:
    """Keep none for the version; the database refuses that for one in force."""
    of_version = (ContractAmount.merchant_id == version.merchant_id, ContractAmount.version_id == version.id)
    gone = delete(ContractAmount).where(*of_version)
    columns = ContractAmount.id, ContractAmount.seal_version, ContractAmount.merchant_id
    note_gone(session.sync_session, ContractAmount, (await session.execute(gone.returning(*columns))).all())


async def amounts_of(session: AsyncSession, version: ContractVersion) -> dict[Place, ContractAmount]:
    """The version's sealed amounts by the cap or threshold that they belong to."""
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
    return await _opened(session, version, AMOUNTS_OPENED, by=by, at=at)


async def terms_to_attribute(session: AsyncSession, version: ContractVersion, *, at: datetime) -> Terms:
    """The terms with their amounts, for the machine that attributes costs by them; that is recorded.

    Nobody reads them: what leaves is who bears how much. What was sealed under a destroyed key stays without.
    """
    return await _opened(session, version, AMOUNTS_APPLIED, by=SYSTEM, at=at)


async def _opened(session: AsyncSession, version: ContractVersion, told: Action, *, by: Person, at: datetime) -> Terms:
    rows = await amounts_of(session, version)
    if not rows:
        return version.agreed
    try:
        ring = await open_keys(session, version.merchant_id)
    except KeyDestroyed:
        return version.agreed
    await record(
        session,
        told,
        actor=by.actor(),
        at=at,
        owner=version.merchant_id,
        subject=version.id,
        body={"amounts": len(rows)},
    )
    fen = {place: int(Decimal(ring.open(row.amount)) * 100) for place, row in rows.items()}
    return _with(version.agreed, lambda place, agreed: fen.get(place, agreed.fen))


def _amounts(clause: CostClause) -> tuple[Cap | Threshold, ...]:
    return (*clause.caps, *clause.thresholds)


def _with(terms: Terms, fen: Callable[[Place, Cap | Threshold], int | None]) -> Terms:
    def changed(clause: CostClause) -> CostClause:
        caps = (msgspec.structs.replace(one, fen=fen(place_of(clause, one), one)) for one in clause.caps)
        thresholds = (msgspec.structs.replace(one, fen=fen(place_of(clause, one), one)) for one in clause.thresholds)
        return msgspec.structs.replace(clause, caps=tuple(caps), thresholds=tuple(thresholds))

    return msgspec.structs.replace(terms, cost_clauses=tuple(map(changed, terms.cost_clauses)))
