"""What another rule would have made of the last months, before it is adopted (domain.md section 6).

Reads what was verified and whose responsibility is determined; changes nothing.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anshou.finance.reach import ON_TICKET
from anshou.merchants.amounts import terms_to_attribute
from anshou.merchants.contracts import find_contract_in_force
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.determinations import Determination, DeterminationShare
from anshou.tickets.tickets import Ticket
from billing.attribution.allocations import CostFacts
from billing.attribution.comparing import Difference, compare
from billing.attribution.general import GeneralRule
from billing.attribution.rules import Rule
from billing.attribution.setting import read_general_rule
from billing.clauses import CostClause
from billing.costs.items import CostItem
from billing.costs.states import BOOKED
from billing.ledger.posting import BOOKS_ZONE
from billing.shares import Share


async def what_if(
    session: AsyncSession,
    since: date,
    *,
    general: GeneralRule | None = None,
    clauses: Mapping[UUID, tuple[CostClause, ...]] | None = None,
    by: Person,
    at: datetime,
) -> tuple[Difference, ...]:
    """What each party bears by merchant and month, now and with another general rule or other clauses of merchants.

    Both sides judge every cost incurred since that day by one contract: the one in force today, or the clauses given
    for its merchant, so that only the change shows. Raises PermissionMissing, AmountsClosed.
    """
    authorize(by, Permission.SET_ATTRIBUTION_RULES)
    costs = await _costs_since(session, since)
    standing = await read_general_rule(session)
    clauses = clauses or {}
    before: dict[UUID, Rule] = {}
    after: dict[UUID, Rule] = {}
    for merchant_id in costs:
        contract = await find_contract_in_force(session, merchant_id, at.astimezone(BOOKS_ZONE).date())
        terms = None if contract is None else await terms_to_attribute(session, contract, at=at)
        agreed = () if terms is None else terms.cost_clauses
        before[merchant_id] = Rule("now", agreed, standing)
        after[merchant_id] = Rule("if", clauses.get(merchant_id, agreed), general or standing)
    return compare(costs, before, after)


async def _costs_since(session: AsyncSession, since: date) -> dict[UUID, list[CostFacts]]:
    later = aliased(Determination)
    counting = ~exists().where(later.merchant_id == Determination.merchant_id, later.replaces_id == Determination.id)
    query = (
        select(CostItem, DeterminationShare.party, DeterminationShare.basis_points)
        .join(Ticket, ON_TICKET)
        .join(
            Determination,
            (Determination.merchant_id == Ticket.merchant_id) & (Determination.ticket_id == Ticket.id) & counting,
        )
        .join(
            DeterminationShare,
            (DeterminationShare.merchant_id == Determination.merchant_id)
            & (DeterminationShare.determination_id == Determination.id),
        )
        .where(CostItem.state.in_(BOOKED), CostItem.incurred_on >= since)
        .order_by(CostItem.id, DeterminationShare.party)
    )
    items: dict[UUID, CostItem] = {}
    shares: dict[UUID, list[Share]] = {}
    for item, party, basis_points in await session.execute(query):
        items[item.id] = item
        shares.setdefault(item.id, []).append(Share(party=party, basis_points=basis_points))
    costs: dict[UUID, list[CostFacts]] = {}
    for item in items.values():
        facts = CostFacts(
            item_id=item.id,
            category=item.category,
            fen=item.fen,
            incurred_on=item.incurred_on,
            shares=tuple(shares[item.id]),
        )
        costs.setdefault(item.merchant_id, []).append(facts)
    return costs
