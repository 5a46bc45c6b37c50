"""Who else is at a ticket: told to those of the same side who may open it, across processes, and to nobody else."""

import contextlib
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from litestar import Litestar
from playwright.async_api import Browser, Request, expect

from anshou.gate.live import CHANNEL, PRESENCE, Live, Watch
from anshou.gate.presence import GONE_AFTER, MOST_AT_ONE, Doing, Presence, Word, say_here
from anshou.tickets.reach import visible_ticket
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import new_page, picture, serve
from tests.cast import Anhe
from tests.portal.test_live import two_ears
from tests.portal.test_ticket_page import browser, number, sign_in
from tests.portal.visitor import Visitor

__all__ = ["browser", "number", "two_ears"]

TICKET = uuid4()
# Less than the seconds after which a page says and asks again by itself.
AT_ONCE_MS = 20_000


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def there(presence: Presence, merchant: UUID | None = None) -> dict[UUID, Doing]:
    return dict(presence.at("a", TICKET, merchant, but=UUID(int=1)))


def test_whoever_is_not_heard_of_for_a_while_is_gone() -> None:
    clock, who = Clock(), uuid4()
    presence = Presence(clock)
    assert presence.hear("a", Word(TICKET, who, None, Doing.LOOKING))
    clock.now = GONE_AFTER - 1
    assert not presence.hear("a", Word(TICKET, who, None, Doing.LOOKING))
    assert presence.hear("a", Word(TICKET, who, None, Doing.NOTING))
    clock.now = GONE_AFTER * 2 - 2
    assert there(presence) == {who: Doing.NOTING}
    clock.now = GONE_AFTER * 3
    assert there(presence) == {}


def test_who_leaves_is_gone_at_once_and_the_sides_do_not_see_each_other() -> None:
    presence, agent, customer, merchant = Presence(Clock()), uuid4(), uuid4(), uuid4()
    presence.hear("a", Word(TICKET, agent, None, Doing.NOTING))
    presence.hear("a", Word(TICKET, customer, merchant, Doing.WRITING))
    assert there(presence) == {agent: Doing.NOTING}
    assert there(presence, merchant) == {customer: Doing.WRITING}
    assert dict(presence.at("b", TICKET, None, but=uuid4())) == {}
    assert presence.hear("a", Word(TICKET, agent, None, Doing.LEFT))
    assert not presence.hear("a", Word(TICKET, agent, None, Doing.LEFT))
    assert there(presence) == {}


def test_what_a_page_said_before_it_left_may_come_after_that() -> None:
    clock, who = Clock(), uuid4()
    presence = Presence(clock)

    def says(doing: Doing, number: int, page: str = "a") -> bool:
        return presence.hear("a", Word(TICKET, who, None, doing, page, number))

    # It left before anything was heard of it.
    assert not says(Doing.LEFT, 2)
    assert not says(Doing.LOOKING, 1)
    assert there(presence) == {}
    assert says(Doing.NOTING, 3)
    assert says(Doing.LEFT, 5)
    assert not says(Doing.LOOKING, 4)
    assert there(presence) == {}
    # Another page of the same person counts by itself.
    assert says(Doing.LOOKING, 1, "b")
    clock.now = GONE_AFTER * 2
    assert there(presence) == {}
    assert presence._at == {}


def test_of_two_pages_of_one_person_the_one_that_is_left_takes_the_other_not_along() -> None:
    presence, who = Presence(Clock()), uuid4()
    presence.hear("a", Word(TICKET, who, None, Doing.NOTING, "a", 1))
    assert not presence.hear("a", Word(TICKET, who, None, Doing.LOOKING, "b", 1))
    assert there(presence) == {who: Doing.NOTING}
    assert presence.hear("a", Word(TICKET, who, None, Doing.LEFT, "a", 2))
    assert there(presence) == {who: Doing.LOOKING}
    assert presence.hear("a", Word(TICKET, who, None, Doing.LEFT, "b", 2))
    assert there(presence) == {}


def test_a_word_is_read_as_it_was_said_and_nothing_else_is() -> None:
    for said in (
        Word(TICKET, uuid4(), None, Doing.LOOKING),
        Word(TICKET, uuid4(), uuid4(), Doing.LEFT, "0f", 7),
    ):
        assert Word.read(str(said)) == said
    whole = f"{TICKET}/{TICKET}/-/looking"
    for text in (
        whole,
        f"{whole}/G/1",
        f"{whole}/{'a' * 33}/1",
        f"{whole}/a/-1",
        f"{whole}/a/1e3",
        f"{whole}/a/{10**9}",
    ):
        assert Word.read(text) is None


def test_word_that_anybody_may_send_fills_no_memory() -> None:
    presence = Presence(Clock())
    for _ in range(MOST_AT_ONE + 5):
        presence.hear("a", Word(TICKET, uuid4(), None, Doing.LOOKING))
    assert len(there(presence)) == MOST_AT_ONE
    assert [Word.read(text) for text in ("", "a/b/c/d", f"{TICKET}/{TICKET}/-/flying", "/" * 9)] == [None] * 4


