"""Sessions of the portal, kept on the server: who is signed in, since when, from where, and for which merchant.

The cookie holds a random token, the table its hash. A session ends by idleness, at its absolute end, by signing out,
by being revoked, when the password or second factor changes, and when the person's roles change or they are
suspended. Everything here runs in the door's context.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.accounts import Account
from anshou.people.agency import USUAL_ZONE, Agency, remember_settings, zone_kept
from anshou.people.deeds import SESSION_ENDED
from anshou.people.errors import MembershipNotFound, SessionNotFound
from anshou.people.person import Person
from anshou.people.persons import PERSON_COLUMNS, PersonRow, person_of, places_in
from anshou.people.tokens import digest, new_token
from confidentiality.audit.actors import NOBODY, Actor
from confidentiality.audit.leaves import record
from tenants.base import Base
from tenants.base import Row as TableRow
from tenants.labels import Labelled
from tenants.prepared import rows
from tenants.refusals import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """How long a session lasts: without a request, and at all. `seen_every` spares a write at each request."""

    idle: timedelta = timedelta(hours=8)
    absolute: timedelta = timedelta(days=14)
    seen_every: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request comes from: IP address and user agent."""

    address: str
    agent: str = ""


class EndedBecause(Labelled):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out", N_("已退出")
    REVOKED = "revoked", N_("已被本人终止")
    PASSWORD_CHANGED = "password_changed", N_("密码已更改")
    SECOND_FACTOR_CHANGED = "second_factor_changed", N_("两步验证已更改")


