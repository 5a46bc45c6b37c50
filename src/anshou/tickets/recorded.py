"""Every entry of a timeline leaves a leaf with its digest, so that the history of a ticket can be proved."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM_ID
from anshou.tickets.deeds import ENTRY_MADE
from anshou.tickets.kinds import Side
from confidentiality.associated import begin, bind, bound
from confidentiality.audit.actors import Actor
from confidentiality.audit.leaves import Marked, Marking, plain_bytes, record, write_leaves
from tenants.base import TextsOf

if TYPE_CHECKING:
    from anshou.tickets.entries import Entry

NOTED = "timeline_entries"
"""The key in `session.info` with the entries that the last flushes wrote."""

_FORMAT = b"anshou.entry.v1"
_BEGIN = begin(18) + bound(_FORMAT)

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


class _AlikeEntries:
    """Entries that differ in ids, instants and words only: who leaves their leaves, and what those share."""

    __slots__ = ("actor", "after", "at", "before", "owner", "said", "who")

    def __init__(self, entry: Any) -> None:
        self.actor = _author(entry)
        self.owner: UUID | None = entry.merchant_id if entry.audience is Side.MERCHANT else None
        said = plain_bytes(self.actor, {"sort": entry.sort.value, "move": entry.move, "digest": _SOME})
        self.before, self.after = said.split(_SOME.encode())
        self.at = _parts(entry.audience.value)
        self.who = _parts(entry.sort.value, entry.author_id, entry.author_name, entry.author_side.value, entry.move)
        self.said = _parts(_json(entry.changes) if entry.changes else "{}", entry.round, entry.version)


def leaves_of_entries(tenant: UUID, entries: Sequence[Any], ids: TextsOf) -> Marked:
    """The leaves of entries that are written in bulk, as `record_entries` leaves those of the ORM. Pure.

    An entry is whatever has the attributes of `Entry` as they are in the table. What entries share is encoded once;
    each digest is that of `entry_digest`.
    """
    marking = Marking(tenant, ENTRY_MADE, ids)
    templates: dict[tuple[Any, ...], _AlikeEntries] = {}
    instants: dict[datetime, bytes] = {}
    for entry in entries:
        if entry.changes:
            # Told of entries one by one.
            alike = _AlikeEntries(entry)
        else:
            who = entry.author_id, entry.author_name, entry.author_side
            key = entry.merchant_id, entry.audience, who, entry.sort, entry.move, entry.round, entry.version
            if (found := templates.get(key)) is None:
                found = templates[key] = _AlikeEntries(entry)
            alike = found
        at = instants.get(entry.at)
        if at is None:
            at = instants[entry.at] = _parts(entry.at.astimezone(UTC).isoformat())
        digest = sha256(
            b"".join(
                (
                    _BEGIN,
                    _parts(ids[entry.id], ids[entry.merchant_id], ids[entry.ticket_id]),
                    alike.at,
                    at,
                    alike.who,
                    _parts(entry.body, _json(entry.record) if entry.record else "{}"),
                    alike.said,
                    _parts(None if entry.part_of is None else ids[entry.part_of], entry.corrects),
                )
            )
        )
        marking.mark(
            actor=alike.actor,
            at=entry.at,
            owner=alike.owner,
            subject=entry.id,
            ticket=entry.ticket_id,
            body=alike.before + digest.hexdigest().encode() + alike.after,
        )
    return marking.marked()


def _parts(*fields: object) -> bytes:
    return b"".join([bound(b"" if one is None else b"=" + str(one).encode()) for one in fields])


def _author(entry: "Entry") -> Actor:
    if entry.author_id == SYSTEM_ID:
        return Actor(entry.author_id, entry.author_name, "system")
    if entry.author_side is Side.MERCHANT:
        return Actor(entry.author_id, entry.author_name, "merchant", entry.merchant_id)
    return Actor(entry.author_id, entry.author_name, "agency")
