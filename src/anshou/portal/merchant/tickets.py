"""My tickets: those that wait for me, those underway, those closed."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.shops import Shop, shops_of
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows
from anshou.portal.merchant.places import MY_TICKETS, acting_for, own_merchant
from anshou.portal.merchant.plain_words import awaits, standing_of
from anshou.portal.pages import language_of, page
from anshou.tickets.kinds import Status
from anshou.tickets.queue_filters import Filters
from anshou.tickets.queue_orders import Cursor
from anshou.tickets.queue_tabs import MERCHANT_TABS, Tab
from anshou.tickets.queues import COUNTED, count_tabs, list_tickets
from tenants.refusals import N_

PAGE = 30

TAB_LABELS = {Tab.AWAITING_CUSTOMER: N_("等我处理"), Tab.OPEN: N_("处理中"), Tab.CLOSED: N_("已关闭")}

STATUS_TONES = {
    Status.PENDING: "",
    Status.IN_PROGRESS: "blue",
    Status.AWAITING_CUSTOMER: "amber",
    Status.DONE: "green",
    Status.CLOSED: "",
}


@get("/my/tickets")
async def my_tickets_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A page of one tab; without a tab asked for, what waits for me if anything does."""
    merchant_id = own_merchant(visit.person, Permission.READ_TICKETS)
    asked = request.query_params
    counts = await count_tabs(visit.session, visit.person, at=visit.at)
    shops = await shops_of(visit.session, merchant_id, closed=True)
    tab, filters = _tab(asked, counts), _filters(asked, shops)
    after = Cursor.read(asked["after"]) if "after" in asked else None
    shown = await list_tickets(visit.session, visit.person, tab, filters, at=visit.at, after=after, limit=PAGE)
    return page(
        request,
        "merchant/tickets.html",
        tab=tab,
        tabs=[_tab_link(one, tab, counts, language_of(request)) for one in TAB_LABELS],
        rows=[
            {
                "line": line,
                "standing": standing_of(line, visit.person),
                "asked": awaits(line, visit.person),
                "tone": STATUS_TONES[line.status],
            }
            for line in shown.lines
        ],
        shops={shop.id: shop.name for shop in shops},
        chosen_shop=filters.shop,
        words=filters.text,
        is_filtered=filters != Filters(),
        first=_address(asked, tab) if after else "",
        following=_address(asked, tab, after=str(shown.after)) if shown.after else "",
        may_report=allows(visit.person, Permission.REPORT_TICKET),
        zone=(await read_settings(visit.session)).zone,
        **await acting_for(visit, merchant_id),
    )


def _tab(asked: Mapping[str, str], counts: Mapping[Tab, int]) -> Tab:
    for tab in MERCHANT_TABS:
        if asked.get("tab") == tab.value:
            return tab
    return Tab.AWAITING_CUSTOMER if counts[Tab.AWAITING_CUSTOMER] else Tab.OPEN


def _filters(asked: Mapping[str, str], shops: Iterable[Shop]) -> Filters:
    """What narrows the list; a shop that is not the merchant's narrows nothing."""
    shop = next((one.id for one in shops if str(one.id) == asked.get("shop")), None)
    return Filters(shop=shop, text=asked.get("q", "").strip()[:100])


def _tab_link(tab: Tab, present: Tab, counts: Mapping[Tab, int], language: Language) -> dict[str, Any]:
    count = counts.get(tab)
    return {
        "label": language.say(TAB_LABELS[tab]),
        "address": f"{MY_TICKETS.root}?tab={tab.value}",
        "current": tab is present,
        "count": None if count is None else f"{COUNTED - 1}+" if count >= COUNTED else str(count),
        "hot": tab is Tab.AWAITING_CUSTOMER and bool(count),
    }


def _address(asked: Mapping[str, str], tab: Tab, *, after: str = "") -> str:
    kept = {name: asked[name] for name in ("shop", "q") if asked.get(name)}
    return f"{MY_TICKETS.root}?" + urlencode({"tab": tab.value} | kept | ({"after": after} if after else {}))
