"""Which tickets may be meant by a question, from the word index, and how they rank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import exp
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import literal_column

from anshou.merchants.merchants import Merchant
from anshou.merchants.shops import Shop
from anshou.people.person import Person
from anshou.tickets.kinds import Outcome
from anshou.tickets.reach import Reach, reached, reaching
from anshou.tickets.search.asking import Question
from anshou.tickets.search.indexing import kind_mark, merchant_mark
from anshou.tickets.search.narrowing import Narrowing
from anshou.tickets.tickets import Ticket
from tenants.prepared import Prepared, plain

WIDTH = 100
"""Candidates that are ranked together: the newest that have the words. Older ones follow on later pages."""

ENOUGH = 30
"""Candidates after which `control.search_tickets` may stop: with fewer there are no older ones."""

_FADES = timedelta(days=60)
"""How fast a ticket on which nothing happens loses weight."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Candidates are older than this: opened before the instant, or then, with a smaller id."""

    at: datetime
    id: UUID


class Candidate(NamedTuple):
    """A ticket that has the words of a question, and what a row of the results shows of it.

    The numbers say how many of the question's terms stand in number, title, and description or request. Everything
    from `reached` on is None if the person does not reach it.
    """

    ticket_id: UUID
    merchant_id: UUID
    opened_at: datetime
    in_number: int
    in_title: int
    in_report: int
    reached: UUID | None
    last_entry_at: datetime | None
    outcome: str | None
    number: str
    kind: str
    title: str
    status: str
    is_confidential: bool
    merchant: str | None
    shop: str | None
    description: str
    request: str

    def weight(self, terms: int, now: datetime) -> float:
        """What it counts: where the terms stand, and how lately something happened on it."""
        where = (4 * self.in_number + 2 * self.in_title + self.in_report) / max(terms, 1)
        age = max(now - (self.last_entry_at or self.opened_at), timedelta())
        merged = 1.0 if self.outcome == Outcome.MERGED else 0.0
        return where + exp(-age / _FADES) - merged


async def candidates(
    session: AsyncSession,
    person: Person,
    question: Question,
    narrowing: Narrowing,
    bound: Bound,
    *,
    loosely: bool = False,
) -> list[Candidate]:
    """The newest WIDTH tickets below the bound that have the question's words, also those out of reach."""
    asked = _asked(question, loosely=loosely)
    if not asked:
        return []
    found = await _look_up(Reach.of(person)).all(
        session,
        wanted=[*asked.values(), *narrowing_clauses(narrowing)],
        names=",".join(asked),
        before_at=min(bound.at, narrowing.until) if narrowing.until else bound.at,
        before_id=bound.id,
        since=narrowing.since,
        status=narrowing.status.value if narrowing.status else None,
        terms=",".join(_counted(question, loosely=loosely)),
        **reaching(person),
    )
    return [Candidate(*row.values()) for row in found]


def narrowing_clauses(narrowing: Narrowing) -> list[list[list[str]]]:
    """What the index itself narrows by."""
    clauses = []
    if narrowing.kind is not None:
        clauses.append([[kind_mark(narrowing.kind.value)]])
    if narrowing.merchant is not None:
        clauses.append([[merchant_mark(narrowing.merchant)]])
    return clauses


def _asked(question: Question, *, loosely: bool) -> dict[str, list[list[str]]]:
    """What is looked up for each term: one of these, each all of these words."""
    return {term.text: (term.loosely if loosely else []) or [list(term.words)] for term in question.terms if term.words}


# A term is also said by a merchant or shop with it in its name: their marks are wanted as well. What more than forty
# have in their name is no name.
# Parameters are selected: known as they are, they would be estimated as a few where any number is expected of them
# later, and the statement would be planned anew for every search, which takes as long as the search.
_NAMED = """
SELECT jsonb_agg(clause.wanted || coalesce(named.marks, '[]')) AS wanted
FROM jsonb_array_elements((SELECT CAST(:wanted AS jsonb))) WITH ORDINALITY AS clause (wanted, place)
LEFT JOIN (
    SELECT place, jsonb_agg(jsonb_build_array(mark)) AS marks FROM (
        SELECT asked.place, '#m' || replace(CAST(m.id AS text), '-', '') AS mark
        FROM unnest(string_to_array((SELECT CAST(:names AS text)), ',')) WITH ORDINALITY AS asked (name, place)
        JOIN merchant AS m ON strpos(lower(m.name), asked.name) > 0
        UNION ALL
        SELECT asked.place, '#s' || replace(CAST(s.id AS text), '-', '') AS mark
        FROM unnest(string_to_array((SELECT CAST(:names AS text)), ',')) WITH ORDINALITY AS asked (name, place)
        JOIN shop AS s ON strpos(lower(s.name), asked.name) > 0
    ) AS marks GROUP BY place HAVING count(*) <= 40
) AS named ON named.place = clause.place
"""


