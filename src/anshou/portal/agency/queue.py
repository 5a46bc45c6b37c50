"""The queue: tabs over what narrows it over a list, as its address asks for it."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.merchants.shops import shop_names
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.people.saved_views import Place, list_views
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.agency.queue_asked import QUEUE, QueueAsked, read_asked
from anshou.portal.agency.queue_cells import Around, rows
from anshou.portal.agency.queue_chips import chips_of, quick_ones
from anshou.portal.agency.several import DEEDS
from anshou.portal.formats import inside
from anshou.portal.pages import fragment, go_to, language_of, page, portal_of
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.overview import next_clocks
from anshou.tickets.processes import PROCESSES
from anshou.tickets.queue_orders import Order
from anshou.tickets.queue_tabs import UNCOUNTED, Tab, sorts_of, tabs_of
from anshou.tickets.queues import COUNTED, Page, count_tickets, list_tickets
from anshou.tickets.reach import visible_ticket
from tenants.refusals import N_

PAGE = 50


@get("/tickets")
async def queue_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A page of one list."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    if {*request.query_params} == {"q"}:
        # Where the search was before it had a page of its own.
        return go_to(request, f"/search?{urlencode(dict(request.query_params))}")
    asked, person, language = await asked_of(request, visit), visit.person, language_of(request)
    if (found := await _exactly(visit, asked.said.get("q", ""))) is not None:
        return go_to(request, f"{QUEUE}/{found}")
    views = await list_views(visit.session, person, Place.QUEUE)
    view = next((one for one in views if one.id == asked.view), None)
    if view is not None and {*request.query_params} == {"view"}:
        # A view by its id alone, e.g. a bookmark: on to what it says now.
        return go_to(request, f"{QUEUE}?{view.query_string()}")
    shown = await _page_of(visit, asked)
    clocks = await next_clocks(visit.session, shown.lines)
    named = (asked.filters.merchant, *(line.merchant_id for line in shown.lines))
    merchants = await merchant_names(visit.session, {one for one in named if one is not None})
    owners = (asked.filters.owner, *(line.owner_id for line in shown.lines))
    names = await names_of(visit.session, {owner for owner in owners if owner is not None})
    shops = await _shops(visit, asked, shown)
    may_open = allows(person, Permission.READ_TICKETS)
    deeds = [deed for deed in DEEDS if may_open and allows(person, deed.needs)] if asked.tab is not Tab.CLOSED else []
    around = Around(
        language=language,
        icon=portal_of(request).rendering.icon,
        now=visit.at,
        zone=asked.zone,
        clocks=clocks,
        merchants=merchants,
        people=names,
        shops=shops,
        may_open=may_open,
        may_choose=bool(deeds),
    )
    return page(
        request,
        "agency/queue.html",
        asked=asked,
        tab=asked.tab,
        tabs=_tabs(person, asked.tab, language),
        columns=[_heading(asked, column, language) for column in asked.columns],
        sorted_by=_ordered(asked.order, language),
        orders=_orders(asked, language),
        rows=rows(shown.lines, asked.columns, around, chosen=asked.has_own_columns),
        chips=chips_of(asked, language, merchants=merchants, people=names, shops=shops),
        quick=quick_ones(asked, person),
        views=views,
        view=view,
        view_differs=view is not None and not _is_as(view, asked),
        news_address=asked.address("/tickets/news", after=request.query_params.get("after", ""), seen=_mark(shown)),
        first=asked.address() if asked.after else "",
        following=asked.address(after=str(shown.after)) if shown.after else "",
        is_filtered=bool(asked.filters.narrowing),
        deeds=deeds,
        may_report=allows(person, Permission.REPORT_TICKET),
    )


@get("/tickets/matching")
async def matching_count(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """How many tickets the whole list holds, for who wants to select them all; asked for once somebody selects some."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    asked = await asked_of(request, visit)
    count = await count_tickets(visit.session, visit.person, asked.tab, asked.filters, at=visit.at)
    return Response(counted(count) or "", media_type=MediaType.HTML)


