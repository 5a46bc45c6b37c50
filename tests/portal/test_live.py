"""What somebody else does shows at once, and takes nothing away that one is typing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page, expect

from anshou.gate.live import BEAT, Live, Watch
from anshou.tickets.reach import visible_ticket
from anshou.tickets.timeline import add_note, post_message
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import ask_nothing_unasked, new_page, serve
from tests.cast import NOW, Anhe
from tests.database import Database
from tests.portal.test_ticket_page import browser, number, sign_in
from tests.portal.visitor import Visitor

__all__ = ["browser", "number"]


@contextlib.asynccontextmanager
async def listening(app: Litestar, browser: Browser, path: str) -> AsyncIterator[Page]:
    """The account manager's page, once its stream is open, by which alone it hears of anything."""
    async with serve(app) as address:
        page = await new_page(browser, address)
        await ask_nothing_unasked(page)
        await sign_in(page, "manager")
        await page.goto(path)
        await expect(page.locator("body[data-hears]")).to_have_count(1)
        yield page


async def say(tenants: Tenants, tenant: Tenant, anhe: Anhe, number: str, words: str) -> None:
    async with tenants.session(tenant, anhe.owner.context()) as session:
        ticket = await visible_ticket(session, anhe.owner, number)
        await post_message(session, ticket, words, by=anhe.owner, at=NOW)


async def test_a_message_shows_at_once_beside_what_is_being_typed(
    app: Litestar, number: str, browser: Browser, tenants: Tenants, tenant: Tenant, anhe: Anhe
) -> None:
    async with listening(app, browser, f"/tickets/{number}") as page:
        await page.locator("main textarea").first.fill("正在写的半句话")
        await say(tenants, tenant, anhe, number, "主图已经换好")
        await expect(page.locator("#thread")).to_contain_text("主图已经换好")
        await expect(page.locator("main textarea").first).to_have_value("正在写的半句话")


async def test_after_the_databases_line_was_cut_what_happened_meanwhile_shows(
    app: Litestar, number: str, browser: Browser, tenants: Tenants, tenant: Tenant, anhe: Anhe, database: Database
) -> None:
    async with listening(app, browser, f"/tickets/{number}") as page:
        # Noted by the page, which may hear again before anybody looks.
        await page.evaluate(
            """() => { window.isDeaf = new Promise((done) => {
                new MutationObserver(() => { if (!document.body.dataset.hears) done(); })
                    .observe(document.body, { attributes: true }); }); }"""
        )
        await cut(database)
        await page.evaluate("() => window.isDeaf")
        await say(tenants, tenant, anhe, number, "断线时写的话")
        await expect(page.locator("#thread")).to_contain_text("断线时写的话")
        await expect(page.locator("body[data-hears]")).to_have_count(1)


async def test_without_a_stream_the_page_asks_by_itself(
    app: Litestar, number: str, browser: Browser, tenants: Tenants, tenant: Tenant, anhe: Anhe
) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await page.route("**/live?*", lambda route: route.abort())
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await say(tenants, tenant, anhe, number, "没有推送也看得到")
        await expect(page.locator("#thread")).to_contain_text("没有推送也看得到")


async def test_a_queue_says_that_it_has_changed_only_when_it_has(
    app: Litestar, number: str, browser: Browser, tenants: Tenants, tenant: Tenant, anhe: Anhe
) -> None:
    async with listening(app, browser, "/tickets?tab=all") as page:
        news = page.get_by_role("link", name="列表有更新")
        assert (await page.request.get(await _asked_by(page))).status == 204
        await say(tenants, tenant, anhe, number, "请尽快处理")
        await expect(news).to_be_visible()
        await news.click()
        await expect(page.locator("body[data-hears]")).to_have_count(1)
        await expect(news).to_have_count(0)
        assert (await page.request.get(await _asked_by(page))).status == 204


