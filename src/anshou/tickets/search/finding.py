"""The search: a page of the tickets that a question finds within what the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import Merchant
from anshou.merchants.shops import Shop
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.tickets.kinds import Kind, Outcome, Status
from anshou.tickets.reach import summarised_for
from anshou.tickets.sealed_contents import find_titled
from anshou.tickets.search.asking import Question
from anshou.tickets.search.candidates import Bound, Candidate, after_all, candidates, ranked
from anshou.tickets.search.contents import Place, Said, said_on
from anshou.tickets.search.errors import QuestionTooShort
from anshou.tickets.search.extracts import Extract, Piece, extracts, mark
from anshou.tickets.search.matching import Match, match
from anshou.tickets.search.narrowing import NOTHING_NARROWED, Narrowing, SearchCursor
from anshou.tickets.tickets import Ticket
from tenants.prepared import among, rows

PAGE = 20

_TURNS = 16
"""How often one page may look on among older candidates; a person who reaches few of them goes on by hand."""

_SHOWN_ANYWAY = (Place.NUMBER, Place.TITLE, Place.MERCHANT, Place.SHOP)

# Clocks of two processes differ; and no id is larger.
_AHEAD, _LAST = timedelta(minutes=1), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a row of the results shows of a ticket. Instants are UTC."""

    id: UUID
    merchant_id: UUID
    number: str
    kind: Kind
    title: str
    status: Status
    outcome: Outcome | None
    opened_at: datetime
    last_entry_at: datetime
    is_confidential: bool
    merchant: str
    shop: str | None
    description: str
    request: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket that was found: its title with what was found in it marked, where else, and the passages."""

    head: Head
    title: tuple[Piece, ...]
    places: tuple[Place, ...]
    extracts: tuple[Extract, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; `after` continues it. `loosely` if nothing has all that was asked, and these have most of it."""

    hits: tuple[Hit, ...]
    after: SearchCursor | None
    loosely: bool = False


async def search_tickets(
    session: AsyncSession,
    person: Person,
    text: str,
    narrowing: Narrowing = NOTHING_NARROWED,
    *,
    at: datetime,
    after: SearchCursor | None = None,
    limit: int = PAGE,
) -> Found:
    """The tickets that the text finds, the most relevant of the newest first.

    Who reads only summaries finds by the number alone. A confidential ticket is found by its number, or by its whole
    title among the tickets of one merchant. Raises PermissionMissing, QuestionTooShort.
    """
    authorize(person, Permission.READ_TICKET_SUMMARY)
    if not allows(person, Permission.READ_TICKETS):
        return await _by_number(session, person, text, narrowing, limit=limit)
    question = Question.read(text)
    if not question.can_be_looked_up:
        raise QuestionTooShort
    search = _Search(session, person, question, narrowing, limit)
    if after is not None:
        return await search.page(Bound(after.at, after.id), after.done, loosely=after.loosely)
    titled = await search.titled(text)
    found = await search.page(Bound(at + _AHEAD, _LAST), 0, loosely=False)
    if titled:
        return Found((*titled, *found.hits), found.after)
    if found.hits or found.after or not any(term.loosely for term in question.terms):
        return found
    return await search.page(Bound(at + _AHEAD, _LAST), 0, loosely=True)


@dataclass(slots=True)
class _Search:
    session: AsyncSession
    person: Person
    question: Question
    narrowing: Narrowing
    limit: int

    async def page(self, bound: Bound, done: int, *, loosely: bool) -> Found:
        """The next hits below the bound. What the index proposes and the rows do not confirm is left out."""
        hits: list[Hit] = []
        # What is only alike is looked for among the newest: few of many candidates would be confirmed.
        for _ in range(1 if loosely else _TURNS):
            found = await candidates(self.session, self.person, self.question, self.narrowing, bound, loosely=loosely)
            in_order, following = ranked(found, self.question, bound, loosely=loosely), after_all(found)
            while done < len(in_order) and len(hits) < self.limit:
                some = in_order[done : done + self.limit - len(hits)]
                hits += await self.confirmed(some, loosely=loosely)
                done += len(some)
            if done < len(in_order):
                return Found(tuple(hits), SearchCursor(bound.at, bound.id, done, loosely), loosely)
            if following is None:
                return Found(tuple(hits), None, loosely)
            bound, done = following, 0
            if len(hits) == self.limit:
                break
        return Found(tuple(hits), SearchCursor(bound.at, bound.id, 0, loosely), loosely)

    async def confirmed(self, some: Sequence[Candidate], *, loosely: bool) -> list[Hit]:
        """Those candidates whose rows say what was asked, as the person may read them."""
        heads = [_head(one, one.merchant) for one in some if one.merchant is not None]
        said = await said_on(self.session, heads)
        hits = []
        for head in heads:
            told = said[head.id] if head.is_confidential else [*said[head.id], *_names(head)]
            if (matched := match(self.question, told, loosely=loosely)) is not None:
                hits.append(_hit(head, matched))
        return hits

    async def titled(self, text: str) -> list[Hit]:
        """Confidential tickets of the one merchant that is looked through whose whole title is the text."""
        merchant_id = self.person.merchant_id or self.narrowing.merchant
        if merchant_id is None:
            return []
        found = await find_titled(self.session, merchant_id, text.strip())
        heads = await _heads(self.session, [(merchant_id, one) for one in found]) if found else {}
        reached = await _reached(self.session, self.person, list(heads)) if heads else set()
        return [
            Hit(head, (Piece(head.title, False),), (Place.TITLE,), ()) for head in heads.values() if head.id in reached
        ]


