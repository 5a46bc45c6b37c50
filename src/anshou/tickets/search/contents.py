"""What is said on tickets, by field: what is indexed, and what a found ticket is compared with.

Read in whatever context the session has, so nobody gets more than their policies allow.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.entry_labels import OPEN
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.sealed_contents import PLACEHOLDER
from anshou.tickets.search.words import has_cjk
from tenants.erasing import ERASED
from tenants.labels import Labelled
from tenants.prepared import fetch
from tenants.refusals import N_

_SAYS_NOTHING = frozenset({PLACEHOLDER, ERASED, ""})
_MESSAGES = frozenset({EntrySort.MESSAGE, EntrySort.ATTACHMENT})


class Place(Labelled):
    """Where on a ticket something is said, the weightiest first."""

    NUMBER = "number", N_("工单号")
    TITLE = "title", N_("标题")
    MERCHANT = "merchant", N_("商家")
    SHOP = "shop", N_("店铺")
    DESCRIPTION = "description", N_("问题描述")
    REQUEST = "request", N_("诉求")
    MESSAGE = "message", N_("消息")
    RECORD = "record", N_("处理记录")
    NOTE = "note", N_("内部备注")
    FILE = "file", N_("附件")


class Said(NamedTuple):
    """A text, where it stands, who wrote it when if that is an entry of the timeline, and whether the agency alone
    reads it."""

    place: Place
    text: str
    inner: bool = False
    author: str = ""
    at: datetime | None = None


class Report(Protocol):
    """What somebody opened a ticket with, as the context reads it."""

    @property
    def id(self) -> UUID: ...
    @property
    def merchant_id(self) -> UUID: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def request(self) -> str: ...
    @property
    def is_confidential(self) -> bool: ...


class _Report(NamedTuple):
    merchant_id: UUID
    id: UUID
    number: str
    title: str
    description: str
    request: str
    is_confidential: bool


_OF_TICKETS = (
    "FROM unnest(string_to_array($1, ',')::uuid[], string_to_array($2, ',')::uuid[]) AS meant (merchant_id, ticket_id) "
)
_REPORTS = (
    "SELECT t.merchant_id, t.id, t.number, t.title, t.description, t.request, t.is_confidential "
    + _OF_TICKETS
    + "JOIN ticket AS t ON t.merchant_id = meant.merchant_id AND t.id = meant.ticket_id"
)
# Entries, then the names of files: in one answer, because a search waits for each.
_WRITTEN = (
    "SELECT e.ticket_id, e.audience, e.sort, e.move, e.author_name, e.at, e.body, CAST(e.record AS text), "
    "false AS is_file, e.id "
    + _OF_TICKETS
    + "JOIN entry AS e ON e.merchant_id = meant.merchant_id AND e.ticket_id = meant.ticket_id "
    "WHERE e.body <> '' OR e.record <> '{}'::jsonb "
    "UNION ALL SELECT a.ticket_id, a.audience, '', NULL, '', a.added_at, a.name, '{}', true, a.id "
    + _OF_TICKETS
    + "JOIN attachment AS a ON a.merchant_id = meant.merchant_id AND a.ticket_id = meant.ticket_id "
    "ORDER BY ticket_id, is_file, id"
)


async def what_is_said(session: AsyncSession, tickets: Collection[tuple[UUID, UUID]]) -> dict[UUID, list[Said]]:
    """All that the context reads of these tickets, given as merchant and ticket; of a confidential one its number."""
    return await said_on(session, [_Report(*row) for row in await fetch(session, _REPORTS, *_meant(tickets))])


async def said_on(session: AsyncSession, reports: Sequence[Report]) -> dict[UUID, list[Said]]:
    """The same of tickets of which the report has been read."""
    found: dict[UUID, list[Said]] = defaultdict(list)
    for one in reports:
        found[one.id].append(Said(Place.NUMBER, one.number))
        if not one.is_confidential:
            told = (
                (Place.TITLE, one.title),
                (Place.DESCRIPTION, one.description),
                (Place.REQUEST, one.request),
            )
            found[one.id] += [Said(place, text) for place, text in told if text not in _SAYS_NOTHING]
    plain = _meant([(one.merchant_id, one.id) for one in reports if not one.is_confidential])
    for ident, audience, sort, move, author, at, body, record, is_file, _ in await fetch(session, _WRITTEN, *plain):
        inner = audience == Side.AGENCY
        if is_file:
            if body not in _SAYS_NOTHING:
                found[ident].append(Said(Place.FILE, body, inner, "", at))
            continue
        if body is not None and body not in _SAYS_NOTHING:
            is_message = sort in _MESSAGES
            place = Place.NOTE if inner else Place.MESSAGE if is_message else Place.RECORD
            found[ident].append(Said(place, body, inner, author, at))
        # The record of the opening says again what the ticket itself says.
        if move != OPEN and len(record) > 2:
            place = Place.NOTE if inner else Place.RECORD
            found[ident] += [Said(place, text, inner, author, at) for text in _texts(msgspec.json.decode(record))]
    return found


def _meant(tickets: Collection[tuple[UUID, UUID]]) -> tuple[str, str]:
    return ",".join(str(merchant) for merchant, _ in tickets), ",".join(str(ticket) for _, ticket in tickets)


def _texts(value: Any) -> Iterator[str]:
    """The texts of a record. Ids, codes and times are in ASCII and are no texts."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str) and value not in _SAYS_NOTHING and has_cjk(value):
        yield value
