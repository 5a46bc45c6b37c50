"""By which rule a cost is attributed: the contract and the general rule of the day on which the problem occurred."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.amounts import terms_to_attribute
from anshou.merchants.contracts import ContractVersion, find_contract_in_force
from billing.attribution.rules import Rule
from billing.attribution.setting import general_rule_of, read_general_rule
from billing.attribution.tables import AllocationRow
from billing.clauses import CostClause
from billing.costs.items import CostItem
from billing.shares import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOfDay:
    """The contract version, None where there was none, with the version of the general rule; and what they say."""

    version_id: UUID | None
    general_version: int
    rule: Rule

    def decided(self, row: AllocationRow) -> bool:
        """Whether the allocation followed it."""
        return (row.version_id, row.general_version) == (self.version_id, self.general_version)


async def rule_of_day(session: AsyncSession, merchant_id: UUID, on: date, *, at: datetime) -> RuleOfDay:
    """The rule for what happened to the merchant on that day. Raises AmountsClosed."""
    contract = await find_contract_in_force(session, merchant_id, on)
    general = await read_general_rule(session, on)
    version_id = None if contract is None else contract.id
    clauses = await clauses_of(session, contract, at=at)
    rule = Rule(f"{version_id}/{general.version}", clauses, general)
    return RuleOfDay(version_id=version_id, general_version=general.version, rule=rule)


async def says_the_same(
    session: AsyncSession, row: AllocationRow, item: CostItem, shares: Sequence[Share], now: RuleOfDay, *, at: datetime
) -> bool:
    """Whether the rule that counts now says of this cost what the one that it was allocated by said.

    So a changed rule touches only what it says, not even costs that share a cap with those it does. Raises
    AmountsClosed.
    """
    if now.decided(row):
        return True
    general = await general_rule_of(session, row.general_version)
    query = select(ContractVersion).where(
        ContractVersion.merchant_id == row.merchant_id, ContractVersion.id == row.version_id
    )
    contract = (await session.scalars(query)).one_or_none()
    then = Rule("then", await clauses_of(session, contract, at=at), general)
    return now.rule.says_as(then, (share.party for share in shares), item.category)


async def clauses_of(
    session: AsyncSession, contract: ContractVersion | None, *, at: datetime
) -> tuple[CostClause, ...]:
    """What the version says of costs, with its amounts; nothing where there is none."""
    return () if contract is None else (await terms_to_attribute(session, contract, at=at)).cost_clauses