@pytest.mark.parametrize(("path", "headers"), [("/live", {}), ("/counts", {"hx-request": "true"})])
async def test_what_a_page_asks_by_itself_gets_no_cookie_when_the_session_is_over(
    app: Litestar, anhe: Anhe, path: str, headers: dict[str, str]
) -> None:
    async with Visitor(app) as stranger:
        answer = await stranger.client.get(path, headers=headers)
        assert answer.status_code == 204
        assert "set-cookie" not in answer.headers


async def _asked_by(page: Page) -> str:
    return str(await page.locator("[hx-get^='/tickets/news']").get_attribute("hx-get"))


async def cut(database: Database) -> None:
    """End the connections that listen."""
    superuser = await database.connect_as_superuser()
    try:
        ended = await superuser.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%anshou_live%'"
        )
        assert ended
    finally:
        await superuser.close()


@pytest.fixture
async def two_ears(tenants: Tenants) -> AsyncIterator[tuple[Live, Live]]:
    """The streams of two web processes."""
    ears = Live(tenants.control_login), Live(tenants.control_login)
    for live in ears:
        await live.listener.start()
        await asyncio.wait_for(live.listener.connected.wait(), 60)
    yield ears
    for live in ears:
        await live.listener.stop()


async def test_every_process_tells_those_who_may_know_and_nobody_else(
    two_ears: tuple[Live, Live], number: str, tenants: Tenants, tenant: Tenant, other_tenant: Tenant, anhe: Anhe
) -> None:
    async with tenants.session(tenant, anhe.owner.context()) as session:
        ticket = await visible_ticket(session, anhe.owner, number)

    def watch(schema: str, merchant: object = None, ticket_id: object = None) -> Watch:
        return Watch(schema, uuid4(), merchant, ticket_id)  # type: ignore[arg-type]

    for live in two_ears:
        at_ticket = watch(tenant.schema, None, ticket.id)
        at_queue = watch(tenant.schema)
        merchant = watch(tenant.schema, anhe.yunshan.id, ticket.id)
        other_merchant = watch(tenant.schema, uuid4())
        stranger = watch(other_tenant.schema)
        everybody = (at_ticket, at_queue, merchant, other_merchant, stranger)
        async with contextlib.AsyncExitStack() as open_streams:
            for each in everybody:
                stream = live.stream(each)
                open_streams.push_async_callback(stream.aclose)  # type: ignore[attr-defined]
                assert await anext(stream) == "retry: 2000\n\n"
                assert await each.next(1) == {"hearing"}
            async with tenants.session(tenant, anhe.account_manager.context()) as session:
                ticket = await visible_ticket(session, anhe.account_manager, number)
                await add_note(session, ticket, "只给内部看", by=anhe.account_manager, at=NOW)
            assert await at_ticket.next(60) == {"ticket"}
            assert await at_queue.next(60) == {"tickets"}
            await say(tenants, tenant, anhe, number, "商家也看得到")
            # Had the note been told, it would have come first.
            assert await merchant.next(60) == {"ticket"}
            assert [await each.next(0.2) for each in (other_merchant, stranger)] == [set(), set()]


async def test_a_process_that_does_not_hear_has_the_browser_come_again(tenants: Tenants, tenant: Tenant) -> None:
    stream = Live(tenants.control_login).stream(Watch(tenant.schema, uuid4(), None, None))
    assert [said async for said in stream] == ["retry: 15000\n\n"]


async def test_streams_end_when_the_process_is_told_to_end(two_ears: tuple[Live, Live], tenant: Tenant) -> None:
    live = two_ears[0]
    stream = live.stream(Watch(tenant.schema, uuid4(), None, None))
    assert [await anext(stream), await anext(stream)] == ["retry: 2000\n\n", "event: hearing\ndata:\n\n"]
    live.end()
    async with asyncio.timeout(BEAT / 2):
        assert [rest async for rest in stream] in ([], ["event: beat\ndata:\n\n"])
    assert live.is_full
