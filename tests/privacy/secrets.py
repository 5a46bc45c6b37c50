"""A table with sealed fields for tests of revealing, and a desk at which people reveal them, each act committed."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped

from anshou.people.person import Person
from anshou.privacy.revealable import Revealable, offer
from anshou.privacy.revealing import Revealed, Wanted, reveal
from anshou.privacy.reveals import Reveal
from anshou.tickets.kinds import Channel, Kind
from anshou.tickets.opening import open_ticket
from confidentiality.audit.leaves import AuditLeaf
from confidentiality.keys.vault import open_keys
from confidentiality.sealing import masks
from confidentiality.sealing.ddl import SEAL_VERSION, sealed_columns
from confidentiality.sealing.fields import SealedRow, sealed
from confidentiality.sealing.handles import Sealed
from tenants.base import Base, MerchantRow
from tenants.context import AGENCY
from tenants.ddl import fence_by_merchant
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe
from tests.database import Database
from tests.tickets.samples import report

PHONE = "13812341234"
NAME = "张三丰"


class SecretBase(DeclarativeBase):
    """A base of its own, so that the product's tables stay what they are."""

    type_annotation_map = {UUID: Uuid()}  # noqa: RUF012  SQLAlchemy reads this class attribute itself.
    __init__ = Base.__init__  # type: ignore[assignment]


class Secret(MerchantRow, SealedRow, SecretBase):
    """Somebody of whom a ticket knows the phone; `note` is never written."""

    __tablename__ = "trial_secret"

    ticket_id: Mapped[UUID | None]
    phone: Mapped[Sealed[str]] = sealed(mask=masks.phone, label="电话")
    name: Mapped[Sealed[str]] = sealed(mask=masks.name, pad=32, label="姓名")
    note: Mapped[Sealed[str] | None] = sealed(label="备注")


offer(Revealable(model=Secret))


@asynccontextmanager
async def secret_table(database: Database, tenant: Tenant) -> AsyncIterator[None]:
    """The table, fenced as the product's are, for as long as the block."""
    superuser = await database.connect_as_superuser()
    made = (
        "CREATE TABLE trial_secret (id uuid PRIMARY KEY, merchant_id uuid NOT NULL, ticket_id uuid, "
        f"{SEAL_VERSION}, {sealed_columns('phone')}, {sealed_columns('name')}, "
        f"{sealed_columns('note', nullable=True)});"
    )
    await superuser.execute(f'SET search_path = "{tenant.schema}"; {made} {fence_by_merchant("trial_secret")}')
    await superuser.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON trial_secret TO "{tenant.role}"')
    try:
        yield
    finally:
        await superuser.execute("DROP TABLE trial_secret")
        await superuser.close()


@dataclass
class RevealDesk:
    """People of 安和 reveal fields of `row`, which ticket `number` of 云杉 carries."""

    tenants: Tenants
    tenant: Tenant
    cast: Anhe
    number: str = ""
    row: UUID = field(default_factory=lambda: UUID(int=0))

    def begin(self, person: Person) -> Callable[[], AbstractAsyncContextManager[AsyncSession]]:
        """What begins a transaction of the person."""
        return lambda: self.tenants.session(self.tenant, person.context())

    async def settle(self) -> None:
        """A ticket of 云杉 with one secret."""
        self.number, self.row = await self.add(self.cast.yunshan.id, self.cast.yunshan.shop_id)

    async def add(self, merchant_id: UUID, shop_id: UUID, at: datetime = NOW) -> tuple[str, UUID]:
        """Another ticket with a secret: its number and the secret's id."""
        async with self.tenants.session(self.tenant, self.cast.service_agent.context()) as session:
            stated = report(Kind.SERVICE_QUALITY, at, merchant=merchant_id, shop=shop_id, channel=Channel.PHONE)
            ticket = await open_ticket(session, stated, by=self.cast.service_agent, at=at)
            secret = Secret(merchant_id=merchant_id, ticket_id=ticket.id)
            (await open_keys(session, merchant_id)).seal(secret, phone=PHONE, name=NAME)
            session.add(secret)
            return ticket.number, secret.id

    def wanted(self, **changes: Any) -> Wanted:
        """The phone of the row, for an order to be verified."""
        given = {"field": f"trial_secret.phone:{self.row}", "ticket": self.number, "purpose": "verify_order"}
        return Wanted(**(given | changes))

    async def reveal(self, person: Person, *, at: datetime = NOW, **changes: Any) -> Revealed:
        """The person reveals it."""
        return await reveal(self.begin(person), self.wanted(**changes), by=person, at=at)

    async def reveals(self) -> list[Reveal]:
        """What was recorded as seen, in order."""
        async with self.tenants.session(self.tenant, AGENCY) as session:
            return list(await session.scalars(select(Reveal).order_by(Reveal.id)))

    async def leaves(self, prefix: str = "reveal.") -> list[AuditLeaf]:
        """The audit leaves of these actions, in order."""
        async with self.tenants.session(self.tenant, AGENCY) as session:
            query = select(AuditLeaf).where(AuditLeaf.action.startswith(prefix)).order_by(AuditLeaf.id)
            return list(await session.scalars(query))

    async def actions(self, prefix: str = "reveal.") -> list[str]:
        """The actions of those leaves."""
        return [leaf.action for leaf in await self.leaves(prefix)]

    async def jobs(self, database: Database, actor: str) -> list[dict[str, str]]:
        """The payloads of the waiting jobs of an actor."""
        superuser = await database.connect_as_superuser()
        try:
            rows = await superuser.fetch("SELECT payload FROM control.job WHERE actor = $1 ORDER BY created_at", actor)
        finally:
            await superuser.close()
        return [json.loads(row["payload"]) for row in rows]

    async def run(self, statement: str, **values: Any) -> None:
        """Raw SQL in the agency's context, committed."""
        async with self.tenants.session(self.tenant, AGENCY) as session:
            await session.execute(text(statement), values)
