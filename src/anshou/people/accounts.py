"""Accounts: the card that colleagues and merchants see, and how its person is reached.

What a password or a second factor is checked against stands in tables of its own that only the door reads
(`passwords.py`, `second_factor.py`).
"""

import unicodedata
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from anshou.people.errors import AccountNotFound, LoginTaken
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from tenants.base import Base, Row
from tenants.labels import Labelled
from tenants.refusals import N_

LOGIN_PATTERN = r"^[0-9A-Za-z][0-9A-Za-z._@+-]{2,63}$"

Name = Annotated[str, Meta(min_length=1, max_length=60, title=N_("姓名"))]
Title = Annotated[str, Meta(max_length=60, title=N_("职务"))]
Login = Annotated[str, Meta(pattern=LOGIN_PATTERN, title=N_("登录名"))]
Email = Annotated[str, Meta(max_length=254, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$", title=N_("邮箱"))]
Phone = Annotated[str, Meta(max_length=32, pattern=r"^[0-9+() -]*$", title=N_("电话"))]


class Side(Labelled):
    """Whom an account works for. It never changes."""

    STAFF = "staff", N_("代运营方")
    MERCHANT = "merchant", N_("商家")


class Locale(Labelled):
    """A language of the portal and of notices."""

    CHINESE = "zh-CN", N_("简体中文")
    ENGLISH = "en", N_("English")


class Account(Row, Base):
    """A person's card: who they are to the others.

    `suspended_at` keeps the person out; `privileges_changed_at` ends every session that began before it. Both UTC.
    """

    __tablename__ = "account"

    side: Mapped[Side]
    name: Mapped[str]
    title: Mapped[str]
    locale: Mapped[Locale]
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    suspended_by: Mapped[UUID | None]
    privileges_changed_at: Mapped[datetime | None]

    credential: Mapped["Credential"] = relationship(lazy="raise")

    @property
    def is_suspended(self) -> bool:
        """Whether the person is kept out for now."""
        return self.suspended_at is not None


class Credential(Base):
    """How a person signs in and is reached: read by the door, the agency and the person, by nobody else.

    `login` is kept as `normal_login` makes it and is unique in the agency.
    """

    __tablename__ = "credential"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    login: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]


class Card(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an administrator changes of an account."""

    name: Name
    title: Title = ""
    login: Login
    email: Email = ""
    phone: Phone = ""


def normal_login(login: str) -> str:
    """The one way a login is written: width and case do not tell two logins apart."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


async def visible_account(session: AsyncSession, account_id: UUID, *, by: Person) -> Account:
    """The account with its credential, for those who manage people. Raises AccountNotFound."""
    authorize(by, Permission.MANAGE_PEOPLE)
    account = await session.get(Account, account_id, options=[joinedload(Account.credential)])
    if account is None:
        raise AccountNotFound
    return account


async def login_is_free(session: AsyncSession, login: str, *, but_of: UUID | None = None) -> bool:
    """Whether nobody else of the agency signs in by this login."""
    holder = await session.scalar(select(Credential.account_id).where(Credential.login == normal_login(login)))
    return holder in {None, but_of}


async def change_card(session: AsyncSession, account: Account, card: Card, *, by: Person) -> None:
    """Change name, title, login and reach. Raises LoginTaken."""
    authorize(by, Permission.MANAGE_PEOPLE)
    if not await login_is_free(session, card.login, but_of=account.id):
        raise LoginTaken
    account.name, account.title = card.name, card.title
    reach = account.credential
    reach.login, reach.email, reach.phone = normal_login(card.login), card.email or None, card.phone or None


async def choose_locale(session: AsyncSession, person: Person, locale: Locale) -> None:
    """Keep the person's language. Runs in the door's context, which alone may write a person's own card."""
    account = await session.get_one(Account, person.id)
    account.locale = locale