def _hit(head: Head, matched: Match) -> Hit:
    title = (Piece(head.title, False),) if head.is_confidential else mark(head.title, matched.marked)
    passages = extracts([one for one in matched.said if one.place not in _SHOWN_ANYWAY], matched.marked)
    return Hit(head, title, matched.places, passages)


def _head(one: Candidate, merchant: str) -> Head:
    return Head(
        id=one.ticket_id,
        merchant_id=one.merchant_id,
        number=one.number,
        kind=Kind(one.kind),
        title=one.title,
        status=Status(one.status),
        outcome=Outcome(one.outcome) if one.outcome else None,
        opened_at=one.opened_at,
        last_entry_at=one.last_entry_at or one.opened_at,
        is_confidential=one.is_confidential,
        merchant=merchant,
        shop=one.shop,
        description=one.description,
        request=one.request,
    )


def _names(head: Head) -> list[Said]:
    shop = [Said(Place.SHOP, head.shop)] if head.shop else []
    return [Said(Place.MERCHANT, head.merchant), *shop]


_HEADS = rows(
    select(
        Ticket.id,
        Ticket.merchant_id,
        Ticket.number,
        Ticket.kind,
        Ticket.title,
        Ticket.status,
        Ticket.outcome,
        Ticket.opened_at,
        Ticket.last_entry_at,
        Ticket.is_confidential,
        Merchant.name.label("merchant"),
        Shop.name.label("shop"),
        Ticket.description,
        Ticket.request,
    )
    .join(Merchant, Merchant.id == Ticket.merchant_id)
    .outerjoin(Shop, and_(Shop.merchant_id == Ticket.merchant_id, Shop.id == Ticket.shop_id))
    .where(among(Ticket.merchant_id.expression, "merchants"), among(Ticket.id.expression, "tickets")),
    Head,
)


async def _heads(session: AsyncSession, tickets: Sequence[tuple[UUID, UUID]]) -> dict[UUID, Head]:
    found = await _HEADS.all(
        session,
        merchants={merchant for merchant, _ in tickets},
        tickets=[ticket for _, ticket in tickets],
    )
    return {one.id: one for one in found}


async def _reached(session: AsyncSession, person: Person, tickets: Sequence[UUID]) -> set[UUID]:
    query = select(Ticket.id).where(Ticket.id.in_(tickets), summarised_for(person))
    return set(await session.scalars(query))


async def _by_number(session: AsyncSession, person: Person, text: str, narrowing: Narrowing, *, limit: int) -> Found:
    """The tickets whose number begins with the text, the newest first: one page, the rest is narrowed by typing on."""
    number = text.strip().upper()
    if len(number) < 4:
        raise QuestionTooShort
    exact = {Ticket.kind: narrowing.kind, Ticket.merchant_id: narrowing.merchant, Ticket.status: narrowing.status}
    query = select(Ticket.merchant_id, Ticket.id).where(
        summarised_for(person),
        Ticket.number.startswith(number, autoescape=True),
        *(column == wanted for column, wanted in exact.items() if wanted is not None),
    )
    found = (await session.execute(query.order_by(Ticket.opened_at.desc(), Ticket.id.desc()).limit(limit))).all()
    heads = await _heads(session, [(merchant, ticket) for merchant, ticket in found]) if found else {}
    return Found(
        tuple(Hit(heads[one], (Piece(heads[one].title, False),), (Place.NUMBER,), ()) for _, one in found), None
    )
