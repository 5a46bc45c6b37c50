"""The numbers of a page: beside places of the navigation, at the bell, at the tabs of the queue.

They are asked for together, by one request after the page has come: no page waits for what is counted, and one answer
has the headers of one. Each number says itself where it belongs, by `hx-swap-oob`.
"""

from collections.abc import Awaitable, Callable, Mapping

from litestar import Response, get
from litestar.enums import MediaType

from anshou.finance import disputes, listing
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit, gate_of
from anshou.people import notices
from anshou.people.permissions import Permission, allows
from anshou.portal.navigation import places_for
from anshou.portal.pages import fragment, language_of
from anshou.privacy import objections
from anshou.tickets.queue_tabs import UNCOUNTED, Tab, tabs_of
from anshou.tickets.queues import COUNTED, count_tabs
from tenants.refusals import N_

# Tabs whose tickets wait for somebody to notice them.
HOT = (Tab.UNASSIGNED, Tab.ESCALATED, Tab.ABOUT_TO_BREACH, Tab.OVERDUE)


async def _notices(visit: Visit) -> str:
    return shown(await notices.count_unread(visit.session, visit.person), notices.MOST_COUNTED)


async def _costs(visit: Visit) -> str:
    if not allows(visit.person, Permission.VERIFY_COSTS):
        return ""
    return shown(await listing.count_waiting(visit.session, by=visit.person))


async def _disputes(visit: Visit) -> str:
    return shown(await disputes.count_waiting(visit.session, by=visit.person))


async def _reveals(visit: Visit) -> str:
    return shown(await objections.count_unanswered(visit.session, by=visit.person), objections.MOST_COUNTED)


# What is counted beside a place, by its address, and what the number is of.
PLACES: Mapping[str, tuple[Callable[[Visit], Awaitable[str]], str]] = {
    "/costs": (_costs, N_("笔费用待核实")),
    "/statements/disputes": (_disputes, N_("条异议待答复")),
    "/reveals": (_reveals, N_("条异议待答复")),
}


@get("/counts")
async def counts(request: Asked) -> Response[str]:
    """The numbers of a page, those of the queue's tabs if it says on which it is (`tab`).

    204 when nobody is signed in any more, for no sign-in page belongs there.
    """
    gate = gate_of(request)
    caller = await gate.identify_if_signed_in(request)
    if caller is None:
        return Response("", media_type=MediaType.HTML, status_code=204)
    language = language_of(request)
    async with gate.enter(caller) as visit:
        numbers = [("notices", await _notices(visit), language.say(N_("条未读")))]
        for section in places_for(visit.person):
            for place in section.places:
                if place.is_counted:
                    count, words = PLACES[place.address]
                    numbers.append((place.name, await count(visit), language.say(words)))
        tabs = await _tabs(visit) if "tab" in request.query_params else []
    return fragment(request, "_counts.html", numbers=numbers, tabs=tabs)


def shown(count: int, most: int | None = None) -> str:
    """A count as it is shown: nothing where nothing waits, `99+` where counting stopped."""
    return "" if not count else f"{most - 1}+" if most is not None and count >= most else str(count)


async def _tabs(visit: Visit) -> list[tuple[str, str, bool]]:
    """The name of each tab that is counted, how many tickets it holds, and whether that is urgent."""
    if visit.person.is_merchant or not allows(visit.person, Permission.READ_TICKET_SUMMARY):
        return []
    held = await count_tabs(visit.session, visit.person, at=visit.at)
    return [
        (tab.value, shown(held[tab], COUNTED) or "0", tab in HOT and held[tab] > 0)
        for tab in tabs_of(visit.person)
        if tab not in UNCOUNTED
    ]
