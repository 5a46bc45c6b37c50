"""Reconciliation at finance's desk: a bill comes in, is matched by itself and by hand, explained, undone."""

import re
from html import unescape

from litestar import Litestar

from tests.billing.bills import papers
from tests.browser import DESK, PHONE, new_page, open_browser, serve
from tests.cast import Anhe
from tests.portal.test_cost_pages import submitted
from tests.portal.test_merchant_phone import fine, sign_in
from tests.portal.visitor import Visitor

ROWS = (
    '2026-11-20,人民币,"-1,280.00","8,720.00",付软件费,某软件公司,',
    '2026-11-21,人民币,-5.00,"8,715.00",手续费,银行,',
    '2026-11-22,人民币,"-1,280.50","7,434.50",转账,某人,',
)
BENCH = "/reconciliation/bench?source=bank_cmb&account=%E5%9F%BA%E6%9C%AC%E6%88%B7&month=2026-11"
WHICH = {"source": "bank_cmb", "account": "基本户", "month": "2026-11"}


async def imported(finance: Visitor, content: bytes, account: str = "基本户") -> None:
    """Upload a statement."""
    await finance.go("/reconciliation")
    data = {"_token": finance.token(), "account": account}
    files = {"file": ("流水.csv", content, "text/csv")}
    finance.page = await finance.client.post("/reconciliation/import", data=data, files=files)


async def send(finance: Visitor, address: str, lines: list[str], **values: str) -> None:
    """Tick lines and send the form."""
    data: dict[str, str | list[str]] = {"_token": finance.token(), **WHICH, **values, "line": lines}
    finance.page = await finance.client.post(address, data=data)


def lines_of(finance: Visitor, side: str) -> list[str]:
    """The ids of a side's open lines, in order."""
    column = finance.text.partition(f'data-side="{side}"')[2].partition("</section>")[0]
    return re.findall(r'name="line" value="([0-9a-f-]+)"', column)


