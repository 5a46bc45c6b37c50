"""What is said on tickets, by field: what is indexed, and what a found ticket is compared with.

Read in whatever context the session has, so nobody gets more than their policies allow.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.entry_labels import OPEN
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.sealed_contents import PLACEHOLDER
from anshou.tickets.search.words import is_cjk
from tenants.erasing import ERASED
from tenants.labels import Labelled
from tenants.prepared import fetch
from tenants.refusals import N_

_SAYS_NOTHING = frozenset({PLACEHOLDER, ERASED, ""})


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


@dataclass(frozen=True, slots=True)
class Said:
    """A text, where it stands, who wrote it when if that is an entry of the timeline, and whether the agency alone
    reads it."""

    place: Place
    text: str
    inner: bool = False
    author: str = ""
    at: datetime | None = None


_OF_TICKETS = (
    "FROM unnest(string_to_array($1, ',')::uuid[], string_to_array($2, ',')::uuid[]) AS meant (merchant_id, ticket_id) "
)
_HEADS = (
    "SELECT t.id, t.number, t.title, t.description, t.request, t.is_confidential "
    + _OF_TICKETS
    + "JOIN ticket AS t ON t.merchant_id = meant.merchant_id AND t.id = meant.ticket_id"
)
_ENTRIES = (
    "SELECT e.ticket_id, e.audience, e.sort, e.move, e.author_name, e.at, e.body, CAST(e.record AS text) "
    + _OF_TICKETS
    + "JOIN entry AS e ON e.merchant_id = meant.merchant_id AND e.ticket_id = meant.ticket_id "
    "WHERE e.body <> '' OR e.record <> '{}'::jsonb ORDER BY e.ticket_id, e.id"
)
_FILES = (
    "SELECT a.ticket_id, a.audience, a.name, a.added_at "
    + _OF_TICKETS
    + "JOIN attachment AS a ON a.merchant_id = meant.merchant_id AND a.ticket_id = meant.ticket_id "
    "ORDER BY a.ticket_id, a.id"
)


async def what_is_said(session: AsyncSession, tickets: Collection[tuple[UUID, UUID]]) -> dict[UUID, list[Said]]:
    """All that the context reads of these tickets, given as merchant and ticket; of a confidential one its number."""
    meant = (",".join(str(merchant) for merchant, _ in tickets), ",".join(str(ticket) for _, ticket in tickets))
    found: dict[UUID, list[Said]] = defaultdict(list)
    open_ones = set()
    for ident, number, title, description, request, is_confidential in await fetch(session, _HEADS, *meant):
        found[ident].append(Said(Place.NUMBER, number))
        if is_confidential:
            continue
        open_ones.add(ident)
        told = ((Place.TITLE, title), (Place.DESCRIPTION, description), (Place.REQUEST, request))
        found[ident] += [Said(place, text) for place, text in told if text not in _SAYS_NOTHING]
    for ident, audience, sort, move, author, at, body, record in await fetch(session, _ENTRIES, *meant):
        if ident in open_ones:
            inner = audience == Side.AGENCY
            found[ident] += [
                Said(place, text, inner, author, at) for place, text in _entry(sort, move, body, record, inner=inner)
            ]
    for ident, audience, name, at in await fetch(session, _FILES, *meant):
        if ident in open_ones and name not in _SAYS_NOTHING:
            found[ident].append(Said(Place.FILE, name, audience == Side.AGENCY, at=at))
    return found


def _entry(sort: str, move: str | None, body: str | None, record: str, *, inner: bool) -> Iterator[tuple[Place, str]]:
    if body is not None and body not in _SAYS_NOTHING:
        is_message = sort in (EntrySort.MESSAGE, EntrySort.ATTACHMENT)
        yield (Place.NOTE if inner else Place.MESSAGE if is_message else Place.RECORD), body
    # The record of the opening says again what the ticket itself says.
    if move != OPEN and len(record) > 2:
        for text in _texts(msgspec.json.decode(record)):
            yield (Place.NOTE if inner else Place.RECORD), text


def _texts(value: Any) -> Iterator[str]:
    """The texts of a record. Ids, codes and times are in ASCII and are no texts."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str) and value not in _SAYS_NOTHING and any(map(is_cjk, value)):
        yield value
