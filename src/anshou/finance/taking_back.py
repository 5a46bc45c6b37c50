"""Finance takes back a verification that was wrong: out of the books, and back to the claimant with the reason.

What two people verified (the tenant's threshold, domain.md section 6) two take back: one asks, another one does it.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.booking import unbook_cost
from anshou.finance.deeds import TAKE_BACK_ASKED, TAKEN_BACK
from anshou.finance.errors import (
    CostDeedNotOpen,
    MatchedAtDesk,
    OwnClaim,
    ReasonMissing,
    SecondPersonNeeded,
    StandsOnStatement,
)
from anshou.finance.moving import do, lock_cost
from anshou.finance.telling import tell_returned
from anshou.finance.verifying import require_not_own
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.costs.items import CostDeed, CostItem, deeds_of
from billing.costs.states import BOOKED, Deed
from billing.ledger.vouchers import Voucher
from billing.reconciliation.claims import claimed
from billing.statements.answering import last_words
from billing.statements.rows import LineSort, Statement, StatementLine, Word
from tenants.refusals import N_

# The merchant knows that such a line is not settled as it stands, or was credited already.
_UNSETTLED = frozenset({Word.DISPUTED, Word.ESCALATED, Word.ACCEPTED})


class TakingBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a verification is taken back."""

    reason: Annotated[
        str, Meta(min_length=1, max_length=500, pattern=r"\S", title=N_("撤销核实的原因"), extra={"widget": "text"})
    ]


async def take_back(session: AsyncSession, item: CostItem, reason: str, *, by: Person, at: datetime) -> bool:
    """Take the verification back; False where a second person has to, and this one has asked for it.

    Reverses in the open month what the item posted and who bore it, and returns it to its claimant, who is told.
    Raises PermissionMissing, ReasonMissing, CostDeedNotOpen, OwnClaim, SecondPersonNeeded; StandsOnStatement and
    MatchedAtDesk say what has to be done before.
    """
    authorize(by, Permission.VERIFY_COSTS)
    if not reason.strip():
        raise ReasonMissing
    await lock_cost(session, item)
    if item.state not in BOOKED:
        raise CostDeedNotOpen(item.number, item.state.label)
    await require_not_own(session, item, by=by)
    await _require_free(session, item)
    asked = await find_asked(session, item)
    if asked is not None and asked.done_by == by.id:
        raise SecondPersonNeeded
    if asked is None and await _two_verified(session, item):
        await do(session, item, Deed.TAKE_BACK_ASKED, TAKE_BACK_ASKED, by=by, at=at, reason=reason.strip())
        return False
    await unbook_cost(session, item, by=by.id, at=at)
    await do(session, item, Deed.TAKEN_BACK, TAKEN_BACK, by=by, at=at, reason=reason.strip())
    await tell_returned(session, item)
    return True


async def find_asked(session: AsyncSession, item: CostItem) -> CostDeed | None:
    """By whom and why it was asked that a second person takes the verification back, if it was and nobody has."""
    asked = [deed for deed in await _since_submitted(session, item) if deed.deed is Deed.TAKE_BACK_ASKED]
    return asked[-1] if asked and item.state in BOOKED else None


async def may_take_back(session: AsyncSession, item: CostItem, *, by: Person) -> bool:
    """Whether this person may take back the item's verification, as far as people go; for pages that offer it."""
    try:
        await require_not_own(session, item, by=by)
    except OwnClaim:
        return False
    asked = await find_asked(session, item)
    return item.state in BOOKED and (asked is None or asked.done_by != by.id)


async def _two_verified(session: AsyncSession, item: CostItem) -> bool:
    return any(deed.deed is Deed.COUNTERSIGNED for deed in await _since_submitted(session, item))


async def _since_submitted(session: AsyncSession, item: CostItem) -> list[CostDeed]:
    """What was done to it since it was last submitted: an earlier verification was taken back before that."""
    since: list[CostDeed] = []
    for deed in await deeds_of(session, item):
        since = [] if deed.deed is Deed.SUBMITTED else [*since, deed]
    return since


async def _require_free(session: AsyncSession, item: CostItem) -> None:
    if await claimed(session, [item.id]):
        raise MatchedAtDesk(item.number)
    # A line that was taken back in the books, by another determination, charges nobody any more.
    asked = (
        select(StatementLine, Statement.number)
        .join(
            Statement,
            (Statement.merchant_id == StatementLine.merchant_id) & (Statement.id == StatementLine.statement_id),
        )
        .where(
            StatementLine.merchant_id == item.merchant_id,
            StatementLine.cost_item_id == item.id,
            StatementLine.sort == LineSort.COST,
            ~exists().where(Voucher.reverses_id == StatementLine.voucher_id),
        )
        .order_by(StatementLine.id)
    )
    for line, number in (await session.execute(asked)).all():
        last = (await last_words(session, line.merchant_id, line.statement_id, [line.id])).get(line.id)
        if last is None or last.word not in _UNSETTLED:
            raise StandsOnStatement(item.number, number, line.place)
