"""Single days: holidays and make-up workdays of a year, and own tables of dates."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.administration.addresses import with_query
from anshou.portal.administration.setting_tabs import preview_values, setting_tabs, wants_preview
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.tickets.clocks.errors import SettingInvalid
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.setting_calendars import calendar_lines
from anshou.tickets.clocks.setting_days import (
    DayGiven,
    days_of_year,
    enter_year,
    forget_day,
    preview_days,
    save_days,
)
from anshou.tickets.clocks.setting_rows import CHINA
from anshou.tickets.clocks.workdays import WorkdayRule, published_years
from tenants.refusals import N_, Invalid, Message

# How far back and ahead of this year the page leads.
BEFORE, AHEAD = 1, 2
YEARS = range(2000, 2200)


@get("/settings/days")
async def days_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A year's days that differ from the week's pattern."""
    authorize(visit.person, Permission.READ_SETTINGS)
    return await _show(request, visit)


@post("/settings/days", status_code=303)
async def submit_day(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Show what a day would do, or enter it."""
    authorize(visit.person, Permission.MANAGE_LIMITS)
    typed = await typed_by(request)
    calendar = typed.one("calendar") or CHINA
    reading = read(DayGiven, typed, given={"calendar": calendar})
    if reading.value is None:
        return await _show(request, visit, typed, wrong=reading.refusal)
    given = [reading.value]
    try:
        if wants_preview(typed):
            language, zone = language_of(request), (await read_settings(visit.session)).zone
            found = await preview_days(visit.session, given, start=visit.at, by=visit.person)
            return await _show(request, visit, typed, preview=preview_values(found, language, zone))
        async with visit.session.begin_nested():
            await save_days(visit.session, given, by=visit.person, at=visit.at)
    except Invalid as refusal:
        return await _show(request, visit, typed, wrong=refusal)
    said = language_of(request).say(N_("%(day)s 已保存，正在计时的工单已重新计算。"), day=reading.value.day)
    return go_to(request, _address(calendar, reading.value.day.year), Notice(said))


@post("/settings/days/{day:str}/forget", status_code=303)
async def forget(day: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take back a day that was entered."""
    calendar = str((await request.form()).get("calendar", CHINA))
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise SettingInvalid({"day": Message(N_("“%(day)s”不是日期"), day=day[:20])}) from None
    await forget_day(visit.session, calendar, on, by=visit.person, at=visit.at)
    return go_to(request, _address(calendar, on.year), Notice(language_of(request).say(N_("该日期已移除。"))))


@post("/settings/days/years/{year:int}", status_code=303)
async def confirm_year(year: FromPath[int], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Say that the days of a year are complete: it is no longer provisional."""
    if year not in YEARS:
        raise SettingInvalid({"year": Message(N_("没有这一年"))})
    await enter_year(visit.session, year, [], by=visit.person, at=visit.at)
    said = language_of(request).say(N_("%(year)s 年的安排已确认，不再是暂定。"), year=year)
    return go_to(request, _address(CHINA, year), Notice(said))


def _address(calendar: str, year: int) -> str:
    return with_query("/settings/days", calendar="" if calendar == CHINA else calendar, year=year)


async def _show(
    request: Asked,
    visit: Visit,
    typed: Typed = NOTHING,
    *,
    wrong: Invalid | None = None,
    preview: Any = None,
) -> Response[str]:
    language = language_of(request)
    rulebook = await read_rulebook(visit.session)
    this_year = visit.at.astimezone((await read_settings(visit.session)).zone).year
    tables = _tables(rulebook, language)
    asked = typed.one("calendar") or request.query_params.get("calendar", CHINA)
    calendar = asked if asked in tables else CHINA
    year = _year(typed.one("day")[:4] or request.query_params.get("year", ""), this_year)
    known = published_years() | rulebook.entered_years
    shown = form_values(request, DayGiven, typed, wrong=wrong)
    shown["fields"] = [field for field in shown["fields"] if field.name != "calendar"]
    return page(
        request,
        "administration/days.html",
        status_code=status_of(wrong) if wrong else 200,
        tabs=setting_tabs(language, "/settings/days"),
        tables=[(name, label, _address(name, year)) for name, label in tables.items()],
        calendar=calendar,
        is_china=calendar == CHINA,
        years=[
            (one, _address(calendar, one), calendar == CHINA and one not in known)
            for one in sorted({*range(this_year - BEFORE, this_year + AHEAD + 1), year})
        ],
        year=year,
        provisional=calendar == CHINA and year not in known,
        days=await days_of_year(visit.session, calendar, year),
        may_change=allows(visit.person, Permission.MANAGE_LIMITS),
        preview=preview,
        **shown,
    )


def _tables(rulebook: Rulebook, language: Language) -> dict[str, str]:
    """China's workdays, and the calendars that follow a table of their own."""
    own = {
        one.code: language.say(one.label)
        for one in calendar_lines(rulebook)
        if one.rule is WorkdayRule.OWN and one.department is None
    }
    return {CHINA: language.say(N_("国家工作日"))} | own


def _year(asked: str, otherwise: int) -> int:
    return int(asked) if asked.isdecimal() and int(asked) in YEARS else otherwise
