"""China's calendar as published, what the tenant entered over it, and due times that follow."""

from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.roles import Role
from anshou.tickets.clocks.errors import SettingInvalid
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.running import TimedTicket, start_clocks
from anshou.tickets.clocks.setting_calendars import CalendarGiven, save_calendar
from anshou.tickets.clocks.setting_days import (
    DayGiven,
    DayLine,
    days_of_year,
    enter_year,
    forget_day,
    preview_days,
    save_days,
    take_in_published_years,
)
from anshou.tickets.clocks.workdays import WorkdayRule, name_of_day, published_years
from anshou.tickets.kinds import Clock
from tenants.refusals import NotPermitted
from tests.clocks.desk import MONDAY, new_ticket, somebody, the_clock
from tests.clocks.shanghai import shanghai, shown

ADMIN = somebody()
PLAN = (Clock.PLAN_SUBMISSION,)
END_OF_YEAR = shanghai("2026-12-30 10:00")
NEW_YEAR = (
    DayGiven(day=date(2027, 1, 1), working=False, name="元旦"),
    DayGiven(day=date(2027, 1, 2), working=False, name="元旦"),
    DayGiven(day=date(2027, 1, 3), working=True, name="元旦调休"),
)


@pytest.fixture
async def ticket(session: AsyncSession) -> TimedTicket:
    """A ticket whose plan is due in two workdays from 30 December 2026."""
    made = await new_ticket(session)
    await start_clocks(session, made, PLAN, at=END_OF_YEAR)
    return made


async def due_and_provisional(session: AsyncSession, ticket: TimedTicket) -> tuple[str, list[int]]:
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert clock.why is not None
    return shown(clock.due_at), clock.why.provisional_years


def test_the_days_that_the_state_council_moved_have_their_names() -> None:
    assert name_of_day(date(2026, 2, 17)) == "春节"
    assert name_of_day(date(2026, 2, 14)) == "春节"
    assert name_of_day(date(2026, 11, 18)) is None


async def test_a_year_shows_what_was_published_and_what_was_entered_over_it(session: AsyncSession) -> None:
    extra = DayGiven(day=date(2026, 10, 8), working=False, name="公司团建")
    await save_days(session, [extra], by=ADMIN, at=MONDAY)
    october = [line for line in await days_of_year(session, "china", 2026) if line.day.month == 10]
    assert october[0] == DayLine(date(2026, 10, 1), working=False, name="国庆节", entered=False)
    assert DayLine(date(2026, 10, 8), working=False, name="公司团建", entered=True) in october
    assert DayLine(date(2026, 10, 10), working=True, name="国庆节", entered=False) in october


async def test_an_unpublished_year_is_provisional_until_it_is_entered_as_a_whole(
    session: AsyncSession, ticket: TimedTicket
) -> None:
    assert await due_and_provisional(session, ticket) == ("2027-01-01 18:00", [2027])
    await save_days(session, NEW_YEAR[:1], by=ADMIN, at=MONDAY)
    assert await due_and_provisional(session, ticket) == ("2027-01-04 18:00", [2027])
    await enter_year(session, 2027, NEW_YEAR, by=ADMIN, at=MONDAY)
    assert await due_and_provisional(session, ticket) == ("2027-01-03 18:00", [])


async def test_a_day_can_be_taken_back(session: AsyncSession, ticket: TimedTicket) -> None:
    await save_days(session, NEW_YEAR[:1], by=ADMIN, at=MONDAY)
    await forget_day(session, "china", date(2027, 1, 1), by=ADMIN, at=MONDAY)
    assert (await due_and_provisional(session, ticket))[0] == "2027-01-01 18:00"
    assert (await read_rulebook(session)).china_changes == frozenset()


async def test_a_preview_of_days_tells_what_would_move(session: AsyncSession, ticket: TimedTicket) -> None:
    told = await preview_days(session, NEW_YEAR, start=END_OF_YEAR, by=ADMIN)
    [plan] = [line for line in told.lines if line.key.clock is Clock.PLAN_SUBMISSION]
    assert (shown(plan.before), shown(plan.after)) == ("2027-01-01 18:00", "2027-01-03 18:00")
    assert (told.changed, told.running) == (1, 1)
    assert (await due_and_provisional(session, ticket))[0] == "2027-01-01 18:00"


async def test_an_own_table_belongs_to_its_calendar(session: AsyncSession) -> None:
    shop = CalendarGiven(code="shop_hours", label="门店时间", sunday="10:00-20:00", rule=WorkdayRule.OWN)
    await save_calendar(session, shop, by=ADMIN, at=MONDAY)
    sunday = date(2026, 11, 22)
    await save_days(session, [DayGiven(calendar="shop_hours", day=sunday, working=False)], by=ADMIN, at=MONDAY)
    rulebook = await read_rulebook(session)
    assert rulebook.calendar("shop_hours").hours_on(sunday) == ()
    assert rulebook.own_days == {"shop_hours": frozenset({(sunday, False)})}
    assert rulebook.china_changes == frozenset()


@pytest.mark.parametrize(("code", "says"), [("service_hours", "不使用自定日期表"), ("shop", "没有名为“shop”的日历")])
async def test_days_of_a_calendar_without_a_table_are_refused(session: AsyncSession, code: str, says: str) -> None:
    stray = DayGiven(calendar=code, day=date(2026, 11, 22), working=False)
    with pytest.raises(SettingInvalid) as refused:
        await save_days(session, [stray], by=ADMIN, at=MONDAY)
    assert says in refused.value.fields["calendar"]


async def test_a_day_of_another_year_is_refused_with_the_year(session: AsyncSession) -> None:
    with pytest.raises(SettingInvalid, match="2027-01-01 不在 2028 年"):
        await enter_year(session, 2028, NEW_YEAR, by=ADMIN, at=MONDAY)


async def test_a_newly_published_year_is_taken_in_once(session: AsyncSession, ticket: TimedTicket) -> None:
    assert max(published_years()) >= MONDAY.year
    assert await take_in_published_years(session, at=MONDAY)
    assert not await take_in_published_years(session, at=MONDAY)


async def test_only_who_may_manage_limits_enters_days(session: AsyncSession) -> None:
    person = somebody(Role.SUPERVISOR)
    for attempt in (
        save_days(session, NEW_YEAR, by=person, at=MONDAY),
        forget_day(session, "china", date(2027, 1, 1), by=person, at=MONDAY),
        enter_year(session, 2027, NEW_YEAR, by=person, at=MONDAY),
        preview_days(session, NEW_YEAR, start=MONDAY, by=person),
    ):
        with pytest.raises(NotPermitted):
            await attempt
