"""The merchant's contacts, and the channel by which each prefers to be reached."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.merchants.channels import Channel
from anshou.merchants.errors import ContactNotFound
from anshou.merchants.merchants import Merchant
from anshou.people.accounts import Email, Phone
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from tenants.base import Base, MerchantRow
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class Contact(MerchantRow, Base):
    """Somebody at the merchant, with or without an account. At most one is the primary contact."""

    __tablename__ = "merchant_contact"

    name: Mapped[str]
    position: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    messenger: Mapped[str]
    preferred_channel: Mapped[Channel]
    is_primary: Mapped[bool]
    note: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]


class ContactCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept of a contact. `messenger` is an account of WeChat, WeCom or the like."""

    name: Annotated[str, Meta(min_length=1, max_length=60, title=N_("联系人"))]
    position: Annotated[str, Meta(max_length=60, title=N_("职务"))] = ""
    phone: Phone = ""
    email: Email = ""
    messenger: Annotated[str, Meta(max_length=60, title=N_("微信等即时通讯账号"))] = ""
    preferred_channel: Annotated[Channel, Meta(title=N_("首选联系方式"))] = Channel.PORTAL
    is_primary: Annotated[bool, Meta(title=N_("主要联系人"))] = False
    note: Annotated[str, Meta(max_length=500, title=N_("备注"))] = ""

    def __post_init__(self) -> None:
        """Refuse a preferred channel by which the contact cannot be reached."""
        needed = {
            Channel.PHONE: ("phone", self.phone, N_("首选电话联系时请填写电话")),
            Channel.EMAIL: ("email", self.email, N_("首选邮件联系时请填写邮箱")),
            Channel.INSTANT_MESSAGING: ("messenger", self.messenger, N_("首选即时通讯时请填写账号")),
        }
        field, value, expected = needed.get(self.preferred_channel, ("", "-", ""))
        if not value:
            raise Unfit(Message(expected), field)


async def contacts_of(session: AsyncSession, merchant_id: UUID) -> Sequence[Contact]:
    """The merchant's contacts, the primary one first, then by name."""
    rows = await session.scalars(
        select(Contact)
        .where(Contact.merchant_id == merchant_id)
        .order_by(Contact.is_primary.desc(), Contact.name, Contact.id)
    )
    return rows.all()


async def visible_contact(session: AsyncSession, merchant_id: UUID, contact_id: UUID) -> Contact:
    """One of the merchant's contacts. Raises ContactNotFound."""
    contact = await session.get(Contact, contact_id)
    if contact is None or contact.merchant_id != merchant_id:
        raise ContactNotFound
    return contact


async def add_contact(
    session: AsyncSession, merchant: Merchant, card: ContactCard, *, by: Person, at: datetime
) -> Contact:
    """Keep another contact; a new primary contact takes the place of the former one."""
    authorize(by, Permission.MANAGE_CONTACTS)
    contact = Contact(merchant_id=merchant.id, added_at=at, added_by=by.id)
    await _write(session, contact, card)
    session.add(contact)
    await session.flush()
    return contact


async def change_contact(session: AsyncSession, contact: Contact, card: ContactCard, *, by: Person) -> None:
    """Change what is kept of the contact; a new primary contact takes the place of the former one."""
    authorize(by, Permission.MANAGE_CONTACTS)
    await _write(session, contact, card)
    await session.flush()


async def remove_contact(session: AsyncSession, contact: Contact, *, by: Person) -> None:
    """Keep the contact no longer."""
    authorize(by, Permission.MANAGE_CONTACTS)
    await session.delete(contact)
    await session.flush()


async def _write(session: AsyncSession, contact: Contact, card: ContactCard) -> None:
    if card.is_primary:
        former = update(Contact).where(
            Contact.merchant_id == contact.merchant_id, Contact.is_primary, Contact.id != contact.id
        )
        await session.execute(former.values(is_primary=False))
    for field in ContactCard.__struct_fields__:
        setattr(contact, field, getattr(card, field))
