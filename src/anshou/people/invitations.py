"""Invitations: an administrator says who comes in as what, the person sets name, login and password by a link."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import LargeBinary, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.accounts import Account, Login, Name, login_is_free
from anshou.people.admitting import Newcomer, admit
from anshou.people.deeds import INVITATION_REVOKED, PERSON_ADMITTED, PERSON_INVITED
from anshou.people.door import Door
from anshou.people.errors import AlreadyAdministered, InvitationNotFound, InvitationOver, LoginTaken
from anshou.people.grants import holders
from anshou.people.passwords import check_password
from anshou.people.permissions import Permission, authorize
from anshou.people.person import SYSTEM, Person
from anshou.people.roles import Role
from anshou.people.tokens import digest, new_token
from confidentiality.audit.actors import NOBODY
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.refusals import N_

LASTS = timedelta(days=7)


class Invitation(Row, Base):
    """An invitation and what became of it. Times are UTC."""

    __tablename__ = "invitation"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    offer: Mapped[dict[str, Any]]
    invited_by: Mapped[UUID | None]
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    account_id: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]

    @property
    def newcomer(self) -> Newcomer:
        """Who is to come in, and as what."""
        return msgspec.convert(self.offer, Newcomer)

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at


class Acceptance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the invited person sets."""

    name: Name
    login: Login
    password: Annotated[str, Meta(title=N_("密码"), extra={"widget": "password"})]


async def invite(
    session: AsyncSession, newcomer: Newcomer, *, by: Person, at: datetime, lasts: timedelta = LASTS
) -> tuple[Invitation, str]:
    """Invite somebody; returns the invitation and the token of its link, which is never seen again."""
    authorize(by, Permission.MANAGE_PEOPLE)
    return await _write(session, newcomer, by=by, at=at, lasts=lasts)


async def invite_first_administrator(
    session: AsyncSession, newcomer: Newcomer, *, at: datetime, lasts: timedelta = LASTS
) -> tuple[Invitation, str]:
    """Invite the first person of a new agency, whom nobody there could invite.

    Raises AlreadyAdministered: whoever runs the platform must not let themselves into an agency.
    """
    await _check_unadministered(session)
    return await _write(session, newcomer, by=SYSTEM, at=at, lasts=lasts)


async def open_invitations(session: AsyncSession, *, by: Person, at: datetime) -> Sequence[Invitation]:
    """The invitations that can still be accepted, the latest first."""
    authorize(by, Permission.MANAGE_PEOPLE)
    rows = await session.scalars(
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > at)
        .order_by(Invitation.id.desc())
    )
    return rows.all()


async def revoke(session: AsyncSession, invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Take an invitation back. Raises InvitationNotFound, and InvitationOver when it was accepted."""
    authorize(by, Permission.MANAGE_PEOPLE)
    invitation = await session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None:
        raise InvitationNotFound
    if invitation.accepted_at is not None:
        raise InvitationOver
    invitation.revoked_at = invitation.revoked_at or at
    await record(session, INVITATION_REVOKED, actor=by.actor(), at=at, subject=invitation.id)


async def visible_invitation(session: AsyncSession, token: str, *, at: datetime) -> Invitation:
    """The invitation of a link that can still be accepted. Raises InvitationNotFound or InvitationOver."""
    return await _of_token(session, token, at, lock=False)


async def accept(door: Door, token: str, acceptance: Acceptance, *, at: datetime) -> Account:
    """Come in: make the account as offered, under the name, login and password that the person chose.

    Raises InvitationNotFound, InvitationOver, LoginTaken, PasswordUnfit, and AlreadyAdministered for the invitation
    of a first administrator that comes too late.
    """
    async with door.open() as session:
        await _of_token(session, token, at, lock=False)
        if not await login_is_free(session, acceptance.login):
            raise LoginTaken
    check_password(acceptance.password, login=acceptance.login)
    hashed = await door.passwords.hash(acceptance.password)
    async with door.open() as session:
        invitation = await _of_token(session, token, at, lock=True)
        if invitation.invited_by == SYSTEM.id:
            await _check_unadministered(session)
        newcomer = msgspec.structs.replace(invitation.newcomer, name=acceptance.name)
        account = await admit(
            session,
            newcomer,
            login=acceptance.login,
            password_hash=hashed,
            admitted_by=invitation.invited_by,
            at=at,
        )
        invitation.accepted_at, invitation.account_id = at, account.id
        said = {"invitation": str(invitation.id), "roles": [grant.role.value for grant in newcomer.grants]}
        await record(session, PERSON_ADMITTED, actor=NOBODY, at=at, subject=account.id, body=said)
    return account


async def _check_unadministered(session: AsyncSession) -> None:
    if await holders(session, Role.AGENCY_ADMIN):
        raise AlreadyAdministered


async def _write(
    session: AsyncSession, newcomer: Newcomer, *, by: Person, at: datetime, lasts: timedelta
) -> tuple[Invitation, str]:
    token = new_token()
    invitation = Invitation(
        token_hash=digest(token),
        offer=msgspec.to_builtins(newcomer),
        invited_by=by.id,
        invited_at=at,
        expires_at=at + lasts,
    )
    session.add(invitation)
    await session.flush()
    said = {"side": newcomer.side.value, "roles": [grant.role.value for grant in newcomer.grants]}
    await record(session, PERSON_INVITED, actor=by.actor(), at=at, subject=invitation.id, body=said)
    return invitation, token


async def _of_token(session: AsyncSession, token: str, at: datetime, *, lock: bool) -> Invitation:
    query = select(Invitation).where(Invitation.token_hash == digest(token))
    invitation = await session.scalar(query.with_for_update() if lock else query)
    if invitation is None:
        raise InvitationNotFound
    if not invitation.is_open(at):
        raise InvitationOver
    return invitation
