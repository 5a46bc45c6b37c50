"""Statements as both sides read them. A merchant's own only: row-level security sees to the rest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.tickets.kinds import Kind
from anshou.tickets.tickets import Ticket
from billing.costs.items import CostItem
from billing.statements.answering import SETTLED
from billing.statements.errors import StatementLineNotFound, StatementNotFound
from billing.statements.rows import Statement, StatementLine, StatementWord, Word
from tenants.prepared import entities


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with what was said of it last, if anything was."""

    line: StatementLine
    word: StatementWord | None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is needed of it."""
        return self.word is not None and self.word.word in SETTLED

    @property
    def is_disputed(self) -> bool:
        """Whether it is contested and no answer was accepted."""
        return self.word is not None and self.word.word in (Word.DISPUTED, Word.REJECTED, Word.ESCALATED)


_OF_IT = (
    StatementLine.merchant_id == bindparam("merchant"),
    StatementLine.statement_id == bindparam("statement"),
    StatementLine.place > bindparam("after"),
)
_LINES = entities(select(StatementLine).where(*_OF_IT).order_by(StatementLine.place).limit(bindparam("limit")))

_BEFORE = entities(
    select(Statement)
    .where(
        Statement.merchant_id == bindparam("merchant"),
        Statement.currency == bindparam("currency"),
        Statement.month < bindparam("month"),
    )
    .order_by(Statement.month.desc())
    .limit(1)
)

_later = aliased(StatementWord)
_LAST_WORDS = entities(
    select(StatementWord)
    .join(
        StatementLine,
        (StatementLine.merchant_id == StatementWord.merchant_id) & (StatementLine.id == StatementWord.line_id),
    )
    .where(
        *_OF_IT,
        StatementLine.place <= bindparam("upto"),
        # By the statement too, which the index of words has before the line.
        StatementWord.statement_id == bindparam("statement"),
        ~select(_later.id)
        .where(
            _later.merchant_id == StatementWord.merchant_id,
            _later.statement_id == StatementWord.statement_id,
            _later.line_id == StatementWord.line_id,
            _later.step > StatementWord.step,
        )
        .exists(),
    )
)


class TicketOfLine(NamedTuple):
    """What a statement says of a ticket: never what the ticket says."""

    number: str
    kind: Kind


async def visible_statement(session: AsyncSession, number: str, *, by: Person) -> Statement:
    """The statement, also for whoever follows disputes. Raises PermissionMissing, StatementNotFound."""
    if not allows(by, Permission.READ_DISPUTES):
        authorize(by, Permission.READ_STATEMENTS)
    asked = select(Statement).where(Statement.number == number)
    if by.merchant_id is not None:
        asked = asked.where(Statement.merchant_id == by.merchant_id)
    found = (await session.scalars(asked)).one_or_none()
    if found is None:
        raise StatementNotFound
    return found


async def statements_of_month(session: AsyncSession, month: date, *, by: Person) -> Sequence[Statement]:
    """All statements that were issued for a month. Raises PermissionMissing."""
    authorize(by, Permission.READ_STATEMENTS)
    asked = select(Statement).where(Statement.month == month.replace(day=1)).order_by(Statement.number)
    return (await session.scalars(asked)).all()


async def statements_of_merchant(
    session: AsyncSession, merchant_id: UUID, *, by: Person, limit: int = 60
) -> Sequence[Statement]:
    """A merchant's statements, the latest first. Raises PermissionMissing."""
    authorize(by, Permission.READ_STATEMENTS)
    if by.merchant_id not in (None, merchant_id):
        return ()
    asked = select(Statement).where(Statement.merchant_id == merchant_id)
    return (await session.scalars(asked.order_by(Statement.month.desc(), Statement.id.desc()).limit(limit))).all()


async def list_statements(
    session: AsyncSession,
    *,
    by: Person,
    merchant: UUID | None = None,
    month: date | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Statement]:
    """A page of the statements that the person reads, the latest first; `after` is the last one's id.

    Raises PermissionMissing.
    """
    authorize(by, Permission.READ_STATEMENTS)
    asked = select(Statement).order_by(Statement.id.desc()).limit(limit)
    narrowed = ((Statement.merchant_id, by.merchant_id), (Statement.merchant_id, merchant), (Statement.month, month))
    asked = asked.where(*(column == wanted for column, wanted in narrowed if wanted is not None))
    if after is not None:
        asked = asked.where(Statement.id < after)
    return (await session.scalars(asked)).all()


async def statement_before(session: AsyncSession, statement: Statement) -> Statement | None:
    """The statement whose closing balance this one opens with."""
    of_it = {"merchant": statement.merchant_id, "currency": statement.currency, "month": statement.month}
    return await _BEFORE.one_or_none(session, **of_it)


async def lines_of(session: AsyncSession, statement: Statement, *, after: int = 0, limit: int = 100) -> Sequence[Shown]:
    """Its lines in order from behind a place, with what was said of each last."""
    of_it = {"merchant": statement.merchant_id, "statement": statement.id, "after": after}
    lines = await _LINES.all(session, **of_it, limit=limit)
    upto = lines[-1].place if lines else after
    said = {word.line_id: word for word in await _LAST_WORDS.all(session, **of_it, upto=upto)}
    return [Shown(line, said.get(line.id)) for line in lines]


async def line_at(session: AsyncSession, statement: Statement, place: int) -> StatementLine:
    """The line at a place. Raises StatementLineNotFound."""
    asked = select(StatementLine).where(
        StatementLine.merchant_id == statement.merchant_id,
        StatementLine.statement_id == statement.id,
        StatementLine.place == place,
    )
    found = (await session.scalars(asked)).one_or_none()
    if found is None:
        raise StatementLineNotFound
    return found


async def tickets_of(
    session: AsyncSession, merchant_id: UUID | None, tickets: Collection[UUID | None]
) -> dict[UUID, TicketOfLine]:
    """The tickets that lines are about, by id: of one merchant, or of all that the context reads."""
    asked = select(Ticket.id, Ticket.number, Ticket.kind).where(Ticket.id.in_({one for one in tickets if one}))
    if merchant_id is not None:
        asked = asked.where(Ticket.merchant_id == merchant_id)
    return {row.id: TicketOfLine(row.number, row.kind) for row in await session.execute(asked)}


async def cost_number(session: AsyncSession, line: StatementLine, *, by: Person) -> str:
    """The number of the cost that the line charges; empty when there is none, or none that the person may read."""
    if line.cost_item_id is None or not allows(by, Permission.READ_COSTS):
        return ""
    asked = select(CostItem.number).where(CostItem.merchant_id == line.merchant_id, CostItem.id == line.cost_item_id)
    return await session.scalar(asked) or ""
