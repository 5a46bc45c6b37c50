"""One request at finance's desk: accepted with its lines, refused, cancelled, issued, handed over."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from anshou.finance.invoice_shapes import (
    Dropped,
    Handed,
    InvoiceAccepted,
    InvoiceRecorded,
    RedInvoiceRecorded,
)
from anshou.finance.invoicing import accept_invoice, cancel_invoice, record_delivery, record_issue, refuse_invoice
from anshou.finance.reading_invoices import lines_before, visible_invoice
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.formats import yuan
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.invoices.places import INVOICES
from anshou.portal.invoices.views import shown_invoice
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from billing.invoices.rows import InvoiceRequest
from billing.ledger.posting import BOOKS_ZONE
from tenants.refusals import N_, NotFound, Refusal

Deed = Callable[..., Awaitable[Any]]

# Step of the address -> its form's heading, button, what is said before the fields, and what once it is done.
WORDS = {
    "accept": (N_("受理并填写开票项目"), N_("受理"), N_("各项含税金额之和须等于申请金额。"), N_("已受理，等待开票。")),
    "refuse": (N_("拒绝开票申请"), N_("拒绝"), N_("商家会看到原因。"), N_("已拒绝，商家会收到通知。")),
    "cancel": (N_("取消开票申请"), N_("取消申请"), N_("取消后，占用的开票额度释放。"), N_("申请已取消。")),
    "issue": (
        N_("登记已开发票"),
        N_("登记"),
        N_("在电子税务局开具后，把发票号码和开票日期登记在这里。"),
        N_("已登记，请上传发票文件。"),
    ),
    "deliver": (N_("登记交付"), N_("登记"), N_("商家在页面下载发票时自动登记。"), N_("已登记交付。")),
}


@get("/invoices/{number:str}")
async def invoice_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everything about it."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    invoice = await visible_invoice(visit.session, number, by=visit.person)
    await seen(visit, invoice.id)
    return await show_invoice(request, visit, invoice)


@get("/invoices/{number:str}/{step:str}")
async def step_page(
    number: FromPath[str], step: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """The form of a step."""
    invoice = await _invoice(visit, number)
    shape, _ = _step(step, invoice)
    return await _form(request, visit, invoice, step, shape, await _begun(visit, invoice, step))


@post("/invoices/{number:str}/{step:str}", status_code=303)
async def submit_step(
    number: FromPath[str], step: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Take it."""
    invoice = await _invoice(visit, number)
    shape, deed = _step(step, invoice)
    given: object = None
    typed = NOTHING
    if not (step == "accept" and invoice.is_red):
        reading = read(shape, await typed_by(request))
        typed, given = reading.typed, reading.value
        if given is None:
            return await _form(request, visit, invoice, step, shape, typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await deed(visit.session, invoice, given, by=visit.person, at=visit.at)
    except Refusal as refusal:
        visit.session.expire(invoice)
        invoice = await _invoice(visit, number)
        if given is None:
            return await show_invoice(request, visit, invoice, refusal)
        return await _form(request, visit, invoice, step, shape, typed, refusal)
    return go_to(request, f"{INVOICES}/{number}", Notice(language_of(request).say(WORDS[step][3])))


class StepNotFound(NotFound):
    """Raised when an address names a step that no invoice takes."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个页面。"))


async def show_invoice(
    request: Asked, visit: Visit, invoice: InvoiceRequest, wrong: Refusal | None = None
) -> Response[str]:
    """The page, with what was refused."""
    return page(
        request,
        "invoices/invoice.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language_of(request).refusal(wrong) if wrong else "",
        may_issue=allows(visit.person, Permission.ISSUE_INVOICES),
        statements="/statements",
        **await shown_invoice(visit, invoice, INVOICES),
    )


async def _invoice(visit: Visit, number: str) -> InvoiceRequest:
    authorize_at_desk(visit.person, Permission.ISSUE_INVOICES)
    return await visible_invoice(visit.session, number, by=visit.person)


def _step(step: str, invoice: InvoiceRequest) -> tuple[type[Struct], Deed]:
    """What the step asks for and what it does. Raises StepNotFound."""
    steps: dict[str, tuple[type[Struct], Deed]] = {
        "accept": (InvoiceAccepted, accept_invoice),
        "refuse": (Dropped, refuse_invoice),
        "cancel": (Dropped, cancel_invoice),
        "issue": (RedInvoiceRecorded if invoice.is_red else InvoiceRecorded, record_issue),
        "deliver": (Handed, record_delivery),
    }
    if step not in steps:
        raise StepNotFound
    return steps[step]


async def _begun(visit: Visit, invoice: InvoiceRequest, step: str) -> Typed:
    """What the form starts with: the items of the invoice before for all of the amount; today."""
    if step == "issue":
        return starting_with({"issued_on": visit.at.astimezone(BOOKS_ZONE).date()})
    if step != "accept":
        return NOTHING
    amount = {"lines[0].fen": yuan(invoice.gross_fen).lstrip("¥")}
    before = await lines_before(visit.session, invoice)
    if before:
        amount |= {
            "lines[0].item": before[0].item,
            "lines[0].tax_code": before[0].tax_code,
            "lines[0].rate": str(before[0].rate),
        }
    return starting_with(amount)


async def _form(
    request: Asked,
    visit: Visit,
    invoice: InvoiceRequest,
    step: str,
    shape: type[Struct],
    typed: Typed,
    wrong: Refusal | None = None,
) -> Response[str]:
    say, here = language_of(request).say, f"{INVOICES}/{invoice.number}"
    heading, button, intro, _ = WORDS[step]
    form = FormPage(
        heading=say(heading),
        action=f"{here}/{step}",
        back=here,
        button=say(button),
        trail=((say(N_("开票")), INVOICES), (invoice.number, here)),
        intro=say(N_("申请金额 %(amount)s（含税）。"), amount=yuan(invoice.gross_fen)) + say(intro),
        danger=step == "refuse",
    )
    return show_form(request, form, shape, typed, wrong=wrong)
