"""Closing a month: what it still lacks, counted, and the close itself, which nothing but an empty list lets through.

Whatever blocks is settled, or carried over by finance with a reason (`carrying_over`). What is carried stays where it
stands, a cost without a determination under pending determination; what comes of it is booked in the open month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.carrying_over import is_carried
from anshou.finance.close_checks import Check, count_earlier_open, count_unstated, subjects
from anshou.finance.errors import CloseBlocked
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.ledger.balances import balance
from billing.ledger.periods import (
    Period,
    PeriodChange,
    close_period,
    get_period,
    list_periods,
    month_after,
    month_of,
)
from billing.ledger.posting import BOOKS_ZONE
from billing.ledger.uses import AccountUse
from billing.statements.errors import StatementNotFound
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_

CLOSED = action("period.closed", N_("结账"), plain=True)

# Costs add up to an amount; lines of both signs would come to one that says nothing.
_WITH_AMOUNT = (Check.UNVERIFIED, Check.UNALLOCATED, Check.UNDETERMINED, Check.UNCLAIMED)


@dataclass(frozen=True, slots=True)
class Found:
    """How much of it there is. `fen` is what that comes to in yuan, where that says something.

    `carried` things are open as well and go over into the next month.
    """

    check: Check
    count: int
    fen: int | None = None
    carried: int = 0

    @property
    def is_clear(self) -> bool:
        """Whether nothing is left to decide."""
        return self.count == 0


@dataclass(frozen=True, slots=True)
class Checklist:
    """A month with all checks, in the order in which they are shown. `pending_fen` is what is carried over."""

    period: Period
    found: tuple[Found, ...]
    pending_fen: int

    @property
    def blocking(self) -> tuple[Found, ...]:
        """What keeps it open."""
        return tuple(one for one in self.found if one.check.blocks and not one.is_clear)


async def list_months(session: AsyncSession, *, by: Person) -> Sequence[tuple[Period, PeriodChange | None]]:
    """The months of the books, the latest first, with what happened to each last.

    Raises PermissionMissing, StatementNotFound for a merchant.
    """
    _authorize_reading(by)
    # In their order, so that the last of each month is the one that stays.
    changes = {change.month: change for change in await session.scalars(select(PeriodChange).order_by(PeriodChange.id))}
    return [(period, changes.get(period.month)) for period in await list_periods(session)]


async def read_checklist(session: AsyncSession, month: date, *, by: Person, at: datetime) -> Checklist:
    """What is left to do for the month. Raises PermissionMissing, PeriodNotFound, StatementNotFound for a merchant."""
    _authorize_reading(by)
    period = await get_period(session, month)
    today = at.astimezone(BOOKS_ZONE).date()
    counted = {
        Check.MONTH_RUNNING: int(today < month_after(period.month)),
        Check.EARLIER_OPEN: await count_earlier_open(session, period.month),
        Check.UNSTATED: await count_unstated(session, period.month),
    }
    found = [
        Found(check, counted[check]) if check in counted else await _things(session, check, period.month)
        for check in Check
    ]
    pending = await balance(session, AccountUse.PENDING_DETERMINATION, month=period.month)
    return Checklist(period, tuple(found), pending)


async def close_month(session: AsyncSession, month: date, *, by: Person, at: datetime) -> Period:
    """Close the month when nothing blocks it. Raises PermissionMissing, CloseBlocked, PeriodNotFound, PeriodNotReady.

    The month is held from the first look on: what is posted meanwhile waits, and is refused once it is closed.
    """
    authorize(by, Permission.CLOSE_PERIODS)
    held = select(Period).where(Period.month <= month_of(month)).order_by(Period.month)
    await session.execute(held.with_for_update())
    checklist = await read_checklist(session, month, by=by, at=at)
    if blocking := checklist.blocking:
        raise CloseBlocked(checklist.period.month, [one.check.label for one in blocking])
    period = await close_period(session, month, by=by.id, at=at)
    carried = sum(one.carried for one in checklist.found)
    body = {"month": f"{period.month:%Y-%m}"} | ({"carried": carried} if carried else {})
    await record(session, CLOSED, actor=by.actor(), at=at, body=body)
    return period


def _authorize_reading(by: Person) -> None:
    authorize(by, Permission.READ_STATEMENTS)
    if by.is_merchant:
        raise StatementNotFound


async def _things(session: AsyncSession, check: Check, month: date) -> Found:
    things = subjects(check, month).subquery()
    carried = is_carried(check, month, things.c.id)
    in_yuan = func.coalesce(func.sum(things.c.fen).filter(~carried, things.c.currency == "CNY"), 0)
    asked = select(func.count().filter(~carried), in_yuan, func.count().filter(carried)).select_from(things)
    row = (await session.execute(asked)).one()
    return Found(check, row[0], int(row[1]) if check in _WITH_AMOUNT else None, row[2])
