"""Taking a matter in on a merchant's behalf: first whose and of what kind, then what it is about."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contracts import find_contract_in_force
from anshou.merchants.errors import MerchantNotFound
from anshou.merchants.merchants import Merchant, list_merchants, visible_merchant
from anshou.merchants.shops import shops_of
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms import slips
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import Typed
from anshou.portal.kept_files import shown_kept
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.ticket_views.choices import categories
from anshou.portal.ticket_views.free_text import free_text, masked_report
from anshou.portal.uploads import received_files
from anshou.tickets.kinds import Kind, Side
from anshou.tickets.opening import open_ticket
from anshou.tickets.queue_filters import Filters
from anshou.tickets.queue_tabs import Tab
from anshou.tickets.queues import list_tickets
from anshou.tickets.reports import REPORTS, Report
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, attach_file
from tenants.refusals import N_, NotFound, Refusal


class KindUnknown(NotFound):
    """Raised when a report of a kind is asked for that there is not."""

    def __init__(self) -> None:
        super().__init__(N_("没有这类工单。"))


@get("/tickets/new")
async def choose_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Whose problem, of which kind."""
    authorize_at_desk(visit.person, Permission.REPORT_TICKET)
    return page(
        request,
        "agency/new.html",
        kinds=tuple(Kind),
        merchants=await list_merchants(visit.session),
        chosen=request.query_params.get("merchant", ""),
    )


@get("/tickets/new/{kind:str}")
async def report_page(kind: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What it is about."""
    authorize_at_desk(visit.person, Permission.REPORT_TICKET)
    merchant = await _merchant(visit, request.query_params.get("merchant", ""))
    zone = (await read_settings(visit.session)).zone
    start = starting_with(
        {"merchant": merchant.id, "occurred_on": visit.at.astimezone(zone).date(), "urgency": "normal"}, zone=zone
    )
    return await _form(request, visit, _kind(kind), merchant, start)


@post("/tickets/new/{kind:str}", status_code=303)
async def submit_report(kind: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Open the ticket with its files, and go to it."""
    authorize_at_desk(visit.person, Permission.REPORT_TICKET)
    shape = REPORTS[_kind(kind)]
    typed = await typed_by(request)
    merchant = await _merchant(visit, typed.one("merchant"))
    zone = (await read_settings(visit.session)).zone
    reading = read(shape, typed, zone=zone)
    if reading.value is None:
        return await _form(request, visit, _kind(kind), merchant, reading.typed, reading.refusal)
    choice = await slips.decided(request)
    report = masked_report(reading.value) if choice == slips.MASK else reading.value
    told = "" if choice else slips.hint(free_text(report), language_of(request))
    try:
        sealed_for = merchant.id if report.confidential else None
        files = await received_files(request, visit, sealed_for=sealed_for)
        if told:
            return await _form(request, visit, _kind(kind), merchant, reading.typed, told=told, files=files)
        async with visit.session.begin_nested():
            ticket = await _open(visit, report, files)
    except Refusal as refusal:
        return await _form(request, visit, _kind(kind), merchant, reading.typed, refusal)
    said = language_of(request).say(N_("工单 %(number)s 已创建"), number=ticket.number)
    return go_to(request, f"/tickets/{ticket.number}", Notice(said))


async def _open(visit: Visit, report: Report, files: list[StoredFile]) -> Ticket:
    ticket = await open_ticket(visit.session, report, by=visit.person, at=visit.at)
    for file in files:
        await attach_file(visit.session, ticket, file, audience=Side.MERCHANT, by=visit.person, at=visit.at)
    return ticket


async def _form(
    request: Asked,
    visit: Visit,
    kind: Kind,
    merchant: Merchant,
    typed: Typed,
    wrong: Refusal | None = None,
    *,
    told: str = "",
    files: Sequence[StoredFile] = (),
) -> Response[str]:
    """The form; `told` is what to ask about numbers in the text before the ticket is opened."""
    language = language_of(request)
    zone = (await read_settings(visit.session)).zone
    shops = [
        (str(shop.id), f"{shop.name} · {language.say(shop.platform.label)}")
        for shop in await shops_of(visit.session, merchant.id)
    ]
    opened = await list_tickets(
        visit.session, visit.person, Tab.OPEN, Filters(merchant=merchant.id), at=visit.at, limit=8
    )
    values: dict[str, Any] = form_values(
        request,
        REPORTS[kind],
        typed,
        wrong=wrong,
        choices=Choices(by_widget={"shop": shops}, by_name=categories(kind, language)),
        side="agency",
    )
    # The merchant was chosen on the page before.
    values["fields"] = [field for field in values["fields"] if field.name != "merchant"]
    return page(
        request,
        "agency/report.html",
        status_code=status_of(wrong) if wrong else 200,
        kind=kind,
        merchant=merchant,
        contract=await find_contract_in_force(visit.session, merchant.id, visit.at.astimezone(zone).date()),
        opened=opened.lines,
        zone=zone,
        told=told,
        kept=shown_kept(request, visit, files),
        **values,
    )


def _kind(value: str) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        raise KindUnknown from None


async def _merchant(visit: Visit, value: str) -> Merchant:
    try:
        return await visible_merchant(visit.session, UUID(value))
    except ValueError:
        raise MerchantNotFound from None
