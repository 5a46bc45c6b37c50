"""A ledger of 50,000 rows taken over: read, checked and imported, against bare COPYs.

The rows are those of a made-up .xlsx with fourteen columns. What is timed is the product's own: the verbs that the
pages and the worker call, in the transactions in which they call them. The reference is what a COPY of the superuser
takes, in one transaction, into tables without index, trigger, check or policy: of the rows that the import writes
(tickets, desks, entries, closures, clocks and their stops, leaves of the audit record, which row became which ticket),
the middle one of five, each committed, and, reported beside it, of the 50,000 rows of the file alone. Measures of what
is imported are counted by a job of their own afterwards, and are not in it; nor is reading the .xlsx, which no COPY
does.
"""

import io
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import xlsxwriter
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.tickets.importing.batches import TicketImport, visible_import
from anshou.tickets.importing.carrying_out import import_tickets
from anshou.tickets.importing.deciding import accept, check_import
from anshou.tickets.importing.fields import Field
from anshou.tickets.importing.grounds import known_to
from anshou.tickets.importing.intake import (
    begin_import,
    choose_columns,
    choose_values,
    columns_of,
    table_of,
    values_to_choose,
)
from anshou.tickets.importing.wording import NOBODY
from bench import vocabulary
from bench.ground import Ground
from bench.rows import Row, at_most
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import open_storage
from tests.cast import settle

ROWS = 50_000
LIMIT = 15

_HEADER = (
    *("序号", "登记日期", "商家", "反馈渠道", "问题类型", "问题描述", "是否紧急"),
    *("责任部门", "责任人", "处理方案", "承诺完成", "实际完成", "状态", "产生费用"),
)
_TABLES = (
    *("ticket", "ticket_desk", "entry", "closure", "audit_leaf", "ticket_import_row"),
    *("ticket_clock", "clock_stop", "hold"),
)
# A COPY takes a second or two: one alone says little on a machine that does something else as well.
_COPIES = 5


async def measure(ground: Ground) -> list[Row]:
    """The seconds of each part, and both ratios."""
    tenant = ground.tenants[-9 if len(ground.tenants) > 8 else -1]
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    try:
        async with tenants.session(tenant, AGENCY) as session:
            cast = await settle(session, datetime.now(UTC))
        content, rows = ledger()
        seconds = await _imported(tenants, tenant, cast.supervisor, content)
        copied, plain, counted = await _copied(ground, tenant, rows)
    finally:
        await tenants.close()
    took = sum(seconds.values())
    parts = ", ".join(f"{part} {each:.1f} s" for part, each in seconds.items())
    return [
        at_most(
            f"{ROWS:,} rows of a ledger checked and imported, against a bare COPY of what it writes",
            (seconds["checked"] + seconds["imported"]) / copied,
            LIMIT,
            detail=f"{parts}; COPY of {counted:,} rows {copied:.2f} s",
        ),
        Row(
            measure="the same, against a bare COPY of the file's rows alone",
            value=f"{(seconds['checked'] + seconds['imported']) / plain:.0f}",
            detail=f"COPY {plain:.2f} s; with reading the .xlsx {took:.1f} s in all",
        ),
    ]


