"""Reopening a month of the books by two people: one asks with the reason, another one decides.

Who asked, refused and reopened stands in the books themselves and in the audit record. A month is closed by `closing`
alone, past its checklist.
"""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.ledger.periods import Period
from billing.ledger.periods import refuse_reopening as leave_closed
from billing.ledger.periods import reopen_period as reopen_books
from billing.ledger.periods import request_reopening as ask_to_reopen
from confidentiality.audit.actions import Action, action
from confidentiality.audit.leaves import record
from tenants.refusals import N_

REOPENING_REQUESTED = action("period.reopening_requested", N_("申请反结账"))
REOPENING_REFUSED = action("period.reopening_refused", N_("未批准反结账"))
REOPENED = action("period.reopened", N_("反结账"), plain=True)


class Reopening(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a closed month should be reopened, or why it stays closed."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S", title=N_("理由"))]


async def request_reopening(
    session: AsyncSession, month: date, given: Reopening, *, by: Person, at: datetime
) -> Period:
    """Ask for the last closed month to be reopened. Raises PermissionMissing, PeriodNotFound, PeriodNotReady."""
    authorize(by, Permission.CLOSE_PERIODS)
    period = await ask_to_reopen(session, month, reason=given.reason, by=by.id, at=at)
    await _leave(session, REOPENING_REQUESTED, period, reason=given.reason, by=by, at=at)
    return period


async def refuse_reopening(session: AsyncSession, month: date, given: Reopening, *, by: Person, at: datetime) -> Period:
    """Leave the month closed; who asked may withdraw in the same way. Raises as `request_reopening`."""
    authorize(by, Permission.CLOSE_PERIODS)
    period = await leave_closed(session, month, reason=given.reason, by=by.id, at=at)
    await _leave(session, REOPENING_REFUSED, period, reason=given.reason, by=by, at=at)
    return period


async def reopen_period(session: AsyncSession, month: date, *, by: Person, at: datetime) -> Period:
    """Reopen as asked by somebody else.

    Raises PermissionMissing, PeriodNotFound, PeriodNotReady, SecondPersonNeeded.
    """
    authorize(by, Permission.CLOSE_PERIODS)
    period = await reopen_books(session, month, by=by.id, at=at)
    await _leave(session, REOPENED, period, by=by, at=at)
    return period


async def _leave(
    session: AsyncSession, done: Action, period: Period, *, by: Person, at: datetime, reason: str | None = None
) -> None:
    body = {"month": f"{period.month:%Y-%m}"} | ({"reason": reason} if reason else {})
    await record(session, done, actor=by.actor(), at=at, body=body)
