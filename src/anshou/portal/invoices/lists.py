"""Finance's list of requests, and one merchant's with what can be invoiced."""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.reading_invoices import count_invoices, list_invoices
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants, merchant_names
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.invoices.places import INVOICES, TONES, agency_desk
from anshou.portal.invoices.views import shown_merchant
from anshou.portal.pages import go_to, language_of, page
from anshou.portal.query_values import identifier
from billing.invoices.rows import InvoiceState
from tenants.refusals import N_

PAGE = 50

# What the tabs show, and which of them wait for somebody of finance.
WAITING = (InvoiceState.REQUESTED, InvoiceState.ACCEPTED, InvoiceState.ISSUED)
LABELS = {
    InvoiceState.REQUESTED: N_("待受理"),
    InvoiceState.ACCEPTED: N_("待开票"),
    InvoiceState.ISSUED: N_("待交付"),
}


@get("/invoices")
async def invoices_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What waits to be written out, to be issued, to be handed over; `?state=all` shows everything."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    asked, say = request.query_params.get("state", ""), language_of(request).say
    counts = await count_invoices(visit.session, by=visit.person)
    state = next((one for one in WAITING if one.value == asked), None)
    if not asked:
        state = next((one for one in WAITING if counts.get(one)), WAITING[0])
    after = identifier(request.query_params.get("after"))
    found = await list_invoices(
        visit.session, by=visit.person, states=[state] if state else (), after=after, limit=PAGE + 1
    )
    shown = state.value if state else "all"
    tabs = [
        {
            "label": say(LABELS[one]),
            "address": f"{INVOICES}?state={one.value}",
            "current": one is state,
            "count": counts.get(one, 0),
            "hot": one is not InvoiceState.ISSUED,
        }
        for one in WAITING
    ]
    tabs.append({"label": say(N_("全部")), "address": f"{INVOICES}?state=all", "current": state is None})
    return page(
        request,
        "invoices/list.html",
        tabs=tabs,
        waiting=say(LABELS[state]) if state else "",
        invoices=found[:PAGE],
        root=INVOICES,
        tones=TONES,
        merchants=await merchant_names(visit.session),
        offered=[(str(one.id), one.name) for one in await list_merchants(visit.session)],
        has_batch=counts.get(InvoiceState.ACCEPTED, 0) > 0 and allows(visit.person, Permission.ISSUE_INVOICES),
        first=f"{INVOICES}?state={shown}" if after else "",
        following=f"{INVOICES}?state={shown}&after={found[PAGE - 1].id}" if len(found) > PAGE else "",
    )


@get("/invoices/merchants")
async def choose_merchant(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """On to the merchant that was chosen in the list."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    chosen = identifier(request.query_params.get("merchant"))
    return go_to(request, f"{INVOICES}/merchants/{chosen}" if chosen else INVOICES)


@get("/invoices/merchants/{merchant_id:uuid}")
async def merchant_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A merchant's statements with what can be invoiced, its buyer, its requests."""
    desk = agency_desk(visit, merchant_id, Permission.READ_STATEMENTS)
    return page(
        request,
        "invoices/merchant.html",
        invoices=await list_invoices(visit.session, by=visit.person, merchant_id=merchant_id),
        root=desk.root,
        statements="/statements",
        **await shown_merchant(visit, merchant_id, desk.here),
    )