@cache
def _look_up(reach: Reach) -> Prepared[Mapping[str, Any]]:
    instant = DateTime(timezone=True)
    named = (
        text(_NAMED)
        .bindparams(bindparam("wanted", type_=JSONB()), bindparam("names", type_=Text()))
        .columns(column("wanted", JSONB()))
        .cte("named")
    )
    found = func.control.search_tickets(
        select(named.c.wanted).scalar_subquery(),
        bindparam("before_at", type_=instant),
        bindparam("before_id", type_=Uuid()),
        bindparam("since", type_=instant),
        literal_column(str(WIDTH), Integer()),
    ).table_valued(column("ticket_id", Uuid()), column("merchant_id", Uuid()), column("opened_at", instant))
    status = select(cast(bindparam("status", type_=Text()), Text())).scalar_subquery()
    statement = select(
        found.c.ticket_id,
        found.c.merchant_id,
        found.c.opened_at,
        _said_in(Ticket.number.expression).label("in_number"),
        _said_in(Ticket.title.expression).label("in_title"),
        _said_in(Ticket.description + " " + Ticket.request).label("in_report"),
        Ticket.id.label("reached"),
        Ticket.last_entry_at,
        Ticket.outcome,
        Ticket.number,
        Ticket.kind,
        Ticket.title,
        Ticket.status,
        Ticket.is_confidential,
        Merchant.name.label("merchant"),
        Shop.name.label("shop"),
        Ticket.description,
        Ticket.request,
    ).select_from(
        found.outerjoin(
            Ticket,
            and_(
                Ticket.merchant_id == found.c.merchant_id,
                Ticket.id == found.c.ticket_id,
                or_(status.is_(None), cast(Ticket.status, Text()) == status),
                reached(reach),
            ),
        )
        .outerjoin(Merchant, Merchant.id == Ticket.merchant_id)
        .outerjoin(Shop, and_(Shop.merchant_id == Ticket.merchant_id, Shop.id == Ticket.shop_id))
    )
    return plain(statement)


def _said_in(said: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many of the terms stand in the column; for the rank alone, so not everything that folding does is done."""
    folded = func.lower(said)
    given = select(cast(bindparam("terms", type_=Text()), Text())).scalar_subquery()
    asked = func.unnest(func.string_to_array(given, ","))
    terms = asked.table_valued(column("term", Text()), name="terms").render_derived()
    return select(func.count()).select_from(terms).where(func.strpos(folded, terms.c.term) > 0).scalar_subquery()


def _counted(question: Question, *, loosely: bool) -> list[str]:
    """What weighs by where it stands: the terms, loosely their pairs."""
    counted = [term.loose_pairs if loosely and term.loose_pairs else [term.text] for term in question.terms]
    return [one for each in counted for one in each]


def ranked(found: Sequence[Candidate], question: Question, bound: Bound, *, loosely: bool = False) -> list[Candidate]:
    """Those within reach, the weightiest first. The same for the same bound, whatever the time is."""
    counted = len(_counted(question, loosely=loosely))
    within = [one for one in found if one.reached is not None]
    return sorted(within, key=lambda one: (-one.weight(counted, bound.at), -one.opened_at.timestamp(), one.ticket_id))


def after_all(found: Sequence[Candidate]) -> Bound | None:
    """Where older candidates begin; None if there are none."""
    if len(found) < ENOUGH:
        return None
    # Looked for: among few tickets the look-up may be joined the other way round, and come in no order.
    oldest = min(found, key=lambda one: (one.opened_at, one.ticket_id))
    return Bound(oldest.opened_at, oldest.ticket_id)
