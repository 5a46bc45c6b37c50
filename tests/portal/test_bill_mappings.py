"""A bill of a layout that nobody knows: its columns are explained once, and the next file is recognised."""

import re
from html import unescape

from litestar import Litestar

from tests.browser import DESK, PHONE, new_page, open_browser, serve
from tests.cast import Anhe
from tests.portal.test_merchant_phone import fine, sign_in
from tests.portal.test_reconciliation_pages import imported
from tests.portal.visitor import Visitor

HEADER = "日期,承运商,运单号,计费重量,运费"
FIRST = f"顺丰月结,,,,\n{HEADER}\n2026-11-02,顺丰,SF1001,1.2,12.00\n2026-11-03,顺丰,SF1002,1,10.50\n合计,,,2.2,22.50\n"
NEXT = f"{HEADER}\n2026-11-09,顺丰,SF1003,3,30.00\n2026-11-03,顺丰,SF1002,1,10.50\n"


def form(finance: Visitor) -> dict[str, str | list[str]]:
    """What the page's form would send as it stands."""
    chosen = re.findall(r'name="(role\.\d+)">.*?value="(\w+)" selected', finance.text, re.DOTALL)
    headings = [unescape(each) for each in re.findall(r'name="heading" value="([^"]+)"', finance.text)]
    kept = re.findall(r'name="kept_files" value="([^"]+)"', finance.text)
    return {**dict(chosen), "heading": headings, "kept_files": kept, "account": finance.value_of("account")}


async def test_an_unknown_bill_is_explained_previewed_kept_and_recognised_next_time(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, FIRST.encode(), "顺丰月结")
        assert finance.says("没有认出“流水.csv”的格式")
        assert finance.says("SF1001")
        sent = form(finance)
        assert sent["heading"] == HEADER.split(",")
        assert sent["role.4"] == "costs"

        await finance.send("/reconciliation/mappings", **sent, deed="preview", name="顺丰月结账单")
        assert finance.status == 200
        assert finance.says("-¥22.50")
        assert finance.says("共 2 行")

        await finance.send("/reconciliation/mappings", **sent, deed="save", name="顺丰月结账单")
        assert finance.says("列对应已保存，已导入 2 行")
        assert finance.says("顺丰月结账单 · 顺丰月结")

        await imported(finance, NEXT.encode("gb18030"), "顺丰月结")
        assert finance.says("已导入 2 行，其中 1 行此前已有")


async def test_a_choice_that_makes_no_bill_is_refused_and_stays_as_chosen(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, FIRST.encode())
        sent = form(finance) | {"role.4": "none"}
        await finance.send("/reconciliation/mappings", **sent, deed="preview", name="顺丰")
        assert finance.status == 422
        assert finance.says("金额须为一列")
        assert form(finance)["role.4"] == "none"
        await finance.send("/reconciliation/mappings", **sent | {"role.1": "costs"}, deed="save", name="顺丰")
        assert finance.status == 422
        assert finance.says("须为以元计的金额")
        await finance.go("/reconciliation")
        assert not finance.links("/reconciliation/mappings/")
        assert not finance.says("自有账单的列对应")


async def test_a_name_of_the_products_own_and_the_same_headings_again_are_refused(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, FIRST.encode())
        sent = form(finance)
        for name, why in (("", "请填写名称"), ("costs", "已被系统使用"), ("a/b", "不能有斜线")):
            await finance.send("/reconciliation/mappings", **sent, deed="save", name=name)
            assert finance.status == 422
            assert finance.says(why)
        await finance.send("/reconciliation/mappings", **sent, deed="save", name="顺丰")
        await finance.go("/reconciliation/mappings/顺丰")
        changed = {name: value for name, value in sent.items() if name != "kept_files"}
        await finance.send("/reconciliation/mappings", **changed, deed="save", name="另一个")
        assert finance.says("这组列名已经对应为“顺丰”")


async def test_a_mapping_is_changed_and_given_up(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, FIRST.encode())
        await finance.send("/reconciliation/mappings", **form(finance), deed="save", name="顺丰")
        await finance.go("/reconciliation")
        assert finance.says("自有账单的列对应")
        await finance.go("/reconciliation/mappings/顺丰")
        assert finance.value_of("heading") == "日期"
        await finance.send("/reconciliation/mappings/顺丰/retirement")
        assert finance.says("列对应已停用")
        await finance.go("/reconciliation/mappings/顺丰")
        assert finance.status == 404
        await imported(finance, NEXT.encode())
        assert finance.says("没有认出")


async def test_the_form_reads_well_at_both_widths(app: Litestar, anhe: Anhe) -> None:
    for width in (DESK, PHONE):
        async with serve(app) as address, open_browser() as browser:
            page = await new_page(browser, address, width=width)
            await sign_in(page, "finance")
            await page.goto("/reconciliation")
            file = {"name": "顺丰.csv", "mimeType": "text/csv", "buffer": FIRST.encode()}
            await page.set_input_files("#f-file", [file])
            await page.get_by_role("button", name="导入").click()
            await page.fill("#f-name", "顺丰月结账单")
            await fine(page, f"mapping-{width}")
            await page.get_by_role("button", name="预览").click()
            await page.wait_for_selector("text=支出合计")
            await fine(page, f"mapping-preview-{width}")
