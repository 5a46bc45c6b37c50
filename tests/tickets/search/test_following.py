"""The index follows what is said: marking, erasing, merging, and whatever is written while it is read."""

from datetime import timedelta

from sqlalchemy import text

from anshou.merchants.merchants import Merchant
from anshou.people.person import Person
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.tickets.kinds import Kind
from anshou.tickets.marking import mark_confidential, seal_what_was_said
from anshou.tickets.sealed_contents import PLACEHOLDER
from anshou.tickets.search.extracts import Piece
from anshou.tickets.search.finding import search_tickets
from anshou.tickets.search.indexing import index_due, reindex
from anshou.tickets.search.narrowing import Narrowing
from anshou.tickets.timeline import post_message
from tenants.context import AGENCY
from tenants.storage import open_storage
from tests.privacy.retention.eraser import YEAR, Eraser
from tests.tickets.search.conftest import SearchDesk


async def words(desk: SearchDesk) -> set[str]:
    """Every word that is indexed."""
    await desk.index()
    found = await desk.session.scalars(text("SELECT unnest(tsvector_to_array(words)) FROM ticket_words"))
    return set(found)


async def say(desk: SearchDesk, person: Person, body: str) -> None:
    await post_message(desk.session, await desk.ticket(person), body, by=person, at=desk.now)


async def test_nothing_that_is_said_on_a_confidential_ticket_is_indexed_but_its_number(desk: SearchDesk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner, confidential=True, title="底价表外泄")
    await say(desk, cast.account_manager, "已经联系渠道")
    said = {word for word in await words(desk) if not word.startswith("#")}
    assert said == {word for word in said if word.isascii()}
    assert not {"底价", "渠道"} & said
    found = await desk.search(cast.account_manager, desk.number)
    assert [hit.title for hit in found.hits] == [(Piece(PLACEHOLDER, False),)]
    assert found.hits[0].extracts == ()


async def test_a_confidential_ticket_is_found_by_its_whole_title_among_one_merchants(desk: SearchDesk) -> None:
    cast, ours = desk.cast, Narrowing(merchant=desk.cast.yunshan.id)
    await desk.open(Kind.SERVICE_QUALITY, cast.owner, confidential=True, title="底价表外泄")
    assert await desk.numbers(cast.account_manager, "底价表外泄", ours) == [desk.number]
    assert await desk.numbers(cast.owner, "底价表外泄") == [desk.number]
    assert await desk.numbers(cast.account_manager, "底价表外泄") == []
    assert await desk.numbers(cast.account_manager, "底价表", ours) == []


async def test_marking_takes_the_words_away(desk: SearchDesk) -> None:
    cast, manager = desk.cast, desk.cast.account_manager
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await say(desk, manager, "底价表在附件里")
    assert await desk.numbers(manager, "底价表") == [desk.number]
    await mark_confidential(desk.session, await desk.ticket(manager), by=manager, at=desk.now)
    # Before anything is indexed anew: the rows decide, and what they say is not shown.
    assert (await desk.search(manager, "底价表")).hits == ()
    await desk.act_as(AGENCY)
    ticket = await desk.ticket(cast.executive)
    await desk.act_as(AGENCY)
    await seal_what_was_said(desk.session, ticket.id)
    assert not {"底价", "主图"} & await words(desk)


async def test_erasing_takes_the_words_away(desk: SearchDesk) -> None:
    eraser = Eraser(desk, open_storage("memory:"), ErasureList(open_storage("memory:"), secret=bytes(32)))
    ticket = await eraser.closed_ticket()
    assert await desk.numbers(desk.cast.executive, "13812341234") == [ticket.number]
    await eraser.daily(desk.now + 4 * YEAR)
    assert (await desk.search(desk.cast.executive, "13812341234")).hits == ()
    left = await words(desk)
    assert not {"13812341234", "主图", "买家", "拒绝"} & left
    assert await desk.numbers(desk.cast.executive, ticket.number) == [ticket.number]


async def test_a_merged_ticket_comes_after_the_one_it_was_merged_into(desk: SearchDesk) -> None:
    cast, manager = desk.cast, desk.cast.account_manager
    first = (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    assert set(await desk.numbers(manager, "主图")) == {desk.number, first}
    await desk.act(manager, "merge", into=first)
    assert await desk.numbers(manager, "主图") == [first, desk.number]


async def test_a_merchant_that_is_renamed_is_found_by_its_new_name_at_once(desk: SearchDesk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.index()
    merchant = await desk.session.get(Merchant, cast.yunshan.id)
    assert merchant is not None
    merchant.name = "岭上野趣"
    await desk.session.flush()
    assert [hit.head.number for hit in (await desk.search(cast.account_manager, "岭上野趣")).hits] == [desk.number]


async def test_reindexing_finds_what_was_written_without_notice(desk: SearchDesk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act_as(AGENCY)
    await desk.session.execute(text("DELETE FROM words_due"))
    assert await desk.numbers(cast.account_manager, "主图") == []
    await desk.act_as(AGENCY)
    await reindex(desk.session)
    assert await desk.numbers(cast.account_manager, "主图") == [desk.number]


async def test_pages_follow_one_another_without_a_gap_or_a_repetition(desk: SearchDesk) -> None:
    cast, numbers = desk.cast, []
    for place in range(7):
        numbers.append((await desk.open(Kind.SERVICE_QUALITY, cast.owner, title=f"主图第{place}张")).number)
        desk.now += timedelta(days=40)
    await desk.index()
    await desk.act_as(cast.account_manager.context())
    seen, after = [], None
    for _ in range(9):
        found = await search_tickets(desk.session, cast.account_manager, "主图", at=desk.now, after=after, limit=2)
        seen += [hit.head.number for hit in found.hits]
        after = found.after
        if after is None:
            break
    assert sorted(seen) == sorted(numbers)
    assert after is None


async def test_a_statement_that_changes_nothing_indexed_notes_nothing(desk: SearchDesk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.index()
    await desk.session.execute(text("UPDATE ticket SET urgency = 'urgent', round = 2"))
    assert await desk.session.scalar(text("SELECT count(*) FROM words_due")) == 0


async def test_words_from_before_there_were_marks_of_months_are_found_while_they_wait(desk: SearchDesk) -> None:
    cast = desk.cast
    for _ in range(3):
        await desk.open(Kind.SERVICE_QUALITY, cast.owner)
        desk.now += timedelta(days=40)
    assert len(await desk.numbers(cast.account_manager, "主图")) == 3
    await desk.act_as(AGENCY)
    unmarked = "SELECT coalesce(array_agg(w), '{}') FROM unnest(tsvector_to_array(words)) AS w WHERE w NOT LIKE '#p%'"
    await desk.session.execute(text(f"UPDATE ticket_words SET words = array_to_tsvector(({unmarked}))"))
    await reindex(desk.session)
    # One of them has been read since, as whatever is written now.
    await say(desk, cast.account_manager, "已经联系美工")
    await desk.act_as(AGENCY)
    await index_due(desk.session, most=1)
    for person in (cast.account_manager, cast.owner):
        assert len((await desk.search(person, "主图")).hits) == 3
    assert len(await desk.numbers(cast.account_manager, "主图")) == 3