async def verified(manager: Visitor, app: Litestar, anhe: Anhe) -> None:
    """A cost of 1,280 yuan that finance verified."""
    page = await submitted(manager, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/costs")
        await finance.send(f"{page}/verify", back="/costs")


async def test_a_bill_is_matched_by_itself_by_hand_explained_and_undone(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    await verified(manager, app, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(ROWS))
        assert finance.says("已导入 3 行，其中 0 行此前已有"), finance.text
        assert len(lines_of(finance, "external")) == 3

        await finance.go("/reconciliation/rules/bank_cmb")
        await finance.send(
            "/reconciliation/rules/bank_cmb",
            against="costs",
            priority="1",
            tolerance_fen="0",
            window_days="3",
            write_off_fen="0",
        )
        await finance.go(BENCH)
        assert 'href="/reconciliation" aria-current="page"' in finance.text
        await send(finance, "/reconciliation/run", [])
        assert finance.says("自动匹配了 1 组") or finance.says("1 组建议待确认"), finance.text

        await finance.go(BENCH)
        fee = next(line for line in lines_of(finance, "external") if _says(finance, line, "手续费"))
        await send(finance, "/reconciliation/match", [fee], deed="explain", note="银行手续费")
        assert finance.says("已说明")
        await finance.go(BENCH)
        assert fee not in lines_of(finance, "external")
        (explained,) = [one for one in finance.links("/reconciliation/matches/") if await _explained(finance, one)]
        await finance.send(f"{explained}/undo", reason="还要再查")
        assert finance.says("已撤销")
        assert fee in lines_of(finance, "external")


async def test_a_payment_that_names_the_cost_is_matched_with_it_and_one_that_names_another_is_not(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    await verified(manager, app, anhe)
    for file, (number, matched) in enumerate((("FY2611-00002", 0), ("fy2611-00001", 1))):
        row = f'2026-11-{20 + file},人民币,"-1,280.00","{8_720 - file}.00",转账,某人,报销 {number}'
        async with Visitor(app) as finance:
            await finance.sign_in("finance")
            rule = {"against": "costs", "priority": "1", "tolerance_fen": "0", "window_days": "0", "write_off_fen": "0"}
            await finance.go("/reconciliation/rules/bank_cmb")
            await finance.send("/reconciliation/rules/bank_cmb", **rule)
            await imported(finance, papers.bank([row]))
            await send(finance, "/reconciliation/run", [])
            assert finance.says(f"自动匹配了 {matched} 组")


async def test_lines_of_both_sides_are_matched_by_hand_and_what_was_ticked_stays_on_a_refusal(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    await verified(manager, app, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(ROWS))
        external, internal = lines_of(finance, "external"), lines_of(finance, "internal")

        await send(finance, "/reconciliation/match", external[:1], deed="match", note="只选了一边")
        assert finance.status >= 400
        assert f'value="{external[0]}"' in finance.text
        assert re.search(rf'value="{external[0]}"[^>]*checked', finance.text)
        assert "只选了一边" in finance.text

        await send(finance, "/reconciliation/match", [external[0], internal[0]], deed="match")
        assert finance.says("已匹配 2 行")
        assert external[0] not in lines_of(finance, "external")


async def test_the_same_file_and_garbage_are_refused_with_the_place(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(ROWS))
        await imported(finance, papers.bank(ROWS))
        assert finance.status >= 400
        assert finance.says("没有导入")
        await imported(finance, papers.bank(["2026-11-33,人民币,1,1,a,b,"]))
        assert finance.status == 422
        assert finance.says("记账日期")
        await imported(finance, b"\x00\x01garbage")
        assert finance.status == 422


async def test_a_line_is_split_by_its_page_and_the_division_is_undone_by_its_own(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(ROWS))
        (whole, *_) = lines_of(finance, "external")
        page = f"/reconciliation/lines/{whole}/split"
        await finance.go(page)
        assert finance.value_of("parts[0].fen") == "-1280.00"
        await finance.send(page, **{"parts[0].fen": "-1000", "parts[1].fen": "-281"})
        assert finance.status == 422
        assert finance.says("拆分后的合计须等于原金额")
        assert finance.value_of("parts[1].fen") == "-281"
        await finance.send(page, **{"parts[0].fen": "-1000", "parts[1].fen": "-280", "parts[1].text": "押金"})
        assert finance.says("已拆分为 2 行")
        assert len(lines_of(finance, "external")) == 4
        assert whole not in lines_of(finance, "external")

        (division,) = finance.links("/reconciliation/matches/")
        await finance.go(division)
        assert finance.says("押金")
        await finance.send(f"{division}/undo", reason="拆错了")
        assert whole in lines_of(finance, "external")


async def test_lines_are_merged_into_one(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(ROWS))
        await send(finance, "/reconciliation/match", lines_of(finance, "external"), deed="merge")
        assert finance.says("已将 3 行合并为一行")
        (merged,) = lines_of(finance, "external")
        assert _says(finance, merged, "-¥2,565.50")


async def test_a_small_difference_is_written_off_to_a_chosen_account(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    await verified(manager, app, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(ROWS))
        off_by_half = lines_of(finance, "external")[2]
        chosen = [off_by_half, *lines_of(finance, "internal")]
        await send(finance, "/reconciliation/match", chosen, deed="match")
        (match,) = finance.links("/reconciliation/matches/")
        await finance.go(match)
        assert finance.says("差额 -¥0.50 超过可核销的上限 ¥0.00")

        rule = {"against": "costs", "priority": "1", "tolerance_fen": "0", "window_days": "3", "write_off_fen": "1"}
        await finance.send("/reconciliation/rules/bank_cmb", **rule)
        await finance.go(match)
        await finance.send(f"{match}/write-off", account="1002")
        assert finance.status == 422, "money in the bank is no place for a difference"
        await finance.send(f"{match}/write-off", account="660301")
        assert finance.says("差额已核销")
        assert finance.says("对账差额核销 -0.50")
        await finance.send(f"{match}/undo", reason="另有原因")
        assert off_by_half in lines_of(finance, "external")
        await finance.go(match)
        assert finance.says("另有原因")


async def test_withdrawals_and_deposits_are_offered_to_be_explained_at_once(app: Litestar, anhe: Anhe) -> None:
    rows = ('2026-11-20,人民币,"-9,000.00","1,000.00",提现,本公司,', *ROWS[1:2])
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(rows))
        assert finance.says("1 行是提现、充值等资金划转，净额 -¥9,000.00")
        await send(finance, "/reconciliation/transfers", [])
        assert finance.says("已说明 1 行资金划转")
        assert len(lines_of(finance, "external")) == 1


async def test_only_finance_enters(manager: Visitor, anhe: Anhe) -> None:
    for address in ("/reconciliation", BENCH):
        await manager.go(address)
        assert manager.status in (403, 404)


async def test_an_address_without_a_month_is_refused_in_words(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/reconciliation/bench?source=x")
        assert finance.status == 422
        assert finance.says("请从对账页选择账户和月份")


async def test_the_desk_works_by_keyboard_and_shows_the_running_difference(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    await verified(manager, app, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(ROWS))
    for width in (PHONE, DESK):
        async with serve(app) as address, open_browser() as browser:
            page = await new_page(browser, address, width=width)
            await sign_in(page, "finance")
            await page.goto(BENCH)
            await fine(page, f"bench-{width}")
            if width == PHONE:
                continue
            heights = "rows => rows.map(row => Math.round(row.getBoundingClientRect().height))"
            assert {*await page.locator(".bench tbody tr").evaluate_all(heights)} == {33}
            await page.focus('[data-side="external"] tbody input')
            await page.keyboard.press("Space")
            assert "1,280.00" in await page.inner_text('[data-sum="difference"]')
            await page.keyboard.press("l")
            await page.keyboard.press("Space")
            assert await page.inner_text('[data-sum="difference"]') == "¥0.00"
            await page.evaluate("document.activeElement.blur()")
            await page.keyboard.press("m")
            await page.wait_for_selector("text=已匹配 2 行")


async def test_the_pages_of_a_match_and_of_a_split_read_well_at_both_widths(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    await verified(manager, app, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(ROWS))
        rule = {"against": "costs", "priority": "1", "tolerance_fen": "0", "window_days": "3", "write_off_fen": "1"}
        await finance.go("/reconciliation/rules/bank_cmb")
        await finance.send("/reconciliation/rules/bank_cmb", **rule)
        await finance.go(BENCH)
        whole = lines_of(finance, "external")[0]
        chosen = [lines_of(finance, "external")[2], *lines_of(finance, "internal")]
        await send(finance, "/reconciliation/match", chosen, deed="match")
        (match,) = finance.links("/reconciliation/matches/")
    for width in (PHONE, DESK):
        async with serve(app) as address, open_browser() as browser:
            page = await new_page(browser, address, width=width)
            await sign_in(page, "finance")
            await page.goto(match)
            await fine(page, f"match-{width}")
            await page.goto(f"/reconciliation/lines/{whole}/split")
            await fine(page, f"split-{width}")


def _row(number: int) -> str:
    balance = f"{9_000_000 - number * (number + 1) // 2}.00"
    return f'2026-11-{1 + number % 28:02},人民币,-{number}.00,"{balance}",付款,供应商 {number},'


MANY = tuple(map(_row, range(1, 251)))


async def test_without_scripts_a_long_side_is_paged_and_what_is_ticked_outlives_a_search(
    app: Litestar, anhe: Anhe
) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(MANY))
        assert "<span data-count>250</span>" in finance.text
        first = lines_of(finance, "external")
        more = re.findall(r'<tr class="more".*?href="([^"]+)"', finance.text)
        await finance.go(unescape(more[0]))
        second = lines_of(finance, "external")
        assert len(first) == len(second) == 100
        assert not {*first} & {*second}

        await finance.go(f"{BENCH}&order=amount")
        assert _says(finance, lines_of(finance, "external")[0], "-¥1.00")
        ticked = lines_of(finance, "external")[5]
        await send(finance, "/reconciliation/match", [ticked], deed="search", q="供应商 250", order="amount")
        assert len(lines_of(finance, "external")) == 1
        assert re.search(rf'<li data-side="external">.*value="{ticked}"', finance.text)


async def test_a_long_side_is_worked_by_keyboard_without_leaving_it(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    await verified(manager, app, anhe)
    rows = [row.replace("-200.00", '"-1,280.00"', 1) if "供应商 200," in row else row for row in MANY]
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await imported(finance, papers.bank(rows))
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address)
        await sign_in(page, "finance")
        await page.goto(BENCH)
        rows_shown = page.locator('[data-side="external"] tbody input')
        assert await rows_shown.count() < 250
        for loaded in (200, 250):
            await rows_shown.last.focus()
            await page.keyboard.press("j")
            await rows_shown.nth(loaded - 1).wait_for()
        assert await rows_shown.count() == 250

        await rows_shown.nth(3).focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("/")
        await page.keyboard.type("供应商 200")
        await page.keyboard.press("Enter")
        await page.locator('[data-side="external"] [data-count]:text-is("1")').wait_for()
        assert await page.locator("[data-tray] input").count() == 1
        # The keys are its own once the other side has been searched too.
        await page.locator('[data-side="external"] tbody input:focus').wait_for()
        await page.keyboard.press("u")
        assert await page.locator("[data-tray] input").count() == 0

        # The book's side was narrowed as well; `f` shows there what has the line's amount.
        await page.keyboard.press("Space")
        await page.keyboard.press("f")
        await page.locator('[data-side="internal"] tbody input:focus').wait_for()
        await page.keyboard.press("Space")
        assert await page.inner_text('[data-sum="difference"]') == "¥0.00"
        await page.keyboard.press("m")
        await page.wait_for_selector("text=已匹配 2 行")
        assert await page.inner_text('[data-side="external"] [data-count]') == "0"
        # Nothing is left to be ticked: what the key gives up is the search.
        await page.locator('input[name="q"]:focus').wait_for()
        await page.keyboard.press("Escape")
        await page.locator('[data-side="external"] [data-count]:text-is("249")').wait_for()
        assert await rows_shown.count() >= 100


async def _explained(finance: Visitor, match: str) -> bool:
    await finance.go(match)
    return finance.says("银行手续费")


def _says(finance: Visitor, line: str, words: str) -> bool:
    return words in finance.text.partition(f'value="{line}"')[2].partition("</tr>")[0]
