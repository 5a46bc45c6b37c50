"""What waits for me: a card for each matter, with the first of it and the way to all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.finance.waiting import FIRST, MOST, Desk, Matter, Thing, Waiting, waiting_for
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.budgets.views import TONES, scope_of
from anshou.portal.budgets.views import address_of as budget_address
from anshou.portal.closing.places import CLOSING, page_of
from anshou.portal.costs.places import COSTS, PENDING
from anshou.portal.costs.places import address_of as cost_address
from anshou.portal.invoices.places import INVOICES
from anshou.portal.pages import language_of, page
from anshou.portal.statements.places import DISPUTES, STATEMENTS, line_address, month_address
from anshou.portal.statements.places import address_of as statement_address
from billing.budgets.watching import Standing
from billing.ledger.posting import BOOKS_ZONE
from tenants.refusals import N_

# Icon of a matter's card, and where all of it is.
CARDS: dict[Matter, tuple[str, str]] = {
    Matter.VERIFY: ("wallet", COSTS),
    Matter.COUNTERSIGN: ("user-check", COSTS),
    Matter.DETERMINE: ("hourglass", PENDING),
    Matter.RECONCILE: ("scale", "/reconciliation"),
    Matter.PREPARE: ("checklist", STATEMENTS),
    Matter.REVIEW: ("checklist", STATEMENTS),
    Matter.ISSUE: ("send", STATEMENTS),
    Matter.ANSWER: ("message-2", DISPUTES),
    Matter.ACCEPT_INVOICE: ("receipt", f"{INVOICES}?state=requested"),
    Matter.WRITE_INVOICE: ("receipt", f"{INVOICES}?state=accepted"),
    Matter.CLOSE: ("calendar-event", CLOSING),
}

# What the day beside a thing means, where it is not since when it waits.
UNTIL = (Matter.ACCEPT_INVOICE, Matter.WRITE_INVOICE)
OF_MONTHS = (Matter.PREPARE, Matter.REVIEW, Matter.ISSUE, Matter.CLOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing in a card."""

    name: str
    beside: str
    day: str
    is_late: bool
    fen: int | None
    currency: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A matter with what waits of it. `count` in words: bounded counts end in a plus."""

    title: str
    icon: str
    count: str
    address: str
    lines: list[Line]
    more: int


@get("/finance")
async def desk_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The cards of what waits; what does not wait is named in one line."""
    authorize_at_desk(visit.person, Permission.ISSUE_STATEMENTS)
    desk = await waiting_for(visit.session, by=visit.person, at=visit.at)
    merchants = await merchant_names(visit.session)
    today, language = visit.at.astimezone(BOOKS_ZONE).date(), language_of(request)
    return page(
        request,
        "finance/desk.html",
        is_clear=desk.is_clear,
        cards=[_card(one, merchants, today, language) for one in desk.waiting if one.count],
        clear=[language.say(one.matter.label) for one in desk.waiting if not one.count],
        budgets=_budgets(desk, merchants, language),
    )


def _card(waiting: Waiting, merchants: Mapping[UUID, str], today: date, language: Language) -> Card:
    icon, address = CARDS[waiting.matter]
    return Card(
        title=language.say(waiting.matter.label),
        icon=icon,
        count=f"{waiting.count}+" if waiting.count >= MOST else str(waiting.count),
        address=address,
        lines=[
            Line(
                name=one.name,
                beside=""
                if waiting.matter in OF_MONTHS or one.merchant_id is None
                else merchants.get(one.merchant_id, ""),
                day=_day(waiting.matter, one, language),
                is_late=waiting.matter in UNTIL and one.day < today,
                fen=one.fen,
                currency=one.currency,
                address=_address(waiting.matter, one) or address,
            )
            for one in waiting.first
        ],
        more=max(waiting.count - FIRST, 0),
    )


def _day(matter: Matter, thing: Thing, language: Language) -> str:
    if matter is Matter.CLOSE:
        return ""
    if matter in OF_MONTHS:
        return f"{thing.day:%Y-%m}"
    if matter in UNTIL:
        return language.say(N_("应于 %(day)s 前开票"), day=f"{thing.day:%Y-%m-%d}")
    return f"{thing.day:%Y-%m-%d}"


def _address(matter: Matter, thing: Thing) -> str:
    """The page of a thing; empty where it has none of its own."""
    match matter:
        case Matter.VERIFY | Matter.COUNTERSIGN:
            return f"{COSTS}?item={thing.name}"
        case Matter.DETERMINE:
            return cost_address(thing.name)
        case Matter.PREPARE | Matter.REVIEW | Matter.ISSUE if thing.merchant_id is not None:
            return month_address(thing.day, thing.merchant_id)
        case Matter.ANSWER:
            number, _, place = thing.name.partition("/")
            return line_address(statement_address(number), int(place))
        case Matter.ACCEPT_INVOICE | Matter.WRITE_INVOICE:
            return f"{INVOICES}/{thing.name}"
        case Matter.CLOSE:
            return page_of(thing.day)
        case _:
            return ""


def _budgets(desk: Desk, merchants: Mapping[UUID, str], language: Language) -> list[tuple[str, str, str, str, str]]:
    """Name, period, words, tone and address of each budget that passed a threshold."""
    words = {Standing.WARNED: N_("已用八成"), Standing.FLAGGED: N_("已用完")}
    return [
        (
            scope_of(budget, merchants, language),
            budget.period,
            language.say(words[standing]),
            TONES[standing],
            budget_address(budget),
        )
        for budget, standing in desk.budgets
    ]