@get("/tickets/news")
async def queue_news(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Whether the list would be another one by now than what is `seen`; 204 if not. Asked when some ticket changed."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    asked = await asked_of(request, visit)
    shown = await _page_of(visit, asked)
    if request.query_params.get("seen") == _mark(shown):
        return Response("", media_type=MediaType.HTML, status_code=204)
    return fragment(request, "agency/_news.html", address=asked.address(after=request.query_params.get("after", "")))


async def asked_of(request: Asked, visit: Visit) -> QueueAsked:
    """The list that this request asks for; a name that was given several times, e.g. by a form, is one list."""
    given = request.query_params
    said = {name: ",".join(given.getall(name)) if name == "columns" else given.getall(name)[-1] for name in given}
    return await read_asked(visit, said)


def counted(count: int | None) -> str | None:
    """A count as it is shown: `999+` where counting stopped."""
    return None if count is None else f"{COUNTED - 1}+" if count >= COUNTED else str(count)


async def listed(visit: Visit, asked: Mapping[str, str], *, limit: int) -> Page:
    """The page of the queue that its query asks for. Raises CursorInvalid."""
    return await _page_of(visit, await read_asked(visit, asked), limit)


async def _page_of(visit: Visit, asked: QueueAsked, limit: int = PAGE) -> Page:
    return await list_tickets(
        visit.session,
        visit.person,
        asked.tab,
        asked.filters,
        at=visit.at,
        order=asked.order,
        after=asked.after,
        limit=limit,
    )


async def _shops(visit: Visit, asked: QueueAsked, shown: Page) -> dict[UUID, str]:
    """The names of the shops that the page names; most pages name none."""
    in_rows = any(column.name == "shop" for column in asked.columns)
    named = (asked.filters.shop, *(line.shop_id for line in shown.lines if in_rows))
    return await shop_names(visit.session, {shop for shop in named if shop is not None})


def _mark(shown: Page) -> str:
    """What tells two lists apart: which tickets in which order, what was done last, who has them and until when."""
    lines = [(str(one.id), one.last_entry_at, str(one.owner_id), one.next_due_at) for one in shown.lines]
    return sha256(repr(lines).encode()).hexdigest()[:16]


async def _exactly(visit: Visit, words: str) -> str | None:
    """The number of the one ticket that somebody typed into the search field, if it is one in their reach."""
    number = words.strip().upper()
    if not allows(visit.person, Permission.READ_TICKETS) or number[:2] not in {
        process.prefix for process in PROCESSES.values()
    }:
        return None
    try:
        return (await visible_ticket(visit.session, visit.person, number)).number
    except TicketNotFound:
        return None


def _is_as(view: Any, asked: QueueAsked) -> bool:
    """Whether the list is as the view keeps it."""
    kept = asked.arrangement()
    query = {name: [value] for name, value in kept.query.items()}
    return bool((view.query, view.columns, view.sort) == (query, list(kept.columns), kept.sort))


def _tabs(person: Person, present: Tab, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "label": language.say(tab.label),
            "address": f"{QUEUE}?tab={tab.value}",
            "current": tab is present,
            "counted": "" if tab in UNCOUNTED else tab.value,
        }
        for tab in tabs_of(person)
    ]


def _heading(asked: QueueAsked, column: Any, language: Language) -> dict[str, Any]:
    """A column's heading: where the list can be sorted by it, a link that sorts it so, or the other way round."""
    sorting = column.sort if column.sort in sorts_of(asked.tab) else None
    is_sorted = sorting is not None and asked.order.sort is sorting
    # What lies ahead is wanted soonest first, what was, latest first.
    falls = not asked.order.falling if is_sorted else sorting is not None and sorting.value not in ("due", "promised")
    return {
        "name": column.name,
        "look": column.look if not asked.has_own_columns else column.look.replace("spare", "").strip(),
        "label": language.say(column.label),
        "address": asked.address(sort=str(Order(sorting, falls))) if sorting is not None else "",
        "sorted": ("descending" if asked.order.falling else "ascending") if is_sorted else "",
    }


def _ordered(order: Order, language: Language) -> str:
    arrow = "↓" if order.falling else "↑"
    return language.say(N_("按%(what)s %(arrow)s"), what=inside(language.say(order.sort.label)), arrow=arrow)


def _orders(asked: QueueAsked, language: Language) -> list[tuple[str, str, bool]]:
    """Every order of the tab: how it is called, the address of the list in it, and whether it is in it."""
    orders = [Order(sort, falling) for sort in sorts_of(asked.tab) for falling in (False, True)]
    return [(_ordered(one, language), asked.address(sort=str(one)), one == asked.order) for one in orders]
