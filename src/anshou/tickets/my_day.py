"""Somebody's day: which of their tickets are due, and what they have not read yet of what others did.

What waits for them by the rules of the process is in `waiting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.notices import Notice
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.cards import Card, as_cards, by_deadline, first_due
from anshou.tickets.events import ASSIGNED, MEASURES_TO_DO, MENTIONED, MESSAGE
from anshou.tickets.processes import PROCESSES
from anshou.tickets.queue_orders import DUE
from anshou.tickets.queues import COUNTED
from anshou.tickets.reach import reached_by
from anshou.tickets.tickets import Ticket
from tenants.labels import Labelled
from tenants.refusals import N_


class News(Labelled):
    """Of what sort unread news is, in the order in which it is told."""

    ANSWERED = "answered", N_("商家有回应")
    MENTIONED = "mentioned", N_("提到我")
    GIVEN = "given", N_("新交给我")
    OTHER = "other", N_("其他动态")


# A merchant's message and every move that is theirs to make; whoever carries the ticket is told of them.
OF_MERCHANTS = frozenset({MESSAGE}) | {
    move.name for process in PROCESSES.values() for move in process.moves if move.is_merchants
}
OF_SORT = {News.ANSWERED: OF_MERCHANTS, News.MENTIONED: {MENTIONED}, News.GIVEN: {ASSIGNED, MEASURES_TO_DO}}

# Unread notices that are looked through, the latest.
LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody has not read of one ticket: the latest of it, and how many there are. `at` is in UTC."""

    sort: News
    number: str
    title: str
    merchant_id: UUID
    event: str
    at: datetime
    count: int


async def due_before(session: AsyncSession, person: Person, until: datetime, *, limit: int) -> list[Card]:
    """The person's own open tickets that are due before `until`, overdue ones too, the first deadline first."""
    authorize(person, Permission.READ_TICKETS)
    first = first_due(Ticket.owner_id == person.id, until > DUE, limit=limit).subquery()
    cards = [Card(**row._mapping) for row in await session.execute(as_cards(first))]
    return sorted(cards, key=by_deadline)


async def count_own(session: AsyncSession, person: Person) -> int:
    """How many open tickets are the person's own; COUNTED means so many or more."""
    own = select(Ticket.id).where(Ticket.owner_id == person.id, Ticket.closed_at.is_(None)).limit(COUNTED).subquery()
    return await session.scalar(select(func.count()).select_from(own)) or 0


async def unread_news(session: AsyncSession, person: Person) -> list[Told]:
    """What others did on tickets and the person has not looked at since, a line a ticket, the latest first.

    Of a ticket with news of several sorts the first sort is told. Looking at it makes it read (`people.notices`).
    """
    authorize(person, Permission.READ_TICKETS)
    query = (
        select(Notice.event, Notice.left_at, Ticket.number, Ticket.title, Ticket.merchant_id)
        .join(Ticket, Ticket.id == Notice.subject_id)
        .where(Notice.account_id == person.id, Notice.read_at.is_(None), reached_by(person))
        .order_by(Notice.left_at.desc(), Notice.id.desc())
        .limit(LOOKED_THROUGH)
    )
    found: dict[tuple[News, str], Told] = {}
    for event, at, number, title, merchant_id in await session.execute(query):
        sort = sort_of(event)
        known = found.get((sort, number))
        found[sort, number] = Told(
            sort=sort,
            number=number,
            title=title,
            merchant_id=merchant_id,
            event=known.event if known else event,
            at=known.at if known else at,
            count=known.count + 1 if known else 1,
        )
    first: dict[str, Told] = {}
    for sort in News:
        for (of, number), told in found.items():
            if of is sort:
                first.setdefault(number, told)
    return sorted(first.values(), key=lambda told: told.at, reverse=True)


def sort_of(event: str) -> News:
    """Of what sort an event is."""
    return next((sort for sort, events in OF_SORT.items() if event in events), News.OTHER)


def of_sort(told: Sequence[Told], sort: News) -> list[Told]:
    """The news of one sort."""
    return [one for one in told if one.sort is sort]
