"""The tenant's rules for limits at one moment: figures and calendars together. Pure; `settings` reads and changes them.

What a clock's limit is follows from here: the tenant's figure, or the contract's where that is tighter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from anshou.people.roles import Department
from anshou.tickets.clocks.calendars import DEFAULT_ZONE, Calendar, Week, every_day, monday_to_friday
from anshou.tickets.clocks.due import Due, Stop, compute
from anshou.tickets.clocks.errors import CalendarUnknown
from anshou.tickets.clocks.explaining import Source, SourceKind
from anshou.tickets.clocks.figures import (
    AROUND_THE_CLOCK,
    DEFAULTS,
    SERVICE_HOURS,
    WORKING_HOURS,
    Clause,
    Figure,
    FigureKey,
)
from anshou.tickets.clocks.hours import ALL_DAY, CLOSED, Hours, parse_hours
from anshou.tickets.clocks.workdays import EVERY_DAY, WorkdayRule, Workdays, china_workdays, own_workdays
from tenants.refusals import N_

CalendarKey = tuple[str, Department | None]
DayChanges = frozenset[tuple[date, bool]]


@dataclass(frozen=True, slots=True)
class NamedCalendar:
    """A calendar as the tenant set it up: `code` in settings and clauses, `label` for people (a message id).

    With a `department` it stands in for the calendar of the same code on that department's tickets.
    """

    code: str
    label: str
    week: Week
    rule: WorkdayRule = WorkdayRule.EVERY_DAY
    zone: str = DEFAULT_ZONE
    makeup_hours: Hours = CLOSED
    department: Department | None = None

    @property
    def key(self) -> CalendarKey:
        """What finds it."""
        return self.code, self.department


_OFFICE = parse_hours("09:00-12:00, 13:30-18:00")

# The defaults of domain.md section 3. Around the clock means what it says and cannot be changed.
BUILT_IN = (
    NamedCalendar(SERVICE_HOURS, N_("服务时间"), every_day(parse_hours("09:00-18:30"))),
    NamedCalendar(WORKING_HOURS, N_("工作时间"), monday_to_friday(_OFFICE), WorkdayRule.CHINA),
    NamedCalendar(AROUND_THE_CLOCK, N_("全天候"), every_day(ALL_DAY)),
)


@dataclass(frozen=True, slots=True)
class Timing:
    """The limit that counts for one clock, and why."""

    figure: Figure
    calendar: Calendar
    calendar_label: str
    source: Source

    def due(self, start: datetime, stops: Sequence[Stop] = ()) -> Due:
        """When a clock that started at `start` is due."""
        return compute(start, self.figure.limit, self.calendar, stops)

    def end(self, start: datetime) -> datetime:
        """When it is due if nothing stops it."""
        end = self.due(start).at
        if end is None:
            raise AssertionError("a limit that nothing stops ends")
        return end


@dataclass(frozen=True)
class Rulebook:
    """All figures and calendars of a tenant.

    - `figures`: what the tenant set; a key that is missing has its default, None means no limit.
    - `calendars`: what the tenant set; the built-in ones count where none is set under their code.
    - `china_changes`, `entered_years`: what the tenant entered by hand about China's workdays.
    - `own_days`: the own table of each calendar code that follows one.
    """

    figures: Mapping[FigureKey, Figure | None] = field(default_factory=dict)
    calendars: Mapping[CalendarKey, NamedCalendar] = field(default_factory=dict)
    china_changes: DayChanges = frozenset()
    entered_years: frozenset[int] = frozenset()
    own_days: Mapping[str, DayChanges] = field(default_factory=dict)

    def figure(self, key: FigureKey) -> Figure | None:
        """The tenant's figure; None where there is no limit."""
        return self.figures[key] if key in self.figures else DEFAULTS[key]

    def named_calendar(self, code: str, department: Department | None = None) -> NamedCalendar:
        """The calendar of that code: the department's own, or the one for all. Raises CalendarUnknown."""
        built_in = next((calendar for calendar in BUILT_IN if calendar.code == code), None)
        found = self.calendars.get((code, department)) or self.calendars.get((code, None)) or built_in
        if found is None:
            raise CalendarUnknown(N_("没有名为“%(code)s”的日历"), code=code)
        return found

    def calendar(self, code: str, department: Department | None = None) -> Calendar:
        """The calendar of that code, ready to count in. Raises CalendarUnknown."""
        named = self.named_calendar(code, department)
        return _calendar(named, self._workdays(named))

    def timing(
        self, key: FigureKey, start: datetime, *, department: Department | None = None, clause: Clause | None = None
    ) -> Timing | None:
        """The limit that counts for a clock that started at `start`; None if there is none.

        A clause can only tighten: of the tenant's figure and the clause, the one that is due earlier counts.
        """
        figure = self.figure(key)
        own = None if figure is None else self.timed(figure, department)
        if clause is None:
            return own
        agreed_source = Source(kind=SourceKind.CONTRACT, contract=clause.contract, clause=clause.number)
        agreed = self.timed(clause.figure, department, agreed_source)
        return agreed if own is None or agreed.end(start) < own.end(start) else own

    def timed(self, figure: Figure, department: Department | None = None, source: Source | None = None) -> Timing:
        """A figure with its calendar. Raises CalendarUnknown."""
        named = self.named_calendar(figure.calendar, department)
        return Timing(figure, _calendar(named, self._workdays(named)), named.label, source or Source())

    def _workdays(self, named: NamedCalendar) -> Workdays:
        match named.rule:
            case WorkdayRule.EVERY_DAY:
                return EVERY_DAY
            case WorkdayRule.CHINA:
                return _china(self.china_changes, self.entered_years)
            case WorkdayRule.OWN:
                return _own(self.own_days.get(named.code, frozenset()))


# Tenants that keep the defaults share their calendars, and a calendar keeps the open time it has added up from one
# request to the next. A calendar-year takes about 100 KB.
@lru_cache(maxsize=512)
def _calendar(named: NamedCalendar, workdays: Workdays) -> Calendar:
    return Calendar(
        name=named.code, week=named.week, workdays=workdays, zone=named.zone, makeup_hours=named.makeup_hours
    )


@lru_cache(maxsize=256)
def _china(changes: DayChanges, entered_years: frozenset[int]) -> Workdays:
    return china_workdays(dict(changes), entered_years)


@lru_cache(maxsize=256)
def _own(days: DayChanges) -> Workdays:
    return own_workdays(dict(days))
