"""Which tickets may be meant by a question, from the word index, and how they rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import exp
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Integer, Text, Uuid, and_, bindparam, cast, column, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import literal_column

from anshou.people.person import Person
from anshou.tickets.kinds import Outcome
from anshou.tickets.reach import Reach, reached, reaching
from anshou.tickets.search.asking import Question
from anshou.tickets.search.indexing import kind_mark, merchant_mark, shop_mark
from anshou.tickets.search.narrowing import Narrowing
from anshou.tickets.tickets import Ticket
from tenants.prepared import Prepared, fetch, rows

WIDTH = 100
"""Candidates that are ranked together: the newest that have the words. Older ones follow on later pages."""

ENOUGH = 30
"""Candidates after which `control.search_tickets` may stop: with fewer there are no older ones."""

_NAMES = 40
"""A term that more merchants or shops have in their name is no name."""

_FADES = timedelta(days=60)
"""How fast a ticket on which nothing happens loses weight."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Candidates are older than this: opened before the instant, or then, with a smaller id."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A ticket that has the words of a question; `reached` is None if the person does not reach it.

    The numbers say how many of the question's terms stand in number, title, and description or request.
    """

    ticket_id: UUID
    merchant_id: UUID
    opened_at: datetime
    reached: UUID | None
    last_entry_at: datetime | None
    outcome: Outcome | None
    in_number: int
    in_title: int
    in_report: int

    def weight(self, terms: int, now: datetime) -> float:
        """What it counts: where the terms stand, and how lately something happened on it."""
        where = (4 * self.in_number + 2 * self.in_title + self.in_report) / max(terms, 1)
        age = max(now - (self.last_entry_at or self.opened_at), timedelta())
        merged = 1.0 if self.outcome is Outcome.MERGED else 0.0
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
    wanted = await _wanted(session, question, loosely=loosely)
    if not wanted:
        return []
    wanted += narrowing_clauses(narrowing)
    return await _look_up(Reach.of(person)).all(
        session,
        wanted=wanted,
        before_at=min(bound.at, narrowing.until) if narrowing.until else bound.at,
        before_id=bound.id,
        since=narrowing.since,
        status=narrowing.status.value if narrowing.status else None,
        terms=",".join(_counted(question, loosely=loosely)),
        **reaching(person),
    )


def narrowing_clauses(narrowing: Narrowing) -> list[list[list[str]]]:
    """What the index itself narrows by."""
    clauses = []
    if narrowing.kind is not None:
        clauses.append([[kind_mark(narrowing.kind.value)]])
    if narrowing.merchant is not None:
        clauses.append([[merchant_mark(narrowing.merchant)]])
    return clauses


async def _wanted(session: AsyncSession, question: Question, *, loosely: bool) -> list[list[list[str]]]:
    """What is looked up: all of these, each one of these, each all of these words."""
    named = await _named(session, question)
    clauses: list[list[list[str]]] = []
    for term in question.terms:
        if term.words:
            said = (term.loosely if loosely else []) or [list(term.words)]
            clauses.append([*said, *([mark] for mark in named.get(term.text, ()))])
    return clauses


_NAMED = """
SELECT asked, 'm', m.id FROM unnest(string_to_array($1, ',')) AS asked
JOIN merchant AS m ON strpos(lower(m.name), asked) > 0
UNION ALL
SELECT asked, 's', s.id FROM unnest(string_to_array($1, ',')) AS asked
JOIN shop AS s ON strpos(lower(s.name), asked) > 0
"""


async def _named(session: AsyncSession, question: Question) -> dict[str, list[str]]:
    """The marks of merchants and shops that have a term in their name."""
    asked = [term.text for term in question.terms if len(term.text) > 1]
    found: dict[str, list[str]] = {}
    for term, sort, ident in await fetch(session, _NAMED, ",".join(asked)) if asked else ():
        found.setdefault(term, []).append(merchant_mark(ident) if sort == "m" else shop_mark(ident))
    return {term: marks for term, marks in found.items() if len(marks) <= _NAMES}


@cache
def _look_up(reach: Reach) -> Prepared[Candidate]:
    instant = DateTime(timezone=True)
    found = func.control.search_tickets(
        bindparam("wanted", type_=JSONB()),
        bindparam("before_at", type_=instant),
        bindparam("before_id", type_=Uuid()),
        bindparam("since", type_=instant),
        literal_column(str(WIDTH), Integer()),
    ).table_valued(column("ticket_id", Uuid()), column("merchant_id", Uuid()), column("opened_at", instant))
    status: ColumnElement[Any] = cast(bindparam("status", type_=Text()), Text())
    statement = select(
        found.c.ticket_id,
        found.c.merchant_id,
        found.c.opened_at,
        Ticket.id.label("reached"),
        Ticket.last_entry_at,
        Ticket.outcome,
        _said_in(Ticket.number.expression).label("in_number"),
        _said_in(Ticket.title.expression).label("in_title"),
        _said_in(Ticket.description + " " + Ticket.request).label("in_report"),
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
    )
    return rows(statement, Candidate)


def _said_in(said: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many of the terms stand in the column; for the rank alone, so not everything that folding does is done."""
    folded = func.lower(said)
    asked = func.unnest(func.string_to_array(bindparam("terms", type_=Text()), ","))
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
    return Bound(found[-1].opened_at, found[-1].ticket_id) if len(found) >= ENOUGH else None
