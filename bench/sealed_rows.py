"""A million sealed consumers of one merchant beside a million plain ones, for the benches of pages and searches.

Tables of the benches' own in the first tenant's schema, fenced like the product's, with the declaration that consumers
have there: a phone found by its whole and by its last four digits, a name and an address.
"""

import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Computed, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.ground import Ground
from confidentiality.sealing import masks
from confidentiality.sealing.ddl import SEAL_VERSION, sealed_columns, sealed_indexes
from confidentiality.sealing.fields import SealedRow, sealed
from confidentiality.sealing.finding import exact, last
from confidentiality.sealing.handles import BlindValue, Sealed
from confidentiality.sealing.ring import KeyRing
from confidentiality.sealing.suites import Suite
from tenants.base import MerchantRow, new_id
from tenants.ddl import fence_by_merchant, grant
from tenants.registry import Tenant

ROWS = 1_000_000
BATCH = 20_000


class BenchBase(DeclarativeBase):
    """A base of its own, so that the product's tables stay what they are."""

    type_annotation_map = {UUID: Uuid(), str: Text()}  # noqa: RUF012  SQLAlchemy reads this class attribute itself.


class SealedConsumer(MerchantRow, SealedRow, BenchBase):
    """A consumer as the product keeps one."""

    __tablename__ = "bench_sealed"

    phone: Mapped[Sealed[str]] = sealed(find=(exact(), last(4)), mask=masks.phone)
    name: Mapped[Sealed[str]] = sealed(mask=masks.name, pad=32)
    address: Mapped[Sealed[str]] = sealed(mask=masks.address, pad=64)


class PlainConsumer(MerchantRow, BenchBase):
    """The same in the clear, with the indexes that the same searches need."""

    __tablename__ = "bench_plain"

    phone: Mapped[str]
    # A column, because an index over right(phone, 4) is of no use behind row-level security: the function may leak.
    last_four: Mapped[str] = mapped_column(Computed("right(phone, 4)"))
    name: Mapped[str]
    address: Mapped[str]


DDL = f"""
CREATE TABLE bench_sealed (id uuid PRIMARY KEY, merchant_id uuid NOT NULL, {SEAL_VERSION},
{sealed_columns("phone", find=("exact", "last4"))},
{sealed_columns("name")},
{sealed_columns("address")});
CREATE TABLE bench_plain (id uuid PRIMARY KEY, merchant_id uuid NOT NULL, phone text NOT NULL,
last_four text GENERATED ALWAYS AS (right(phone, 4)) STORED, name text NOT NULL, address text NOT NULL);
"""

INDEXES = f"""
{sealed_indexes("bench_sealed", "phone", find=("exact", "last4"))}
CREATE INDEX ON bench_plain (merchant_id, phone);
CREATE INDEX ON bench_plain (merchant_id, last_four);
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The tenant with both tables, the merchant of all rows, its keys, and some of the phones."""

    tenant: Tenant
    merchant: UUID
    ring: KeyRing
    phones: tuple[str, ...]


def new_ring(tenant: UUID | None = None) -> KeyRing:
    """The keys of some merchant."""
    return KeyRing(
        tenant=tenant or new_id(),
        owner=new_id(),
        suite=Suite.AES_256_GCM,
        current=1,
        data_keys={1: os.urandom(32)},
        index_key=os.urandom(32),
    )


@asynccontextmanager
async def consumers(ground: Ground, rows: int = ROWS) -> AsyncIterator[Crowd]:
    """Both tables filled with the same consumers, dropped afterwards."""
    tenant, drawn = ground.tenants[len(ground.tenants) // 2], random.Random(20261121)
    ring = new_ring(tenant.id)
    merchant = ring.owner
    superuser = await ground.superuser()
    try:
        await superuser.execute(f'SET search_path = "{tenant.schema}"')
        await superuser.execute(DDL)
        phones: list[str] = []
        for batch in _plain(merchant, drawn, rows):
            await _copy(superuser, "bench_plain", batch)
            await _copy(superuser, "bench_sealed", [_bound(row) for row in ring.seal_rows(SealedConsumer, batch)])
            phones += [row["phone"] for row in batch[:: max(1, BATCH // 20)]]
        await superuser.execute(INDEXES)
        for table in ("bench_sealed", "bench_plain"):
            await superuser.execute((fence_by_merchant(table) + grant(table)).replace("{role}", tenant.role))
        await superuser.execute("ANALYZE bench_sealed; ANALYZE bench_plain")
        drawn.shuffle(phones)
        yield Crowd(tenant, merchant, ring, tuple(phones))
    finally:
        await superuser.execute("DROP TABLE IF EXISTS bench_sealed, bench_plain")
        await superuser.close()


def _plain(merchant: UUID, drawn: random.Random, rows: int) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, rows, BATCH):
        yield [
            {
                "id": new_id(),
                "merchant_id": merchant,
                "phone": f"1{drawn.randrange(3 * 10**9, 10**10)}",
                "name": drawn.choice("赵钱孙李周吴郑王冯陈") + drawn.choice(("伟", "芳", "秀英", "建国", "小红")),
                "address": f"广东省深圳市南山区科技园北路{drawn.randrange(1, 999)}号{drawn.randrange(1, 30)}栋",
            }
            for _ in range(start, min(start + BATCH, rows))
        ]


def _bound(row: dict[str, Any]) -> dict[str, Any]:
    """The values as the driver takes them, which COPY goes to directly."""
    return {name: _driver_value(value) for name, value in row.items()}


def _driver_value(value: Any) -> Any:
    if isinstance(value, Sealed):
        return value.ciphertext
    return bytes(value) if isinstance(value, BlindValue) else value


async def _copy(connection: asyncpg.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    await connection.copy_records_to_table(table, records=[tuple(row.values()) for row in rows], columns=list(rows[0]))
