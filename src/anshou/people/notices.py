"""Notices: something waits for a person in the portal. They name a ticket by its number and say nothing of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Update, bindparam, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.errors import NoticeNotFound
from anshou.people.person import Person
from tenants.base import Base, Row
from tenants.prepared import Prepared, change

# More are not counted: the portal shows "99+".
MOST_COUNTED = 100

KEPT = timedelta(days=180)


class Notice(Row, Base):
    """That one person was told of one event.

    `event` is the name of a move or of another event of `subject_id`, whose human-readable number is `number`.
    `acting_for` is the merchant as whose person somebody is told. Instants are UTC.
    """

    __tablename__ = "notice"

    account_id: Mapped[UUID]
    acting_for: Mapped[UUID | None]
    event: Mapped[str]
    subject_id: Mapped[UUID]
    number: Mapped[str]
    left_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


async def leave_notices(
    session: AsyncSession,
    account_ids: Collection[UUID],
    *,
    source: UUID,
    event: str,
    subject_id: UUID,
    number: str,
    acting_for: UUID | None = None,
    at: datetime,
) -> list[Notice]:
    """Leave a notice for each account, once per `source`: an id of what happened. Answers those that are new."""
    rows = [
        {
            "id": uuid5(source, f"{event} {account_id}"),
            "account_id": account_id,
            "acting_for": acting_for,
            "event": event,
            "subject_id": subject_id,
            "number": number,
            "left_at": at,
        }
        for account_id in sorted(set(account_ids))
    ]
    if not rows:
        return []
    statement = insert(Notice).values(rows).on_conflict_do_nothing().returning(Notice)
    return list(await session.scalars(statement))


async def list_notices(
    session: AsyncSession,
    person: Person,
    *,
    unread_only: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Notice]:
    """A page of the person's notices, newest first; `after` is the last one's `left_at` and id."""
    query = select(Notice).where(_is_for(person)).order_by(Notice.left_at.desc(), Notice.id.desc()).limit(limit)
    if unread_only:
        query = query.where(Notice.read_at.is_(None))
    if after is not None:
        query = query.where(tuple_(Notice.left_at, Notice.id) < tuple_(*after))
    return list(await session.scalars(query))


async def count_unread(session: AsyncSession, person: Person) -> int:
    """How many the person has not read, at most `MOST_COUNTED`."""
    some = select(Notice.id).where(_is_for(person), Notice.read_at.is_(None)).limit(MOST_COUNTED).subquery()
    return await session.scalar(select(func.count()).select_from(some)) or 0


async def visible_notice(session: AsyncSession, person: Person, notice_id: UUID) -> Notice:
    """The person's own notice, also one that they got for another merchant. Raises NoticeNotFound."""
    query = select(Notice).where(Notice.id == notice_id, Notice.account_id == person.id)
    notice = (await session.scalars(query)).one_or_none()
    if notice is None:
        raise NoticeNotFound
    return notice


async def mark_read(session: AsyncSession, person: Person, *, subject_id: UUID | None = None, at: datetime) -> None:
    """The person has read what waited for them: of one subject, e.g. when they open the ticket, or everything."""
    which = {"acting_for": person.merchant_id} if person.is_merchant else {}
    if subject_id is None:
        await _read_all(person.is_merchant).run(session, account=person.id, at=at, **which)
    else:
        await _read_about(person.is_merchant).run(session, account=person.id, at=at, subject=subject_id, **which)


@cache
def _read_all(merchants: bool) -> Prepared[None]:
    return change(_unread(merchants).values(read_at=bindparam("at")))


@cache
def _read_about(merchants: bool) -> Prepared[None]:
    about = _unread(merchants).where(Notice.subject_id == bindparam("subject"))
    return change(about.values(read_at=bindparam("at")))


def _unread(merchants: bool) -> Update:
    unread = update(Notice).where(Notice.account_id == bindparam("account"), Notice.read_at.is_(None))
    return unread.where(Notice.acting_for == bindparam("acting_for")) if merchants else unread


async def forget_old_notices(session: AsyncSession, *, at: datetime, kept: timedelta = KEPT) -> None:
    """Drop notices that nobody will ask about again, and their letters with them."""
    await session.execute(delete(Notice).where(Notice.left_at < at - kept))


def _is_for(person: Person) -> ColumnElement[bool]:
    # Said here and not left to the policy: in the agency's context everybody's notices are in reach.
    own = Notice.account_id == person.id
    return own & (Notice.acting_for == person.merchant_id) if person.is_merchant else own
