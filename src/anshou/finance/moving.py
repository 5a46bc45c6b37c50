"""One way from state to state: under a lock, with a deed and an audit leaf."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.errors import CostDeedNotOpen, NotYourClaim
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.costs.items import CostDeed, CostItem
from billing.costs.states import OPEN_TO_CLAIMANT, Deed, state_after
from confidentiality.audit.actions import Action
from confidentiality.audit.leaves import record


async def lock_cost(session: AsyncSession, item: CostItem) -> None:
    """Wait until nobody else is at the item, and read it as they left it."""
    await session.refresh(item, with_for_update=True)


async def lock_own_claim(session: AsyncSession, item: CostItem, *, by: Person) -> None:
    """Lock an item of which the person may still change what it says. Raises NotYourClaim, CostDeedNotOpen."""
    authorize(by, Permission.RECORD_COSTS)
    await lock_cost(session, item)
    if item.claimed_by != by.id:
        raise NotYourClaim
    if item.state not in OPEN_TO_CLAIMANT:
        raise CostDeedNotOpen(item.number, item.state.label)


async def do(
    session: AsyncSession,
    item: CostItem,
    deed: Deed,
    told: Action,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
    seen: dict[str, Any] | None = None,
    needs_second: bool = False,
) -> CostDeed:
    """Do it to the locked item. Raises CostDeedNotOpen."""
    after = state_after(item.state, deed, needs_second=needs_second)
    if after is None:
        raise CostDeedNotOpen(item.number, item.state.label)
    done = CostDeed(
        merchant_id=item.merchant_id,
        ticket_id=item.ticket_id,
        item_id=item.id,
        deed=deed,
        reason=reason,
        seen=seen or {},
        done_by=by.id,
        done_at=at,
    )
    session.add(done)
    # The deed before the state: the trigger that asks who did what looks at the deeds before this one.
    await session.flush()
    if after is not item.state:
        item.state, item.state_since = after, at
    item.version += 1
    await session.flush()
    await leave_leaf(session, item, told, by=by, at=at)
    return done


async def leave_leaf(session: AsyncSession, item: CostItem, told: Action, *, by: Person, at: datetime) -> None:
    """Say in the audit record what was done to the item."""
    body = {"number": item.number, "category": item.category.value, "fen": item.fen, "currency": item.currency.value}
    await record(
        session,
        told,
        actor=by.actor(),
        at=at,
        owner=item.merchant_id,
        subject=item.id,
        ticket=item.ticket_id,
        body=body,
    )