class WebSession(TableRow, Base):
    """A session. `acting_for` is the merchant for which a merchant's person acts at present."""

    __tablename__ = "web_session"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    acting_for: Mapped[UUID | None]
    signed_in_at: Mapped[datetime]
    second_factor: Mapped[bool]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str]
    agent: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[EndedBecause | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session that holds: who acts in it, and among which merchants a merchant's person can choose.

    `agency_name` is the name that the agency has set to be shown, empty while it has set none; `zone` the one in which
    it reads its clocks.
    """

    session_id: UUID
    person: Person
    signed_in_at: datetime
    second_factor: bool
    merchant_ids: tuple[UUID, ...]
    agency_name: str = ""
    zone: ZoneInfo = USUAL_ZONE


async def open_session(
    session: AsyncSession,
    account_id: UUID,
    *,
    second_factor: bool,
    origin: Origin,
    limits: SessionLimits,
    at: datetime,
) -> tuple[UUID, str]:
    """Begin a session; returns its id and the token for the cookie, which is never seen again."""
    token = new_token()
    opened = WebSession(
        account_id=account_id,
        token_hash=digest(token),
        signed_in_at=at,
        second_factor=second_factor,
        last_seen_at=at,
        expires_at=at + limits.absolute,
        address=origin.address,
        agent=origin.agent[:300],
    )
    session.add(opened)
    await session.flush()
    return opened.id, token


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holder(PersonRow):
    session_id: UUID
    acting_for: UUID | None
    signed_in_at: datetime
    second_factor: bool
    last_seen_at: datetime
    agency_settings: dict[str, Any] | None


def _holding(at: Any, idle_since: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        WebSession.ended_at.is_(None),
        WebSession.expires_at > at,
        WebSession.last_seen_at > idle_since,
        or_(Account.privileges_changed_at.is_(None), Account.privileges_changed_at <= WebSession.signed_in_at),
    )


_HOLDER = rows(
    select(
        WebSession.id.label("session_id"),
        WebSession.acting_for,
        WebSession.signed_in_at,
        WebSession.second_factor,
        WebSession.last_seen_at,
        select(Agency.settings).scalar_subquery().label("agency_settings"),
        *PERSON_COLUMNS,
    )
    .join(Account, Account.id == WebSession.account_id)
    .where(
        WebSession.token_hash == bindparam("token_hash"),
        *_holding(bindparam("at"), bindparam("idle_since")),
    ),
    _Holder,
)


async def find_signed_in(session: AsyncSession, token: str, *, limits: SessionLimits, at: datetime) -> SignedIn | None:
    """Whose token this is, or None when the session does not hold (any more). Notes the sight of it, sparsely."""
    row = await _HOLDER.one_or_none(session, token_hash=digest(token), at=at, idle_since=at - limits.idle)
    person = None if row is None else person_of(row, acting_for=row.acting_for)
    if row is None or person is None:
        return None
    await _note_sight(session, row, limits, at)
    remember_settings(session, row.agency_settings)
    return SignedIn(
        session_id=row.session_id,
        person=person,
        signed_in_at=row.signed_in_at,
        second_factor=row.second_factor,
        merchant_ids=tuple(places_in(row)),
        agency_name=(row.agency_settings or {}).get("name", ""),
        zone=zone_kept(row.agency_settings),
    )


async def act_for(session: AsyncSession, signed_in: SignedIn, merchant_id: UUID) -> None:
    """Act for another of the person's merchants from the next request on. Raises MembershipNotFound."""
    if merchant_id not in signed_in.merchant_ids:
        raise MembershipNotFound
    await session.execute(
        update(WebSession).where(WebSession.id == signed_in.session_id).values(acting_for=merchant_id)
    )


async def rotate(session: AsyncSession, session_id: UUID) -> str:
    """Give the session another token, because what it may do has changed; the old one is worth nothing."""
    token = new_token()
    await session.execute(update(WebSession).where(WebSession.id == session_id).values(token_hash=digest(token)))
    return token


async def list_sessions(
    session: AsyncSession, person: Person, *, limits: SessionLimits, at: datetime
) -> Sequence[WebSession]:
    """The person's sessions that hold, the latest seen first."""
    rows = await session.scalars(
        select(WebSession)
        .join(Account, Account.id == WebSession.account_id)
        .where(WebSession.account_id == person.id, *_holding(at, at - limits.idle))
        .order_by(WebSession.last_seen_at.desc(), WebSession.id)
    )
    return rows.all()


async def end_session(
    session: AsyncSession, session_id: UUID, *, of: UUID, because: EndedBecause, at: datetime, by: Actor = NOBODY
) -> None:
    """End one of the sessions of account `of`. Raises SessionNotFound, for another's session too."""
    ended = update(WebSession).where(
        WebSession.id == session_id, WebSession.account_id == of, WebSession.ended_at.is_(None)
    )
    ended = ended.values(ended_at=at, ended_because=because).returning(WebSession.id)
    if await session.scalar(ended) is None:
        raise SessionNotFound
    said = {"because": because.value, "session": str(session_id)}
    await record(session, SESSION_ENDED, actor=by, at=at, subject=of, body=said)


async def end_sessions(
    session: AsyncSession,
    *,
    of: UUID,
    because: EndedBecause,
    at: datetime,
    but: UUID | None = None,
    by: Actor = NOBODY,
) -> int:
    """End the open sessions of account `of`, all `but` one if it is given; returns how many."""
    ended = update(WebSession).where(WebSession.account_id == of, WebSession.ended_at.is_(None))
    if but is not None:
        ended = ended.where(WebSession.id != but)
    ended = ended.values(ended_at=at, ended_because=because).returning(WebSession.id)
    count = len((await session.scalars(ended)).all())
    if count:
        said = {"because": because.value, "sessions": count}
        await record(session, SESSION_ENDED, actor=by, at=at, subject=of, body=said)
    return count


async def forget_old_sessions(session: AsyncSession, *, before: datetime) -> int:
    """Drop sessions that ended before `before`; returns how many. Until then they are the record of who signed in."""
    gone = await session.scalars(
        delete(WebSession)
        .where(or_(WebSession.expires_at < before, WebSession.ended_at < before))
        .returning(WebSession.id)
    )
    return len(gone.all())


async def _note_sight(session: AsyncSession, row: _Holder, limits: SessionLimits, at: datetime) -> None:
    if at - row.last_seen_at >= limits.seen_every:
        await session.execute(update(WebSession).where(WebSession.id == row.session_id).values(last_seen_at=at))
