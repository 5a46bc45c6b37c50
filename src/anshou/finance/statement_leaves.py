"""What is said of a statement's lines, in the audit record: the statement's number and the line's place."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from billing.statements.rows import Statement, StatementLine
from confidentiality.audit.actions import Action
from confidentiality.audit.leaves import record


async def leave_leaf(
    session: AsyncSession,
    action: Action,
    statement: Statement,
    line: StatementLine,
    *,
    by: Person,
    at: datetime,
    **more: str | int,
) -> None:
    """Record it about the line; `more` are numbers and amounts, never words."""
    body = {"number": statement.number, "place": line.place, **more}
    owner = statement.merchant_id
    await record(session, action, actor=by.actor(), at=at, owner=owner, subject=line.id, body=body)
