"""Deliveries as people look at them: letters and what robots say, where each stands, and trying again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.notifying.errors import DeliveryNotFailed, DeliveryNotFound
from anshou.notifying.mailing import send_by_itself
from anshou.notifying.robots.registry import GroupRobot
from anshou.notifying.robots.sayings import Saying, say_again
from anshou.people.accounts import Account
from anshou.people.letters import Letter
from anshou.people.notices import Notice
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from tenants.labels import Labelled
from tenants.refusals import N_

Place = tuple[datetime, UUID]


class Standing(Labelled):
    """Where a delivery stands."""

    WAITING = "waiting", N_("待发送")
    SENT = "sent", N_("已送达")
    FAILED = "failed", N_("发送失败")
    DROPPED = "dropped", N_("未发送")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivery: to whom (a person's or a robot's name), about which event, and where it stands."""

    id: UUID
    to: str
    event: str
    number: str
    owed_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    dropped_at: datetime | None
    reason: str | None


async def own_letters(session: AsyncSession, person: Person, *, limit: int = 20) -> Sequence[Delivery]:
    """The person's own latest letters."""
    mine = Letter.account_id == person.id
    if person.is_merchant:
        mine &= Notice.acting_for == person.merchant_id
    return await _letters(session, mine, limit)


async def said_by(session: AsyncSession, person: Person, robot_id: UUID, *, limit: int = 20) -> Sequence[Delivery]:
    """What one robot said lately, for whoever manages it."""
    authorize(person, Permission.MANAGE_SETTINGS)
    return await _said(session, Saying.robot_id == robot_id, limit)


async def list_letters(
    session: AsyncSession, person: Person, *, standing: Standing | None = None, after: Place | None = None, limit: int
) -> Sequence[Delivery]:
    """Everybody's letters, newest first, for whoever watches over jobs; `after` is the last one's `owed_at` and id."""
    authorize(person, Permission.READ_JOBS)
    meant = _of_letters(standing) if standing else Letter.id.is_not(None)
    if after is not None:
        meant &= tuple_(Letter.owed_at, Letter.id) < tuple_(*after)
    return await _letters(session, meant, limit)


async def list_said(
    session: AsyncSession, person: Person, *, standing: Standing | None = None, after: Place | None = None, limit: int
) -> Sequence[Delivery]:
    """What robots said or have to say, newest first; `after` as in `list_letters`."""
    authorize(person, Permission.READ_JOBS)
    meant = _of_sayings(standing) if standing else Saying.id.is_not(None)
    if after is not None:
        meant &= tuple_(Saying.owed_at, Saying.id) < tuple_(*after)
    return await _said(session, meant, limit)


async def mail_again(session: AsyncSession, letter_id: UUID, *, by: Person, at: datetime) -> None:
    """Begin the attempts at a letter that failed again, now and by itself. Raises DeliveryNotFound, DeliveryNotFailed.

    Needs the agency's context.
    """
    authorize(by, Permission.RETRY_JOBS)
    letter = await session.get(Letter, letter_id, with_for_update=True)
    if letter is None:
        raise DeliveryNotFound
    if letter.refused_at is None:
        raise DeliveryNotFailed
    letter.refused_at, letter.reason, letter.due_at = None, None, None
    letter.attempts, letter.next_attempt_at = 0, at
    await session.flush()
    await send_by_itself(session, letter_id, attempt=0, at=at)


async def tell_again(session: AsyncSession, saying_id: UUID, *, by: Person, at: datetime) -> None:
    """Let a robot say again what it could not. Raises DeliveryNotFound, DeliveryNotFailed."""
    authorize(by, Permission.RETRY_JOBS)
    saying = await session.get(Saying, saying_id, with_for_update=True)
    if saying is None:
        raise DeliveryNotFound
    if saying.failed_at is None:
        raise DeliveryNotFailed
    await say_again(session, saying, at=at)


async def _letters(session: AsyncSession, meant: ColumnElement[bool], limit: int) -> Sequence[Delivery]:
    query = (
        select(Letter, Notice.event, Notice.number, Account.name)
        .join(Notice, Notice.id == Letter.notice_id)
        .join(Account, Account.id == Letter.account_id)
        .where(meant)
        .order_by(Letter.owed_at.desc(), Letter.id.desc())
        .limit(limit)
    )
    return [_delivery(letter, name, event, number) for letter, event, number, name in await session.execute(query)]


async def _said(session: AsyncSession, meant: ColumnElement[bool], limit: int) -> Sequence[Delivery]:
    query = select(Saying, GroupRobot.name).join(GroupRobot, GroupRobot.id == Saying.robot_id).where(meant)
    rows = await session.execute(query.order_by(Saying.owed_at.desc(), Saying.id.desc()).limit(limit))
    return [_delivery(saying, name, saying.event, saying.number) for saying, name in rows]


def _delivery(row: Letter | Saying, to: str, event: str, number: str) -> Delivery:
    return Delivery(
        id=row.id,
        to=to,
        event=event,
        number=number,
        owed_at=row.owed_at,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        sent_at=row.sent_at,
        failed_at=row.failed_at,
        dropped_at=row.dropped_at if isinstance(row, Letter) else None,
        reason=row.reason,
    )


def _of_letters(standing: Standing) -> ColumnElement[bool]:
    match standing:
        case Standing.SENT:
            return Letter.sent_at.is_not(None)
        case Standing.FAILED:
            return Letter.refused_at.is_not(None)
        case Standing.DROPPED:
            return Letter.dropped_at.is_not(None)
        case Standing.WAITING:
            return Letter.sent_at.is_(None) & Letter.refused_at.is_(None) & Letter.dropped_at.is_(None)


def _of_sayings(standing: Standing) -> ColumnElement[bool]:
    match standing:
        case Standing.SENT:
            return Saying.sent_at.is_not(None)
        case Standing.FAILED:
            return Saying.failed_at.is_not(None)
        case Standing.DROPPED:
            return Saying.id.is_(None)
        case Standing.WAITING:
            return Saying.sent_at.is_(None) & Saying.failed_at.is_(None)