async def test_every_process_hears_it_with_the_commit_and_tells_only_those_at_the_ticket(
    two_ears: tuple[Live, Live], number: str, tenants: Tenants, tenant: Tenant, anhe: Anhe
) -> None:
    async with tenants.session(tenant, anhe.account_manager.context()) as session:
        ticket = await visible_ticket(session, anhe.account_manager, number)
    me, schema = anhe.account_manager, tenant.schema
    async with contextlib.AsyncExitStack() as streams:

        async def watching(live: Live, watch: Watch) -> Watch:
            stream = live.stream(watch)
            streams.push_async_callback(stream.aclose)  # type: ignore[attr-defined]
            await anext(stream)
            assert await watch.next(1) == {"hearing"}
            return watch

        # Both listen before the first word: one may hear it later than the other.
        colleagues = [await watching(live, Watch(schema, anhe.service_agent.id, None, ticket.id)) for live in two_ears]
        others = [
            await watching(live, watch)
            for live in two_ears
            for watch in (
                Watch(schema, me.id, None, ticket.id),
                Watch(schema, anhe.owner.id, anhe.yunshan.id, ticket.id),
                Watch(schema, anhe.specialist.id, None, uuid4()),
            )
        ]
        for doing, seen in ((Doing.NOTING, [(me.id, Doing.NOTING)]), (Doing.LEFT, [])):
            async with tenants.session(tenant, me.context()) as session:
                await say_here(session, CHANNEL, schema, Word(ticket.id, me.id, None, doing))
            for live, colleague in zip(two_ears, colleagues, strict=True):
                assert await colleague.next(60) == {PRESENCE}
                assert list(live.presence.at(schema, ticket.id, None, but=anhe.owner.id)) == seen
        assert [await each.next(0.2) for each in others] == [set()] * len(others)


async def test_who_may_not_open_the_ticket_neither_tells_nor_is_told(
    app: Litestar, number: str, visitor: Visitor
) -> None:
    await visitor.sign_in("qinghe-owner")
    for address in (f"/tickets/{number}/presence", f"/my/tickets/{number}/presence"):
        assert (await visitor.go(address)).status_code == 404
        await visitor.go("/account")
        assert (await visitor.send(address, doing="looking")).status_code == 404


async def test_a_late_word_of_somebody_who_left_shows_nobody(app: Litestar, number: str, browser: Browser) -> None:
    async with serve(app) as address, Visitor(app) as left, Visitor(app) as stays:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await expect(page.locator("body[data-hears]")).to_have_count(1)
        for visitor, login in ((left, "agent"), (stays, "executive")):
            await visitor.sign_in(login)
            await visitor.go(f"/tickets/{number}")
        token, at, asks = left.token(), f"/tickets/{number}/presence", {"x-fragment": "presence"}
        for doing, said in (("left", 2), ("looking", 1)):
            sent = {"_token": token, "doing": doing, "page": "0f", "number": str(said)}
            assert (await left.client.post(at, data=sent, headers=asks)).status_code == 200
        # What no page of ours says is word of a page that does not count.
        assert (await stays.send(at, doing="looking", page="no page", number="x", headers=asks)).status_code == 200
        present = page.locator("[data-presence]")
        await expect(present).to_have_text("高远 正在查看", timeout=AT_ONCE_MS)


async def test_a_page_numbers_its_words_and_says_none_after_it_was_left(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.clock.install()
        said: list[dict[str, str]] = []
        page.on("request", lambda asked: said.append(_form_of(asked)) if _is_word(asked) else None)
        await page.goto(f"/tickets/{number}")
        await page.clock.run_for(2_000)
        await page.get_by_text("内部备注", exact=True).click()
        await page.get_by_label("内容").press_sequentially("先别答复")
        await page.evaluate(
            "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        # The rest of the typing and two rounds run out meanwhile.
        await page.clock.run_for(60_000)
        async with page.expect_request(lambda asked: _is_word(asked) and _form_of(asked)["number"] == "4"):
            await page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
            await page.clock.run_for(2_000)
        assert [each["doing"] for each in said] == ["looking", "noting", "left", "looking"]
        assert [each["number"] for each in said] == ["1", "2", "3", "4"]
        assert len({each["page"] for each in said}) == 1


def _is_word(asked: Request) -> bool:
    return asked.method == "POST" and asked.url.endswith("/presence")


def _form_of(asked: Request) -> dict[str, str]:
    return dict(parse_qsl(asked.post_data or ""))


async def test_two_colleagues_see_each_other_and_the_merchant_sees_neither(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        first, second = await new_page(browser, address), await new_page(browser, address)
        await sign_in(first, "manager")
        await sign_in(second, "agent")
        await first.goto(f"/tickets/{number}")
        await expect(first.locator("body[data-hears]")).to_have_count(1)
        await second.goto(f"/tickets/{number}")
        present = first.locator("[data-presence]")
        await expect(present).to_contain_text("周敏 正在查看", timeout=AT_ONCE_MS)
        await second.get_by_text("内部备注", exact=True).click()
        await second.get_by_label("内容").press_sequentially("先别答复")
        await expect(present).to_contain_text("周敏 正在写内部备注", timeout=AT_ONCE_MS)
        await picture(first, "ticket-presence")
        await expect(second.locator("[data-presence]")).to_contain_text("林悦 正在查看", timeout=AT_ONCE_MS)
        async with Visitor(app) as owner:
            await owner.sign_in("yunshan-owner")
            await owner.go(f"/my/tickets/{number}")
            await owner.send(f"/my/tickets/{number}/presence", doing="looking", headers={"x-fragment": "presence"})
            assert owner.text.strip() == ""
        await second.goto("/tickets")
        await expect(present).to_be_empty(timeout=AT_ONCE_MS)
