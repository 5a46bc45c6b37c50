"""What was written on a ticket and was neither sent nor kept, shown again under the reason."""

from typing import Any

from litestar import Response

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.error_pages import status_of
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import language_of, page
from anshou.portal.ticket_views.drafting import drafts_address, keep_unsent
from anshou.portal.ticket_views.places import Place
from anshou.tickets.drafts import ENTRY
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_, Refusal

NOT_SENT, NOT_KEPT = N_("没有发送"), N_("草稿没有保存")


async def unsent_page(
    request: Asked,
    visit: Visit,
    ticket: Ticket,
    typed: Typed,
    wrong: Refusal,
    *,
    place: Place,
    template: str,
    heading: str,
    **shown: Any,
) -> Response[str]:
    """The desk's page of that template; what may be kept of what was written is its draft again."""
    return page(
        request,
        template,
        status_code=status_of(wrong),
        heading=heading,
        ticket=ticket,
        told=language_of(request).refusal(wrong),
        held_as=drafts_address(ticket, place),
        unkept=not await keep_unsent(visit, ticket, ENTRY, typed, language_of(request)),
        body=typed.one("body"),
        address_of_ticket=place.of(ticket),
        **shown,
    )
