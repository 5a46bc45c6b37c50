"""The calendars in which limits count, and the single days that differ from the week's pattern."""

from datetime import date, datetime
from typing import Annotated

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, shown
from anshou.api.queries import Query
from anshou.api.resources.limits import PreviewShown, show_preview
from anshou.api.routing import delete, get, post, put
from anshou.api.visits import Visiting
from anshou.people.permissions import Permission, authorize
from anshou.people.roles import Department
from anshou.tickets.clocks import setting_calendars, setting_days
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.setting_calendars import CalendarGiven
from anshou.tickets.clocks.setting_days import DayGiven
from anshou.tickets.clocks.setting_rows import CHINA
from tenants.refusals import N_


class CalendarTried(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calendar to be tried on clocks that start at `start`, now if not given."""

    calendar: Annotated[CalendarGiven, Meta(title=N_("日历"))]
    start: Annotated[datetime, Meta(title=N_("计时起点"), tz=True)] | None = None


class DepartmentQuery(Query, frozen=True, kw_only=True):
    """Whose hours of a calendar: a department's own, or everybody's."""

    department: Annotated[Department | None, Meta(title=N_("部门"))] = None


class YearQuery(Query, frozen=True, kw_only=True):
    """A year of a calendar; China's is called `china`."""

    calendar: Annotated[str, Meta(title=N_("日历"), max_length=40)] = CHINA
    year: Annotated[int, Meta(title=N_("年份"), ge=2000, le=2100)]


class DayShown(Struct, frozen=True, kw_only=True):
    """A date that differs from the week's pattern; `entered` if the agency entered it."""

    day: Annotated[date, Meta(title=N_("日期"))]
    working: Annotated[bool, Meta(title=N_("是否上班"))]
    name: Annotated[str, Meta(title=N_("说明"))]
    entered: Annotated[bool, Meta(title=N_("是否由本公司录入"))]


class DaysGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days to be entered."""

    days: Annotated[tuple[DayGiven, ...], Meta(title=N_("日期"), min_length=1, max_length=366)]


@get("/calendars", summary=N_("列出日历"), operation_id="listCalendars")
async def list_calendars(visit: Visiting) -> Listing[CalendarGiven]:
    authorize(visit.person, Permission.READ_SETTINGS)
    lines = setting_calendars.calendar_lines(await read_rulebook(visit.session))
    return Listing(items=[setting_calendars.as_given(line) for line in lines])


@put("/calendars", summary=N_("设置日历"), operation_id="setCalendar")
async def set_calendar(data: JSONBody[CalendarGiven], visit: Visiting) -> CalendarGiven:
    await setting_calendars.save_calendar(visit.session, data, by=visit.person, at=visit.at)
    return data


@post("/calendars/preview", summary=N_("试算日历"), operation_id="previewCalendar", status_code=200)
async def preview_calendar(data: JSONBody[CalendarTried], visit: Visiting) -> PreviewShown:
    start = data.start or visit.at
    return show_preview(
        await setting_calendars.preview_calendar(visit.session, data.calendar, start=start, by=visit.person)
    )


@delete("/calendars/{code:str}", summary=N_("恢复默认日历"), operation_id="resetCalendar", query=DepartmentQuery)
async def reset_calendar(code: FromPath[str], asked: NamedDependency[DepartmentQuery], visit: Visiting) -> None:
    await setting_calendars.reset_calendar(visit.session, code, asked.department, by=visit.person, at=visit.at)


@get("/calendar-days", summary=N_("列出特殊日期"), operation_id="listCalendarDays", query=YearQuery)
async def list_calendar_days(asked: NamedDependency[YearQuery], visit: Visiting) -> Listing[DayShown]:
    authorize(visit.person, Permission.READ_SETTINGS)
    found = await setting_days.days_of_year(visit.session, asked.calendar, asked.year)
    return Listing(items=[shown(DayShown, one) for one in found])


@put("/calendar-days", summary=N_("录入特殊日期"), operation_id="setCalendarDays", status_code=204)
async def set_calendar_days(data: JSONBody[DaysGiven], visit: Visiting) -> None:
    await setting_days.save_days(visit.session, data.days, by=visit.person, at=visit.at)


@delete("/calendar-days/{calendar:str}/{day:date}", summary=N_("删除特殊日期"), operation_id="forgetCalendarDay")
async def forget_calendar_day(calendar: FromPath[str], day: FromPath[date], visit: Visiting) -> None:
    await setting_days.forget_day(visit.session, calendar, day, by=visit.person, at=visit.at)


router = Router(
    "/",
    tags=[N_("时限设置")],
    route_handlers=[
        list_calendars,
        set_calendar,
        preview_calendar,
        reset_calendar,
        list_calendar_days,
        set_calendar_days,
        forget_calendar_day,
    ],
)
