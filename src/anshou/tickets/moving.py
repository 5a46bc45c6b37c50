"""Moving a ticket: the one verb behind every door, and what a person may do now.

One transaction waits for the other at the ticket's row. Whoever comes second has seen an older version and is told who
changed what and when, so that nobody decides on what is no longer so.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.people.proving import Proof
from anshou.tickets.acting import acting_as, level_of
from anshou.tickets.advancing import advance, is_open
from anshou.tickets.answering import wants_hearing
from anshou.tickets.changes import Changes, Standing, changes_between
from anshou.tickets.colleagues import require_colleagues
from anshou.tickets.entries import Entry, new_entry, next_instant, side_of
from anshou.tickets.entry_labels import label_of
from anshou.tickets.errors import MoveNotYours, RecordInvalid, TicketChanged
from anshou.tickets.events import Carriers, announce, begins_execution, tidings_of_move
from anshou.tickets.facts import situation_of
from anshou.tickets.holds import end_hold
from anshou.tickets.kinds import Side
from anshou.tickets.made import Made
from anshou.tickets.plans import measure_owners
from anshou.tickets.process import Actor, AnyMove
from anshou.tickets.records import Record, check_record, inner_part, told_part
from anshou.tickets.repeats import do_state
from anshou.tickets.rules import rules_at
from anshou.tickets.situation import Rules
from anshou.tickets.tickets import Ticket, find_desk, lock_ticket
from anshou.tickets.timing import LimitBasis, keep_time
from anshou.tickets.writing import WRITERS
from tenants.refusals import N_


async def open_moves(session: AsyncSession, ticket: Ticket, person: Person, *, at: datetime) -> list[AnyMove]:
    """What the person may do with the ticket now, in the order of the process's table."""
    rules = await rules_at(session, at)
    now = await situation_of(session, ticket, rules)
    return [
        move
        for move in ticket.process.moves_at(ticket.step)
        if acting_as(move, person, ticket) is not None and is_open(ticket.process, now, move, rules)
    ]


async def make_move(
    session: AsyncSession,
    ticket: Ticket,
    move: str,
    record: Record,
    *,
    by: Person,
    at: datetime,
    seen: int,
    proof: Proof | None = None,
) -> Entry:
    """Make the move with its record; returns the entry that it leaves on the timeline.

    `seen` is the ticket's version that the person looked at. `proof` is that they signed in again, for the moves that
    ask for it. Raises MoveUnknown, MoveNotYours, TicketChanged, MoveNotOpen, RecordInvalid, ColleagueUnknown, and what
    the rows of the record refuse.
    """
    chosen = ticket.process.move(move)
    if type(record) is not chosen.record:
        raise TypeError(f"{move} takes {chosen.record.__name__}, not {type(record).__name__}")
    await lock_ticket(session, ticket)
    actor = acting_as(chosen, by, ticket)
    if actor is None:
        raise MoveNotYours(chosen.label)
    at = next_instant(ticket, at)
    rules = await rules_at(session, at)
    if seen != ticket.version and not chosen.additive:
        raise await _changed(session, ticket, seen, rules)
    await _check(session, record, by=by, at=at)
    before = await situation_of(session, ticket, rules)
    level = level_of(by)
    after = advance(ticket.process, before, chosen, record, by=_answering(actor), rules=rules, level=level)
    made = Made(move=chosen, by=by, actor=actor, at=at, before=before, after=after, rules=rules, proof=proof)
    return await _carry_out(session, ticket, record, made)


async def was_made(session: AsyncSession, ticket: Ticket, move: str, record: Record, *, by: Person, seen: int) -> bool:
    """Whether the person has made this very move from the version `seen`: its form has come a second time."""
    query = select(Entry).where(
        Entry.merchant_id == ticket.merchant_id,
        Entry.ticket_id == ticket.id,
        Entry.version == seen + 1,
        Entry.move == move,
        Entry.author_id == by.id,
    )
    made = (await session.scalars(query)).all()
    return bool(made) and await do_state(session, ticket, made, record)


async def _carry_out(session: AsyncSession, ticket: Ticket, record: Record, made: Made) -> Entry:
    desk = await find_desk(session, ticket)
    standing, basis, carriers = Standing.of(ticket, desk), LimitBasis.of(ticket), Carriers.of(ticket)
    if writer := WRITERS.get(type(record)):
        await writer(session, ticket, record, made)
    if made.before.held and not made.after.held:
        await end_hold(session, ticket, by=made.who, at=made.at)
    ticket.come_to(made.after, at=made.at)
    ticket.last_entry_at = made.at
    if not made.move.additive:
        ticket.version += 1
    entry = await _write_entries(session, ticket, record, made, changes_between(standing, Standing.of(ticket, desk)))
    await keep_time(session, ticket, record, made, basis)
    doers = await measure_owners(session, ticket) if begins_execution(ticket, made) else ()
    told = tidings_of_move(ticket, made, carriers, shown=made.move.is_shown(record), doers=doers)
    await announce(session, ticket, entry, told)
    await session.flush()
    return entry


async def _write_entries(session: AsyncSession, ticket: Ticket, record: Record, made: Made, changes: Changes) -> Entry:
    """One entry, or two when the merchant reads a part of it: what they do not read is never in a row they do."""
    told, inner = told_part(record), inner_part(record)
    if not made.move.is_shown(record):
        entry = _entry(ticket, Side.AGENCY, made, told | inner, changes.told | changes.inner)
        session.add(entry)
        return entry
    entry = _entry(ticket, Side.MERCHANT, made, told, changes.told)
    session.add(entry)
    if inner or changes.inner:
        await session.flush()
        rest = _entry(ticket, Side.AGENCY, made, inner, changes.inner)
        rest.part_of = entry.id
        session.add(rest)
    return entry


def _entry(ticket: Ticket, audience: Side, made: Made, record: dict[str, Any], changes: dict[str, Any]) -> Entry:
    return new_entry(
        ticket,
        made.move.sort,
        audience,
        by=made.by,
        at=made.at,
        move=made.move.name,
        record=record,
        changes=changes,
    )


async def _check(session: AsyncSession, record: Record, *, by: Person, at: datetime) -> None:
    check_record(record, at)
    if faults := wants_hearing(record, by=side_of(by)):
        raise RecordInvalid(faults)
    await require_colleagues(session, record)


def _answering(actor: Actor) -> Side:
    """An answer that an agent writes down is still the merchant's."""
    return Side.MERCHANT if actor in (Actor.MERCHANT, Actor.FOR_MERCHANT) else Side.AGENCY


async def _changed(session: AsyncSession, ticket: Ticket, seen: int, rules: Rules) -> TicketChanged:
    query = (
        select(Entry)
        .where(
            Entry.merchant_id == ticket.merchant_id,
            Entry.ticket_id == ticket.id,
            Entry.version > seen,
            Entry.move.is_not(None),
            Entry.part_of.is_(None),
        )
        .order_by(Entry.at.desc())
        .limit(1)
    )
    latest = (await session.scalars(query)).one_or_none()
    if latest is None:
        # What changed is the agency's own business: a merchant hears only that it did.
        return TicketChanged(Side.AGENCY.label, N_("更新"), ticket.last_entry_at.astimezone(rules.zone))
    return TicketChanged(latest.author_name, label_of(ticket, latest), latest.at.astimezone(rules.zone))
