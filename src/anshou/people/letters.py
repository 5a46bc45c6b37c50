"""Letters: one mail about one notice, or about several together, owed once however often the job that owes it is done.

The letter's id follows from the notice's and is the mail's Message-ID, so that a mail that was sent just before a crash
is recognised when it is sent again. Gathered letters are sent in one mail for each slot and person.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased

from anshou.people.accounts import Locale
from anshou.people.cards import reach_of
from anshou.people.notices import Notice
from tenants.base import Base, Row

_LETTERS = UUID("5b0f2a3e-6f0e-4c2e-9a55-8d1f6a5e7c11")

# While a person has not looked at a ticket, one letter about it says enough for so long.
QUIET = timedelta(hours=1)

# After the first, second … failure; then it has failed for good. Fifteen hours in all: a mail server that is down
# overnight loses nothing.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60, 60, 120, 120, 240, 240))

_NOTHING: Mapping[UUID, datetime] = MappingProxyType({})


class Letter(Row, Base):
    """A mail that is owed, was sent, was refused for good, or was not needed any more. Instants are UTC.

    `due_at` is when a gathered letter goes, together with the others of its person; NULL for one that goes by itself.
    `reason` is why the last attempt failed, or why there was none.
    """

    __tablename__ = "letter"

    notice_id: Mapped[UUID]
    account_id: Mapped[UUID]
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int]
    last_attempt_at: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    @property
    def failed_at(self) -> datetime | None:
        """When it was given up."""
        return self.refused_at


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLetter:
    """What is needed to write it: to whom, in which language, about which notice."""

    id: UUID
    notice_id: UUID
    number: str
    to: str
    locale: Locale
    of_merchant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedDigest:
    """What is needed to write one mail about several notices: of each the id and the number it names, oldest first."""

    letters: tuple[UUID, ...]
    notices: tuple[tuple[UUID, str], ...]
    to: str
    locale: Locale


async def owe_letters(
    session: AsyncSession,
    notices: Sequence[Notice],
    *,
    at: datetime,
    gathered: Mapping[UUID, datetime] = _NOTHING,
    urgent: Collection[UUID] = (),
) -> list[UUID]:
    """Owe a letter about each notice whose person has left an address. Answers the ids of the letters that are new.

    `gathered` says by notice which letters wait, and until when; the others go by themselves, unless their person has
    a recent one about the same subject. `urgent` ones go all the same. Needs the agency's context, as whoever reads
    addresses does.
    """
    told_lately = await _told_lately(session, notices, at) - set(gathered) - set(urgent)
    reached = {
        reach.account_id
        for reach in await reach_of(session, [notice.account_id for notice in notices])
        if reach.email is not None
    }
    rows = [
        {
            "id": uuid5(_LETTERS, str(notice.id)),
            "notice_id": notice.id,
            "account_id": notice.account_id,
            "owed_at": at,
            "due_at": gathered.get(notice.id),
            "next_attempt_at": gathered.get(notice.id, at),
            "attempts": 0,
        }
        for notice in notices
        if notice.account_id in reached and notice.id not in told_lately
    ]
    if not rows:
        return []
    return list(await session.scalars(insert(Letter).values(rows).on_conflict_do_nothing().returning(Letter.id)))


async def find_owed_letter(session: AsyncSession, letter_id: UUID, *, attempt: int | None = None) -> OwedLetter | None:
    """The letter if it is still to be sent: not ended, its notice unread and its person in reach.

    With an `attempt`, counted from 0, it must be the one that is due.
    """
    query = (
        select(Letter, Notice.number, Notice.acting_for)
        .join(Notice, Notice.id == Letter.notice_id)
        .where(Letter.id == letter_id, _open(), Notice.read_at.is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    letter, number, acting_for = row
    if attempt is not None and letter.attempts != attempt:
        return None
    for reach in await reach_of(session, [letter.account_id]):
        if reach.email is not None:
            return OwedLetter(
                id=letter.id,
                notice_id=letter.notice_id,
                number=number,
                to=reach.email,
                locale=reach.locale,
                of_merchant=acting_for is not None,
            )
    return None


async def find_owed_digest(session: AsyncSession, account_id: UUID, *, at: datetime) -> OwedDigest | None:
    """All gathered letters of the person that are due; those whose notices were read meanwhile are dropped."""
    due = _open() & (Letter.account_id == account_id) & (Letter.due_at <= at) & (Letter.next_attempt_at <= at)
    read = select(Notice.id).where(Notice.id == Letter.notice_id, Notice.read_at.is_not(None)).exists()
    await session.execute(
        update(Letter).where(due, read).values(dropped_at=at, next_attempt_at=None, reason=READ_BEFORE)
    )
    query = (
        select(Letter.id, Notice.id, Notice.number)
        .join(Notice, Notice.id == Letter.notice_id)
        .where(due)
        .order_by(Notice.left_at, Notice.id)
    )
    rows = (await session.execute(query)).all()
    reaches = [reach for reach in await reach_of(session, [account_id]) if reach.email is not None]
    if not rows or not reaches:
        return None
    return OwedDigest(
        letters=tuple(row[0] for row in rows),
        notices=tuple((row[1], row[2]) for row in rows),
        to=reaches[0].email or "",
        locale=reaches[0].locale,
    )


# Reasons are codes: what people read about them stands in the portal.
READ_BEFORE = "read before"
NO_ADDRESS = "no address"


async def mark_sent(session: AsyncSession, letter_id: UUID, *, at: datetime) -> None:
    """The mail server has taken it."""
    await mark_all_sent(session, [letter_id], at=at)


async def mark_all_sent(session: AsyncSession, letter_ids: Collection[UUID], *, at: datetime) -> None:
    """The mail server has taken the mail about all of them."""
    await _tried(session, letter_ids, at, sent_at=at, next_attempt_at=None, reason=None)


async def mark_refused(
    session: AsyncSession, letter_id: UUID, *, at: datetime, reason: str = "the mail server refuses"
) -> None:
    """The mail server will never take it."""
    await _tried(session, [letter_id], at, refused_at=at, next_attempt_at=None, reason=reason)


async def mark_all_refused(session: AsyncSession, letter_ids: Collection[UUID], *, at: datetime, reason: str) -> None:
    """The mail server will never take the mail about them."""
    await _tried(session, letter_ids, at, refused_at=at, next_attempt_at=None, reason=reason)


async def mark_untaken(
    session: AsyncSession, letter_ids: Collection[UUID], *, reason: str, at: datetime
) -> tuple[int, datetime] | None:
    """No mail server took it now: the number and instant of the next attempt, or None when that was the last."""
    made = await session.scalar(select(Letter.attempts).where(Letter.id.in_(letter_ids)).limit(1)) or 0
    if made >= len(WAITS):
        await _tried(session, letter_ids, at, refused_at=at, next_attempt_at=None, reason=reason)
        return None
    following = at + WAITS[made]
    await _tried(session, letter_ids, at, next_attempt_at=following, reason=reason)
    return made + 1, following


async def drop_letter(session: AsyncSession, letter_id: UUID, *, at: datetime) -> None:
    """A letter that is open and not to be sent any more: its notice was read, or its person cannot be reached."""
    read = select(Notice.read_at).join(Letter, Letter.notice_id == Notice.id).where(Letter.id == letter_id)
    reason = NO_ADDRESS if await session.scalar(read) is None else READ_BEFORE
    await session.execute(
        update(Letter).where(Letter.id == letter_id, _open()).values(dropped_at=at, next_attempt_at=None, reason=reason)
    )


def _open() -> ColumnElement[bool]:
    return Letter.sent_at.is_(None) & Letter.refused_at.is_(None) & Letter.dropped_at.is_(None)


async def _tried(session: AsyncSession, letter_ids: Collection[UUID], at: datetime, **outcome: object) -> None:
    values = {"attempts": Letter.attempts + 1, "last_attempt_at": at, **outcome}
    await session.execute(update(Letter).where(Letter.id.in_(letter_ids), _open()).values(values))


async def _told_lately(session: AsyncSession, notices: Sequence[Notice], at: datetime) -> set[UUID]:
    """The notices whose persons have an unread one about the same subject, of which a letter went by itself lately."""
    earlier, told = aliased(Notice), aliased(Notice)
    quiet = (
        select(told.id)
        .join(earlier, (earlier.account_id == told.account_id) & (earlier.subject_id == told.subject_id))
        .join(Letter, Letter.notice_id == earlier.id)
        .where(told.id.in_([notice.id for notice in notices]), Letter.due_at.is_(None))
        .where(earlier.read_at.is_(None), Letter.owed_at > at - QUIET)
    )
    return set(await session.scalars(quiet))
