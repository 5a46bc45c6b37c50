"""A budget as its line and its page show it: in words, as a bar, and with the way to its costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from anshou.finance.budgets import Watched
from anshou.language import Language
from anshou.people.roles import Department
from anshou.portal.costs.places import ALL
from anshou.portal.costs.queue import BOOKED_ONES
from billing.budgets.lines import Budget
from billing.budgets.watching import Standing
from tenants.refusals import N_

BUDGETS = "/budgets"

TONES: dict[Standing | None, str] = {
    Standing.OK: "green",
    Standing.WARNED: "amber",
    Standing.FLAGGED: "red",
    None: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The bar in thousandths of its width: what is used, the forecast, and where four fifths and all of it are."""

    used: int
    forecast: int
    mark: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A budget in a list. `percent` is what is used, rounded down: 100 only when all of it is."""

    of: Watched
    name: str
    address: str
    costs: str
    percent: int
    bar: Bar
    tone: str
    over: int


def address_of(budget: Budget) -> str:
    """The page of a budget."""
    return f"{BUDGETS}/{budget.id}"


def scope_of(budget: Budget, merchants: Mapping[UUID, str], language: Language) -> str:
    """What a budget covers, in words."""
    named = []
    if budget.department is not None:
        named.append(language.say(Department(budget.department).label))
    if budget.merchant_id is not None:
        named.append(merchants.get(budget.merchant_id, "—"))
    if budget.category is not None:
        named.append(language.say(budget.category.label))
    return " · ".join(named)


def bar_of(one: Watched) -> Bar:
    """The bar's lengths; what goes beyond the budget makes the whole longer, so that it is seen how far."""
    whole = max(one.limit, one.spent.used, one.forecast, 1)
    return Bar(
        used=one.spent.used * 1000 // whole,
        forecast=one.forecast * 1000 // whole,
        mark=one.limit * 800 // whole,
        end=one.limit * 1000 // whole,
    )


def line_of(one: Watched, merchants: Mapping[UUID, str], language: Language) -> Line:
    """The budget as a line of the list."""
    return Line(
        of=one,
        name=scope_of(one.budget, merchants, language),
        address=address_of(one.budget),
        costs=_costs_of(one.budget),
        percent=one.spent.used * 100 // one.limit if one.limit else 0,
        bar=bar_of(one),
        tone=TONES[one.standing],
        over=max(one.forecast - one.limit, 0),
    )


def standing_label(one: Watched) -> str:
    """How it stands, as a message id."""
    return one.standing.label if one.standing is not None else N_("已停用")


def _costs_of(budget: Budget) -> str:
    """The list of costs, narrowed to what the budget counts."""
    narrowed = {
        "state": BOOKED_ONES,
        "department": budget.department,
        "merchant": budget.merchant_id,
        "category": budget.category.value if budget.category else None,
        "incurred_from": budget.span.first,
        "incurred_until": budget.span.last,
    }
    return f"{ALL}?{urlencode({name: value for name, value in narrowed.items() if value is not None})}"
