"""Who else is at a ticket: told to those of the same side who may open it, across processes, and to nobody else."""

import contextlib
from uuid import UUID, uuid4

from litestar import Litestar
from playwright.async_api import Browser, expect

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
                assert await colleague.next(5) == {PRESENCE}
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
