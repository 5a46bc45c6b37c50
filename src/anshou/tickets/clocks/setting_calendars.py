"""The tenant's named calendars: what the settings page shows, previews and saves."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.tickets.clocks.calendars import DEFAULT_ZONE, Week
from anshou.tickets.clocks.clock_rows import ChangeCause
from anshou.tickets.clocks.errors import HoursInvalid, SettingInvalid, ZoneUnknown
from anshou.tickets.clocks.figures import AROUND_THE_CLOCK, FigureKey, figure_keys
from anshou.tickets.clocks.hours import CLOSED, Hours, parse_hours, show_hours
from anshou.tickets.clocks.instants import zone_named
from anshou.tickets.clocks.limits import LimitUnit
from anshou.tickets.clocks.previewing import Preview, preview
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.recomputing import recompute_running
from anshou.tickets.clocks.rulebook import BUILT_IN, NamedCalendar, Rulebook
from anshou.tickets.clocks.setting_rows import CHINA, CalendarSetting
from anshou.tickets.clocks.workdays import WorkdayRule
from anshou.tickets.deeds import LIMITS_CHANGED
from confidentiality.audit.leaves import record
from tenants.base import new_id
from tenants.refusals import N_, Message

DAYS = {
    "monday": N_("周一"),
    "tuesday": N_("周二"),
    "wednesday": N_("周三"),
    "thursday": N_("周四"),
    "friday": N_("周五"),
    "saturday": N_("周六"),
    "sunday": N_("周日"),
}

OpeningHours = Annotated[str, Meta(max_length=200, extra={"widget": "line"})]


class CalendarGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calendar as the settings page sends it; hours as `09:00-12:00, 13:30-18:00`, empty for a closed day."""

    code: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$", title=N_("代号"))]
    label: Annotated[str, Meta(min_length=1, max_length=40, title=N_("名称"))]
    department: Annotated[Department | None, Meta(title=N_("部门"))] = None
    zone: Annotated[str, Meta(max_length=60, title=N_("时区"))] = DEFAULT_ZONE
    monday: Annotated[OpeningHours, Meta(title=DAYS["monday"])] = ""
    tuesday: Annotated[OpeningHours, Meta(title=DAYS["tuesday"])] = ""
    wednesday: Annotated[OpeningHours, Meta(title=DAYS["wednesday"])] = ""
    thursday: Annotated[OpeningHours, Meta(title=DAYS["thursday"])] = ""
    friday: Annotated[OpeningHours, Meta(title=DAYS["friday"])] = ""
    saturday: Annotated[OpeningHours, Meta(title=DAYS["saturday"])] = ""
    sunday: Annotated[OpeningHours, Meta(title=DAYS["sunday"])] = ""
    rule: Annotated[WorkdayRule, Meta(title=N_("工作日规则"))] = WorkdayRule.EVERY_DAY
    makeup_hours: Annotated[OpeningHours, Meta(title=N_("调休上班日的时间"))] = ""


def as_given(named: NamedCalendar) -> CalendarGiven:
    """A calendar as the form shows it for changing."""
    return CalendarGiven(
        code=named.code,
        label=named.label,
        department=named.department,
        zone=named.zone,
        rule=named.rule,
        makeup_hours=show_hours(named.makeup_hours),
        **{day: show_hours(hours) for day, hours in zip(DAYS, named.week, strict=True)},
    )


def calendar_lines(rulebook: Rulebook) -> list[NamedCalendar]:
    """Every calendar: the built-in ones first, as they are now, then the tenant's own and the departments'."""
    built_in = [rulebook.named_calendar(calendar.code) for calendar in BUILT_IN]
    own = [calendar for calendar in rulebook.calendars.values() if calendar not in built_in]
    return built_in + sorted(own, key=lambda calendar: (calendar.code, calendar.department or ""))


async def preview_calendar(session: AsyncSession, given: CalendarGiven, *, start: datetime, by: Person) -> Preview:
    """What saving it would do to every figure that counts in it, and to the clocks that run. Raises SettingInvalid."""
    authorize(by, Permission.MANAGE_LIMITS)
    before = await read_rulebook(session)
    named = _checked(given, before)
    after = replace(before, calendars={**before.calendars, named.key: named})
    keys = _keys_counting_in(named.code, after)
    return await preview(session, before, after, keys, start=start, department=named.department)


