"""Costs from a spreadsheet: all rows or none, and every fault by its place."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from sqlalchemy import func, select

from anshou.finance.importing import ImportRefused, import_costs
from anshou.people.errors import PermissionMissing
from billing.costs.items import CostItem
from billing.costs.states import State
from tests.finance.counter import Counter

HEAD = "工单号,费用类别,金额（含税）,税额,发生日期,用途说明"


async def _import(counter: Counter, content: bytes, name: str = "费用.csv") -> list[CostItem]:
    by = counter.cast.account_manager
    await counter.ticket(by)
    async with counter.session.begin_nested():
        return await import_costs(counter.session, name, content, by=by, at=counter.desk.now)


async def _count(counter: Counter) -> int:
    return await counter.session.scalar(select(func.count()).select_from(CostItem)) or 0


async def _faults(counter: Counter, *rows: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefused) as refused:
        await _import(counter, "\n".join((HEAD, *rows)).encode())
    assert await _count(counter) == 0
    return [(fault.line, fault.column, str(fault.expected)) for fault in refused.value.faults]


async def test_every_row_becomes_a_draft_whatever_the_encoding(counter: Counter) -> None:
    await counter.ticket(counter.cast.account_manager)
    rows = (
        f'{counter.ticket_number},软件授权,"￥1,280.00",72.45,2026-11-20,数据恢复软件',
        f"{counter.ticket_number},communication,４２,,2026/11/21,话费",
    )
    items = await _import(counter, "\n".join((HEAD, *rows)).encode("gb18030"))
    assert [(one.fen, one.tax_fen, one.incurred_on, one.note, one.state) for one in items] == [
        (128_000, 7_245, date(2026, 11, 20), "数据恢复软件", State.DRAFT),
        (4_200, 0, date(2026, 11, 21), "话费", State.DRAFT),
    ]


async def test_a_workbook_is_read_with_its_own_dates_and_numbers(counter: Counter) -> None:
    await counter.ticket(counter.cast.account_manager)
    book = openpyxl.Workbook()
    book.active.append(["发生日期", "工单号", "金额", "费用类别"])
    book.active.append([datetime(2026, 11, 20), counter.ticket_number, 1280.5, "物料：存储设备等"])  # noqa: DTZ001
    written = io.BytesIO()
    book.save(written)
    (item,) = await _import(counter, written.getvalue(), "费用.xlsx")
    assert (item.fen, item.incurred_on, item.category.value) == (128_050, date(2026, 11, 20), "material_equipment")


async def test_one_fault_keeps_the_whole_file_out_and_each_is_named(counter: Counter) -> None:
    await counter.ticket(counter.cast.account_manager)
    ticket = counter.ticket_number
    faults = await _faults(
        counter,
        f"{ticket},软件授权,100,,2026-11-20,好的一行",
        f"{ticket},软件授权,12.345,,2026-11-20,",
        "FW2611-99999,软件授权,100,,2026-11-20,",
        f"{ticket},酒水,100,,2026-11-20,",
        f"{ticket},运费,100,,2026-11-20,",
        f"{ticket},加班,100,,2026-11-20,",
        f"{ticket},软件授权,100,200,2026-11-20,税多",
        f"{ticket},软件授权,100,,2026-13-20,",
        f"{ticket},软件授权,100,,2027-11-20,以后",
        f"{ticket},软件授权,100,,2026-11-20,好的一行",
    )
    assert sorted((line, column) for line, column, _ in faults) == [
        (3, "金额"),
        (4, "工单号"),
        (5, "费用类别"),
        (6, "费用类别"),
        (7, "费用类别"),
        (8, "税额"),
        (9, "发生日期"),
        (10, "发生日期"),
        (11, "金额"),
    ]
    assert next(said for line, _, said in faults if line == 11).startswith("与 第 2 行 完全相同")


async def test_a_file_sent_twice_is_not_claimed_twice(counter: Counter) -> None:
    await counter.ticket(counter.cast.account_manager)
    content = f"{HEAD}\n{counter.ticket_number},软件授权,100,,2026-11-20,".encode()
    (item,) = await _import(counter, content)
    with pytest.raises(ImportRefused) as refused:
        await _import(counter, content)
    assert item.number in str(refused.value.faults[0].expected)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02garbage" * 1000,
        b"PK\x03\x04broken",
        HEAD.encode(),
        "工单号,金额\nFW1,1".encode(),
        b"\xff" * 99,
    ],
)
async def test_what_is_no_such_table_is_refused_with_a_place(counter: Counter, content: bytes) -> None:
    await counter.ticket(counter.cast.account_manager)
    with pytest.raises(ImportRefused) as refused:
        await _import(counter, content)
    assert refused.value.faults


async def test_finance_imports_nothing(counter: Counter) -> None:
    with pytest.raises(PermissionMissing):
        await import_costs(counter.session, "x.csv", HEAD.encode(), by=counter.cast.finance, at=counter.desk.now)
