"""What a report's address asks for, and the address that asks for it. What cannot be read narrows nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from anshou.finance.reporting.asking import Bearer, By, Months, Narrowed
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.roles import Department
from anshou.portal.query_values import identifier
from anshou.portal.statements.months import month_before, read_month
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Kind
from billing.ledger.posting import BOOKS_ZONE
from billing.parties import CostCategory, Party
from tenants.refusals import N_

# In an address: of what there is none, e.g. costs of no shop.
NONE = "none"

# More than any agency keeps books for; a report draws a line for each.
MOST_MONTHS = 120

_ENUMS: dict[By, type[StrEnum]] = {
    By.KIND: Kind,
    By.TOPIC: Category,
    By.CAUSE: Party,
    By.DEPARTMENT: Department,
    By.CATEGORY: CostCategory,
    By.BEARER: Bearer,
}
_NAMED = (By.MERCHANT, By.SHOP, *_ENUMS)

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Question:
    """A report that is asked for: of what, by what."""

    months: Months
    narrowed: Narrowed
    by: By

    @property
    def period(self) -> str:
        """The months, as people write them."""
        first, last = (f"{month:%Y-%m}" for month in (self.months.first, self.months.last))
        return first if first == last else f"{first} — {last}"

    def query(self, **others: object) -> str:
        """The query of an address that asks for the same, but for `others`: None takes a value away."""
        asked: dict[str, object] = {"from": f"{self.months.first:%Y-%m}", "until": f"{self.months.last:%Y-%m}"}
        asked |= {"by": self.by.value, **self.kept}
        asked |= others
        return urlencode({name: value for name, value in asked.items() if value not in (None, "")})

    @property
    def kept(self) -> dict[str, str]:
        """What narrows it, as the address says it."""
        given = {one.name: getattr(self.narrowed, one.name) for one in fields(self.narrowed) if one.name != "unknown"}
        named = {name: str(value) for name, value in given.items() if value is not None}
        return named | {by.value: NONE for by in self.narrowed.unknown}

    def key(self, key: Any) -> dict[str, object]:
        """What narrows it to one of its lines."""
        if self.by is By.MONTH:
            return {"from": f"{key:%Y-%m}", "until": f"{key:%Y-%m}"}
        return {self.by.value: NONE if key is None else str(key)}


def asked_of(request: Asked, visit: Visit, by: By = By.MERCHANT) -> Question:
    """The report that the address asks for; this year's where it says nothing, by what it does not say."""
    given = request.query_params
    today = visit.at.astimezone(BOOKS_ZONE).date()
    return Question(_months(given, today), _narrowed(given), member(By, given.get("by")) or by)


def presets(question: Question, visit: Visit, language: Language) -> list[tuple[str, str, bool]]:
    """Periods that are asked for often: a label, the query, and whether it is the one that is looked at."""
    month = visit.at.astimezone(BOOKS_ZONE).date().replace(day=1)
    year = month.replace(month=1)
    last_year = year.replace(year=year.year - 1)
    offered = [
        (N_("本月"), Months(month, month)),
        (N_("上月"), Months(month_before(month), month_before(month))),
        (N_("本季度"), Months(month.replace(month=(month.month - 1) // 3 * 3 + 1), month)),
        (N_("今年"), Months(year, month)),
        (N_("去年"), Months(last_year, last_year.replace(month=12))),
    ]
    return [
        (language.say(label), Question(months, question.narrowed, question.by).query(), months == question.months)
        for label, months in offered
    ]


def member(kind: type[E], value: str | None) -> E | None:
    """The member of that value, or None."""
    try:
        return kind(value or "")
    except ValueError:
        return None


def _months(given: Mapping[str, str], today: date) -> Months:
    this = today.replace(day=1)
    first = read_month(given.get("from", "")) or this.replace(month=1)
    last = read_month(given.get("until", "")) or max(first, this)
    if last < first:
        first, last = last, first
    # The last months of a period that is too long to be meant.
    earliest = last.year * 12 + last.month - MOST_MONTHS
    return Months(max(first, date(max(earliest // 12, 1), earliest % 12 + 1, 1)), last)


def _narrowed(given: Mapping[str, str]) -> Narrowed:
    values: dict[str, UUID | StrEnum | None] = {
        by.value: member(_ENUMS[by], given.get(by.value)) if by in _ENUMS else identifier(given.get(by.value))
        for by in _NAMED
    }
    unknown = frozenset(by for by in _NAMED if given.get(by.value) == NONE)
    return Narrowed(**values, unknown=unknown)  # type: ignore[arg-type]
