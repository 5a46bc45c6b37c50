"""Revealing: one confidential field to one person, for a purpose and a matter, with a record that stands before it.

The record commits in a transaction of its own. Only when the database has confirmed that is the text opened, in memory
and with nothing awaited in between: whatever fails before, nobody has seen anything, and whatever fails after, the
record claims one look too many and never one too few (domain.md section 7, design.md section 4).
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import Credential
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.actions import REVEAL_COPIED, REVEAL_REFUSED, REVEAL_SHOWN, SEAL_BROKEN
from anshou.privacy.errors import (
    ContentDamaged,
    ContentGone,
    FieldEmpty,
    RevealLimitReached,
    RevealNotFound,
    RevealOver,
)
from anshou.privacy.handling import require_handling
from anshou.privacy.matters import require_matter, ticket_at_hand
from anshou.privacy.purposes import require_purpose
from anshou.privacy.reveal_limits import leave_alarm, seen_within_limit
from anshou.privacy.reveal_rules import read_reveal_rules
from anshou.privacy.revealable import FieldReference, Held, held_for
from anshou.privacy.reveals import Reveal, RevealCopy, ViewerSide, role_that_reveals
from anshou.privacy.watching import Touch, look_for_decoys
from anshou.tickets.tickets import number_of
from confidentiality.audit.actions import Action
from confidentiality.audit.leaves import Receipt, record
from confidentiality.errors import KeyDestroyed, SealBroken
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.handles import Sealed
from confidentiality.sealing.ring import KeyRing
from tenants.base import new_id
from tenants.refusals import N_, Conflict, Refusal

Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Begins a transaction in the person's own context and commits it at its end."""

# A page shows the field from when it arrives, and the button to copy must work until it goes.
_ON_THE_WAY = timedelta(seconds=15)


class Wanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody asks to see: the field's reference, the number of the ticket at hand, the purpose's code."""

    field: Annotated[str, Meta(max_length=200, title=N_("保密字段"))]
    ticket: Annotated[str, Meta(min_length=1, max_length=40, title=N_("工单号"), extra={"widget": "ticket"})]
    purpose: Annotated[str, Meta(min_length=1, max_length=40, title=N_("查看目的"), extra={"widget": "radio"})]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything about a reveal but the text. `viewer` and `login` are for the watermark. Instants are UTC."""

    id: UUID
    reference: FieldReference
    label: str
    ticket_number: str
    viewer: str
    login: str
    at: datetime
    until: datetime
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Revealed:
    """A field in plain text, to be shown until `shown.until`. Never print, keep or log it: show it and let go of it."""

    shown: Shown
    text: str = field(repr=False)

    def __reduce__(self) -> str:
        raise TypeError("a plaintext is never pickled")


@dataclass(frozen=True, slots=True)
class _Ready:
    """What opening takes, once the record stands."""

    shown: Shown
    ring: KeyRing
    handle: Sealed[Any]


async def reveal(begin: Begin, wanted: Wanted, *, by: Person, at: datetime) -> Revealed:
    """Record that the person sees the field, commit, and open it.

    `begin` must open a transaction of its own. Raises PermissionMissing, FieldNotFound, TicketNotFound, PurposeUnknown;
    and, recorded as refused, NotOfThisTicket, TicketLongClosed, HandlingEnded, RevealLimitReached, FieldEmpty,
    ContentGone; when the bytes do not open, ContentDamaged.
    """
    async with begin() as session:
        outcome = await _recorded(session, wanted, by=by, at=at)
    if isinstance(outcome, Refusal):
        raise outcome
    return await _opened(begin, outcome, by=by)


async def copy(begin: Begin, reveal_id: UUID, *, by: Person, at: datetime) -> Revealed:
    """Record that the person copies what they were shown just now, commit, and open it once more.

    Raises PermissionMissing, RevealNotFound for somebody else's reveal, RevealOver when it is no longer shown, and
    what revealing raises when the merchant's matters may no longer be handled.
    """
    authorize(by, Permission.REVEAL)
    async with begin() as session:
        ready = await _copy_recorded(session, reveal_id, by=by, at=at)
    return await _opened(begin, ready, by=by)


