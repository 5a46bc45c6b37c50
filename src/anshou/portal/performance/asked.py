"""What an address asks of measures, and the address that asks for it. What cannot be read narrows nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.agency import read_settings
from anshou.people.roles import Department
from anshou.performance.asking import TIMES, By, Narrowed, Period, month_from
from anshou.performance.sight import Sight
from anshou.portal.query_values import identifier
from anshou.portal.reports.asked import member
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Kind
from tenants.refusals import N_

# In an address: of what there is none, e.g. tickets without an owner.
NONE = "none"

# A longer period is not meant; a plot draws a step for each of its months.
LONGEST = timedelta(days=3660)

_ENUMS: dict[By, type[StrEnum]] = {By.KIND: Kind, By.CATEGORY: Category, By.DEPARTMENT: Department}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of measures."""

    period: Period
    narrowed: Narrowed
    by: By

    @property
    def said(self) -> str:
        """The period, as people write it."""
        return said(self.period)

    @property
    def kept(self) -> dict[str, str]:
        """What narrows it, as the address says it."""
        given = {one.name: getattr(self.narrowed, one.name) for one in fields(self.narrowed) if one.name != "unknown"}
        named = {name: str(value) for name, value in given.items() if value is not None}
        return named | {by.value: NONE for by in self.narrowed.unknown}

    def query(self, **others: object) -> str:
        """The query of an address that asks for the same, but for `others`: None takes a value away."""
        asked: dict[str, object] = {"from": self.period.first.isoformat(), "until": self.period.last.isoformat()}
        asked |= {**self.kept, "by": self.by.value} | others
        return urlencode({name: value for name, value in asked.items() if value not in (None, "")})

    def of(self, period: Period) -> "Question":
        """The same of another period."""
        return replace(self, period=period)

    def line(self, key: Any) -> dict[str, object]:
        """What narrows it to one of its lines."""
        return {self.by.value: NONE if key is None else str(key)}


async def asked_of(given: Mapping[str, str], visit: Visit, sight: Sight) -> Question:
    """What the address asks for; this month where it says nothing."""
    zone = (await read_settings(visit.session)).zone
    today = visit.at.astimezone(zone).date()
    first, last = _days(_day(given.get("from")), _day(given.get("until")), today)
    if last < first:
        first, last = last, first
    by = member(By, given.get("by"))
    return Question(
        Period(max(first, last - LONGEST), last, zone),
        _narrowed(given, sight),
        by if by in sight.dimensions and by is not None else sight.dimensions[0],
    )


def said(period: Period) -> str:
    """The days, or the months where it is of whole ones."""
    form = "%Y-%m" if period.whole_months else "%Y-%m-%d"
    first, last = period.first.strftime(form), period.last.strftime(form)
    return first if first == last else f"{first} — {last}"


def presets(question: Question, visit: Visit, language: Language) -> list[tuple[str, str, bool]]:
    """Periods that are asked for often: a label, the query, and whether it is the one that is looked at."""
    zone = question.period.zone
    today = visit.at.astimezone(zone).date()
    month = today.replace(day=1)
    year = month.replace(month=1)
    last_year = year.replace(year=year.year - 1)
    offered = [
        (N_("近 7 天"), today - timedelta(days=6), today),
        (N_("近 30 天"), today - timedelta(days=29), today),
        (N_("本月"), month, today),
        (N_("上月"), month_from(month, -1), month - timedelta(days=1)),
        (N_("本季度"), month.replace(month=(month.month - 1) // 3 * 3 + 1), today),
        (N_("今年"), year, today),
        (N_("去年"), last_year, year - timedelta(days=1)),
    ]
    found = [(label, Period(first, last, zone)) for label, first, last in offered]
    return [(language.say(label), question.of(one).query(), one == question.period) for label, one in found]


def _days(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    if first is None:
        last = last or today
        return last.replace(day=1), last
    return first, last or max(first, today)


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    # Far enough from both ends of the calendar for the period before and the day after.
    return day if 1990 <= day.year <= 2100 else None


def _narrowed(given: Mapping[str, str], sight: Sight) -> Narrowed:
    offered = [by for by in By if by not in TIMES and (by in sight.dimensions or by is By.PERSON)]
    if sight.is_merchant:
        offered = list(sight.dimensions)
    values: dict[str, UUID | StrEnum | None] = {
        by.value: member(_ENUMS[by], given.get(by.value)) if by in _ENUMS else identifier(given.get(by.value))
        for by in offered
    }
    unknown = frozenset(by for by in offered if given.get(by.value) == NONE)
    return Narrowed(**values, unknown=unknown)  # type: ignore[arg-type]
