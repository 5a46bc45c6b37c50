"""Single days: what the State Council has not published yet, what it changed, and own tables of dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.clocks.clock_rows import ChangeCause
from anshou.tickets.clocks.errors import CalendarUnknown, SettingInvalid
from anshou.tickets.clocks.figures import FigureKey, figure_keys
from anshou.tickets.clocks.previewing import Preview, preview
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.recomputing import recompute_running
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.setting_rows import CHINA, CalendarDay, CalendarYear
from anshou.tickets.clocks.workdays import WorkdayRule, name_of_day, published_days, published_years
from anshou.tickets.deeds import LIMITS_CHANGED
from confidentiality.audit.leaves import record
from tenants.base import new_id
from tenants.refusals import N_, Message


class DayGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a date is worked: in China's calendar, or in the own table of the calendar of that code."""

    calendar: Annotated[str, Meta(max_length=40, title=N_("日历"))] = CHINA
    day: Annotated[date, Meta(title=N_("日期"))]
    working: Annotated[bool, Meta(title=N_("是否上班"))]
    name: Annotated[str, Meta(max_length=40, title=N_("说明"))] = ""


@dataclass(frozen=True, slots=True)
class DayLine:
    """A date that differs from the week's pattern; `entered` if the tenant entered it."""

    day: date
    working: bool
    name: str
    entered: bool


async def days_of_year(session: AsyncSession, calendar: str, year: int) -> list[DayLine]:
    """The dates of a year that differ from the week's pattern, what was entered over what was published."""
    query = select(CalendarDay.day, CalendarDay.working, CalendarDay.name).where(
        CalendarDay.calendar == calendar, CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    )
    entered = {row.day: DayLine(row.day, row.working, row.name, entered=True) for row in await session.execute(query)}
    published = published_days().items() if calendar == CHINA else ()
    lines = {
        day: DayLine(day, working, name_of_day(day) or "", entered=False)
        for day, working in published
        if day.year == year
    }
    return [line for _, line in sorted((lines | entered).items())]


async def preview_days(session: AsyncSession, given: Sequence[DayGiven], *, start: datetime, by: Person) -> Preview:
    """What saving these days would do to every figure, and to the clocks that run. Raises SettingInvalid."""
    authorize(by, Permission.MANAGE_LIMITS)
    before = await read_rulebook(session)
    _check(given, before)
    after = before
    for one in given:
        after = _with_day(after, one)
    return await preview(session, before, after, _keys_of_rules(given, before), start=start)


async def save_days(session: AsyncSession, given: Sequence[DayGiven], *, by: Person, at: datetime) -> None:
    """Enter days; running clocks are computed again. Raises SettingInvalid."""
    authorize(by, Permission.MANAGE_LIMITS)
    _check(given, await read_rulebook(session))
    await _write(session, given, by=by, at=at)
    await recompute_running(session, cause=ChangeCause.CALENDAR, at=at)
    await record(session, LIMITS_CHANGED, actor=by.actor(), at=at, body={"days": [str(one.day) for one in given]})


async def forget_day(session: AsyncSession, calendar: str, day: date, *, by: Person, at: datetime) -> None:
    """Take back a day that was entered; running clocks are computed again."""
    authorize(by, Permission.MANAGE_LIMITS)
    await session.execute(delete(CalendarDay).where(CalendarDay.calendar == calendar, CalendarDay.day == day))
    await recompute_running(session, cause=ChangeCause.CALENDAR, at=at)
    await record(
        session, LIMITS_CHANGED, actor=by.actor(), at=at, body={"day": str(day), "calendar": calendar, "reset": True}
    )


async def enter_year(session: AsyncSession, year: int, given: Sequence[DayGiven], *, by: Person, at: datetime) -> None:
    """Enter China's calendar of a whole year by hand: it is no longer provisional. Raises SettingInvalid."""
    authorize(by, Permission.MANAGE_LIMITS)
    strays = [one for one in given if one.calendar != CHINA or one.day.year != year]
    if strays:
        raise SettingInvalid({"day": Message(N_("%(day)s 不在 %(year)s 年"), day=str(strays[0].day), year=year)})
    await _write(session, given, by=by, at=at)
    known = insert(CalendarYear).values(id=new_id(), year=year, entered_at=at, entered_by=by.id)
    await session.execute(known.on_conflict_do_nothing(index_elements=["year"]))
    await recompute_running(session, cause=ChangeCause.CALENDAR, at=at)
    await record(session, LIMITS_CHANGED, actor=by.actor(), at=at, body={"year": year})


async def take_in_published_years(session: AsyncSession, *, at: datetime) -> bool:
    """Compute running clocks again if a year was published since the last call; to be called after an update.

    The published calendar comes with the product, so a year arrives with a new version of it.
    """
    known = set(await session.scalars(select(CalendarYear.year).where(CalendarYear.entered_by.is_(None))))
    new = [year for year in published_years() if year >= at.year and year not in known]
    for year in new:
        row = insert(CalendarYear).values(id=new_id(), year=year, entered_at=at, entered_by=None)
        changed = {"entered_at": at, "entered_by": None}
        await session.execute(row.on_conflict_do_update(index_elements=["year"], set_=changed))
    if new:
        await recompute_running(session, cause=ChangeCause.CALENDAR, at=at)
    return bool(new)


async def _write(session: AsyncSession, given: Iterable[DayGiven], *, by: Person, at: datetime) -> None:
    for one in given:
        values = {"working": one.working, "name": one.name, "changed_at": at, "changed_by": by.id}
        row = insert(CalendarDay).values(id=new_id(), calendar=one.calendar, day=one.day, **values)
        await session.execute(row.on_conflict_do_update(index_elements=["calendar", "day"], set_=values))


def _check(given: Iterable[DayGiven], rulebook: Rulebook) -> None:
    for code in {one.calendar for one in given} - {CHINA}:
        try:
            named = rulebook.named_calendar(code)
        except CalendarUnknown as unknown:
            raise SettingInvalid({"calendar": Message(unknown.message, **unknown.params)}) from None
        if named.rule is not WorkdayRule.OWN:
            said = Message(N_("“%(calendar)s”不使用自定日期表"), calendar=Message(named.label))
            raise SettingInvalid({"calendar": said})


def _with_day(rulebook: Rulebook, given: DayGiven) -> Rulebook:
    def changed(days: Iterable[tuple[date, bool]]) -> frozenset[tuple[date, bool]]:
        return frozenset({**dict(days), given.day: given.working}.items())

    if given.calendar == CHINA:
        return replace(rulebook, china_changes=changed(rulebook.china_changes))
    own = {**rulebook.own_days, given.calendar: changed(rulebook.own_days.get(given.calendar, ()))}
    return replace(rulebook, own_days=own)


def _keys_of_rules(given: Iterable[DayGiven], rulebook: Rulebook) -> list[FigureKey]:
    """The figures that count in a calendar which these days belong to."""
    codes = {one.calendar for one in given}

    def concerned(key: FigureKey) -> bool:
        figure = rulebook.figure(key)
        if figure is None:
            return False
        named = rulebook.named_calendar(figure.calendar)
        return (named.rule is WorkdayRule.CHINA and CHINA in codes) or (
            named.rule is WorkdayRule.OWN and named.code in codes
        )

    return [key for key in figure_keys() if concerned(key)]
