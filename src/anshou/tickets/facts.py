"""What the rows of a ticket's current round say, in one statement. The engine's `Facts`, read from the database."""

from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from anshou.tickets.agreements import Agreement, Signature
from anshou.tickets.determinations import Determination
from anshou.tickets.kinds import Kind, Side
from anshou.tickets.metrics import Observation
from anshou.tickets.negotiations import NegotiationRound
from anshou.tickets.objections import DeterminationObjection, DeterminationReview, is_unanswered
from anshou.tickets.obligations import Obligation
from anshou.tickets.plans import Measure, Plan
from anshou.tickets.proceedings import ProceedingOutcome
from anshou.tickets.ratings import ReturnVisit
from anshou.tickets.results import Question, ResultConfirmation
from anshou.tickets.situation import Facts, Rules, Situation
from anshou.tickets.tickets import Ticket, find_desk
from tenants.prepared import rows


async def situation_of(session: AsyncSession, ticket: Ticket, rules: Rules) -> Situation:
    """Where the ticket stands. The caller holds its lock if a move is to follow."""
    desk = await find_desk(session, ticket)
    return ticket.situation(await facts_of(session, ticket), desk.level if desk else None, rules)


async def facts_of(session: AsyncSession, ticket: Ticket) -> Facts:
    """What the current round's rows say; `department` is left to the ticket."""
    facts = await _QUESTIONS[ticket.kind].one(
        session, merchant=ticket.merchant_id, ticket=ticket.id, round=ticket.round
    )
    return replace(facts, signed=frozenset(Side(side) for side in facts.signed))


_MERCHANT: BindParameter[Any] = bindparam("merchant")


def _service() -> list[ColumnElement[Any]]:
    return [_measures_open(), _any(ReturnVisit).label("visited")]


def _anomaly() -> list[ColumnElement[Any]]:
    return [
        _measures_open(),
        _of_round(select(func.min(Observation.day)).where(Observation.counts), Observation).label("normal_since"),
        _of_round(select(func.max(Observation.day)).where(Observation.counts), Observation).label("normal_until"),
        _any(Question, Question.answered_at.is_(None)).label("question_open"),
        _any(ResultConfirmation).label("result_confirmed"),
    ]


def _dispute() -> list[ColumnElement[Any]]:
    proposed = _of_round(select(func.max(Agreement.proposed_at)), Agreement)
    ruled = _of_round(select(func.max(ProceedingOutcome.recorded_at)), ProceedingOutcome)
    # Whichever came last binds; a ticket's instants never repeat.
    agreed = and_(proposed.is_not(None), or_(ruled.is_(None), proposed > ruled))
    newest = _of_round(select(Agreement.id).order_by(Agreement.version.desc()).limit(1), Agreement)
    signers = (
        select(func.coalesce(func.array_agg(Signature.side), []))
        .where(Signature.merchant_id == _MERCHANT, Signature.agreement_id == newest, agreed)
        .scalar_subquery()
    )
    obligations = select(func.count()).where(Obligation.superseded.is_(False), Obligation.performed_on.is_(None))
    return [
        _any(NegotiationRound).label("negotiated"),
        func.coalesce(agreed, False).label("agreement"),
        signers.label("signed"),
        _of_round(obligations, Obligation).label("obligations_open"),
        and_(ruled.is_not(None), or_(proposed.is_(None), ruled > proposed)).label("award"),
    ]


def _responsibility() -> list[ColumnElement[Any]]:
    """What holds in every round: who spoke last about the responsibility, and whether an objection is open."""
    words = union_all(
        select(Determination.determined_at.label("at"), Determination.level).where(*_of(Determination)),
        select(DeterminationReview.reviewed_at, DeterminationReview.level).where(*_of(DeterminationReview)),
    ).subquery()
    last = select(words.c.level).order_by(words.c.at.desc()).limit(1)
    asked = select(DeterminationObjection.level).where(*_of(DeterminationObjection), is_unanswered())
    return [
        select(func.max(words.c.at)).scalar_subquery().label("judged_at"),
        last.scalar_subquery().label("judged_level"),
        asked.scalar_subquery().label("objection"),
    ]


def _measures_open() -> ColumnElement[Any]:
    newest = _of_round(select(Plan.id).order_by(Plan.version.desc()).limit(1), Plan)
    return (
        select(func.count())
        .where(Measure.merchant_id == _MERCHANT, Measure.plan_id == newest, Measure.done_at.is_(None))
        .scalar_subquery()
        .label("measures_open")
    )


def _any(rows_of: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    held = select(rows_of.id).where(*_here(rows_of), *conditions)
    return held.exists()


def _of_round(query: Select[Any], rows_of: Any) -> ColumnElement[Any]:
    return query.where(*_here(rows_of)).scalar_subquery()


def _here(rows_of: Any) -> tuple[ColumnElement[bool], ...]:
    round_: InstrumentedAttribute[int] = rows_of.round
    return (*_of(rows_of), round_ == bindparam("round"))


def _of(rows_of: Any) -> tuple[ColumnElement[bool], ...]:
    return (rows_of.merchant_id == _MERCHANT, rows_of.ticket_id == bindparam("ticket"))


_QUESTIONS = {
    Kind.SERVICE_QUALITY: rows(select(*_service(), *_responsibility()), Facts),
    Kind.DATA_ANOMALY: rows(select(*_anomaly(), *_responsibility()), Facts),
    Kind.CONTRACT_DISPUTE: rows(select(*_dispute(), *_responsibility()), Facts),
}
