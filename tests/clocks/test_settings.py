"""The settings page: figures and calendars are previewed, refused with the field's name, saved, and count at once."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission
from anshou.people.roles import Department, Role
from anshou.tickets.clocks.clock_rows import ChangeCause, ClockChange
from anshou.tickets.clocks.errors import SettingInvalid
from anshou.tickets.clocks.figures import (
    AROUND_THE_CLOCK,
    SERVICE_HOURS,
    WORKING_HOURS,
    ChannelClass,
    Figure,
    FigureKey,
)
from anshou.tickets.clocks.limits import LimitUnit, workdays
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.running import start_clocks
from anshou.tickets.clocks.setting_calendars import (
    CalendarGiven,
    as_given,
    calendar_lines,
    preview_calendar,
    reset_calendar,
    save_calendar,
)
from anshou.tickets.clocks.setting_figures import (
    FigureGiven,
    figure_lines,
    preview_figure,
    reset_figure,
    save_figure,
)
from anshou.tickets.kinds import Clock, Urgency
from tenants.context import Context
from tenants.refusals import NotPermitted
from tenants.shapes import ShapeInvalid, accept
from tests.clocks.desk import MONDAY, new_ticket, next_due, somebody, the_clock
from tests.clocks.shanghai import shanghai, shown
from tests.conftest import ActAs

PLAN = (Clock.PLAN_SUBMISSION,)
ADMIN = somebody()
NOON = shanghai("2026-11-16 12:00")


def plan_in(value: int | None, unit: LimitUnit = LimitUnit.WORKDAYS, calendar: str = WORKING_HOURS) -> FigureGiven:
    """A figure for a plan of normal urgency; None for no limit."""
    return FigureGiven(
        clock=Clock.PLAN_SUBMISSION,
        urgency=Urgency.NORMAL,
        channels=ChannelClass.ANY,
        value=value,
        unit=None if value is None else unit,
        calendar=None if value is None else calendar,
    )


def calendar(code: str, **given: object) -> CalendarGiven:
    form: Mapping[str, object] = {"code": code, "label": "白班", "monday": "08:00-17:00", **given}
    return accept(CalendarGiven, form)


async def test_a_saved_figure_counts_for_new_and_for_running_clocks(session: AsyncSession) -> None:
    ticket, later = await new_ticket(session), await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    await save_figure(session, plan_in(3), by=ADMIN, at=NOON)
    await start_clocks(session, later, PLAN, at=MONDAY)
    for one in (ticket, later):
        clock = await the_clock(session, one, Clock.PLAN_SUBMISSION)
        assert shown(clock.due_at) == "2026-11-19 18:00"
        assert await next_due(session, one) == clock.due_at
    change = (await session.scalars(select(ClockChange))).one()
    assert change.cause is ChangeCause.SETTING
    assert (shown(change.old_due_at), shown(change.new_due_at)) == ("2026-11-18 18:00", "2026-11-19 18:00")


async def test_a_figure_can_be_switched_off_and_returned_to_its_default(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    await save_figure(session, plan_in(None), by=ADMIN, at=NOON)
    assert (await the_clock(session, ticket, Clock.PLAN_SUBMISSION)).due_at is None
    rulebook = await read_rulebook(session)
    [line] = [line for line in figure_lines(rulebook) if not line.is_default]
    assert (line.key, line.figure) == (plan_in(None).key, None)
    await reset_figure(session, plan_in(None).key, by=ADMIN, at=NOON)
    assert (await read_rulebook(session)).figure(plan_in(None).key) == Figure(workdays(2), WORKING_HOURS)


async def test_a_preview_tells_due_time_explanation_and_how_many_clocks_would_move(session: AsyncSession) -> None:
    for _ in range(3):
        await start_clocks(session, await new_ticket(session), PLAN, at=MONDAY)
    await start_clocks(session, await new_ticket(session, urgency=Urgency.URGENT), PLAN, at=MONDAY)
    told = await preview_figure(session, plan_in(1), start=shanghai("2026-11-20 09:00"), by=ADMIN)
    [line] = told.lines
    assert (shown(line.before), shown(line.after)) == ("2026-11-24 18:00", "2026-11-23 18:00")
    assert line.why is not None
    assert line.why.limit_value == 1
    assert (told.changed, told.running, told.at_least) == (3, 3, False)
    assert (await read_rulebook(session)).figures == {}


async def test_a_preview_of_the_same_figure_moves_no_clock(session: AsyncSession) -> None:
    await start_clocks(session, await new_ticket(session), PLAN, at=MONDAY)
    told = await preview_figure(session, plan_in(2), start=MONDAY, by=ADMIN)
    assert (told.changed, told.running) == (0, 1)


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"channels": "chat"}, "channels", "“提交分析与方案”没有“聊天与工单渠道”这一档"),
        ({"value": "3"}, "unit", "请选择时限的单位"),
        ({"value": "3", "unit": "hours"}, "calendar", "请选择时限按哪个日历计"),
        ({"value": "400", "unit": "workdays", "calendar": WORKING_HOURS}, "value", "时限须为 1 到 366 个工作日"),
        ({"value": "0", "unit": "hours", "calendar": WORKING_HOURS}, "value", "“数值”不能小于 1"),
        ({"value": "两", "unit": "hours", "calendar": WORKING_HOURS}, "value", "“数值”须为整数"),
    ],
)
def test_a_figure_that_makes_no_sense_is_refused_at_its_field(given: dict[str, str], field: str, says: str) -> None:
    form = {"clock": "plan_submission", "urgency": "normal", "channels": "any", **given}
    with pytest.raises(ShapeInvalid) as refused:
        accept(FigureGiven, form, strict=False)
    assert refused.value.fields[field] == says


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (plan_in(2, LimitUnit.HOURS, "night_shift"), "没有名为“night_shift”的日历"),
        (plan_in(2, LimitUnit.WORKDAYS, SERVICE_HOURS), "须选用区分工作日的日历，“服务时间”每天开放"),
    ],
)
async def test_a_figure_with_a_calendar_that_does_not_fit_is_refused(
    session: AsyncSession, given: FigureGiven, says: str
) -> None:
    with pytest.raises(SettingInvalid) as refused:
        await save_figure(session, given, by=ADMIN, at=NOON)
    assert says in refused.value.fields["calendar"]


async def test_a_changed_calendar_moves_running_clocks_and_a_preview_says_so(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    earlier = as_given((await read_rulebook(session)).named_calendar(WORKING_HOURS))
    five_o_clock = accept(
        CalendarGiven,
        {
            "code": earlier.code,
            "label": earlier.label,
            "rule": "china",
            **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00"),
        },
    )
    told = await preview_calendar(session, five_o_clock, start=MONDAY, by=ADMIN)
    assert {line.key.clock for line in told.lines} == {
        Clock.PLAN_SUBMISSION,
        Clock.PLAN_EXECUTION,
        Clock.PROGRESS,
        Clock.RETURN_VISIT,
        Clock.OBJECTION,
    }
    assert (told.changed, told.running) == (1, 1)
    await save_calendar(session, five_o_clock, by=ADMIN, at=NOON)
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(clock.due_at) == "2026-11-18 17:00"
    change = (await session.scalars(select(ClockChange))).one()
    assert change.cause is ChangeCause.CALENDAR
    await reset_calendar(session, WORKING_HOURS, by=ADMIN, at=NOON)
    assert shown((await the_clock(session, ticket, Clock.PLAN_SUBMISSION)).due_at) == "2026-11-18 18:00"


async def test_a_calendar_of_its_own_can_be_named_by_a_figure(session: AsyncSession) -> None:
    await save_calendar(session, calendar("day_shift", rule="own"), by=ADMIN, at=NOON)
    await save_figure(session, plan_in(1, LimitUnit.WORKDAYS, "day_shift"), by=ADMIN, at=NOON)
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(clock.due_at) == "2026-11-23 17:00"
    assert clock.why is not None
    assert clock.why.calendar == "白班"
    assert [line.code for line in calendar_lines(await read_rulebook(session))] == [
        SERVICE_HOURS,
        WORKING_HOURS,
        AROUND_THE_CLOCK,
        "day_shift",
    ]


async def test_a_department_gets_hours_of_its_own_and_can_give_them_back(session: AsyncSession) -> None:
    theirs = calendar(WORKING_HOURS, department="logistics", rule="china", tuesday="20:00-22:00")
    await save_calendar(session, theirs, by=ADMIN, at=NOON)
    rulebook = await read_rulebook(session)
    assert rulebook.named_calendar(WORKING_HOURS, Department.LOGISTICS).label == "白班"
    assert rulebook.named_calendar(WORKING_HOURS, Department.QUALITY).label == "工作时间"
    await reset_calendar(session, WORKING_HOURS, Department.LOGISTICS, by=ADMIN, at=NOON)
    assert (await read_rulebook(session)).calendars == {}


async def test_a_calendar_returns_to_the_form_as_it_was_given(session: AsyncSession) -> None:
    given = calendar("night_shift", sunday="22:00-24:00", makeup_hours="09:00-12:00", rule="own", zone="Europe/Berlin")
    await save_calendar(session, given, by=ADMIN, at=NOON)
    assert as_given((await read_rulebook(session)).named_calendar("night_shift")) == given


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        (calendar("day_shift", tuesday="9-18"), "tuesday", "周二：无法读懂开放时间“9-18”"),
        (calendar("day_shift", monday="18:00-09:00"), "monday", "周一：“18:00-09:00”须在同一天内"),
        (calendar("day_shift", makeup_hours="x"), "makeup_hours", "调休上班日：无法读懂"),
        (calendar("day_shift", monday=""), "monday", "至少填写一天的开放时间"),
        (calendar("day_shift", zone="Asia/Peking"), "zone", "没有名为“Asia/Peking”的时区"),
        (calendar("day_shift", department="quality"), "department", "请先建立适用于全部部门的同名日历"),
        (calendar(AROUND_THE_CLOCK), "code", "不能更改"),
        (calendar("china"), "code", "国家工作日"),
        (calendar(WORKING_HOURS), "rule", "仍有按工作日计的时限使用这个日历"),
    ],
)
async def test_a_calendar_that_makes_no_sense_is_refused_at_its_field(
    session: AsyncSession, given: CalendarGiven, field: str, says: str
) -> None:
    with pytest.raises(SettingInvalid) as refused:
        await save_calendar(session, given, by=ADMIN, at=NOON)
    assert list(refused.value.fields) == [field]
    assert says in refused.value.fields[field]


async def test_an_own_calendar_is_not_taken_away(session: AsyncSession) -> None:
    with pytest.raises(SettingInvalid, match="不能删除"):
        await reset_calendar(session, "day_shift", by=ADMIN, at=NOON)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.EXECUTIVE, Role.SERVICE_AGENT, Role.MERCHANT_OWNER])
async def test_only_who_may_manage_limits_previews_and_saves(session: AsyncSession, role: Role) -> None:
    person = somebody(role)
    for attempt in (
        save_figure(session, plan_in(1), by=person, at=NOON),
        reset_figure(session, FigureKey(Clock.PROGRESS, Urgency.NORMAL, ChannelClass.ANY), by=person, at=NOON),
        preview_figure(session, plan_in(1), start=NOON, by=person),
        save_calendar(session, calendar("day_shift"), by=person, at=NOON),
        reset_calendar(session, WORKING_HOURS, by=person, at=NOON),
        preview_calendar(session, calendar("day_shift"), start=NOON, by=person),
    ):
        with pytest.raises(NotPermitted, match=Permission.MANAGE_LIMITS.label):
            await attempt


async def test_a_merchants_answer_is_counted_by_the_tenants_rules(session: AsyncSession, act_as: ActAs) -> None:
    ticket = await new_ticket(session)
    await save_figure(session, plan_in(1), by=ADMIN, at=NOON)
    await act_as(Context("merchant", person=ADMIN.id, merchant=ticket.merchant_id))
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(clock.due_at) == "2026-11-17 18:00"
    assert await next_due(session, ticket) == clock.due_at
