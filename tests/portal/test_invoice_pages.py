"""Invoices in the portal: asked for at either desk, written out and issued by finance, fetched by the merchant."""

from io import BytesIO

import openpyxl
import pytest
from litestar import Litestar

from anshou.finance.disputing_lines import confirm_statement
from anshou.finance.reading_statements import visible_statement
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe
from tests.portal.statement_steps import Books
from tests.portal.visitor import Visitor

BUYER = {
    "name": "云杉户外用品（杭州）有限公司",
    "tax_number": "91330106MA27XY4N5P",
    "address": "杭州市西湖区文三路 90 号",
    "phone": "0571-88990011",
    "bank": "中国工商银行杭州文三支行",
    "account": "1202021409900123456",
}
NUMBER = "26332000000012345678"
PDF = ("26332000000012345678.pdf", b"%PDF-1.7\n" + b"0" * 64, "application/pdf")


@pytest.fixture
async def books(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> Books:
    return Books(tenants, tenant, anhe)


async def confirmed(books: Books, *fen: int) -> str:
    """October's statement of these costs, all confirmed by the owner."""
    for one in fen:
        await books.charge(one)
    number = await books.issue()
    owner = books.anhe.owner
    async with books.tenants.session(books.tenant, owner.context()) as session:
        statement = await visible_statement(session, number, by=owner)
        await confirm_statement(session, statement, by=owner, at=NOW)
    return number


async def asked(visitor: Visitor, **given: object) -> str:
    """The owner of 云杉 keeps the buyer and asks; the number of the request."""
    await visitor.sign_in("yunshan-owner")
    await visitor.send("/my/invoices/buyer", **BUYER)
    await visitor.go("/my/invoices/new")
    values = {"kind": "special", "statements": visitor.value_of("statements"), **given}
    await visitor.send("/my/invoices/new", **values)
    assert visitor.says("已提交")
    return visitor.path.rpartition("/")[2]


async def upload(visitor: Visitor, number: str, *files: tuple[str, bytes, str]) -> None:
    """Finance puts files to the invoice."""
    await visitor.go(f"/invoices/{number}")
    sent = [("files", file) for file in files]
    form = {"_token": visitor.token()}
    visitor.page = await visitor.client.post(f"/invoices/{number}/files", data=form, files=sent)


async def test_a_merchant_asks_finance_issues_and_the_merchant_fetches_it(
    visitor: Visitor, app: Litestar, books: Books
) -> None:
    statement = await confirmed(books, 10_600, 11_300)
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/my/invoices/new")
    assert visitor.says("请先登记购买方开票资料")
    number = await asked(visitor)
    assert visitor.says("¥219.00")
    assert visitor.says(statement)
    assert visitor.says("****3456")
    assert "1202021409900123456" not in visitor.text
    assert [told["event"] for told in await books.told(number)] == ["invoice_requested"]

    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/invoices")
        assert finance.says("待受理")
        assert f'href="/invoices/{number}"' in finance.text
        lines = {
            "lines[0].item": "代运营售后服务费",
            "lines[0].rate": "6",
            "lines[0].fen": "106",
            "lines[1].item": "存储设备",
            "lines[1].rate": "13",
            "lines[1].fen": "112.99",
        }
        await finance.go(f"/invoices/{number}/accept")
        assert finance.value_of("lines[0].fen") == "219.00"
        await finance.send(f"/invoices/{number}/accept", **lines)
        assert finance.status == 422
        assert finance.says("各项含税金额之和须等于申请金额")
        await finance.send(f"/invoices/{number}/accept", **{**lines, "lines[1].fen": "113"})
        assert finance.says("¥200.00")
        assert finance.says("¥19.00")
        await finance.go("/invoices")
        assert 'href="/invoices/batch.xlsx"' in finance.text
        book = openpyxl.load_workbook(BytesIO((await finance.client.get("/invoices/batch.xlsx")).content))
        basics, details = ([list(row) for row in sheet.values] for sheet in book.worksheets)
        assert book.sheetnames == ["1-发票基本信息", "2-发票明细信息"]
        assert basics[3][:7] == [number, "增值税专用发票", None, "是", "否", BUYER["name"], BUYER["tax_number"]]
        assert BUYER["account"] not in str(basics)
        assert [(row[1], row[7], row[8]) for row in details[3:]] == [
            ("代运营售后服务费", "106.00", "0.06"),
            ("存储设备", "113.00", "0.13"),
        ]
        await finance.send(f"/invoices/{number}/issue", invoice_number=NUMBER[:-1], issued_on="2026-11-20")
        assert finance.says("发票号码须为 20 位数字")
        await finance.send(f"/invoices/{number}/issue", invoice_number=NUMBER, issued_on="2026-11-20")
        assert finance.says("请上传发票文件")
        await upload(finance, number, ("发票.exe", b"MZ\x90\x00" + b"0" * 64, "application/pdf"))
        assert finance.says("发票文件须为 PDF、OFD 或 XML")
        xml = ("发票.xml", b"<?xml version='1.0' encoding='UTF-8'?><EInvoice/>", "text/xml")
        ofd = ("发票.ofd", b"PK\x03\x04" + b"0" * 64, "application/octet-stream")
        await upload(finance, number, PDF, xml, ofd)
        assert finance.says("发票.ofd")
        assert finance.says("共 3 份")

    await visitor.go(f"/my/invoices/{number}")
    assert visitor.says("已开票")
    (file, *_) = visitor.links(f"/my/invoices/{number}/files/")
    answer = await visitor.client.get(file)
    assert (answer.content, answer.headers["content-disposition"].partition(";")[0]) == (PDF[1], "attachment")
    await visitor.go(f"/my/invoices/{number}")
    assert visitor.says("已交付")
    assert visitor.says("商家已下载")
    await visitor.go("/my/invoices")
    assert visitor.says("可开 ¥0.00")


async def test_a_part_is_asked_for_refused_and_cancelled_with_reasons(
    visitor: Visitor, app: Litestar, books: Books
) -> None:
    await confirmed(books, 10_000)
    first = await asked(visitor, fen="40.00", kind="ordinary")
    await visitor.go("/my/invoices")
    assert visitor.says("可开 ¥60.00")
    await visitor.go("/my/invoices/new")
    statements = visitor.value_of("statements")
    await visitor.send("/my/invoices/new", kind="ordinary", statements=statements, fen="60.01")
    assert (visitor.status, visitor.value_of("fen")) == (422, "60.01")
    assert visitor.says("开票金额不能超过尚未开票的金额")
    await visitor.send("/my/invoices/new", kind="ordinary", statements=statements)
    second = visitor.path.rpartition("/")[2]
    await visitor.send(f"/my/invoices/{second}/cancel", reason="下月一起开")
    assert visitor.says("申请已取消")
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.send(f"/invoices/{first}/refuse", reason="")
        assert finance.status == 422
        await finance.send(f"/invoices/{first}/refuse", reason="请合并申请")
        assert finance.says("已拒绝")
        await finance.send(f"/invoices/{first}/accept", **{"lines[0].item": "服务费", "lines[0].fen": "40"})
        assert finance.status == 409
    await visitor.go(f"/my/invoices/{first}")
    assert visitor.says("请合并申请")
    await visitor.go("/my/invoices")
    assert visitor.says("可开 ¥100.00")


async def test_finance_asks_for_a_merchant_and_takes_an_invoice_back(
    visitor: Visitor, app: Litestar, books: Books
) -> None:
    await confirmed(books, 10_001)
    await visitor.sign_in("finance")
    merchant = books.anhe.yunshan.id
    here = f"/invoices/merchants/{merchant}"
    await visitor.go(f"/invoices/merchants?merchant={merchant}")
    assert visitor.path == here
    await visitor.send(f"{here}/buyer", **{**BUYER, "tax_number": "91330106MA27XY4N50"})
    assert visitor.says("校验码不符")
    await visitor.send(f"{here}/buyer", **BUYER)
    await visitor.go(f"{here}/new")
    await visitor.send(f"{here}/new", kind="special", statements=visitor.value_of("statements"))
    number = visitor.path.rpartition("/")[2]
    await visitor.send(
        f"/invoices/{number}/accept",
        **{"lines[0].item": "代运营售后服务费", "lines[0].rate": "6", "lines[0].fen": "100.01"},
    )
    await visitor.send(f"/invoices/{number}/issue", invoice_number=NUMBER, issued_on="2026-11-20")
    await visitor.send(f"/invoices/{number}/red", cause="error", reason="抬头有误")
    red = visitor.path.rpartition("/")[2]
    assert visitor.says("-¥100.01")
    await visitor.send(f"/invoices/{red}/accept")
    assert visitor.says("-¥5.66")
    number_of_red = NUMBER[:-1] + "9"
    await visitor.send(f"/invoices/{red}/issue", invoice_number=number_of_red, issued_on="2026-11-20")
    assert visitor.status == 422
    await visitor.send(
        f"/invoices/{red}/issue", invoice_number=number_of_red, issued_on="2026-11-20", confirmation="330106261100012"
    )
    await visitor.go(f"/invoices/{number}")
    assert visitor.says("已红冲")
    await visitor.go(here)
    assert visitor.says("可开 ¥100.01")


async def test_strangers_and_those_who_only_read_change_nothing(visitor: Visitor, app: Litestar, books: Books) -> None:
    await confirmed(books, 10_000)
    number = await asked(visitor)
    async with Visitor(app) as stranger:
        await stranger.sign_in("qinghe-owner")
        for path in (f"/my/invoices/{number}", f"/invoices/{number}", "/invoices"):
            await stranger.go(path)
            assert stranger.status == 404, path
    async with Visitor(app) as auditor:
        await auditor.sign_in("auditor")
        await auditor.go(f"/invoices/{number}")
        assert auditor.status == 200
        assert "/accept" not in auditor.text
        assert "3456" not in auditor.text.replace(number, "")
        await auditor.go(f"/invoices/{number}/accept")
        assert auditor.status == 403
    async with Visitor(app) as member:
        await member.sign_in("yunshan-member")
        await member.go(f"/my/invoices/{number}")
        assert member.status == 200
        await member.go("/my/invoices/new")
        assert member.status == 403