def ledger() -> tuple[bytes, list[tuple[str, ...]]]:
    """A made-up file and its rows: four in five ended, dates written in several ways, no text twice."""
    draw = random.Random(20261122)
    first = date(2024, 1, 1)
    rows: list[tuple[str, ...]] = []
    for number in range(1, ROWS + 1):
        day = first + timedelta(days=number * 700 // ROWS)
        done = day + timedelta(days=draw.randint(1, 9))
        is_over = draw.random() < 0.8
        words = (
            f"{draw.choice(vocabulary.COMMON)}{draw.choice(vocabulary.COMMON)}有问题，第 {number} 次反馈，请尽快处理"
        )
        rows.append(
            (
                str(number),
                draw.choice((f"{day}", f"{day:%Y/%m/%d}", f"{day:%Y.%m.%d}", f"{day.month}月{day.day}日")),
                draw.choice(("云杉户外", "青禾食品")),
                draw.choice(("电话", "微信群", "邮件", "旺旺", "钉钉")),
                draw.choice(("服务质量", "数据异常", "合同纠纷", "服务问题", "数据")),
                words,
                draw.choice(("是", "否", "一般", "紧急")),
                draw.choice(("运营部", "数据组", "客服部", "商务部")),
                draw.choice(("林悦", "周敏", "阿强")),
                draw.choice(("补报次级会场", "排查流量来源", "更换主图并复核", "协商中")),
                f"{done:%Y/%m/%d}",
                f"{done}" if is_over else "/",
                draw.choice(("已完成", "已关闭")) if is_over else draw.choice(("处理中", "待商家确认")),
                draw.choice(("", "120", "86.5", "￥350.00", "1,280元", "约500")),
            )
        )
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write(0, 0, "售后问题台账（2024年）")
    sheet.write_row(1, 0, _HEADER)
    for place, row in enumerate(rows, start=2):
        sheet.write_row(place, 0, row)
    book.close()
    return out.getvalue(), rows


async def _imported(tenants: Tenants, tenant: Tenant, by: Person, content: bytes) -> dict[str, float]:
    storage = open_storage("memory:")
    at = datetime.now(UTC)
    seconds: dict[str, float] = {}
    began = time.monotonic()
    async with tenants.session(tenant, by.context()) as session:
        batch = await begin_import(session, storage, "台账.xlsx", content, by=by, at=at)
    seconds["read"] = time.monotonic() - began
    async with tenants.session(tenant, by.context()) as session:
        batch = await _again(session, batch.id, by)
        table = await table_of(session, storage, batch)
        columns = {one.place: one.field for one in await columns_of(session, batch, table)}
        await choose_columns(session, batch, table, columns, by=by)
        found = await values_to_choose(session, batch, table, await known_to(session))
        values: dict[Field, dict[str, str]] = {
            field: {one.key: one.meaning or NOBODY for one in each} for field, each in found.items()
        }
        await choose_values(session, batch, table, values, [], by=by, at=at)
    began = time.monotonic()
    async with tenants.session(tenant, by.context()) as session:
        batch = await _again(session, batch.id, by)
        await check_import(session, batch, await table_of(session, storage, batch), by=by, at=at)
    seconds["checked"] = time.monotonic() - began
    began = time.monotonic()
    async with tenants.session(tenant, by.context()) as session:
        await accept(session, await _again(session, batch.id, by), by=by)
    seconds["accepted"] = time.monotonic() - began
    began = time.monotonic()
    async with tenants.session(tenant, by.context()) as session:
        batch = await _again(session, batch.id, by)
        await import_tickets(session, storage, batch, is_private=lambda *_: False, by=by, at=at)
    seconds["imported"] = time.monotonic() - began
    if not batch.ticket_count:
        raise AssertionError("nothing was imported")
    return seconds


async def _again(session: AsyncSession, import_id: UUID, by: Person) -> TicketImport:
    return await visible_import(session, import_id, by=by)


async def _copied(ground: Ground, tenant: Tenant, rows: list[tuple[str, ...]]) -> tuple[float, float, int]:
    """The seconds of a bare COPY of what the import wrote, of the file's rows, and how many rows the first were."""
    owner = await ground.superuser()
    try:
        held = {table: await owner.fetch(f"SELECT * FROM {tenant.schema}.{table}") for table in _TABLES}
        written = [await _copy(owner, tenant, held) for _ in range(_COPIES)]
        columns = ", ".join(f"c{place} text" for place in range(len(_HEADER)))
        await owner.execute(f"CREATE TABLE {tenant.schema}.bare_file ({columns})")
        began = time.monotonic()
        await owner.copy_records_to_table("bare_file", schema_name=tenant.schema, records=rows)
        plain = time.monotonic() - began
        await owner.execute(f"DROP TABLE {tenant.schema}.bare_file")
        return statistics.median(written), plain, sum(map(len, held.values()))
    finally:
        await owner.close()


async def _copy(owner: asyncpg.Connection, tenant: Tenant, held: Mapping[str, Sequence[asyncpg.Record]]) -> float:
    """The seconds of one COPY of each table's rows into a table without anything, in one transaction, committed."""
    for table in held:
        await owner.execute(
            f"CREATE TABLE {tenant.schema}.bare_{table} AS SELECT * FROM {tenant.schema}.{table} LIMIT 0"
        )
    began = time.monotonic()
    async with owner.transaction():
        for table, rows in held.items():
            await owner.copy_records_to_table(f"bare_{table}", schema_name=tenant.schema, records=rows)
    seconds = time.monotonic() - began
    for table in held:
        await owner.execute(f"DROP TABLE {tenant.schema}.bare_{table}")
    return seconds
