"""What a merchant still owes: by age, and the lines that are not paid whole."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.owing import owed_by
from anshou.finance.reading_statements import tickets_of
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.pages import language_of, page
from anshou.portal.statements.places import MY_STATEMENTS, STATEMENTS, ticket_root
from billing.statements.ageing import BUCKETS
from tenants.refusals import N_

# As many lines as are shown; the figures over them count all.
MOST = 200


@get("/statements/merchants/{merchant_id:uuid}/owing")
async def owing_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """At finance's desk."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    return page(
        request,
        "statements/owing.html",
        merchant_name=merchant.name,
        root=STATEMENTS,
        **await _shown(request, visit, merchant_id),
    )


@get("/my/statements/owing")
async def my_owing_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """At the merchant's own."""
    merchant_id = own_merchant(visit.person, Permission.READ_STATEMENTS)
    return page(
        request,
        "merchant/owing.html",
        merchant_name="",
        root=MY_STATEMENTS,
        **await _shown(request, visit, merchant_id),
        **await acting_for(visit, merchant_id),
    )


async def _shown(request: Asked, visit: Visit, merchant_id: UUID) -> dict[str, Any]:
    say = language_of(request).say
    owed = await owed_by(visit.session, merchant_id, by=visit.person, at=visit.at)
    edges = (0, *BUCKETS)
    ages = [
        *(
            say(N_("%(first)s–%(last)s 天"), first=first + (first > 0), last=last)
            for first, last in zip(edges, BUCKETS, strict=False)
        ),
        say(N_("超过 %(last)s 天"), last=BUCKETS[-1]),
    ]
    return {
        "owed": [one for one in owed if one.fen],
        "ages": ages,
        "most": MOST,
        "tickets": await tickets_of(
            visit.session, merchant_id, {line.line.ticket_id for one in owed for line in one.lines[:MOST]}
        ),
        "ticket_root": ticket_root(visit.person),
    }
