"""The form of a consumer record: empty for a new one, with masks beside the fields for one that is put right."""

from typing import Any

from litestar import Response

from anshou.consumers.cards import ConsumerCard, Correction
from anshou.consumers.reading import ShownRecord
from anshou.consumers.solutions import WANTED
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.shops import shops_of
from anshou.portal.consumers.desks import Desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import language_of, page
from anshou.tickets.tickets import Ticket
from tenants.refusals import Refusal


async def show_record_form(
    request: Asked,
    visit: Visit,
    desk: Desk,
    ticket: Ticket,
    typed: Typed,
    *,
    corrects: ShownRecord | None = None,
    wrong: Refusal | None = None,
) -> Response[str]:
    """The page. What was typed stands in it again; what is recorded already shows only masked, as a hint."""
    language = language_of(request)
    shape = Correction if corrects else ConsumerCard
    shops = [
        (str(shop.id), f"{shop.name} · {language.say(shop.platform.label)}")
        for shop in await shops_of(visit.session, ticket.merchant_id)
    ]
    values: dict[str, Any] = form_values(
        request,
        shape,
        typed,
        wrong=wrong,
        choices=Choices(
            by_widget={"shop": shops},
            by_name={"wanted": [(one.value, language.say(one.label)) for one in WANTED]},
        ),
    )
    here = desk.records(ticket)
    return page(
        request,
        "consumers/form.html",
        status_code=status_of(wrong) if wrong else 200,
        ticket=ticket,
        corrects=corrects,
        fields={field.name: field for field in values["fields"]},
        errors=values["errors"],
        action=f"{here}/{corrects.origin_id}/correct" if corrects else f"{here}/new",
        back=f"{here}/{corrects.origin_id}" if corrects else desk.tickets.of(ticket),
        queue=(desk.tickets.queue_label, desk.tickets.root),
        address_of_ticket=desk.tickets.of(ticket),
        **await desk.around(visit, ticket.merchant_id),
    )
