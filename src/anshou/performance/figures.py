"""The figures that measures are made of: which rows each counts, and which instant decides the period.

The one place that says so: counts, lists of what is behind a figure and daily sums all take it from here.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, true

from anshou.tickets.courses.rows import Course, DecidedLimit
from anshou.tickets.kinds import Outcome
from tenants.labels import Labelled
from tenants.refusals import N_


class Figure(Labelled):
    """A number of tickets, or of what happened on them, that a page shows and opens."""

    OPENED = "opened", N_("新建的工单")
    REOPENED_AGAIN = "restarted", N_("重新打开")
    CLOSED = "closed", N_("已结案的工单")
    BACKLOG = "backlog", N_("期末未结")
    JUDGED = "judged", N_("计入解决率的结案")
    RESOLVED = "resolved", N_("已解决")
    ENDED = "ended", N_("未合并的结案")
    REOPENED = "reopened", N_("结案后重新打开")
    RATED = "rated", N_("有评价")
    SATISFIED = "satisfied", N_("评价满意")
    COMPLAINTS = "complaints", N_("计入重复率的新建工单")
    REPEATED = "repeated", N_("重复投诉")
    RESPONDED = "responded", N_("首次响应")
    HANDLED = "handled", N_("计入处理时长的结案")
    UNSATISFIED = "unsatisfied", N_("有不满意轮次的结案")
    DECIDED = "decided", N_("已有结果的时限")
    KEPT = "kept", N_("按时完成的时限")
    BREACHED = "breached", N_("超时的时限")
    COSTED = "costed", N_("已核实费用")


STARTED: ColumnElement[Any] = Course.started_at.expression
ENDED: ColumnElement[Any] = Course.ended_at.expression
RESPONDED: ColumnElement[Any] = Course.responded_at.expression
RATED: ColumnElement[Any] = Course.rated_at.expression
DECIDED: ColumnElement[Any] = DecidedLimit.decided_at.expression

_FIRST = Course.position == 0
_CLOSED = Course.ended_at.is_not(None)
_ENDED = and_(_CLOSED, Course.outcome != Outcome.MERGED)
_COMPLAINT = and_(_FIRST, Course.category.is_not(None), Course.outcome.is_distinct_from(Outcome.MERGED))

DATED: dict[Figure, ColumnElement[Any]] = {
    Figure.OPENED: STARTED,
    Figure.REOPENED_AGAIN: STARTED,
    Figure.COMPLAINTS: STARTED,
    Figure.REPEATED: STARTED,
    Figure.CLOSED: ENDED,
    Figure.JUDGED: ENDED,
    Figure.RESOLVED: ENDED,
    Figure.ENDED: ENDED,
    Figure.REOPENED: ENDED,
    Figure.HANDLED: ENDED,
    Figure.UNSATISFIED: ENDED,
    Figure.RATED: RATED,
    Figure.SATISFIED: RATED,
    Figure.RESPONDED: RESPONDED,
}
"""The instant of a course that decides into which period a figure falls. Backlog has none: it is as of the end."""

OF_CLOCKS = (Figure.DECIDED, Figure.KEPT, Figure.BREACHED)


def condition(figure: Figure, repeat_days: int) -> ColumnElement[bool]:
    """Which courses, or limits, the figure counts among those whose instant lies in the period."""
    match figure:
        case Figure.OPENED:
            return _FIRST
        case Figure.REOPENED_AGAIN:
            return Course.position > 0
        case Figure.CLOSED:
            return _CLOSED
        case Figure.JUDGED:
            return and_(_CLOSED, Course.outcome.not_in((Outcome.MERGED, Outcome.WITHDRAWN)))
        case Figure.RESOLVED:
            return and_(Course.outcome == Outcome.RESOLVED, Course.reopened.is_(False))
        case Figure.ENDED:
            return _ENDED
        case Figure.REOPENED:
            return and_(_ENDED, Course.reopened)
        case Figure.UNSATISFIED:
            return and_(_ENDED, Course.unsatisfied > 0)
        case Figure.HANDLED:
            return Course.outcome == Outcome.RESOLVED
        case Figure.RATED:
            return Course.rated_at.is_not(None)
        case Figure.SATISFIED:
            return Course.satisfied.is_(True)
        case Figure.COMPLAINTS:
            return _COMPLAINT
        case Figure.REPEATED:
            within = literal(timedelta(days=repeat_days))
            return and_(_COMPLAINT, Course.like_ended_at >= Course.started_at - within)
        case Figure.RESPONDED:
            return Course.responded_at.is_not(None)
        case Figure.DECIDED:
            return true()
        case Figure.KEPT:
            return DecidedLimit.breached.is_(False)
        case Figure.BREACHED:
            return DecidedLimit.breached.is_(True)
        case _:
            raise ValueError(f"{figure} is not counted by a condition")
