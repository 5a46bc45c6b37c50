"""What the rows of a ticket's current round say, in one statement. The engine's `Facts`, read from the database."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from anshou.tickets.agreements import Agreement, Signature
from anshou.tickets.kinds import Kind, Side
from anshou.tickets.metrics import Observation
from anshou.tickets.negotiations import NegotiationRound
from anshou.tickets.obligations import Obligation
from anshou.tickets.plans import Measure, Plan
from anshou.tickets.proceedings import ProceedingOutcome
from anshou.tickets.ratings import ReturnVisit
from anshou.tickets.results import Question, ResultConfirmation
from anshou.tickets.situation import Facts, Rules, Situation
from anshou.tickets.tickets import Ticket, find_desk


async def situation_of(session: AsyncSession, ticket: Ticket, rules: Rules) -> Situation:
    """Where the ticket stands. The caller holds its lock if a move is to follow."""
    desk = await find_desk(session, ticket)
    return ticket.situation(await facts_of(session, ticket), desk.level if desk else None, rules)


async def facts_of(session: AsyncSession, ticket: Ticket) -> Facts:
    """What the current round's rows say; `department` is left to the ticket."""
    row = (await session.execute(select(*_QUESTIONS[ticket.kind](ticket)))).one()
    said = dict(row._mapping)
    if "signed" in said:
        said["signed"] = frozenset(Side(side) for side in said["signed"])
    return Facts(**said)


def _service(ticket: Ticket) -> list[ColumnElement[Any]]:
    return [_measures_open(ticket), _any(ReturnVisit, ticket).label("visited")]


def _anomaly(ticket: Ticket) -> list[ColumnElement[Any]]:
    return [
        _measures_open(ticket),
        _of_round(select(func.min(Observation.day)).where(Observation.counts), Observation, ticket).label(
            "normal_since"
        ),
        _of_round(select(func.max(Observation.day)).where(Observation.counts), Observation, ticket).label(
            "normal_until"
        ),
        _any(Question, ticket, Question.answered_at.is_(None)).label("question_open"),
        _any(ResultConfirmation, ticket).label("result_confirmed"),
    ]


def _dispute(ticket: Ticket) -> list[ColumnElement[Any]]:
    proposed = _of_round(select(func.max(Agreement.proposed_at)), Agreement, ticket)
    ruled = _of_round(select(func.max(ProceedingOutcome.recorded_at)), ProceedingOutcome, ticket)
    # Whichever came last binds; a ticket's instants never repeat.
    agreed = and_(proposed.is_not(None), or_(ruled.is_(None), proposed > ruled))
    newest = _of_round(select(Agreement.id).order_by(Agreement.version.desc()).limit(1), Agreement, ticket)
    signers = (
        select(func.coalesce(func.array_agg(Signature.side), []))
        .where(Signature.merchant_id == ticket.merchant_id, Signature.agreement_id == newest, agreed)
        .scalar_subquery()
    )
    obligations = select(func.count()).where(Obligation.superseded.is_(False), Obligation.performed_on.is_(None))
    return [
        _any(NegotiationRound, ticket).label("negotiated"),
        func.coalesce(agreed, False).label("agreement"),
        signers.label("signed"),
        _of_round(obligations, Obligation, ticket).label("obligations_open"),
        and_(ruled.is_not(None), or_(proposed.is_(None), ruled > proposed)).label("award"),
    ]


_QUESTIONS = {
    Kind.SERVICE_QUALITY: _service,
    Kind.DATA_ANOMALY: _anomaly,
    Kind.CONTRACT_DISPUTE: _dispute,
}


def _measures_open(ticket: Ticket) -> ColumnElement[Any]:
    newest = _of_round(select(Plan.id).order_by(Plan.version.desc()).limit(1), Plan, ticket)
    return (
        select(func.count())
        .where(Measure.merchant_id == ticket.merchant_id, Measure.plan_id == newest, Measure.done_at.is_(None))
        .scalar_subquery()
        .label("measures_open")
    )


def _any(rows: Any, ticket: Ticket, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    held = select(rows.id).where(*_here(rows, ticket), *conditions)
    return held.exists()


def _of_round(query: Select[Any], rows: Any, ticket: Ticket) -> ColumnElement[Any]:
    return query.where(*_here(rows, ticket)).scalar_subquery()


def _here(rows: Any, ticket: Ticket) -> tuple[ColumnElement[bool], ...]:
    round_: InstrumentedAttribute[int] = rows.round
    return (rows.merchant_id == ticket.merchant_id, rows.ticket_id == ticket.id, round_ == ticket.round)
