"""Opening balances in the portal: entered by line, read from a spreadsheet, and refused line by line."""

import pytest
from litestar import Litestar

from tests.cast import Anhe
from tests.portal.visitor import Visitor

PAGE = "/ledger/openings"


@pytest.fixture
async def finance(anhe: Anhe, visitor: Visitor) -> Visitor:
    await visitor.sign_in("finance")
    await visitor.go(PAGE)
    assert visitor.says("还没有科目")
    await visitor.go("/ledger/accounts")
    await visitor.send("/ledger/accounts/start")
    await visitor.go(PAGE)
    return visitor


def file(*rows: str, name: str = "期初.csv") -> dict[str, tuple[str, bytes, str]]:
    return {"file": (name, "\n".join(rows).encode("utf-8-sig"), "text/csv")}


async def upload(finance: Visitor, *rows: str) -> None:
    data = {"_token": finance.token()}
    finance.page = await finance.client.post(f"{PAGE}/import", data=data, files=file(*rows))


async def test_a_spreadsheet_fills_the_form_which_is_posted_once(finance: Visitor, anhe: Anhe) -> None:
    await upload(
        finance,
        "科目编码,科目名称,借方（元）,贷方（元）,商家",
        '1002,银行存款,"10,000.00",0.00,',
        f"1122,应收账款,300.5,,{anhe.yunshan.name}",
        "2241,其他应付款,0,0,",
    )
    assert finance.says("已读取 2 行")
    assert finance.value_of("entries[0].debit") == "10,000.00"
    values = {
        "key": finance.value_of("key"),
        "begins_on": "2026-11-01",
        "entries[0].account": "1002",
        "entries[0].debit": "10,000.00",
        "entries[1].account": "1122",
        "entries[1].debit": "300.5",
        "entries[1].merchant": str(anhe.yunshan.id),
    }
    await finance.send(PAGE, **values)
    assert finance.says("期初余额已过账"), finance.text
    for shown in ("¥10,000.00", "¥300.50", "410499", "¥10,300.50"):
        assert finance.says(shown), shown
    await finance.go(PAGE)
    await finance.send(PAGE, **values)
    assert finance.says("期初余额已过账")
    await finance.go(PAGE)
    (voucher,) = finance.links("/ledger/vouchers/")

    await finance.send("/language", language="en", back=voucher)
    assert finance.says("Opening balance")
    assert '<dd><span lang="zh-CN">期初余额</span></dd>' in finance.text
    await finance.send("/language", language="zh-CN", back=voucher)
    assert '<span lang="zh-CN">' not in finance.text


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("科目,借,贷", "1002,1,"), "首行须有这些列"),
        (("科目编码,借方,贷方,商家", "1122,1,,不存在的商家"), "没有这个商家"),
        (("科目编码,借方,贷方", *["1002,1,"] * 201), "一次最多导入 200 行"),
        (("",), "没有导入"),
    ],
)
async def test_a_file_that_cannot_be_read_says_where(finance: Visitor, rows: tuple[str, ...], said: str) -> None:
    await upload(finance, *rows)
    assert finance.status == 422
    assert finance.says(said), finance.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"begins_on": "1999-01-01"}, "最近两年内"),
        ({"begins_on": "2026-12-01"}, "最近两年内"),
        ({"entries[0].account": "410499"}, "差额自动记入这个科目"),
        ({"entries[0].account": "1122"}, "该科目须选择商家"),
        ({"entries[0].account": "1221"}, "汇总科目不能记账"),
        ({"entries[0].debit": "一百"}, "须为金额"),
    ],
)
async def test_a_fault_stands_beside_its_line(finance: Visitor, changes: dict[str, str], said: str) -> None:
    given = {"begins_on": "2026-11-01", "entries[0].account": "1002", "entries[0].debit": "100"}
    await finance.send(PAGE, key=finance.value_of("key"), **{**given, **changes})
    assert finance.status == 422
    assert finance.says(said), finance.text


async def test_balances_after_the_books_have_begun_are_refused(finance: Visitor) -> None:
    await finance.go("/ledger/vouchers/new")
    await finance.send(
        "/ledger/vouchers/new",
        key=finance.value_of("key"),
        booked_on="2026-11-02",
        summary="手续费",
        **{"entries[0].account": "660301", "entries[0].debit": "1", "entries[1].account": "1002"},
        **{"entries[1].credit": "1"},
    )
    await finance.go(PAGE)
    given = {"begins_on": "2026-10-02", "entries[0].account": "1002", "entries[0].debit": "100"}
    await finance.send(PAGE, key=finance.value_of("key"), **given)
    assert finance.says("期初余额已过账"), finance.text
    await finance.go(PAGE)
    await finance.send(PAGE, key=finance.value_of("key"), **{**given, "begins_on": "2026-11-02"})
    assert finance.status == 422
    assert finance.says("期初余额须在最早的会计期间录入")


async def test_the_auditor_reads_what_was_entered(finance: Visitor, app: Litestar) -> None:
    async with Visitor(app) as auditor:
        await auditor.sign_in("auditor")
        await auditor.go(PAGE)
        assert auditor.says("还没有期初余额")
        assert "entries[0]" not in auditor.text
