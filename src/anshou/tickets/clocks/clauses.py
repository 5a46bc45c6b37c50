"""What a contract says of time limits, as the clocks take it, and whether a clause can have any effect."""

from datetime import datetime, timedelta

from anshou.merchants.limits import LimitClause
from anshou.merchants.terms import Terms
from anshou.tickets.clocks.errors import CalendarUnknown
from anshou.tickets.clocks.figures import Clause, Figure, FigureKey, figure_keys
from anshou.tickets.clocks.limits import Limit, LimitUnit
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.workdays import WorkdayRule
from tenants.refusals import N_, Message

# Starts at every third hour of two weeks show every relation that two calendars can have to each other.
_SAMPLES = [timedelta(hours=3 * number) for number in range(2 * 7 * 8)]


def clauses_of(terms: Terms, contract: str) -> tuple[Clause, ...]:
    """The time limits that a contract agrees; `contract` is its number, which explanations name."""
    return tuple(Clause(limit.clock, limit.urgency, _figure(limit), contract, limit.number) for limit in terms.limits)


def clause_faults(clause: LimitClause, rulebook: Rulebook, *, at: datetime) -> dict[str, Message]:
    """Field name → what is wrong with a clause that somebody is about to agree; empty if nothing is.

    A clause can only tighten. One that is never earlier than the tenant's own figure, from whatever hour of the two
    weeks after `at`, would have no effect, so it is more likely a mistake than a wish.
    """
    figure = _figure(clause)
    faults = figure_faults(figure, rulebook)
    if not faults and not any(_tightens(figure, key, rulebook, at) for key in _keys(clause)):
        faults["value"] = Message(N_("这条约定从不早于公司自己的时限，不会起作用"))
    return faults


def figure_faults(figure: Figure, rulebook: Rulebook) -> dict[str, Message]:
    """Field name → what is wrong with a figure: its calendar must exist, and know workdays if it counts them."""
    try:
        named = rulebook.named_calendar(figure.calendar)
    except CalendarUnknown as unknown:
        return {"calendar": Message(unknown.message, **unknown.params)}
    if figure.limit.unit is LimitUnit.WORKDAYS and named.rule is WorkdayRule.EVERY_DAY:
        said = N_("按工作日计的时限须选用区分工作日的日历，“%(calendar)s”每天开放")
        return {"calendar": Message(said, calendar=Message(named.label))}
    return {}


def _figure(clause: LimitClause) -> Figure:
    return Figure(Limit(clause.value, clause.unit), clause.calendar)


def _keys(clause: LimitClause) -> list[FigureKey]:
    return [key for key in figure_keys() if (key.clock, key.urgency) == (clause.clock, clause.urgency)]


def _tightens(figure: Figure, key: FigureKey, rulebook: Rulebook, at: datetime) -> bool:
    own = rulebook.figure(key)
    if own is None:
        return True
    ours, theirs = rulebook.timed(own), rulebook.timed(figure)
    return any(theirs.end(at + after) < ours.end(at + after) for after in _SAMPLES)
