"""The calendars: opening hours per weekday, for all or for one department, with the preview of a change."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.roles import Department
from anshou.portal.administration.setting_tabs import preview_values, setting_tabs, start_in, wants_preview
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import prefilled, starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.tickets.clocks.errors import CalendarUnknown
from anshou.tickets.clocks.figures import AROUND_THE_CLOCK
from anshou.tickets.clocks.hours import show_hours
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.rulebook import BUILT_IN
from anshou.tickets.clocks.setting_calendars import (
    DAYS,
    CalendarGiven,
    as_given,
    calendar_lines,
    preview_calendar,
    reset_calendar,
    save_calendar,
)
from tenants.refusals import N_, Invalid, NotFound, Refusal

# In an address: the calendar that counts for every department without one of its own.
EVERYBODY = "all"
OF_THE_ADDRESS = ("code", "department")


class NoSuchCalendar(NotFound):
    """Raised when an address names a calendar or a department that there is not."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个日历"))


@get("/settings/calendars")
async def calendars_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every calendar with its week."""
    authorize(visit.person, Permission.READ_SETTINGS)
    rulebook = await read_rulebook(visit.session)
    return page(
        request,
        "administration/calendars.html",
        tabs=setting_tabs(language_of(request), "/settings/calendars"),
        calendars=calendar_lines(rulebook),
        days=list(DAYS.values()),
        show_hours=show_hours,
        fixed=AROUND_THE_CLOCK,
        may_change=allows(visit.person, Permission.MANAGE_LIMITS),
    )


@get("/settings/calendars/new")
async def new_calendar_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another calendar, or, with `like` in the query, for a department's own hours."""
    authorize(visit.person, Permission.MANAGE_LIMITS)
    kept: dict[str, object] = {"start": visit.at, "zone": (await read_settings(visit.session)).time_zone}
    like = request.query_params.get("like")
    start = starting_with(kept, zone=(await read_settings(visit.session)).zone)
    if like:
        given = as_given((await read_rulebook(visit.session)).named_calendar(like))
        start = Typed({**start.values, **prefilled(given).values})
    return await _form(request, visit, None, start)


@post("/settings/calendars/new", status_code=303)
async def submit_new_calendar(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Show what it would do, or set it up."""
    return await _submit(request, visit, None, {})


@get("/settings/calendars/{code:str}/{department:str}")
async def calendar_page(
    code: FromPath[str], department: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """A calendar as it is."""
    authorize(visit.person, Permission.MANAGE_LIMITS)
    given = await _given(visit, code, _department(department))
    zone = (await read_settings(visit.session)).zone
    typed = Typed({**prefilled(given).values, **starting_with({"start": visit.at}, zone=zone).values})
    return await _form(request, visit, given, typed)


@post("/settings/calendars/{code:str}/{department:str}", status_code=303)
async def submit_calendar(
    code: FromPath[str], department: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Show what a change would do, or save it."""
    given = await _given(visit, code, _department(department))
    return await _submit(request, visit, given, {"code": given.code, "department": given.department})


@post("/settings/calendars/{code:str}/{department:str}/reset", status_code=303)
async def reset(
    code: FromPath[str], department: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Return a built-in calendar to its default, or take a department's own hours away."""
    await reset_calendar(visit.session, code, _department(department), by=visit.person, at=visit.at)
    return go_to(request, "/settings/calendars", Notice(language_of(request).say(N_("日历已恢复。"))))


async def _submit(
    request: Asked, visit: Visit, present: CalendarGiven | None, known: Mapping[str, object]
) -> Response[str]:
    authorize(visit.person, Permission.MANAGE_LIMITS)
    typed = await typed_by(request)
    reading = read(CalendarGiven, typed, given=known)
    if reading.value is None:
        return await _form(request, visit, present, typed, reading.refusal)
    language = language_of(request)
    try:
        if wants_preview(typed):
            zone = (await read_settings(visit.session)).zone
            start = start_in(typed, zone)
            found = await preview_calendar(visit.session, reading.value, start=start, by=visit.person)
            return await _form(request, visit, present, typed, preview=preview_values(found, language, zone))
        async with visit.session.begin_nested():
            await save_calendar(visit.session, reading.value, by=visit.person, at=visit.at)
    except Invalid as refusal:
        return await _form(request, visit, present, typed, refusal)
    said = language.say(N_("日历已保存，正在计时的工单已重新计算。"))
    return go_to(request, "/settings/calendars", Notice(said))


async def _given(visit: Visit, code: str, department: Department | None) -> CalendarGiven:
    try:
        named = (await read_rulebook(visit.session)).named_calendar(code, department)
    except CalendarUnknown:
        raise NoSuchCalendar from None
    if named.department != department:
        raise NoSuchCalendar
    return as_given(named)


def _department(named: str) -> Department | None:
    if named == EVERYBODY:
        return None
    try:
        return Department(named)
    except ValueError:
        raise NoSuchCalendar from None


async def _form(
    request: Asked,
    visit: Visit,
    present: CalendarGiven | None,
    typed: Typed,
    wrong: Refusal | None = None,
    preview: Mapping[str, Any] | None = None,
) -> Response[str]:
    shown = form_values(request, CalendarGiven, typed, wrong=wrong)
    if present is not None:
        shown["fields"] = [field for field in shown["fields"] if field.name not in OF_THE_ADDRESS]
    department = present.department if present else None
    is_built_in = present is not None and present.code in {calendar.code for calendar in BUILT_IN}
    is_changed = present is not None and (present.code, department) in (await read_rulebook(visit.session)).calendars
    return page(
        request,
        "administration/calendar.html",
        status_code=status_of(wrong) if wrong else 200,
        present=present,
        action=f"/settings/calendars/{present.code}/{department or EVERYBODY}"
        if present
        else "/settings/calendars/new",
        may_reset=is_changed and (is_built_in or department is not None),
        start=typed.one("start"),
        preview=preview,
        **shown,
    )