async def _recorded(session: AsyncSession, wanted: Wanted, *, by: Person, at: datetime) -> _Ready | Refusal:
    authorize(by, Permission.REVEAL)
    reference = FieldReference.read(wanted.field)
    held = await held_for(session, reference, by=by)
    ticket = await ticket_at_hand(session, wanted.ticket, by=by)
    purpose = await require_purpose(session, wanted.purpose)
    rules = await read_reveal_rules(session)
    try:
        await require_matter(session, held, ticket, rules, by=by, at=at)
        seen = await seen_within_limit(session, rules, by=by, at=at)
        ring, handle = await _keys_for(session, held, reference)
    except (Conflict, RevealLimitReached) as refusal:
        body = {"refusal": refusal.code}
        await _leave_leaf(session, REVEAL_REFUSED, held, reference, ticket.id, body, by=by, at=at)
        if isinstance(refusal, RevealLimitReached):
            await leave_alarm(session, rules.per_hour, by=by, at=at)
        # Handed out instead of raised: the leaf and the alarm are to be committed.
        return refusal
    reveal_id = new_id()
    body = {"reveal": str(reveal_id), "purpose": purpose.code}
    receipt = await _leave_leaf(session, REVEAL_SHOWN, held, reference, ticket.id, body, by=by, at=at)
    session.add(
        Reveal(
            id=reveal_id,
            merchant_id=held.merchant_id,
            ticket_id=ticket.id,
            subject_table=reference.table,
            field=reference.field,
            row_id=reference.row,
            purpose=purpose.code,
            viewer_id=by.id,
            viewer_name=by.name,
            viewer_role=role_that_reveals(by),
            side=ViewerSide.MERCHANT if by.is_merchant else ViewerSide.AGENCY,
            shown_at=at,
            leaf_id=receipt.leaf_id,
        )
    )
    await look_for_decoys(session, reference.table, [reference.row], Touch.REVEALED, by=by, at=at)
    if seen + 1 >= rules.per_hour:
        await leave_alarm(session, seen + 1, by=by, at=at)
    shown = Shown(
        id=reveal_id,
        reference=reference,
        label=held.declared.label,
        ticket_number=ticket.number,
        viewer=by.name,
        login=await _login_of(session, by),
        at=at,
        until=at + rules.shown_for,
        receipt=receipt,
    )
    return _Ready(shown, ring, handle)


async def _copy_recorded(session: AsyncSession, reveal_id: UUID, *, by: Person, at: datetime) -> _Ready:
    row = await session.get(Reveal, reveal_id)
    if row is None or row.viewer_id != by.id:
        raise RevealNotFound
    until = row.shown_at + (await read_reveal_rules(session)).shown_for
    if at > until + _ON_THE_WAY:
        raise RevealOver
    reference = FieldReference(row.subject_table, row.field, row.row_id)
    held = await held_for(session, reference, by=by)
    if not by.is_merchant:
        await require_handling(session, held.merchant_id, at=at)
    ring, handle = await _keys_for(session, held, reference)
    body = {"reveal": str(row.id)}
    receipt = await _leave_leaf(session, REVEAL_COPIED, held, reference, row.ticket_id, body, by=by, at=at)
    session.add(RevealCopy(merchant_id=row.merchant_id, reveal_id=row.id, copied_at=at, leaf_id=receipt.leaf_id))
    shown = Shown(
        id=row.id,
        reference=reference,
        label=held.declared.label,
        ticket_number=await number_of(session, row.merchant_id, row.ticket_id),
        viewer=by.name,
        login=await _login_of(session, by),
        at=at,
        until=until,
        receipt=receipt,
    )
    return _Ready(shown, ring, handle)


async def _keys_for(session: AsyncSession, held: Held, reference: FieldReference) -> tuple[KeyRing, Sealed[Any]]:
    handle = getattr(held.row, reference.field)
    if handle is None:
        raise FieldEmpty
    try:
        return await open_keys(session, held.merchant_id), handle
    except KeyDestroyed:
        raise ContentGone from None


async def _leave_leaf(
    session: AsyncSession,
    action: Action,
    held: Held,
    reference: FieldReference,
    ticket_id: UUID,
    body: dict[str, str],
    *,
    by: Person,
    at: datetime,
) -> Receipt:
    return await record(
        session,
        action,
        actor=by.actor(),
        at=at,
        owner=held.merchant_id,
        subject=reference.row,
        ticket=ticket_id,
        body={"field": f"{reference.table}.{reference.field}", **body},
    )


async def _opened(begin: Begin, ready: _Ready, *, by: Person) -> Revealed:
    try:
        return Revealed(ready.shown, str(ready.ring.open(ready.handle)))
    except KeyDestroyed:
        raise ContentGone from None
    except SealBroken:
        await _note_damage(begin, ready, by=by)
        raise ContentDamaged from None


async def _note_damage(begin: Begin, ready: _Ready, *, by: Person) -> None:
    """Bytes that do not open were changed by somebody, or put where they do not belong: the auditor must know."""
    reference = ready.shown.reference
    async with begin() as session:
        await record(
            session,
            SEAL_BROKEN,
            actor=by.actor(),
            at=ready.shown.at,
            owner=ready.ring.owner,
            subject=reference.row,
            body={"field": f"{reference.table}.{reference.field}"},
        )


async def _login_of(session: AsyncSession, by: Person) -> str:
    return await session.scalar(select(Credential.login).where(Credential.account_id == by.id)) or ""
