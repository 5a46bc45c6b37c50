"""Who works for me at the agency, and who of us works with it."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contacts import contacts_of
from anshou.people.permissions import Permission
from anshou.people.roles import Role
from anshou.people.serving import serving, working_for
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.pages import page


@get("/my/people")
async def my_people_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The agency's people who serve the merchant, my colleagues, and the contacts that the agency keeps of us."""
    merchant_id = own_merchant(visit.person, Permission.READ_TICKETS)
    owners = await working_for(visit.session, merchant_id, Role.MERCHANT_OWNER)
    everybody = await working_for(visit.session, merchant_id)
    return page(
        request,
        "merchant/people.html",
        serving=await serving(visit.session, merchant_id),
        colleagues=everybody,
        owner_ids={owner.id for owner in owners},
        contacts=await contacts_of(visit.session, merchant_id),
        **await acting_for(visit, merchant_id),
    )
