"""What a merchant still owes of its statements, by age and line by line, for both desks.

The agency counts payments and credits as they are booked; a merchant those that its statements show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from billing.ledger.posting import BOOKS_ZONE
from billing.statements.ageing import ageing
from billing.statements.errors import StatementNotFound
from billing.statements.owing import Lessened, OpenLine, currencies_of, not_stated, open_lines, stated_since
from billing.statements.rows import Statement

NOTHING = Lessened(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """In one currency, in fen: by age as `billing.statements.ageing` counts it, and the lines it is owed for."""

    currency: str
    ages: Sequence[int]
    lines: Sequence[OpenLine]

    @property
    def fen(self) -> int:
        """All of it."""
        return sum(self.ages)


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a statement since it was issued: in fen, `left` of its closing balance is owed."""

    since: Lessened
    left: int


async def owed_by(session: AsyncSession, merchant_id: UUID, *, by: Person, at: datetime) -> list[Owed]:
    """What the merchant owes, a value per currency of its statements. Raises PermissionMissing, StatementNotFound."""
    authorize(by, Permission.READ_STATEMENTS)
    if by.merchant_id not in (None, merchant_id):
        raise StatementNotFound
    today = at.astimezone(BOOKS_ZONE).date()
    owed = []
    for currency in await currencies_of(session, merchant_id):
        besides = await _besides(session, merchant_id, currency, by)
        lines = await open_lines(session, merchant_id, currency, besides)
        ages = ageing([(one.line.booked_on, one.left) for one in lines], today)
        owed.append(Owed(currency=currency, ages=ages, lines=lines))
    return owed


async def settled_of(session: AsyncSession, statement: Statement, *, by: Person) -> Settled:
    """What was paid and credited since the statement was issued, and what of its closing balance is left."""
    stated = await stated_since(session, statement)
    more = await _besides(session, statement.merchant_id, statement.currency, by)
    since = Lessened(stated.paid + more.paid, stated.credited + more.credited)
    return Settled(since, max(statement.closing_fen - since.total, 0))


async def _besides(session: AsyncSession, merchant_id: UUID, currency: str, by: Person) -> Lessened:
    # The books are the agency's as a whole: whoever serves some merchants follows statements only.
    if by.is_merchant or not allows(by, Permission.READ_STATEMENTS):
        return NOTHING
    return await not_stated(session, merchant_id, currency)
