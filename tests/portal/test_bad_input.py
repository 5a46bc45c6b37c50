"""What nobody should type, at every form of finance: refused with the field named, nothing done, nothing typed lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

import pytest
from litestar import Litestar

from anshou.finance.rates import PaidRole, RateGiven, set_rate
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.billing.bills import papers
from tests.billing.bills.test_bad_input import far
from tests.cast import NOW, Anhe
from tests.database import Database
from tests.portal.agency_steps import open_report
from tests.portal.statement_steps import Books
from tests.portal.visitor import Visitor
from tests.untouched import rows_of

MONEY = (
    "12.345",
    "twelve",
    "-5",
    "−5",
    "－５",
    "(12.50)",
    "0",
    "1e3",
    "1.2E+15",
    "NaN",
    "Infinity",
    "1e999999999",
    "1,2,3.00",
    "1.234,50",
    "1_000",
    "٣",
    "99999999999999999999",
    "9" * 5000,
    "12.50\x00",
)
DAYS = ("0001-01-01", "9999-12-31", "2026-02-29", "2026-13-01", "0206-11-20", "２０２６", "yesterday", "2026-11-20\x00")
NUMBERS = ("1.5", "-1", "0", "1e3", "99999999999999999999", "9" * 5000, "many", "5\x00")
TEXTS = ("a\x00b", "字" * 5000)


@dataclass(frozen=True)
class Form:
    """A form, who fills it in, what is right in it, and what is wrong by field."""

    login: str
    address: str
    right: Mapping[str, str]
    wrong: Mapping[str, tuple[str, ...]]


FORMS = {
    "a cost": Form(
        "manager",
        "/tickets/{ticket}/costs/new",
        {
            "category": "material_licence",
            "fen": "1,280.00",
            "tax_fen": "72.45",
            "incurred_on": "2026-11-20",
            "note": "数据恢复软件",
        },
        {
            "fen": MONEY,
            "tax_fen": (*(one for one in MONEY if one != "0"), "1,280.01"),
            "incurred_on": (*DAYS, "2030-01-01"),
            "note": (*TEXTS, "请联系 13812345678"),
            "category": ("freight", "labour_overtime", "moon", ""),
            "currency": (),
        },
    ),
    "working time": Form(
        "manager",
        "/tickets/{ticket}/costs/time",
        {"work": "labour_overtime", "worked_on": "2026-11-20", "minutes": "90", "note": "修复"},
        {"minutes": (*NUMBERS, "1441"), "worked_on": DAYS, "note": TEXTS, "work": ("moon",), "person": ("nobody",)},
    ),
    "a rate": Form(
        "finance",
        "/costs/settings/rates/new",
        {"role": "specialist", "fen_per_hour": "60", "valid_from": "2026-01-01"},
        {"fen_per_hour": MONEY, "valid_from": DAYS, "role": ("merchant_owner",), "person": ("nobody",)},
    ),
    "rules of costs": Form(
        "finance",
        "/costs/settings/rules",
        {"four_eyes_fen": "5000", "workday_percent": "150", "rest_day_percent": "200", "holiday_percent": "300"},
        {"four_eyes_fen": tuple(one for one in MONEY if one != "0"), "workday_percent": NUMBERS},
    ),
    "a budget": Form(
        "executive",
        "/budgets/new",
        {"category": "material_licence", "per": "month", "day": "2026-11-20", "fen": "1,600.00", "reason": "计划"},
        {"fen": MONEY, "day": DAYS, "reason": TEXTS, "per": ("week",), "merchant": ("nobody",), "department": ("x",)},
    ),
    "a payment": Form(
        "finance",
        "/statements/merchants/{merchant}/payment",
        {"fen": "50.00", "paid_on": "2026-11-20", "reference": "BK-1"},
        {"fen": MONEY, "paid_on": (*DAYS, "2030-01-01"), "reference": (*TEXTS, "", " ")},
    ),
    "an accepted dispute": Form(
        "finance",
        "/statements/{statement}/lines/1/accept",
        {"fen": "1.00", "reason": "协商"},
        {"fen": (*MONEY, "123.01"), "reason": TEXTS},
    ),
    "a rejected dispute": Form(
        "finance", "/statements/{statement}/lines/1/reject", {"reason": "不成立"}, {"reason": (*TEXTS, "", " ")}
    ),
    "a rule of matching": Form(
        "finance",
        "/reconciliation/rules/bank_cmb",
        {"against": "costs", "priority": "1", "tolerance_fen": "0.50", "window_days": "3", "write_off_fen": "1.00"},
        {
            "tolerance_fen": tuple(one for one in MONEY if one != "0"),
            "write_off_fen": tuple(one for one in MONEY if one != "0"),
            "window_days": tuple(one for one in NUMBERS if one != "0"),
            "priority": tuple(one for one in NUMBERS if one != "0"),
            "against": ("moon", ""),
        },
    ),
}


@pytest.fixture
async def places(manager: Visitor, tenants: Tenants, tenant: Tenant, anhe: Anhe) -> dict[str, Any]:
    """What the addresses name: a ticket, a merchant, a statement whose first line is disputed."""
    ticket = await open_report(manager, anhe)
    books = Books(tenants, tenant, anhe)
    await books.charge(12_300, date(2026, 10, 12))
    statement = await books.issue()
    await books.dispute(statement, "不是我方原因")
    async with tenants.session(tenant, anhe.finance.context()) as session:
        rate = RateGiven(role=PaidRole.ACCOUNT_MANAGER, fen_per_hour=6_000, valid_from=date(2026, 1, 1))
        await set_rate(session, rate, by=anhe.finance, at=NOW)
    return {"ticket": ticket, "merchant": anhe.yunshan.id, "statement": statement}


@pytest.mark.parametrize("name", FORMS)
async def test_what_is_wrong_is_named_nothing_is_done_and_nothing_typed_is_lost(
    name: str, app: Litestar, database: Database, tenant: Tenant, places: dict[str, Any]
) -> None:
    form, wrongs = FORMS[name], []
    address = form.address.format(**places)
    async with Visitor(app) as visitor:
        await visitor.sign_in(form.login)
        await visitor.go(address)
        before = await rows_of(database, tenant)
        for field, values in form.wrong.items():
            for value in values:
                await visitor.go(address)
                await visitor.send(address, **{**form.right, field: value})
                wrongs += [f"{field}={value[:30]!r}: {fault}" for fault in faults(visitor, form, field, value)]
        assert not wrongs, "\n".join(wrongs)
        assert await rows_of(database, tenant) == before
        await visitor.go(address)
        await visitor.send(address, **form.right)
        assert visitor.status == 200, "what is right in it is refused as well"


def faults(visitor: Visitor, form: Form, field: str, value: str) -> list[str]:
    """What is amiss with the answer to a form with this in the field."""
    if not 400 <= visitor.status < 500:
        return [f"answered by {visitor.status}"]
    found = []
    text = unescape(visitor.text)
    if "\x00" in value:
        # No keyboard makes one: the whole request is refused.
        return [] if "空字符" in text else [f"a null character is not named: {visitor.status} {text[-900:]}"]
    if "is-wrong" not in text:
        found.append("the field is not named")
    if "%(" in text:
        found.append("a message is not filled in")
    kept = [one for name, one in form.right.items() if name != field and one not in text]
    if kept:
        found.append(f"{kept} is lost")
    return found


MONTHS = ("0001-01", "9999-12", "1999-12", "2200-01", "2026-13", "2026-1", "x", "%00", "２０２６-10", "2026-10-01")
ADDRESSES = (
    "/statements?month={month}",
    "/statements/months/{month}/{merchant}",
    "/closing/{month}",
    "/closing/{month}/export",
    "/budgets?month={month}",
    "/reconciliation/bench?source=bank_cmb&account=a&month={month}",
    "/costs/all?incurred_from={month}-01&incurred_until={month}-28",
    "/ledger?month={month}",
    "/ledger/balances?month={month}",
    "/reports?from={month}&until={month}",
)


async def test_no_month_in_an_address_breaks_a_page(app: Litestar, places: dict[str, Any]) -> None:
    broken = []
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        for address in ADDRESSES:
            for month in MONTHS:
                asked = address.format(month=month, **places)
                await finance.go(asked)
                if finance.status >= 500:
                    broken.append(f"{asked}: {finance.status}")
    assert not broken, "\n".join(broken)


FILES = {
    "nothing": ("", b"", "选择文件"),
    "an empty file": ("空.csv", b"", "文件是空的"),
    "garbage": ("x.csv", bytes(range(256)) * 4096, "须为 csv、txt、xls、xlsx 或 zip"),
    "a page": ("x.html", b"<html><body>1</body></html>", ""),
    "the far corner": ("x.xlsx", far("XFD1048576"), "工作簿展开后过大"),
    "a name of null": ("a\x00b.csv", papers.bank(['2026-11-20,人民币,x,"8,720.00",付,某,']), ""),
    "a long name": ("长" * 300 + ".csv", papers.bank(['2026-11-20,人民币,x,"8,720.00",付,某,']), ""),
    "markup in a name": ("<b>.csv", papers.bank(['2026-11-20,人民币,x,"8,720.00",付,某,']), "&lt;b&gt;"),
    "wrong encodings": ("x.csv", papers.bank([]) + b"\n\xff\xfe\xff,\x81", "此处不是 UTF-8 或 GB18030 编码的文字"),
    "wrong totals": ("x.csv", papers.wechat(("3", *papers.WECHAT_TOTALS[1:])), "合计与明细不符"),
    "lost digits": (
        "x.csv",
        papers.wechat().replace(b"4200001", b"4.2E+15"),
        "编号已被表格软件改成科学计数法而丢失数字",
    ),
    "a currency that is none": ("x.csv", papers.bank(['2026-11-20,贝壳,"-1.00","1.00",付,某,']), "须为币种"),
}


@pytest.mark.parametrize("door", ["/reconciliation", "/costs/import"])
async def test_a_file_is_taken_whole_or_not_at_all(
    door: str, app: Litestar, database: Database, tenant: Tenant, places: dict[str, Any]
) -> None:
    login, target = ("finance", f"{door}/import") if door == "/reconciliation" else ("manager", door)
    amiss = []
    async with Visitor(app) as visitor:
        await visitor.sign_in(login)
        await visitor.go(door)
        before = await rows_of(database, tenant)
        for name, (file, content, said) in FILES.items():
            await visitor.go(door)
            data = {"_token": visitor.token(), "account": "我填的账户"}
            visitor.page = await visitor.client.post(target, data=data, files={"file": (file, content)})
            if not 400 <= visitor.status < 500:
                amiss.append(f"{name}: answered by {visitor.status}")
            elif door == "/reconciliation" and said and said not in visitor.text:
                amiss.append(f"{name}: does not say {said}")
            elif door == "/reconciliation" and "我填的账户" not in visitor.text:
                amiss.append(f"{name}: what was typed is lost")
        assert not amiss, "\n".join(amiss)
        assert await rows_of(database, tenant) == before
