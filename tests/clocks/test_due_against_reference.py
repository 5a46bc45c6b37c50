"""The fast calculation and the minute-by-minute one agree on random calendars, stops and limits."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anshou.tickets.clocks.due import compute, elapsed_open
from tests.clocks import slow_reference
from tests.clocks.strategies import calendars, instants_near, limits, slow_amount, slow_stops, stops_near

# The reference walks over weeks of minutes, so an example takes longer than usual.
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@slowly
@given(st.data())
def test_the_due_time_is_the_minute_at_which_the_reference_arrives(data: st.DataObject) -> None:
    pair = data.draw(calendars())
    start = data.draw(instants_near(pair.around))
    stops = data.draw(stops_near(pair.around))
    limit = data.draw(limits)
    expected = slow_reference.due(start, pair.slow, slow_stops(stops), **slow_amount(limit))
    assert compute(start, limit, pair.fast, stops).at == expected


@slowly
@given(st.data())
def test_the_points_at_80_and_150_percent_are_those_of_the_reference(data: st.DataObject) -> None:
    pair = data.draw(calendars())
    start = data.draw(instants_near(pair.around))
    stops = data.draw(stops_near(pair.around))
    limit = data.draw(limits)
    due = compute(start, limit, pair.fast, stops)
    told = slow_stops(stops)
    assert due.warn_at == slow_reference.due(start, pair.slow, told, **slow_amount(limit), percent=80)
    assert due.late_at == slow_reference.due(start, pair.slow, told, **slow_amount(limit), percent=150)


@slowly
@given(st.data())
def test_open_time_between_two_instants_is_the_number_of_open_minutes(data: st.DataObject) -> None:
    pair = data.draw(calendars())
    start = data.draw(instants_near(pair.around))
    end = data.draw(instants_near(pair.around, days_after=9))
    expected = slow_reference.open_minutes(start, max(start, end), pair.slow)
    assert elapsed_open(start, end, pair.fast) == timedelta(minutes=expected)


@slowly
@given(st.data())
def test_the_explained_intervals_and_stops_add_up(data: st.DataObject) -> None:
    pair = data.draw(calendars())
    start = data.draw(instants_near(pair.around))
    stops = data.draw(stops_near(pair.around, open_ended=False))
    due = compute(start, data.draw(limits), pair.fast, stops)
    assert due.at is not None
    counted = sum((ends - begins for begins, ends in due.counted_intervals), timedelta(0))
    stopped = sum((moved for _, moved in due.counted_stops), timedelta(0))
    assert counted == due.counted
    assert counted + stopped == elapsed_open(start, due.at, pair.fast)
    assert due.counted_intervals[-1][1] == due.at
    assert compute(start, due.limit, pair.fast, [stop for stop, _ in due.counted_stops]).at == due.at


@given(st.data())
def test_instants_between_whole_minutes_count_to_the_microsecond(data: st.DataObject) -> None:
    pair = data.draw(calendars())
    start = data.draw(instants_near(pair.around)) + timedelta(microseconds=data.draw(st.integers(0, 600_000_000)))
    limit = data.draw(limits)
    due = compute(start, limit, pair.fast)
    assert due.at is not None
    assert elapsed_open(start, due.at, pair.fast) == due.counted
    assert elapsed_open(start, due.at - timedelta(microseconds=1), pair.fast) < due.counted
