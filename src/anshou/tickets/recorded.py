"""Every entry of a timeline leaves a leaf with its digest, so that the history of a ticket can be proved."""

import json
from collections.abc import Sequence
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM_ID
from anshou.tickets.deeds import ENTRY_MADE
from anshou.tickets.kinds import Side
from confidentiality.associated import bind
from confidentiality.audit.actors import Actor
from confidentiality.audit.leaves import Mark, Marked, leaves_of, plain_bytes, record, write_leaves

if TYPE_CHECKING:
    from anshou.tickets.entries import Entry

NOTED = "timeline_entries"
"""The key in `session.info` with the entries that the last flushes wrote."""

_FORMAT = b"anshou.entry.v1"

# In the place of a digest that is not known yet.
_SOME = "0" * 64

# Made once: `json.dumps` makes an encoder anew for every call with settings of its own.
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def entry_digest(entry: "Entry") -> bytes:
    """SHA-256 of what the entry says, the same after it was read back; docs/audit-format.md."""
    fields = (
        entry.id,
        entry.merchant_id,
        entry.ticket_id,
        entry.audience.value,
        entry.at.astimezone(UTC).isoformat(),
        entry.sort.value,
        entry.author_id,
        entry.author_name,
        entry.author_side.value,
        entry.move,
        entry.body,
        _json(entry.record) if entry.record else "{}",
        _json(entry.changes) if entry.changes else "{}",
        entry.round,
        entry.version,
        entry.part_of,
        entry.corrects,
    )
    # An absent field differs from an empty one.
    return sha256(bind(_FORMAT, *[b"" if one is None else b"=" + str(one).encode() for one in fields])).digest()


async def record_entries(session: AsyncSession) -> None:
    """Leave the leaves of the entries noted in the session; called at its edge."""
    entries: list[Entry] = session.info.pop(NOTED, [])
    for entry in entries:
        await record(
            session,
            ENTRY_MADE,
            actor=_author(entry),
            at=entry.at,
            # What the agency says among itself is not the merchant's to read, nor that it was said.
            owner=entry.merchant_id if entry.audience is Side.MERCHANT else None,
            subject=entry.id,
            ticket=entry.ticket_id,
            body={"sort": entry.sort.value, "move": entry.move, "digest": entry_digest(entry).hex()},
        )
    await write_leaves(session)


def leaves_of_entries(tenant: UUID, entries: Sequence[Any]) -> Marked:
    """The leaves of entries that are written in bulk, as `record_entries` leaves those of the ORM. Pure.

    An entry is whatever has the attributes of `Entry` as they are in the table.
    """
    templates: dict[tuple[UUID, str, str | None], tuple[Actor, bytes, bytes]] = {}
    marks = []
    for entry in entries:
        key = entry.author_id, entry.sort.value, entry.move
        if key not in templates:
            actor = _author(entry)
            # The same for all but the digest.
            said = plain_bytes(actor, {"sort": entry.sort.value, "move": entry.move, "digest": _SOME})
            before, after = said.split(_SOME.encode())
            templates[key] = actor, before, after
        actor, before, after = templates[key]
        marks.append(
            Mark(
                actor=actor,
                at=entry.at,
                owner=entry.merchant_id if entry.audience is Side.MERCHANT else None,
                subject=entry.id,
                ticket=entry.ticket_id,
                body=before + entry_digest(entry).hex().encode() + after,
            )
        )
    return leaves_of(tenant, ENTRY_MADE, marks)


def _author(entry: "Entry") -> Actor:
    if entry.author_id == SYSTEM_ID:
        return Actor(entry.author_id, entry.author_name, "system")
    if entry.author_side is Side.MERCHANT:
        return Actor(entry.author_id, entry.author_name, "merchant", entry.merchant_id)
    return Actor(entry.author_id, entry.author_name, "agency")
