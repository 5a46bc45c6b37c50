"""Confidential tickets: nothing that is said on them stands in a row, and everything comes back to those who may."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from anshou.people.person import Person
from anshou.tickets.agreements import Agreement, find_agreement, find_document, open_document
from anshou.tickets.entries import Entry
from anshou.tickets.errors import AlreadyConfidential
from anshou.tickets.kinds import EntrySort, Kind, Side
from anshou.tickets.marking import mark_confidential, seal_what_was_said
from anshou.tickets.queue_filters import Filters
from anshou.tickets.queue_tabs import Tab
from anshou.tickets.queues import list_tickets
from anshou.tickets.sealed_contents import CONTENTS, PLACEHOLDER, SealedContent, contents_of
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import add_note, post_message
from confidentiality.sealing.fields import sealed_fields
from tenants.base import Base, new_id
from tenants.context import AGENCY
from tests.tickets.desk import Desk

# Words of the policies, the law and our own labels, which a row may hold.
SHORTEST = 6


@dataclass
class Listening(Desk):
    """A desk that remembers every word that was stated."""

    said: set[str] = field(default_factory=set)

    async def act_with(self, person: Person, move: str, record: Any, *, seen: int | None = None) -> Ticket:
        self.said |= set(_words(msgspec.to_builtins(record)))
        return await super().act_with(person, move, record, seen=seen)

    async def read_everything(self) -> str:
        """Every row of every tenant table as text, without what is sealed."""
        await self.session.flush()
        await self.act_as(AGENCY)
        read = []
        for table in Base.metadata.sorted_tables:
            rows = await self.session.execute(text(f"SELECT to_jsonb(t) FROM {table.name} AS t"))
            read += [str(row[0]) for row in rows]
        return "\n".join(read)


def _words(stated: Any) -> Iterator[str]:
    if isinstance(stated, dict):
        for value in stated.values():
            yield from _words(value)
    elif isinstance(stated, list | tuple):
        for value in stated:
            yield from _words(value)
    elif isinstance(stated, str) and len(stated) >= SHORTEST and not stated.isascii():
        yield stated


@pytest.fixture
def listening(desk: Desk) -> Listening:
    return Listening(desk.session, desk.act_as, desk.cast)


async def service_problem(desk: Desk, **changes: Any) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner, **changes)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "approve_plan")
    await desk.act(cast.owner, "accept_plan")


async def data_anomaly(desk: Desk, **changes: Any) -> None:
    cast = desk.cast
    await desk.open(Kind.DATA_ANOMALY, cast.account_manager, **changes)
    await desk.act(cast.account_manager, "dispatch", department="technical_support")
    await desk.act(cast.specialist, "conclude_triage")
    await desk.act(cast.specialist, "conclude_analysis")


async def dispute(desk: Desk, **changes: Any) -> None:
    cast = desk.cast
    await desk.open(Kind.CONTRACT_DISPUTE, cast.owner, **changes)
    await desk.act(cast.account_manager, "start_procedure")
    await desk.act(cast.account_manager, "conclude_investigation")
    await desk.act(cast.account_manager, "record_round")
    await desk.act(cast.account_manager, "propose_agreement")
    await desk.act(cast.owner, "sign_for_merchant")
    await desk.act(cast.supervisor, "sign_for_agency")


STORIES = [service_problem, data_anomaly, dispute]


@pytest.mark.parametrize("story", STORIES)
async def test_what_is_said_on_a_confidential_ticket_stands_in_no_row(listening: Listening, story: Any) -> None:
    desk = listening
    await story(
        desk, confidential=True, title="独家渠道价目外泄", description="竞品拿到了我们的底价表", request="查清来源"
    )
    rows = await desk.read_everything()
    leaked = {word for word in desk.said | {"独家渠道价目外泄", "竞品拿到了我们的底价表"} if word in rows}
    assert leaked == set()
    assert len(desk.said) >= 3


@pytest.mark.parametrize("story", STORIES)
async def test_what_was_said_comes_back_whole(listening: Listening, story: Any) -> None:
    desk = listening
    await story(desk, confidential=True, title="独家渠道价目外泄")
    ticket = await desk.ticket(desk.cast.supervisor)
    assert ticket.title == PLACEHOLDER
    contents = await contents_of(desk.session, ticket)
    assert contents[ticket.id]["title"] == "独家渠道价目外泄"
    whole = msgspec.json.encode(list(contents.values())).decode()
    assert {
        word for word in desk.said if msgspec.json.encode(word).decode()[1:-1] not in whole.replace("\\\\", "\\")
    } == set()


@pytest.mark.parametrize("story", STORIES)
async def test_marking_seals_what_was_said_before(listening: Listening, story: Any) -> None:
    desk = listening
    await story(desk, title="独家渠道价目外泄")
    ticket = await desk.ticket(desk.cast.account_manager)
    await post_message(desk.session, ticket, "这句话也要保密", by=desk.cast.account_manager, at=desk.now)
    await mark_confidential(desk.session, ticket, by=desk.cast.account_manager, at=desk.now)
    await desk.act_as(AGENCY)
    await seal_what_was_said(desk.session, ticket.id)
    rows = await desk.read_everything()
    assert {word for word in desk.said | {"独家渠道价目外泄", "这句话也要保密"} if word in rows} == set()
    before = await contents_of(desk.session, await desk.ticket(desk.cast.supervisor))
    await desk.act_as(AGENCY)
    await seal_what_was_said(desk.session, ticket.id)
    assert await contents_of(desk.session, await desk.ticket(desk.cast.supervisor)) == before


async def test_messages_notes_and_later_moves_are_sealed_too(listening: Listening) -> None:
    desk, cast = listening, listening.cast
    await service_problem(desk, confidential=True)
    ticket = await desk.ticket(cast.account_manager)
    await post_message(desk.session, ticket, "给商家的保密话", by=cast.account_manager, at=desk.now)
    await add_note(desk.session, ticket, "内部的保密话", by=cast.account_manager, at=desk.now)
    (measure,) = (await desk.open_measures())[:1]
    await desk.act(cast.specialist, "finish_measure", measure=measure, result="已更换全部主图并复核")
    rows = await desk.read_everything()
    assert not [word for word in ("给商家的保密话", "内部的保密话", "已更换全部主图并复核") if word in rows]


async def test_why_a_ticket_was_held_stands_in_no_row_of_its_clocks(listening: Listening) -> None:
    desk, cast = listening, listening.cast
    await service_problem(desk, confidential=True)
    await desk.act(cast.account_manager, "hold", reason="等商家提供底价表原件")
    await desk.act(cast.account_manager, "resume", reason="底价表原件已收到")
    rows = await desk.read_everything()
    assert not [word for word in ("等商家提供底价表原件", "底价表原件已收到") if word in rows]


async def test_a_merchant_reads_the_sealed_content_of_what_they_may_read_and_of_nothing_else(
    listening: Listening,
) -> None:
    desk, cast = listening, listening.cast
    await service_problem(desk, confidential=True)
    ticket = await desk.ticket(cast.account_manager)
    await add_note(desk.session, ticket, "内部的保密话", by=cast.account_manager, at=desk.now)
    inside = set(await desk.session.scalars(select(Entry.id).where(Entry.audience == Side.AGENCY)))
    assert inside
    seen = await contents_of(desk.session, await desk.ticket(cast.owner))
    assert seen.keys().isdisjoint(inside)
    assert ticket.id in seen
    await desk.act_as(cast.other_owner.context())
    assert list(await desk.session.scalars(select(SealedContent))) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ticket SET title = '明文'",
        "UPDATE measure SET action = '明文'",
        "UPDATE hold SET reason = '明文'",
    ],
)
async def test_the_database_refuses_plain_content_on_a_confidential_ticket(desk: Desk, statement: str) -> None:
    await service_problem(desk, confidential=True)
    await desk.act(desk.cast.account_manager, "hold")
    await desk.act_as(AGENCY)
    with pytest.raises(DBAPIError, match="content of a confidential ticket"):
        async with desk.session.begin_nested():
            await desk.session.execute(text(statement))


async def test_a_core_insert_of_plain_content_is_refused(desk: Desk) -> None:
    await service_problem(desk, confidential=True)
    entry = (await desk.session.scalars(select(Entry).limit(1))).one()
    values = {column.key: getattr(entry, column.key) for column in Entry.__mapper__.column_attrs}
    values |= {"id": new_id(), "sort": EntrySort.NOTE, "move": None, "body": "明文"}
    with pytest.raises(DBAPIError, match="content of a confidential ticket"):
        async with desk.session.begin_nested():
            await desk.session.execute(insert(Entry).values(**values))


async def test_an_agreement_is_sealed_opened_for_signing_and_its_digest_still_holds(listening: Listening) -> None:
    desk, cast = listening, listening.cast
    await dispute(desk, confidential=True)
    ticket = await desk.ticket(cast.owner)
    agreement = await find_agreement(desk.session, ticket)
    assert agreement is not None
    assert (agreement.document, find_document(agreement)) == (b"", None)
    document = await open_document(desk.session, ticket, agreement, by=cast.owner, at=desk.now)
    assert document.ticket == ticket.number
    assert len(agreement.sha256) == 64
    assert (await desk.session.scalars(select(Agreement.document))).one() == b""


async def test_a_confidential_ticket_is_found_by_number_and_whole_title_and_not_by_its_text(
    listening: Listening,
) -> None:
    desk, cast = listening, listening.cast
    await service_problem(desk, confidential=True, title="独家渠道价目外泄")
    ticket = await desk.ticket(cast.supervisor)
    assert ticket.number
    rows = await desk.session.scalars(select(Ticket.id).where(Ticket.title.icontains("价目")))
    assert list(rows) == []

    async def found(text: str, merchant: UUID | None) -> list[str]:
        filters = Filters(text=text, merchant=merchant)
        page = await list_tickets(desk.session, cast.supervisor, Tab.ALL, filters, at=desk.now)
        return [line.number for line in page.lines]

    assert await found(ticket.number, None) == [ticket.number]
    assert await found("独家渠道价目外泄", cast.yunshan.id) == [ticket.number]
    # Not by a part of it, not without saying whose, not among another merchant's.
    assert await found("独家渠道", cast.yunshan.id) == []
    assert await found("独家渠道价目外泄", None) == []
    assert await found("独家渠道价目外泄", cast.qinghe.id) == []


async def test_a_ticket_is_marked_once(desk: Desk) -> None:
    await service_problem(desk, confidential=True)
    ticket = await desk.ticket(desk.cast.account_manager)
    with pytest.raises(AlreadyConfidential):
        await mark_confidential(desk.session, ticket, by=desk.cast.account_manager, at=desk.now)


def test_what_can_be_said_on_a_ticket_is_listed() -> None:
    """A new text of a ticket's table is content, unless it is listed here as something else."""
    known = {
        "ticket": {"number", "step"},
        "entry": {"author_name", "move", "changes"},
        "attachment": {"media_type", "sha256", "storage_key"},
        "metric_window": {"unit"},
        "agreement": {"sha256"},
        "signature": {"name", "address", "sha256"},
        "meeting": {"departments"},
        "clock_change": {"old_limit", "new_limit"},
        # From whom an agent heard the merchant's answer, and how.
        **{
            table: {"heard"}
            for table in ("plan_answer", "rating", "result_confirmation", "question", "determination_objection")
        },
        "ticket_clock": {"calendar", "clause", "explanation"},
        # Never kept of a confidential ticket.
        "ticket_draft": {"form", "fields", "page"},
    }
    missed = {}
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if not mapper.class_.__module__.startswith("anshou.tickets") or sealed_fields(mapper.class_):
            continue
        if table.name not in CONTENTS and "ticket_id" not in table.c:
            continue
        texts = {
            column.name
            for column in table.c
            if column.type.__class__.__name__ in ("Text", "JSONB") and column.name != "of_table"
        }
        if left := texts - set(CONTENTS.get(table.name, ())) - known.get(table.name, set()):
            missed[table.name] = left
    assert missed == {}


def test_the_tables_triggers_watch_the_same_columns() -> None:
    """What a later revision adds to `CONTENTS` needs a trigger too."""
    migration = (Path(__file__).parents[2] / "migrations/tenant/snapshot.sql").read_text()
    columns: dict[str, dict[str, tuple[str, ...]]] = {"INSERT": {}, "UPDATE": {}}
    triggers = re.findall(
        r"CREATE TRIGGER (\w+?)_(?:is|comes)_sealed_if_confidential \w+ (.*?) ON .*refuse_plain_\w+\((.*)\);", migration
    )
    for table, when, listed in triggers:
        for event in columns:
            if event in when:
                columns[event][table] = tuple(re.findall(r"'(\w+)'", listed))
    assert columns == {"INSERT": CONTENTS, "UPDATE": CONTENTS}
