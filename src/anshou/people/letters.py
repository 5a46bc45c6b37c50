"""Letters: one mail about one notice, owed once however often the job that owes it is done.

The letter's id follows from the notice's and is the mail's Message-ID, so that a mail that was sent just before a crash
is recognised when it is sent again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select, update
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


class Letter(Row, Base):
    """A mail that is owed, was sent or was refused by the mail server for good. Instants are UTC."""

    __tablename__ = "letter"

    notice_id: Mapped[UUID]
    account_id: Mapped[UUID]
    owed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLetter:
    """What is needed to write it: to whom, in which language, about which notice."""

    id: UUID
    notice_id: UUID
    number: str
    to: str
    locale: Locale


async def owe_letters(session: AsyncSession, notices: Sequence[Notice], *, at: datetime) -> list[UUID]:
    """Owe a letter about each notice whose person has left an address and has no recent one about the same subject.

    Answers the ids of the letters that are new. Needs the agency's context, as whoever reads addresses does.
    """
    earlier, told = aliased(Notice), aliased(Notice)
    quiet = (
        select(told.id)
        .join(earlier, (earlier.account_id == told.account_id) & (earlier.subject_id == told.subject_id))
        .join(Letter, Letter.notice_id == earlier.id)
        .where(told.id.in_([notice.id for notice in notices]))
        .where(earlier.read_at.is_(None), Letter.owed_at > at - QUIET)
    )
    told_lately = set(await session.scalars(quiet))
    reached = {
        reach.account_id
        for reach in await reach_of(session, [notice.account_id for notice in notices])
        if reach.email is not None
    }
    rows = [
        {"id": uuid5(_LETTERS, str(notice.id)), "notice_id": notice.id, "account_id": notice.account_id, "owed_at": at}
        for notice in notices
        if notice.account_id in reached and notice.id not in told_lately
    ]
    if not rows:
        return []
    return list(await session.scalars(insert(Letter).values(rows).on_conflict_do_nothing().returning(Letter.id)))


async def find_owed_letter(session: AsyncSession, letter_id: UUID) -> OwedLetter | None:
    """The letter if it is still to be sent: not sent or refused, its notice unread and its person in reach."""
    query = (
        select(Letter, Notice.number)
        .join(Notice, Notice.id == Letter.notice_id)
        .where(Letter.id == letter_id, Letter.sent_at.is_(None), Letter.refused_at.is_(None), Notice.read_at.is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    letter, number = row
    for reach in await reach_of(session, [letter.account_id]):
        if reach.email is not None:
            return OwedLetter(
                id=letter.id, notice_id=letter.notice_id, number=number, to=reach.email, locale=reach.locale
            )
    return None


async def mark_sent(session: AsyncSession, letter_id: UUID, *, at: datetime) -> None:
    """The mail server has taken it."""
    await session.execute(update(Letter).where(Letter.id == letter_id).values(sent_at=at))


async def mark_refused(session: AsyncSession, letter_id: UUID, *, at: datetime) -> None:
    """The mail server will never take it."""
    await session.execute(update(Letter).where(Letter.id == letter_id).values(refused_at=at))
