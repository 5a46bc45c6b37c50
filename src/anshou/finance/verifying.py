"""Finance verifies a cost by its evidence, or returns it with the reason (domain.md section 6).

Above the tenant's threshold a second person of finance countersigns. Nobody verifies what they claimed or are paid
for. A deed keeps what its verifier had before them.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import COUNTERSIGNED, RETURNED, VERIFIED
from anshou.finance.errors import OwnClaim, ReasonMissing, SecondPersonNeeded
from anshou.finance.flags import flags_of
from anshou.finance.moving import do, lock_cost
from anshou.finance.telling import tell_returned
from anshou.finance.watching_budgets import ask_watch
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.attribution.asking import ask_attribution
from billing.costs.items import CostItem, deeds_of, evidence_of
from billing.costs.rules import read_cost_rules
from billing.costs.states import Deed, State
from billing.costs.time_entries import find_time_entry
from billing.ledger.accounts import keeps_currency
from billing.ledger.errors import CurrencyNotKept
from tenants.refusals import N_


class Return(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it is returned."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, title=N_("退回原因"), extra={"widget": "text"})]


async def verify_cost(session: AsyncSession, item: CostItem, *, by: Person, at: datetime) -> None:
    """Verify it, or countersign it where one verification is not enough.

    Raises PermissionMissing, OwnClaim, SecondPersonNeeded, CostDeedNotOpen, and CurrencyNotKept while what follows
    could not be booked.
    """
    authorize(by, Permission.VERIFY_COSTS)
    if not await keeps_currency(session, item.currency):
        raise CurrencyNotKept(item.currency)
    await lock_cost(session, item)
    await _require_another(session, item, by=by)
    evidence = (await evidence_of(session, [item]))[item.id]
    seen = {
        "fen": item.fen,
        "evidence": [one.sha256 for one in evidence],
        "flags": [str(flag.why) for flag in await flags_of(session, item, evidence)],
    }
    if item.state is State.COUNTERSIGNING:
        await do(session, item, Deed.COUNTERSIGNED, COUNTERSIGNED, by=by, at=at, seen=seen)
        await _go_on(session, item)
        return
    needs_second = (await read_cost_rules(session)).needs_second(item.fen)
    await do(session, item, Deed.VERIFIED, VERIFIED, by=by, at=at, seen=seen, needs_second=needs_second)
    if not needs_second:
        await _go_on(session, item)


async def return_cost(session: AsyncSession, item: CostItem, reason: str, *, by: Person, at: datetime) -> None:
    """Return it to whoever claimed it, who is told. Raises PermissionMissing, ReasonMissing, CostDeedNotOpen."""
    authorize(by, Permission.VERIFY_COSTS)
    if not reason.strip():
        raise ReasonMissing
    await lock_cost(session, item)
    await do(session, item, Deed.RETURNED, RETURNED, by=by, at=at, reason=reason.strip())
    await tell_returned(session, item)


async def may_verify(session: AsyncSession, item: CostItem, *, by: Person) -> bool:
    """Whether this person may verify the item as it stands; for pages that offer it."""
    try:
        await _require_another(session, item, by=by)
    except (OwnClaim, SecondPersonNeeded):
        return False
    return True


async def _go_on(session: AsyncSession, item: CostItem) -> None:
    """What follows of a verified cost: who bears it, and which budgets it uses up."""
    await ask_attribution(session, item.merchant_id, item.ticket_id)
    await ask_watch(session, item)


async def require_not_own(session: AsyncSession, item: CostItem, *, by: Person) -> None:
    """Return when the person neither claimed the item nor is paid for it. Raises OwnClaim."""
    entry = await find_time_entry(session, item)
    if by.id == item.claimed_by or (entry is not None and entry.person_id == by.id):
        raise OwnClaim


async def _require_another(session: AsyncSession, item: CostItem, *, by: Person) -> None:
    await require_not_own(session, item, by=by)
    if item.state is State.COUNTERSIGNING:
        last = [deed for deed in await deeds_of(session, item) if deed.deed is Deed.VERIFIED][-1]
        if last.done_by == by.id:
            raise SecondPersonNeeded
