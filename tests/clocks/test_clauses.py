"""Time limits that a contract agrees: they can only tighten, and a clause without effect is refused."""

import pytest

from anshou.merchants.limits import LimitClause
from anshou.tickets.clocks.clauses import clause_faults, clauses_of
from anshou.tickets.clocks.figures import AROUND_THE_CLOCK, SERVICE_HOURS, WORKING_HOURS, Clause, Figure
from anshou.tickets.clocks.limits import LimitUnit, minutes, workdays
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.kinds import Clock, Urgency
from tests.cast import TERMS
from tests.clocks.desk import MONDAY


def agreed(clock: Clock, urgency: Urgency, value: int, unit: LimitUnit, calendar: str) -> LimitClause:
    return LimitClause(number="5.9", clock=clock, urgency=urgency, value=value, unit=unit, calendar=calendar)


def test_the_limits_of_a_contract_are_the_clauses_of_its_tickets() -> None:
    assert clauses_of(TERMS, "DY-2026-001") == (
        Clause(Clock.FIRST_RESPONSE, Urgency.URGENT, Figure(minutes(5), SERVICE_HOURS), "DY-2026-001", "5.2"),
        Clause(Clock.PLAN_SUBMISSION, Urgency.NORMAL, Figure(workdays(1), WORKING_HOURS), "DY-2026-001", "5.3"),
    )


@pytest.mark.parametrize("clause", TERMS.limits)
def test_a_clause_that_tightens_is_accepted(clause: LimitClause) -> None:
    assert clause_faults(clause, Rulebook(), at=MONDAY) == {}


def test_a_clause_that_is_sometimes_earlier_is_accepted() -> None:
    # Two days around the clock pass before two workdays do, except over a weekend.
    clause = agreed(Clock.PLAN_SUBMISSION, Urgency.NORMAL, 60, LimitUnit.HOURS, AROUND_THE_CLOCK)
    assert clause_faults(clause, Rulebook(), at=MONDAY) == {}


def test_a_clause_where_the_agency_has_no_limit_is_accepted() -> None:
    clause = agreed(Clock.COORDINATION, Urgency.NORMAL, 8, LimitUnit.HOURS, WORKING_HOURS)
    assert clause_faults(clause, Rulebook(), at=MONDAY) == {}


@pytest.mark.parametrize(
    ("clause", "field", "says"),
    [
        (agreed(Clock.PLAN_SUBMISSION, Urgency.NORMAL, 2, LimitUnit.WORKDAYS, WORKING_HOURS), "value", "不会起作用"),
        (agreed(Clock.PROGRESS, Urgency.URGENT, 9, LimitUnit.HOURS, AROUND_THE_CLOCK), "value", "不会起作用"),
        (agreed(Clock.PROGRESS, Urgency.NORMAL, 1, LimitUnit.HOURS, "night_shift"), "calendar", "night_shift"),
        (agreed(Clock.PROGRESS, Urgency.NORMAL, 1, LimitUnit.WORKDAYS, SERVICE_HOURS), "calendar", "服务时间"),
    ],
)
def test_a_clause_without_effect_or_sense_is_refused_at_its_field(clause: LimitClause, field: str, says: str) -> None:
    faults = clause_faults(clause, Rulebook(), at=MONDAY)
    assert list(faults) == [field]
    assert says in faults[field]
