"""Links by which a person who cannot sign in sets a new password. An administrator issues them, one at a time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people import second_factor
from anshou.people.accounts import Account, Credential
from anshou.people.deeds import PASSWORD_CHANGED, PASSWORD_LINK_ISSUED
from anshou.people.delays import code_subject, forgive, login_subject
from anshou.people.door import Door
from anshou.people.errors import PasswordLinkOver
from anshou.people.passwords import check_password, keep_password
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.tokens import digest, new_token
from anshou.people.web_sessions import EndedBecause, end_sessions
from confidentiality.audit.actors import NOBODY
from confidentiality.audit.leaves import record
from tenants.base import Base, Row

LASTS = timedelta(hours=24)


class PasswordLink(Row, Base):
    """A link by which an account's password can be set once. Times are UTC."""

    __tablename__ = "password_link"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    resets_second_factor: Mapped[bool]
    issued_by: Mapped[UUID | None]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


async def issue_link(
    session: AsyncSession,
    account: Account,
    *,
    by: Person,
    at: datetime,
    resets_second_factor: bool = False,
    lasts: timedelta = LASTS,
) -> str:
    """Make a link and return its token, which is never seen again; earlier links of the account stop working.

    `resets_second_factor` is for those who lost phone and recovery codes too.
    """
    authorize(by, Permission.MANAGE_PEOPLE)
    await session.execute(
        delete(PasswordLink).where(PasswordLink.account_id == account.id, PasswordLink.used_at.is_(None))
    )
    token = new_token()
    session.add(
        PasswordLink(
            account_id=account.id,
            token_hash=digest(token),
            resets_second_factor=resets_second_factor,
            issued_by=by.id,
            issued_at=at,
            expires_at=at + lasts,
        )
    )
    await session.flush()
    said = {"resets_second_factor": resets_second_factor}
    await record(session, PASSWORD_LINK_ISSUED, actor=by.actor(), at=at, subject=account.id, body=said)
    return token


async def visible_link(session: AsyncSession, token: str, *, at: datetime) -> tuple[PasswordLink, str]:
    """A link that still works, and the login whose password it sets. Raises PasswordLinkOver."""
    found = await session.execute(
        select(PasswordLink, Credential.login)
        .join(Credential, Credential.account_id == PasswordLink.account_id)
        .where(PasswordLink.token_hash == digest(token), PasswordLink.used_at.is_(None), PasswordLink.expires_at > at)
    )
    row = found.one_or_none()
    if row is None:
        raise PasswordLinkOver
    return row


async def set_password(door: Door, token: str, new: str, *, at: datetime) -> None:
    """Set the password by the link and end all sessions; delays of the login are forgiven.

    Raises PasswordLinkOver and PasswordUnfit.
    """
    async with door.open() as session:
        _, login = await visible_link(session, token, at=at)
    check_password(new, login=login)
    hashed = await door.passwords.hash(new)
    async with door.open() as session:
        link, login = await visible_link(session, token, at=at)
        used = update(PasswordLink).where(PasswordLink.id == link.id, PasswordLink.used_at.is_(None))
        if await session.scalar(used.values(used_at=at).returning(PasswordLink.id)) is None:
            raise PasswordLinkOver
        await keep_password(session, link.account_id, hashed, at=at)
        said = {"by_link": str(link.id), "second_factor_reset": link.resets_second_factor}
        await record(session, PASSWORD_CHANGED, actor=NOBODY, at=at, subject=link.account_id, body=said)
        await forgive(session, login_subject(login))
        if link.resets_second_factor:
            await second_factor.remove(session, link.account_id)
            await forgive(session, code_subject(link.account_id))
        await end_sessions(session, of=link.account_id, because=EndedBecause.PASSWORD_CHANGED, at=at)
