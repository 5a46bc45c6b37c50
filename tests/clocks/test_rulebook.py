"""Figures, calendars and clauses: which limit counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshou.people.roles import Department
from anshou.tickets.clocks.calendars import every_day
from anshou.tickets.clocks.errors import CalendarUnknown
from anshou.tickets.clocks.explaining import SourceKind
from anshou.tickets.clocks.figures import (
    AROUND_THE_CLOCK,
    DEFAULTS,
    SERVICE_HOURS,
    WORKING_HOURS,
    Clause,
    Figure,
    channel_class,
    figure_key,
    figure_keys,
)
from anshou.tickets.clocks.hours import parse_hours
from anshou.tickets.clocks.limits import Limit, hours, minutes, workdays
from anshou.tickets.clocks.rulebook import NamedCalendar, Rulebook
from anshou.tickets.kinds import Channel, Clock, Urgency
from tests.clocks.shanghai import shanghai, shown
from tests.clocks.strategies import limits

NORMAL_PLAN = figure_key(Clock.PLAN_SUBMISSION, Urgency.NORMAL, Channel.PHONE)
MONDAY = shanghai("2026-11-16 10:00")


def test_every_figure_has_a_default_and_no_default_stands_for_nothing() -> None:
    assert set(figure_keys()) == set(DEFAULTS)


@pytest.mark.parametrize(
    ("clock", "urgency", "channel", "limit", "calendar"),
    [
        (Clock.FIRST_RESPONSE, Urgency.NORMAL, Channel.ONLINE_CHAT, minutes(10), SERVICE_HOURS),
        (Clock.FIRST_RESPONSE, Urgency.URGENT, Channel.PORTAL, minutes(10), SERVICE_HOURS),
        (Clock.FIRST_RESPONSE, Urgency.NORMAL, Channel.EMAIL, hours(2), SERVICE_HOURS),
        (Clock.FIRST_RESPONSE, Urgency.URGENT, Channel.PHONE, minutes(30), SERVICE_HOURS),
        (Clock.COORDINATION, Urgency.URGENT, Channel.PHONE, hours(2), AROUND_THE_CLOCK),
        (Clock.RESTORATION, Urgency.URGENT, Channel.PORTAL, hours(8), AROUND_THE_CLOCK),
        (Clock.PLAN_SUBMISSION, Urgency.NORMAL, Channel.PORTAL, workdays(2), WORKING_HOURS),
        (Clock.PLAN_SUBMISSION, Urgency.URGENT, Channel.PORTAL, hours(4), AROUND_THE_CLOCK),
        (Clock.PLAN_EXECUTION, Urgency.NORMAL, Channel.PORTAL, workdays(5), WORKING_HOURS),
        (Clock.PLAN_EXECUTION, Urgency.URGENT, Channel.PORTAL, hours(24), AROUND_THE_CLOCK),
        (Clock.PROGRESS, Urgency.NORMAL, Channel.PORTAL, workdays(2), WORKING_HOURS),
        (Clock.PROGRESS, Urgency.URGENT, Channel.PORTAL, hours(4), AROUND_THE_CLOCK),
        (Clock.RETURN_VISIT, Urgency.NORMAL, Channel.PORTAL, workdays(5), WORKING_HOURS),
        (Clock.RETURN_VISIT, Urgency.URGENT, Channel.PORTAL, workdays(2), WORKING_HOURS),
        (Clock.CONSUMER_ANSWER, Urgency.NORMAL, Channel.PORTAL, hours(24), AROUND_THE_CLOCK),
    ],
)
def test_the_default_figures_are_those_of_the_policy(
    clock: Clock, urgency: Urgency, channel: Channel, limit: Limit, calendar: str
) -> None:
    assert Rulebook().figure(figure_key(clock, urgency, channel)) == Figure(limit, calendar)


@pytest.mark.parametrize("clock", [Clock.COORDINATION, Clock.RESTORATION])
def test_what_only_urgent_tickets_owe_has_no_limit_otherwise(clock: Clock) -> None:
    assert Rulebook().timing(figure_key(clock, Urgency.NORMAL, Channel.PHONE), MONDAY) is None


def test_every_channel_belongs_to_a_class() -> None:
    chat = {channel for channel in Channel if channel_class(Clock.FIRST_RESPONSE, channel) == "chat"}
    assert chat == {Channel.ONLINE_CHAT, Channel.INSTANT_MESSAGING, Channel.PORTAL, Channel.PLATFORM_MESSAGE}


def test_a_clause_that_is_tighter_counts_and_says_so() -> None:
    clause = Clause(Clock.PLAN_SUBMISSION, Urgency.NORMAL, Figure(workdays(1), WORKING_HOURS), "HT-2026-018", "5.2")
    timing = Rulebook().timing(NORMAL_PLAN, MONDAY, clause=clause)
    assert timing is not None
    assert timing.source.kind is SourceKind.CONTRACT
    assert (timing.source.contract, timing.source.clause) == ("HT-2026-018", "5.2")
    assert shown(timing.due(MONDAY).at) == "2026-11-17 18:00"


def test_a_clause_that_is_looser_does_not_count() -> None:
    clause = Clause(Clock.PLAN_SUBMISSION, Urgency.NORMAL, Figure(workdays(9), WORKING_HOURS), "HT-2026-018", "5.2")
    timing = Rulebook().timing(NORMAL_PLAN, MONDAY, clause=clause)
    assert timing is not None
    assert timing.source.kind is SourceKind.SETTING
    assert timing.figure == DEFAULTS[NORMAL_PLAN]


def test_a_clause_counts_where_the_agency_has_no_limit() -> None:
    clause = Clause(Clock.COORDINATION, Urgency.NORMAL, Figure(hours(24), AROUND_THE_CLOCK), "HT-2026-018", "5.2")
    key = figure_key(Clock.COORDINATION, Urgency.NORMAL, Channel.PHONE)
    timing = Rulebook().timing(key, MONDAY, clause=clause)
    assert timing is not None
    assert shown(timing.due(MONDAY).at) == "2026-11-17 10:00"


@given(
    own=limits,
    agreed=limits,
    own_calendar=st.sampled_from([SERVICE_HOURS, WORKING_HOURS]),
    agreed_calendar=st.sampled_from([SERVICE_HOURS, WORKING_HOURS, AROUND_THE_CLOCK]),
)
def test_a_clause_never_makes_anything_due_later(
    own: Limit, agreed: Limit, own_calendar: str, agreed_calendar: str
) -> None:
    rulebook = Rulebook(figures={NORMAL_PLAN: Figure(own, own_calendar)})
    clause = Clause(Clock.PLAN_SUBMISSION, Urgency.NORMAL, Figure(agreed, agreed_calendar), "HT-2026-018", "5.2")
    alone, tightened = rulebook.timing(NORMAL_PLAN, MONDAY), rulebook.timing(NORMAL_PLAN, MONDAY, clause=clause)
    assert alone is not None
    assert tightened is not None
    alone_at, tightened_at = alone.due(MONDAY).at, tightened.due(MONDAY).at
    assert alone_at is not None
    assert tightened_at is not None
    assert tightened_at <= alone_at


def test_a_department_may_have_hours_of_its_own() -> None:
    evenings = NamedCalendar(
        SERVICE_HOURS, "物流服务时间", every_day(parse_hours("18:00-22:00")), department=Department.LOGISTICS
    )
    rulebook = Rulebook(calendars={evenings.key: evenings})
    key = figure_key(Clock.FIRST_RESPONSE, Urgency.NORMAL, Channel.EMAIL)
    theirs = rulebook.timing(key, MONDAY, department=Department.LOGISTICS)
    others = rulebook.timing(key, MONDAY, department=Department.QUALITY)
    assert theirs is not None
    assert others is not None
    assert shown(theirs.due(MONDAY).at) == "2026-11-16 20:00"
    assert shown(others.due(MONDAY).at) == "2026-11-16 12:00"


def test_a_calendar_that_is_not_there_is_named() -> None:
    with pytest.raises(CalendarUnknown, match="night_shift"):
        Rulebook().calendar("night_shift")


def test_rulebooks_with_the_same_calendar_share_what_it_added_up() -> None:
    assert Rulebook().calendar(WORKING_HOURS) is Rulebook().calendar(WORKING_HOURS)
