"""The engine: whether a move is open, and where it leads. Pure; the database is the business of `moving`."""

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from anshou.tickets.errors import MoveNotOpen
from anshou.tickets.kinds import EscalationLevel, Outcome, Side, Status
from anshou.tickets.process import CLOSED, Lead, Move, Process
from anshou.tickets.records import Record
from anshou.tickets.situation import Rules, Situation
from tenants.refusals import N_, Message

R = TypeVar("R", bound=Record)


def begin(process: Process, rules: Rules) -> Situation:
    """The situation of a ticket that was opened just now."""
    now = Situation(step=process.first.name, arrived_on=rules.day_of(rules.now))
    return replace(now, awaiting_since=_awaiting_since(process, now, rules))


def why_closed(process: Process, now: Situation, move: Move[R], rules: Rules) -> Message | None:
    """What keeps the move from being made now; None when it is open."""
    if now.step not in move.at:
        return Message(N_("工单处于“%(step)s”环节"), step=Message(process.step(now.step).label))
    if now.held and not move.while_held:
        return Message(N_("工单已挂起，正等待商家答复"))
    return next((Message(need.says) for need in move.needs if not need.met(now, rules)), None)


def is_open(process: Process, now: Situation, move: Move[R], rules: Rules) -> bool:
    """Whether somebody may make the move now."""
    return why_closed(process, now, move, rules) is None


def advance(
    process: Process,
    now: Situation,
    move: Move[R],
    record: R,
    *,
    by: Side,
    rules: Rules,
    level: EscalationLevel | None = None,
) -> Situation:
    """The situation after the move, made by one side at `rules.now`, by a person of that level. Raises MoveNotOpen."""
    if why := why_closed(process, now, move, rules):
        raise MoveNotOpen(move.label, why)
    after = move.effect(now, record) if move.effect else now
    if record.judges():
        after = after.learns(judged_at=rules.now, judged_level=level, objection=None)
    if lead := _lead(after, move, record):
        after = _follow(after, lead, move.outcome, rules)
    if by is Side.MERCHANT:
        # Whatever the merchant does with the ticket is the answer that it was held for.
        after = replace(after, held=False)
    same_wait = by is Side.AGENCY and (after.step, after.round) == (now.step, now.round)
    since = now.awaiting_since if same_wait else None
    return replace(after, awaiting_since=_awaiting_since(process, replace(after, awaiting_since=since), rules))


def _lead(after: Situation, move: Move[R], record: R) -> Lead[R] | None:
    return next((lead for lead in move.leads if lead.when is None or lead.when(after, record)), None)


def _follow(now: Situation, lead: Lead[R], outcome: Outcome | None, rules: Rules) -> Situation:
    if lead.to != now.step:
        now = replace(now, step=lead.to, arrived_on=rules.day_of(rules.now))
    if lead.again:
        now = now.again()
    if lead.arrives:
        now = lead.arrives(now)
    if lead.to == CLOSED:
        return replace(now, held=False, outcome=outcome, closed_at=rules.now)
    return replace(now, outcome=None, closed_at=None)


def _awaiting_since(process: Process, now: Situation, rules: Rules) -> datetime | None:
    if process.status(now) is not Status.AWAITING_CUSTOMER:
        return None
    return now.awaiting_since or rules.now
