"""A new account with all that belongs to it. Asks nobody: whoever calls has made sure that it is permitted."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import (
    Account,
    Credential,
    Email,
    Locale,
    Name,
    Phone,
    Side,
    Title,
    login_is_free,
    normal_login,
)
from anshou.people.errors import LoginTaken
from anshou.people.grants import Grant, add_grants
from anshou.people.passwords import Password
from anshou.people.serving import Place, add_assignments, add_places
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class Newcomer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who comes in, and what they will be: roles and assigned merchants for staff, places for a merchant's people."""

    side: Annotated[Side, Meta(title=N_("所属"))]
    name: Name
    title: Title = ""
    email: Email = ""
    phone: Phone = ""
    locale: Annotated[Locale, Meta(title=N_("语言"))] = Locale.CHINESE
    grants: Annotated[tuple[Grant, ...], Meta(max_length=20, title=N_("角色"))] = ()
    merchants: Annotated[tuple[UUID, ...], Meta(title=N_("负责的商家"))] = ()
    places: Annotated[tuple[Place, ...], Meta(title=N_("所属商家"))] = ()

    def __post_init__(self) -> None:
        """Refuse somebody who could do nothing, and what belongs to the other side."""
        if self.side is Side.STAFF and (not self.grants or self.places):
            raise Unfit(Message(N_("请为代运营方人员选择至少一个角色")), "grants")
        if self.side is Side.MERCHANT and (not self.places or self.grants or self.merchants):
            raise Unfit(Message(N_("请为商家人员选择至少一个商家")), "places")
        if len({place.merchant_id for place in self.places}) != len(self.places):
            raise Unfit(Message(N_("同一商家只能选择一次")), "places")


async def admit(
    session: AsyncSession,
    newcomer: Newcomer,
    *,
    login: str,
    password_hash: str,
    admitted_by: UUID | None,
    at: datetime,
) -> Account:
    """Make the account, its credential and password, roles, assignments and places. Raises LoginTaken."""
    if not await login_is_free(session, login):
        raise LoginTaken
    account = Account(
        side=newcomer.side, name=newcomer.name, title=newcomer.title, locale=newcomer.locale, created_at=at
    )
    session.add(account)
    await session.flush()
    credential = Credential(
        account_id=account.id,
        login=normal_login(login),
        email=newcomer.email or None,
        phone=newcomer.phone or None,
    )
    await _add_credential(session, credential)
    session.add(Password(account_id=account.id, hash=password_hash, set_at=at))
    add_grants(session, account.id, set(newcomer.grants), granted_by=admitted_by, at=at)
    add_assignments(session, account.id, set(newcomer.merchants), assigned_by=admitted_by, at=at)
    add_places(session, account.id, newcomer.places, admitted_by=admitted_by, at=at)
    await session.flush()
    return account


async def _add_credential(session: AsyncSession, credential: Credential) -> None:
    try:
        async with session.begin_nested():
            session.add(credential)
    except IntegrityError:
        # Two newcomers chose the same login in the same moment; the look before saw neither.
        raise LoginTaken from None
