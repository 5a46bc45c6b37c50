"""What came into the mailbox: one row for each mail, so that each is taken in once. Never what it said."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from tenants.base import Base, Row, new_id
from tenants.labels import Labelled
from tenants.refusals import N_


class Outcome(Labelled):
    """What became of a mail."""

    MESSAGE = "message", N_("已登记为消息")
    NOTE = "note", N_("已登记为内部备注")
    AUTOMATIC = "automatic", N_("自动回复或退信，已忽略")
    UNKNOWN = "unknown", N_("不是对通知邮件的回复，已忽略")
    STRANGER = "stranger", N_("发件人不是通知的收件人，已忽略")
    FORGED = "forged", N_("发件人未通过验证，已忽略")
    CLOSED = "closed", N_("工单已结案，未登记")
    CONFIDENTIAL = "confidential", N_("保密工单不收邮件回复，未登记")
    OUT_OF_REACH = "out_of_reach", N_("工单已不在其权限内，未登记")
    EMPTY = "empty", N_("没有可登记的内容，未登记")
    FILES = "files", N_("附件不符合要求，未登记")
    TOO_LARGE = "too_large", N_("邮件过大，未登记")


# Of these the sender is told, because it is certain who they are and that they meant it.
ANSWERED = frozenset({Outcome.CLOSED, Outcome.CONFIDENTIAL, Outcome.OUT_OF_REACH, Outcome.EMPTY, Outcome.FILES})


class IncomingMail(Row, Base):
    """A mail. `mark` recognises its Message-ID, or all of it if it has none; the ID itself names the sender's host."""

    __tablename__ = "incoming_mail"

    mark: Mapped[str]
    account_id: Mapped[UUID | None]
    number: Mapped[str]
    outcome: Mapped[Outcome]
    came_at: Mapped[datetime]


async def take_once(
    session: AsyncSession, mark: str, *, outcome: Outcome, account_id: UUID | None, number: str, at: datetime
) -> UUID | None:
    """Write the mail down; its id, or None if it was written down before."""
    made = insert(IncomingMail).values(
        id=new_id(), mark=mark, account_id=account_id, number=number, outcome=outcome, came_at=at
    )
    ident: UUID | None = await session.scalar(made.on_conflict_do_nothing().returning(IncomingMail.id))
    return ident


async def was_taken(session: AsyncSession, mark: str) -> bool:
    """Whether it was written down. In the agency's context."""
    return await session.scalar(select(IncomingMail.id).where(IncomingMail.mark == mark)) is not None


async def list_incoming(session: AsyncSession, person: Person, *, limit: int = 30) -> list[IncomingMail]:
    """The latest, newest first."""
    authorize(person, Permission.READ_SETTINGS)
    query = select(IncomingMail).order_by(IncomingMail.came_at.desc(), IncomingMail.id.desc()).limit(limit)
    return list(await session.scalars(query))


async def forget_old_incoming(session: AsyncSession, *, at: datetime, kept: timedelta) -> None:
    """Drop what nobody will ask about again."""
    await session.execute(delete(IncomingMail).where(IncomingMail.came_at < at - kept))
