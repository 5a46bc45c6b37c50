"""What is found: by every field, by whom, and in which order."""

from datetime import timedelta
from uuid import UUID

import pytest

from anshou.tickets.kinds import Kind, Side
from anshou.tickets.search.candidates import ENOUGH, Bound, Candidate, after_all
from anshou.tickets.search.contents import Place
from anshou.tickets.search.errors import QuestionTooShort
from anshou.tickets.timeline import add_note, attach_file, post_message
from tests.cast import NOW
from tests.tickets.desk import STORED
from tests.tickets.search.conftest import SearchDesk


async def test_a_ticket_is_found_by_two_characters_of_its_title_description_or_request(desk: SearchDesk) -> None:
    cast = desk.cast
    ticket = await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    for asked in ("主图", "白底", "今天内", "详情页主图与需求不符", ticket.number, ticket.number[-4:]):
        assert await desk.numbers(cast.account_manager, asked) == [ticket.number], asked
    assert await desk.numbers(cast.account_manager, "运费") == []


async def test_messages_notes_and_names_of_files_are_found(desk: SearchDesk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    manager = cast.account_manager
    await post_message(
        desk.session, await desk.ticket(manager), "顺丰单号 SF1398820011234 已签收", by=manager, at=desk.now
    )
    await add_note(desk.session, await desk.ticket(manager), "怀疑仓库错发", by=manager, at=desk.now)
    await attach_file(desk.session, await desk.ticket(manager), STORED, audience=Side.MERCHANT, by=manager, at=desk.now)
    for asked in ("签收", "sf13988", "1234", "SF1398820011234", "仓库错发", "转账回单", "主图 签收"):
        assert await desk.numbers(manager, asked) == [desk.number], asked


async def test_a_merchant_never_finds_by_what_only_the_agency_reads(desk: SearchDesk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    manager = cast.account_manager
    await add_note(desk.session, await desk.ticket(manager), "怀疑仓库错发", by=manager, at=desk.now)
    assert await desk.numbers(cast.owner, "仓库错发") == []
    assert await desk.numbers(cast.owner, "主图") == [desk.number]
    assert await desk.numbers(manager, "仓库错发") == [desk.number]


async def test_nobody_finds_tickets_of_merchants_that_are_not_theirs(desk: SearchDesk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.service_agent, merchant=cast.qinghe.id, shop=None)
    assert await desk.numbers(cast.service_agent, "主图") == [desk.number]
    assert await desk.numbers(cast.other_owner, "主图") == [desk.number]
    assert await desk.numbers(cast.account_manager, "主图") == []
    assert await desk.numbers(cast.owner, "主图") == []
    assert await desk.numbers(cast.executive, "主图") == [desk.number]


async def test_a_ticket_is_found_by_the_name_of_its_merchant(desk: SearchDesk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    assert await desk.numbers(cast.account_manager, "云杉户外 主图") == [desk.number]
    found = await desk.search(cast.account_manager, "云杉")
    assert [hit.head.number for hit in found.hits] == [desk.number]
    assert Place.MERCHANT in found.hits[0].places


async def test_whoever_reads_only_summaries_finds_by_number_alone(desk: SearchDesk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    assert await desk.numbers(cast.finance, desk.number) == [desk.number]
    assert await desk.numbers(cast.auditor, "详情页主图与需求不符") == []


async def test_a_single_character_is_too_short(desk: SearchDesk) -> None:
    for asked in ("图", "", "，。", "a 1"):
        with pytest.raises(QuestionTooShort):
            await desk.search(desk.cast.account_manager, asked)


async def test_the_title_weighs_more_than_a_message(desk: SearchDesk) -> None:
    cast, manager = desk.cast, desk.cast.account_manager
    titled = (await desk.open(Kind.SERVICE_QUALITY, cast.owner, title="运费险没有生效")).number
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await post_message(desk.session, await desk.ticket(manager), "运费险另行处理", by=manager, at=desk.now)
    assert await desk.numbers(manager, "运费险") == [titled, desk.number]


async def test_what_was_found_is_marked_in_title_and_passage(desk: SearchDesk) -> None:
    cast, manager = desk.cast, desk.cast.account_manager
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await post_message(desk.session, await desk.ticket(manager), "新的主图明天上线", by=manager, at=desk.now)
    await desk.index()
    (hit,) = (await desk.search(manager, "主图")).hits
    assert [piece.text for piece in hit.title if piece.found] == ["主图"]
    assert {one.place for one in hit.extracts} <= {Place.DESCRIPTION, Place.REQUEST, Place.MESSAGE}
    assert all(any(piece.found for piece in one.pieces) for one in hit.extracts)


async def test_what_has_most_of_a_phrase_is_found_when_nothing_has_all_of_it(desk: SearchDesk) -> None:
    cast, manager = desk.cast, desk.cast.account_manager
    await desk.open(Kind.SERVICE_QUALITY, cast.owner, title="退款一直没有到账")
    await desk.index()
    found = await desk.search(manager, "退款到账")
    assert found.loosely
    assert [hit.head.number for hit in found.hits] == [desk.number]


def test_older_candidates_begin_below_the_oldest_in_whatever_order_they_came() -> None:
    found = [
        Candidate(UUID(int=number), UUID(int=1), NOW - timedelta(days=number // 2), *(0,) * 3, *(None,) * 3, *("",) * 4,
                  False, *(None,) * 2, *("",) * 2)
        for number in range(ENOUGH)
    ]  # fmt: skip
    found = found[7:] + found[:7]
    assert after_all(found) == Bound(NOW - timedelta(days=(ENOUGH - 1) // 2), UUID(int=ENOUGH - 2))
    assert after_all(found[1:]) is None
