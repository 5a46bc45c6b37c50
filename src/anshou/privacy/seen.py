"""Who saw what: lists of reveals for those who watch, for the merchant whose matters were seen, and of one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.privacy.errors import RevealNotFound
from anshou.privacy.objections import Answer, Objection, Outcome
from anshou.privacy.reveals import Reveal, RevealAlarm, RevealCopy, ViewerSide
from anshou.tickets.tickets import Ticket

Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One reveal as lists show it: who, what field of which table, for which ticket and purpose, when. No content.

    `copies` is how often it was copied. The objection's fields are None where nobody objected. Instants are UTC.
    """

    id: UUID
    merchant_id: UUID
    ticket_number: str
    subject_table: str
    field: str
    row_id: UUID
    purpose: str
    viewer_id: UUID
    viewer_name: str
    viewer_role: Role
    side: ViewerSide
    shown_at: datetime
    leaf_id: UUID
    copies: int
    objection_id: UUID | None
    reason: str | None
    raised_at: datetime | None
    due_at: datetime | None
    outcome: Outcome | None
    explanation: str | None
    answered_at: datetime | None
    answered_by_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFilters:
    """What narrows a list; None narrows nothing. `since` is included, `until` is not. `objected`: with an objection."""

    viewer: UUID | None = None
    merchant: UUID | None = None
    ticket: str = ""
    purpose: str | None = None
    side: ViewerSide | None = None
    since: datetime | None = None
    until: datetime | None = None
    objected: bool = False
    unanswered: bool = False


NO_FILTERS = SeenFilters()


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page; `after` continues it, None at its end."""

    lines: tuple[Seen, ...]
    after: Place | None


async def list_seen(
    session: AsyncSession,
    person: Person,
    filters: SeenFilters = NO_FILTERS,
    *,
    after: Place | None = None,
    limit: int = 50,
) -> SeenPage:
    """A page of reveals, newest first: of the whole agency for those who watch, of their own for a merchant's people.

    Raises PermissionMissing.
    """
    authorize(person, Permission.READ_REVEALS)
    # Said beside the policy: which merchant's rows these are must not hang on one of the two alone.
    own = [Reveal.merchant_id == person.merchant_id] if person.merchant_id is not None else []
    query = _seen().where(*own, *_matching(filters)).order_by(Reveal.shown_at.desc(), Reveal.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(tuple_(Reveal.shown_at, Reveal.id) < tuple_(*after))
    rows = (await session.execute(query)).all()
    lines = tuple(Seen(**row._mapping) for row in rows[:limit])
    return SeenPage(lines, (lines[-1].shown_at, lines[-1].id) if len(rows) > limit else None)


async def visible_seen(session: AsyncSession, person: Person, reveal_id: UUID) -> Seen:
    """One reveal in the person's reach. Raises RevealNotFound, PermissionMissing."""
    authorize(person, Permission.READ_REVEALS)
    own = (
        Reveal.merchant_id == person.merchant_id if person.merchant_id is not None else Reveal.merchant_id.is_not(None)
    )
    row = (await session.execute(_seen().where(Reveal.id == reveal_id, own))).one_or_none()
    if row is None:
        raise RevealNotFound
    return Seen(**row._mapping)


async def reveals_of_row(session: AsyncSession, table: str, row: UUID, *, by: Person) -> Sequence[Seen]:
    """Everything that was ever seen of one row, newest first: what a consumer may be told about their own record.

    For those who watch and those who answer consumers' requests (PIPL arts. 44 and 45).
    """
    if not allows(by, Permission.HANDLE_SUBJECT_REQUESTS):
        authorize(by, Permission.READ_REVEALS)
    own = [Reveal.merchant_id == by.merchant_id] if by.merchant_id is not None else []
    query = _seen().where(Reveal.subject_table == table, Reveal.row_id == row, *own)
    rows = await session.execute(query.order_by(Reveal.shown_at.desc(), Reveal.id.desc()))
    return [Seen(**each._mapping) for each in rows]


async def recent_limit_alarms(session: AsyncSession, *, by: Person, since: datetime) -> Sequence[RevealAlarm]:
    """Who came to the limit since then, the latest first. For those of the agency who watch."""
    authorize(by, Permission.READ_REVEALS)
    query = select(RevealAlarm).where(RevealAlarm.raised_at >= since)
    return list(await session.scalars(query.order_by(RevealAlarm.raised_at.desc(), RevealAlarm.id.desc()).limit(20)))


def _seen() -> Select[Any]:
    copies = (
        select(func.count())
        .where(RevealCopy.merchant_id == Reveal.merchant_id, RevealCopy.reveal_id == Reveal.id)
        .correlate(Reveal)
        .scalar_subquery()
    )
    own = {
        name: getattr(Reveal, name)
        for name in Seen.__dataclass_fields__
        if name in Reveal.__mapper__.columns and name != "ticket_id"
    }
    return (
        select(
            *(column.label(name) for name, column in own.items()),
            Ticket.number.label("ticket_number"),
            copies.label("copies"),
            Objection.id.label("objection_id"),
            Objection.reason,
            Objection.raised_at,
            Objection.due_at,
            Answer.outcome,
            Answer.explanation,
            Answer.answered_at,
            Answer.answered_by_name,
        )
        .join(Ticket, (Ticket.merchant_id == Reveal.merchant_id) & (Ticket.id == Reveal.ticket_id))
        .outerjoin(Objection, (Objection.merchant_id == Reveal.merchant_id) & (Objection.reveal_id == Reveal.id))
        .outerjoin(Answer, (Answer.merchant_id == Objection.merchant_id) & (Answer.objection_id == Objection.id))
    )


def _matching(filters: SeenFilters) -> list[ColumnElement[bool]]:
    exact = {
        Reveal.viewer_id: filters.viewer,
        Reveal.merchant_id: filters.merchant,
        Reveal.purpose: filters.purpose,
        Reveal.side: filters.side,
    }
    found: list[ColumnElement[bool]] = [column == wanted for column, wanted in exact.items() if wanted is not None]
    if filters.ticket:
        found.append(Ticket.number == filters.ticket)
    if filters.since is not None:
        found.append(Reveal.shown_at >= filters.since)
    if filters.until is not None:
        found.append(Reveal.shown_at < filters.until)
    if filters.objected or filters.unanswered:
        found.append(Objection.id.is_not(None))
    if filters.unanswered:
        found.append(Answer.id.is_(None))
    return found
