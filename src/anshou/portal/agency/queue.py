"""The queue: tabs over filters over a list sorted by the next deadline."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.cards import colleagues, names_of
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import fragment, go_to, language_of, page
from anshou.portal.query_values import identifier
from anshou.portal.ticket_views import deadlines
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.kinds import Kind, Status, Urgency
from anshou.tickets.overview import next_clocks
from anshou.tickets.processes import PROCESSES
from anshou.tickets.queue_filters import Filters
from anshou.tickets.queue_orders import Cursor
from anshou.tickets.queue_tabs import Tab, tabs_of
from anshou.tickets.queues import COUNTED, Line, Page, count_tabs, list_tickets
from anshou.tickets.reach import visible_ticket
from tenants.labels import Labelled

PAGE = 50

STATUS_TONES = {
    Status.PENDING: "red",
    Status.IN_PROGRESS: "blue",
    Status.AWAITING_CUSTOMER: "amber",
    Status.DONE: "green",
    Status.CLOSED: "",
}

HOT = (Tab.UNASSIGNED, Tab.ABOUT_TO_BREACH, Tab.OVERDUE)


@get("/tickets")
async def queue_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A page of one tab."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    asked = request.query_params
    if (found := await _exactly(visit, asked.get("q", ""))) is not None:
        return go_to(request, f"/tickets/{found}")
    may_open = allows(visit.person, Permission.READ_TICKETS)
    tab, filters, after = _asked_for(asked, may_open)
    shown = await list_tickets(visit.session, visit.person, tab, filters, at=visit.at, after=after, limit=PAGE)
    language = language_of(request)
    zone = (await read_settings(visit.session)).zone
    clocks = await next_clocks(visit.session, shown.lines)
    merchants = await merchant_names(visit.session)
    return page(
        request,
        "agency/queue.html",
        tab=tab,
        tabs=_tabs(visit.person, tab, language),
        kept={name: value for name, value in asked.items() if name not in ("after", "tab")},
        rows=[_row(line, clocks, visit, zone, language) for line in shown.lines],
        people=await names_of(visit.session, {line.owner_id for line in shown.lines if line.owner_id}),
        merchants=merchants,
        offered=_offered(language, merchants) | {"owner": await _owners(visit)},
        news_address="/tickets/news?" + urlencode({**asked, "tab": tab.value, "seen": _mark(shown)}),
        first=_address(asked, after="") if after else "",
        following=_address(asked, after=str(shown.after)) if shown.after else "",
        is_filtered=filters != Filters(),
        zone=zone,
        may_open=may_open,
        may_assign=may_open and allows(visit.person, Permission.ASSIGN_OWNER) and tab not in (Tab.CLOSED, Tab.ALL),
        may_report=allows(visit.person, Permission.REPORT_TICKET),
    )


@get("/tickets/counts")
async def tab_counts(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The tabs again with how many tickets each holds; asked for after the list has come, so that it never waits."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    counts = await count_tabs(visit.session, visit.person, at=visit.at)
    tab = _tab(request.query_params)
    return fragment(request, "agency/_tabs.html", tabs=_tabs(visit.person, tab, language_of(request), counts), tab=tab)


@get("/tickets/news")
async def queue_news(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Whether the list would be another one by now than what is `seen`; 204 if not. Asked when some ticket changed."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    asked = request.query_params
    tab, filters, after = _asked_for(asked, allows(visit.person, Permission.READ_TICKETS))
    shown = await list_tickets(visit.session, visit.person, tab, filters, at=visit.at, after=after, limit=PAGE)
    if asked.get("seen") == _mark(shown):
        return Response("", media_type=MediaType.HTML, status_code=204)
    kept = {name: value for name, value in asked.items() if name != "seen"}
    return fragment(request, "agency/_news.html", address="/tickets?" + urlencode(kept))


async def listed(visit: Visit, asked: Mapping[str, str], *, limit: int) -> Page:
    """The page of the queue that its query asks for. Raises CursorInvalid."""
    tab, filters, after = _asked_for(asked, allows(visit.person, Permission.READ_TICKETS))
    return await list_tickets(visit.session, visit.person, tab, filters, at=visit.at, after=after, limit=limit)


def _asked_for(asked: Mapping[str, str], may_open: bool) -> tuple[Tab, Filters, Cursor | None]:
    """Which page of which list. Raises CursorInvalid."""
    after = Cursor.read(asked["after"]) if "after" in asked else None
    return _tab(asked, usual=Tab.MINE if may_open else Tab.OPEN), _filters(asked), after


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


def _tab(asked: Mapping[str, str], usual: Tab = Tab.MINE) -> Tab:
    try:
        return Tab(asked.get("tab") or (Tab.ALL if asked.get("q") else usual))
    except ValueError:
        return usual


def _filters(asked: Mapping[str, str]) -> Filters:
    """What narrows the list; a value that means nothing narrows nothing."""
    return Filters(
        kind=_one_of(Kind, asked.get("kind")),
        urgency=_one_of(Urgency, asked.get("urgency")),
        status=_one_of(Status, asked.get("status")),
        department=_one_of(Department, asked.get("department")),
        merchant=identifier(asked.get("merchant")),
        owner=identifier(asked.get("owner")),
        escalated=True if asked.get("escalated") == "yes" else None,
        text=asked.get("q", "")[:100],
    )


def _one_of(labels: type[Any], value: str | None) -> Any:
    try:
        return labels(value)
    except ValueError:
        return None


def _tabs(
    person: Person, present: Tab, language: Language, counts: Mapping[Tab, int] | None = None
) -> list[dict[str, Any]]:
    return [
        {
            "label": language.say(tab.label),
            "address": f"/tickets?tab={tab.value}",
            "current": tab is present,
            "count": _counted(counts.get(tab)) if counts else None,
            "hot": tab in HOT and bool(counts and counts.get(tab)),
        }
        for tab in tabs_of(person)
    ]


def _counted(count: int | None) -> str | None:
    return None if count is None else f"{COUNTED - 1}+" if count >= COUNTED else str(count)


def _row(line: Line, clocks: Mapping[UUID, Any], visit: Visit, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    return {
        "line": line,
        "step": PROCESSES[line.kind].step(line.step).label,
        "tone": STATUS_TONES[line.status],
        "due": deadlines.of_line(line, clocks.get(line.id), now=visit.at, zone=zone, language=language),
    }


def _offered(language: Language, merchants: Mapping[UUID, str]) -> dict[str, list[tuple[str, str]]]:
    labels: dict[str, type[Labelled]] = {
        "kind": Kind,
        "urgency": Urgency,
        "status": Status,
        "department": Department,
    }
    offered = {name: [(str(one.value), language.say(one.label)) for one in kind] for name, kind in labels.items()}
    by_name = sorted(merchants.items(), key=lambda pair: pair[1])
    return offered | {"merchant": [(str(merchant), name) for merchant, name in by_name]}


async def _owners(visit: Visit) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in await colleagues(visit.session)]


def _address(asked: Mapping[str, str], *, after: str) -> str:
    kept = {name: value for name, value in asked.items() if value and name != "after"}
    return "/tickets?" + urlencode(kept | ({"after": after} if after else {}))
