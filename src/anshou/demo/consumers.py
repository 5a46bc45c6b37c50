"""Consumer records on the demo tickets: sealed in bulk, since an agency has hundreds and a first start has seconds."""

from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.cards import ConsumerCard, sealed_part
from anshou.consumers.private_products import PrivateRuleCard, add_private_rule, is_private, private_rules
from anshou.consumers.records import ConsumerRecord
from anshou.demo.matters.consumers import (
    CASES,
    GIVEN,
    PHONE_BEGINS,
    PRIVATE_WORDS,
    REGIONS,
    STREETS,
    SURNAMES,
    DemoCase,
)
from anshou.demo.settling import Settled, SettledMerchant
from anshou.people.person import Person
from anshou.tickets.entries import Entry, new_entry
from anshou.tickets.entry_labels import CONSUMER_ADDED
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.tickets import Ticket
from confidentiality.keys.vault import open_keys
from tenants.base import new_id

# Of a hundred tickets so many are about particular consumers.
OF_HUNDRED = 70
MOST_ON_ONE = 3


async def add_consumers(session: AsyncSession, settled: Settled, *, present: datetime, rng: Random) -> None:
    """Give most of the agency's tickets their consumers, and its merchants their private products."""
    for merchant in settled.merchants:
        by = merchant.owner
        for word in PRIVATE_WORDS.get(merchant.told.trade, ()):
            await add_private_rule(session, merchant.id, PrivateRuleCard(word=word), by=by, at=present)
        agent = settled.people[merchant.told.service_agent]
        await _add_to_tickets(session, merchant, by=agent, present=present, rng=rng)


async def _add_to_tickets(
    session: AsyncSession, merchant: SettledMerchant, *, by: Person, present: datetime, rng: Random
) -> None:
    rules = await private_rules(session, merchant.id)
    tickets = (await session.scalars(select(Ticket).where(Ticket.merchant_id == merchant.id).order_by(Ticket.id))).all()
    # In turn, so that what is private comes up whatever the dice say.
    cases = cycle(CASES[merchant.told.trade])
    rows: list[dict[str, Any]] = []
    entries: list[Entry] = []
    for ticket in tickets:
        if rng.randrange(100) >= OF_HUNDRED:
            continue
        at = ticket.opened_at
        for _ in range(rng.choice((1, 1, 1, 2, MOST_ON_ONE))):
            # Between the opening and whatever came next.
            at = min(at + timedelta(seconds=rng.randrange(5, 20)), present)
            case = next(cases)
            private = is_private(rules, shop_id=ticket.shop_id, product=case.product)
            rows.append(_row(ticket, _card(case, rng, at), private, by=by, at=at))
            entries.append(_entry(ticket, rows[-1], by=by, at=at))
    if not rows:
        return
    ring = await open_keys(session, merchant.id)
    await session.execute(insert(ConsumerRecord), ring.seal_rows(ConsumerRecord, rows))
    session.add_all(entries)
    latest = {entry.ticket_id: entry.at for entry in entries}
    for ticket_id, at in latest.items():
        await session.execute(
            update(Ticket)
            .where(Ticket.merchant_id == merchant.id, Ticket.id == ticket_id)
            .values(last_entry_at=func.greatest(Ticket.last_entry_at, at))
        )
    await session.flush()


def _card(case: DemoCase, rng: Random, at: datetime) -> ConsumerCard:
    return ConsumerCard(
        order_number=f"{at:%y%m%d}-{rng.randrange(10**12):012}",
        product=case.product,
        specification=case.specification,
        quantity=rng.choice((1, 1, 1, 2)),
        name=rng.choice(SURNAMES) + rng.choice(GIVEN),
        phone=f"{PHONE_BEGINS}{rng.randrange(10**8):08}",
        region=rng.choice(REGIONS),
        address=f"{rng.choice(STREETS)}{rng.randrange(1, 300)}号{rng.randrange(1, 20)}栋{rng.randrange(101, 2400)}室",
        happened=case.happened,
        usage=case.usage,
        wanted=case.wanted,
    )


def _row(ticket: Ticket, card: ConsumerCard, private: bool, *, by: Person, at: datetime) -> dict[str, Any]:
    row_id = new_id()
    return {
        "id": row_id,
        "origin_id": row_id,
        "merchant_id": ticket.merchant_id,
        "ticket_id": ticket.id,
        "shop_id": ticket.shop_id,
        "quantity": card.quantity,
        "is_private": private,
        "wanted": card.wanted,
        "added_at": at,
        "added_by": by.id,
        **sealed_part(card),
    }


def _entry(ticket: Ticket, row: dict[str, Any], *, by: Person, at: datetime) -> Entry:
    known_as = {"consumer_record": str(row["origin_id"])}
    entry = new_entry(ticket, EntrySort.SYSTEM, Side.MERCHANT, by=by, at=at, move=CONSUMER_ADDED, record=known_as)
    # As the ticket stood then, not as it stands now.
    entry.version, entry.round = 1, 1
    return entry
