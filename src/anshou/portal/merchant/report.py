"""Reporting a problem in one screen: what kind, which shop, what happened, what is asked for, pictures."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.shops import shops_of
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission
from anshou.portal.error_pages import status_of
from anshou.portal.forms import slips
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import Typed
from anshou.portal.kept_files import shown_kept
from anshou.portal.merchant.places import MY_TICKETS, acting_for, own_merchant
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.ticket_views.choices import categories
from anshou.portal.ticket_views.free_text import free_text, masked_report
from anshou.portal.uploads import received_files
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from anshou.tickets.reports import REPORTS, AnomalyReport, Report
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, post_message
from tenants.refusals import N_, Invalid, Refusal

# The screen asks for everything that any kind needs, and shows what the chosen kind does.
EVERYTHING = AnomalyReport

KIND_UNKNOWN = N_("请选择问题类型")


@get("/my/report")
async def report_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The empty form: today, nothing urgent."""
    merchant_id = own_merchant(visit.person, Permission.REPORT_TICKET)
    zone = (await read_settings(visit.session)).zone
    kind = request.query_params.get("kind", Kind.SERVICE_QUALITY.value)
    values: dict[str, object] = {"kind": kind, "occurred_on": visit.at.astimezone(zone).date()}
    shops = await shops_of(visit.session, merchant_id)
    if len(shops) == 1:
        values["shop"] = shops[0].id
    start = starting_with(values, zone=zone)
    return await _form(request, visit, merchant_id, start, zone)


@post("/my/report", status_code=303)
async def submit_report(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Open the ticket with its pictures and go to it; or show everything typed again with what is wrong."""
    merchant_id = own_merchant(visit.person, Permission.REPORT_TICKET)
    zone = (await read_settings(visit.session)).zone
    typed = await typed_by(request)
    kind = _kind(typed)
    if kind is None:
        refusal: Refusal = Invalid(KIND_UNKNOWN, {"kind": KIND_UNKNOWN})
        return await _form(request, visit, merchant_id, typed, zone, wrong=refusal)
    typed = _with_category_of(kind, typed)
    reading = read(REPORTS[kind], typed, zone=zone)
    try:
        # While the form cannot be read, a file is rather sealed than not.
        confidential = reading.value.confidential if reading.value else typed.one("confidential") not in ("", "no")
        sealed_for = merchant_id if confidential else None
        files = await received_files(request, visit, sealed_for=sealed_for)
    except Invalid as refusal:
        return await _form(request, visit, merchant_id, typed, zone, wrong=reading.refusal, files_wrong=refusal)
    if reading.value is None:
        return await _form(request, visit, merchant_id, typed, zone, wrong=reading.refusal, files=files)
    choice = await slips.decided(request)
    report = masked_report(reading.value) if choice == slips.MASK else reading.value
    if not choice and (told := slips.hint(free_text(report), language_of(request))):
        return await _form(request, visit, merchant_id, typed, zone, told=told, files=files)
    try:
        async with visit.session.begin_nested():
            ticket = await _open(visit, report, files)
    except Refusal as refusal:
        return await _form(request, visit, merchant_id, typed, zone, wrong=refusal, files=files)
    said = language_of(request).say(N_("已提交，工单号 %(number)s。客服会尽快受理。"), number=ticket.number)
    return go_to(request, MY_TICKETS.of(ticket), Notice(said))


async def _open(visit: Visit, report: Report, files: list[StoredFile]) -> Ticket:
    ticket = await open_ticket(visit.session, report, by=visit.person, at=visit.at)
    if files:
        await post_message(visit.session, ticket, "", by=visit.person, at=visit.at, files=files)
    return ticket


async def _form(
    request: Asked,
    visit: Visit,
    merchant_id: UUID,
    typed: Typed,
    zone: ZoneInfo,
    *,
    wrong: Refusal | None = None,
    files_wrong: Invalid | None = None,
    told: str = "",
    files: Sequence[StoredFile] = (),
) -> Response[str]:
    """The form; `files` came with it and are brought along, `told` asks about numbers in the text."""
    language = language_of(request)
    shops = [
        (str(shop.id), f"{shop.name}（{language.say(shop.platform.label)}）")
        for shop in await shops_of(visit.session, merchant_id)
    ]
    values: dict[str, Any] = form_values(
        request, EVERYTHING, typed, wrong=wrong, choices=Choices(by_widget={"shop": shops}), side="merchant"
    )
    if files_wrong is not None:
        values["errors"].append(("files", language.refusal(files_wrong)))
    refusal = wrong or files_wrong
    return page(
        request,
        "merchant/report.html",
        status_code=status_of(refusal) if refusal else 200,
        errors=[(_field_of(name, typed), text) for name, text in values["errors"]],
        fields={field.name: field for field in values["fields"]},
        kinds=tuple(Kind),
        chosen_kind=_kind(typed),
        kind_wrong=language.say(KIND_UNKNOWN) if wrong is not None and _kind(typed) is None else "",
        categories={kind: _categories(kind, typed, language) for kind in Kind},
        files_wrong=language.refusal(files_wrong) if files_wrong else "",
        told=told,
        kept=shown_kept(request, visit, files),
        **await acting_for(visit, merchant_id),
    )


def _kind(typed: Typed) -> Kind | None:
    try:
        return Kind(typed.one("kind"))
    except ValueError:
        return None


def _category_name(kind: Kind) -> str:
    """Each kind has categories of its own, and so a field of its own."""
    return f"category_{kind.value}"


def _field_of(name: str, typed: Typed) -> str:
    """The field on the screen that a fault belongs to."""
    kind = _kind(typed)
    return _category_name(kind) if name == "category" and kind else name


def _with_category_of(kind: Kind, typed: Typed) -> Typed:
    return Typed({**typed.values, "category": typed.every(_category_name(kind))})


def _categories(kind: Kind, typed: Typed, language: Language) -> dict[str, Any]:
    name = _category_name(kind)
    return {"name": name, "value": typed.one(name), "options": categories(kind, language)["category"]}