async def save_calendar(session: AsyncSession, given: CalendarGiven, *, by: Person, at: datetime) -> None:
    """Set up or change a calendar; running clocks are computed again. Raises SettingInvalid."""
    authorize(by, Permission.MANAGE_LIMITS)
    named = _checked(given, await read_rulebook(session))
    values = {
        "label": named.label,
        "zone": named.zone,
        "week": [show_hours(hours) for hours in named.week],
        "rule": named.rule,
        "makeup_hours": show_hours(named.makeup_hours),
        "changed_at": at,
        "changed_by": by.id,
    }
    row = insert(CalendarSetting).values(id=new_id(), code=named.code, department=named.department, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["code", "department"], set_=values))
    await recompute_running(session, cause=ChangeCause.CALENDAR, at=at)
    await record(session, LIMITS_CHANGED, actor=by.actor(), at=at, body={"calendar": named.code})


async def reset_calendar(
    session: AsyncSession, code: str, department: Department | None = None, *, by: Person, at: datetime
) -> None:
    """Return a built-in calendar to its default, or take a department's own hours away.

    Raises SettingInvalid for another calendar: contracts and figures may count in it.
    """
    authorize(by, Permission.MANAGE_LIMITS)
    if department is None and code not in {calendar.code for calendar in BUILT_IN}:
        raise SettingInvalid({"code": Message(N_("自建的日历不能删除，合同可能仍在使用"))})
    await session.execute(
        delete(CalendarSetting).where(
            CalendarSetting.code == code, CalendarSetting.department.is_not_distinct_from(department)
        )
    )
    await recompute_running(session, cause=ChangeCause.CALENDAR, at=at)
    await record(session, LIMITS_CHANGED, actor=by.actor(), at=at, body={"calendar": code, "reset": True})


def _checked(given: CalendarGiven, rulebook: Rulebook) -> NamedCalendar:
    """The calendar that was given. Raises SettingInvalid with every field's fault."""
    faults = _code_faults(given, rulebook)
    hours = {field: _hours(given, field, faults) for field in (*DAYS, "makeup_hours")}
    week: Week = (
        hours["monday"],
        hours["tuesday"],
        hours["wednesday"],
        hours["thursday"],
        hours["friday"],
        hours["saturday"],
        hours["sunday"],
    )
    try:
        zone_named(given.zone)
    except ZoneUnknown as unknown:
        faults["zone"] = Message(unknown.message, **unknown.params)
    if not faults and not any(week):
        faults["monday"] = Message(N_("请至少填写一天的开放时间，否则时限永远不会到期"))
    if given.rule is WorkdayRule.EVERY_DAY and _counts_workdays(given.code, rulebook):
        faults["rule"] = Message(N_("仍有按工作日计的时限使用这个日历"))
    if faults:
        raise SettingInvalid(faults)
    return NamedCalendar(
        code=given.code,
        label=given.label,
        week=week,
        rule=given.rule,
        zone=given.zone,
        makeup_hours=hours["makeup_hours"],
        department=given.department,
    )


def _code_faults(given: CalendarGiven, rulebook: Rulebook) -> dict[str, str]:
    if given.code == AROUND_THE_CLOCK:
        return {"code": Message(N_("“全天候”不能更改"))}
    if given.code == CHINA:
        return {"code": Message(N_("这个代号留给国家工作日使用，请换一个"))}
    codes = {code for code, department in rulebook.calendars if department is None}
    if given.department is not None and given.code not in codes | {calendar.code for calendar in BUILT_IN}:
        return {"department": Message(N_("请先建立适用于全部部门的同名日历"))}
    return {}


def _hours(given: CalendarGiven, field: str, faults: dict[str, str]) -> Hours:
    try:
        return parse_hours(getattr(given, field))
    except HoursInvalid as invalid:
        named = Message(DAYS.get(field, N_("调休上班日")))
        faults[field] = Message(N_("%(day)s：%(fault)s"), day=named, fault=Message(invalid.message, **invalid.params))
        return CLOSED


def _keys_counting_in(code: str, rulebook: Rulebook) -> list[FigureKey]:
    figures = ((key, rulebook.figure(key)) for key in figure_keys())
    return [key for key, figure in figures if figure is not None and figure.calendar == code]


def _counts_workdays(code: str, rulebook: Rulebook) -> bool:
    figures = (rulebook.figure(key) for key in _keys_counting_in(code, rulebook))
    return any(figure is not None and figure.limit.unit is LimitUnit.WORKDAYS for figure in figures)
