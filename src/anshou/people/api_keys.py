"""API keys: `anshou_<agency code>_<key id>_<secret>`, shown once, the secret kept as a hash.

A key acts as its account within its scopes. It names its agency, because a request by key says so nowhere else.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import ForeignKey, LargeBinary, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.accounts import Account
from anshou.people.deeds import KEY_MADE, KEY_REVOKED
from anshou.people.errors import AccountNotFound, ApiKeyNotFound
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.persons import PERSON_COLUMNS, PersonRow, find_person, person_of
from anshou.people.roles import Scope
from anshou.people.tokens import digest, new_letters
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.prepared import rows
from tenants.refusals import N_
from tenants.registry import Tenant

_SHAPE = re.compile(r"anshou_(?P<code>[a-z][a-z0-9-]{1,31})_(?P<id>[a-z2-7]{12})_(?P<secret>[a-z2-7]{52})")
_KEY_ID_LETTERS, _SECRET_LETTERS = 12, 52
_SEEN_EVERY = timedelta(minutes=1)


class ApiKey(Row, Base):
    """What is kept of a key. `acting_for` is the merchant that a merchant's key acts for. Times are UTC."""

    __tablename__ = "api_key"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    acting_for: Mapped[UUID | None]
    key_id: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str]
    scopes: Mapped[list[str]]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]


class KeyRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to be made. `expires_at` is None for a key that lasts until it is revoked."""

    name: Annotated[str, Meta(min_length=1, max_length=60, title=N_("名称"))]
    account_id: Annotated[UUID, Meta(title=N_("代表的人员"), extra={"widget": "person"})]
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=4, title=N_("权限范围"))]
    acting_for: Annotated[UUID | None, Meta(title=N_("代表的商家"))] = None
    expires_at: Annotated[Annotated[datetime, Meta(tz=True)] | None, Meta(title=N_("有效期至"))] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A key that holds: who acts by it, narrowed to its scopes. `id` is its row's."""

    id: UUID
    key_id: str
    person: Person


async def make_key(session: AsyncSession, wanted: KeyRequest, *, by: Person, at: datetime) -> tuple[ApiKey, str]:
    """Make a key; returns it and its text, which is never seen again. Raises AccountNotFound."""
    authorize(by, Permission.MANAGE_API_KEYS)
    person = await find_person(session, wanted.account_id, acting_for=wanted.acting_for)
    if person is None or (wanted.acting_for is not None and person.merchant_id != wanted.acting_for):
        raise AccountNotFound
    key_id, secret = new_letters(_KEY_ID_LETTERS), new_letters(_SECRET_LETTERS)
    key = ApiKey(
        account_id=person.id,
        acting_for=person.merchant_id,
        key_id=key_id,
        secret_hash=digest(secret),
        name=wanted.name,
        scopes=sorted({scope.value for scope in wanted.scopes}),
        made_by=by.id,
        made_at=at,
        expires_at=wanted.expires_at,
    )
    session.add(key)
    await session.flush()
    said = {"account": str(key.account_id), "scopes": list(key.scopes)}
    await record(session, KEY_MADE, actor=by.actor(), at=at, subject=key.id, body=said)
    tenant: Tenant = session.info["tenant"]
    return key, f"anshou_{tenant.code}_{key_id}_{secret}"


def code_in(text: str) -> str | None:
    """The code of the agency that a key's text names, or None if it is no key's text."""
    shape = _SHAPE.fullmatch(text)
    return shape["code"] if shape else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holder(PersonRow):
    id: UUID
    secret_hash: bytes
    acting_for: UUID | None
    scopes: list[str]
    expires_at: datetime | None
    last_used_at: datetime | None


_HOLDER = rows(
    select(
        ApiKey.id.label("id"),
        ApiKey.secret_hash,
        ApiKey.acting_for,
        ApiKey.scopes,
        ApiKey.expires_at,
        ApiKey.last_used_at,
        *PERSON_COLUMNS,
    )
    .join(Account, Account.id == ApiKey.account_id)
    .where(ApiKey.key_id == bindparam("key_id"), ApiKey.revoked_at.is_(None)),
    _Holder,
)


async def find_keyed(session: AsyncSession, text: str, *, at: datetime) -> Keyed | None:
    """Who acts by the key, or None when it does not hold. Runs in the door's context; notes its use, sparsely."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    row = await _HOLDER.one_or_none(session, key_id=shape["id"])
    if row is None or not hmac.compare_digest(row.secret_hash, digest(shape["secret"])):
        return None
    if row.expires_at is not None and row.expires_at <= at:
        return None
    person = person_of(row, acting_for=row.acting_for, scopes=frozenset(Scope(scope) for scope in row.scopes))
    # A key made for one merchant must not turn to another one when its person leaves the first.
    if person is None or person.merchant_id != row.acting_for:
        return None
    if row.last_used_at is None or at - row.last_used_at >= _SEEN_EVERY:
        await session.execute(update(ApiKey).where(ApiKey.id == row.id).values(last_used_at=at))
    return Keyed(id=row.id, key_id=shape["id"], person=person)


async def list_keys(session: AsyncSession, *, by: Person) -> Sequence[ApiKey]:
    """All keys, the latest first, revoked ones too."""
    authorize(by, Permission.MANAGE_API_KEYS)
    return (await session.scalars(select(ApiKey).order_by(ApiKey.id.desc()))).all()


async def revoke_key(session: AsyncSession, key_id: str, *, by: Person, at: datetime) -> None:
    """Let the key hold no longer. Raises ApiKeyNotFound."""
    authorize(by, Permission.MANAGE_API_KEYS)
    key = await session.scalar(select(ApiKey).where(ApiKey.key_id == key_id).with_for_update())
    if key is None:
        raise ApiKeyNotFound
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = at, by.id
        await record(session, KEY_REVOKED, actor=by.actor(), at=at, subject=key.id)
