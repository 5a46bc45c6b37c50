"""For which merchant a person acts who works for several."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import gate_of
from anshou.merchants.merchants import visible_merchant
from anshou.people.errors import MembershipNotFound
from anshou.people.web_sessions import act_for
from anshou.portal.pages import go_to, page
from tenants.context import Context


@get("/account/acting-for")
async def merchants_page(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """My merchants, each looked up inside its own fence: in no other does its name show."""
    tenants = gate_of(request).tenants
    merchants = []
    for merchant_id in caller.session.merchant_ids:
        inside = Context("merchant", person=caller.person.id, merchant=merchant_id)
        async with tenants.session(caller.tenant, inside) as session:
            merchants.append(await visible_merchant(session, merchant_id))
    return page(request, "account/acting_for.html", merchants=merchants)


@post("/account/acting-for", status_code=303)
async def choose_merchant(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Act for another of my merchants from the next page on."""
    chosen = str((await request.form()).get("merchant", ""))
    try:
        merchant_id = UUID(chosen)
    except ValueError:
        raise MembershipNotFound from None
    async with gate_of(request).door(caller.tenant).open() as session:
        await act_for(session, caller.session, merchant_id)
    return go_to(request, "/")
