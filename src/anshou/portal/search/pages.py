"""Searching tickets: what was typed above what was found, for the agency's desk and for the merchant's."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked as Request
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows
from anshou.people.saved_views import Place, SavedView, canonical, list_views
from anshou.portal.agency.places import TICKETS, authorize_at_desk
from anshou.portal.merchant.places import MY_TICKETS, acting_for, own_merchant
from anshou.portal.pages import go_to, language_of, page
from anshou.portal.search.asking import Asked
from anshou.portal.search.places import MY_SEARCH, SEARCH
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.kinds import Kind, Status
from anshou.tickets.processes import PROCESSES
from anshou.tickets.reach import visible_ticket
from anshou.tickets.search.errors import QuestionTooShort
from anshou.tickets.search.finding import Found, search_tickets

STATUS_TONES = {
    Status.PENDING: "red",
    Status.IN_PROGRESS: "blue",
    Status.AWAITING_CUSTOMER: "amber",
    Status.DONE: "green",
    Status.CLOSED: "",
}

_PREFIXES = frozenset(process.prefix for process in PROCESSES.values())


@get(SEARCH)
async def search_page(request: Request, visit: NamedDependency[Visit]) -> Response[str]:
    """What the agency's people find. A whole ticket number opens the ticket."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    if (number := await _exactly(visit, request)) is not None:
        return go_to(request, f"{TICKETS.root}/{number}")
    views = await list_views(visit.session, visit.person, Place.SEARCH)
    if (kept := _only_named(request, views)) is not None:
        return go_to(request, f"{SEARCH}?{kept.query_string()}")
    merchants = await merchant_names(visit.session)
    shown = await _shown(request, visit, SEARCH, merchants, views)
    may_open = allows(visit.person, Permission.READ_TICKETS)
    return page(request, "search/search.html", tickets=TICKETS.root, may_open=may_open, **shown)


@get(MY_SEARCH)
async def my_search_page(request: Request, visit: NamedDependency[Visit]) -> Response[str]:
    """What a merchant's people find among their own tickets."""
    merchant_id = own_merchant(visit.person, Permission.READ_TICKETS)
    if (number := await _exactly(visit, request)) is not None:
        return go_to(request, f"{MY_TICKETS.root}/{number}")
    views = await list_views(visit.session, visit.person, Place.SEARCH)
    if (kept := _only_named(request, views)) is not None:
        return go_to(request, f"{MY_SEARCH}?{kept.query_string()}")
    shown = await _shown(request, visit, MY_SEARCH, {}, views)
    around = await acting_for(visit, merchant_id)
    return page(request, "search/my_search.html", tickets=MY_TICKETS.root, may_open=True, **shown, **around)


async def _shown(
    request: Request, visit: Visit, root: str, merchants: Mapping[UUID, str], views: Sequence[SavedView]
) -> dict[str, Any]:
    zone = (await read_settings(visit.session)).zone
    asked = Asked.read(request.query_params, zone)
    found, too_short = await _found(visit, asked)
    view = next((one for one in views if one.id == asked.view), None)
    return {
        "root": root,
        "asked": asked.said,
        "words": asked.words,
        "found": found,
        "too_short": too_short,
        "is_narrowed": bool(asked.said.keys() - {"q"}),
        "offered": _offered(language_of(request), merchants),
        "tones": STATUS_TONES,
        "unnarrowed": f"{root}?{_only_words(asked)}",
        "first": asked.address(root) if asked.after else "",
        "following": asked.address(root, after=str(found.after)) if found and found.after else "",
        "zone": zone,
        "views": views,
        "view": view,
        "view_differs": view is not None and bool(asked.words) and view.query != canonical(asked.said),
        "present": asked.address(root),
        "keeping": asked.address(f"{root}/views/new", view="") if asked.words else "",
    }


def _only_named(request: Request, views: Sequence[SavedView]) -> SavedView | None:
    """The saved search that the address names and says no more, e.g. a bookmark: on to what it says now."""
    named = request.query_params.get("view") if {*request.query_params} == {"view"} else None
    return next((one for one in views if str(one.id) == named), None)


async def _found(visit: Visit, asked: Asked) -> tuple[Found | None, bool]:
    """What was found, None if nothing was asked; and whether what was asked is too short."""
    if not asked.words:
        return None, False
    try:
        found = await search_tickets(
            visit.session, visit.person, asked.words, asked.narrowing, at=visit.at, after=asked.after
        )
    except QuestionTooShort:
        return None, True
    return found, False


async def _exactly(visit: Visit, request: Request) -> str | None:
    """The number of the one ticket that was typed, if it is one in the person's reach."""
    number = request.query_params.get("q", "").strip().upper()
    if not allows(visit.person, Permission.READ_TICKETS) or number[:2] not in _PREFIXES:
        return None
    try:
        return (await visible_ticket(visit.session, visit.person, number)).number
    except TicketNotFound:
        return None


def _offered(language: Language, merchants: Mapping[UUID, str]) -> dict[str, list[tuple[str, str]]]:
    by_name = sorted(merchants.items(), key=lambda pair: pair[1])
    return {
        "kind": [(one.value, language.say(one.label)) for one in Kind],
        "status": [(one.value, language.say(one.label)) for one in Status],
        "merchant": [(str(merchant), name) for merchant, name in by_name],
    }


def _only_words(asked: Asked) -> str:
    return asked.address("", **{name: "" for name in asked.said if name != "q"}).removeprefix("?")
