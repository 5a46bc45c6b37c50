"""The invoice itself: uploaded and taken off by finance, handed out at both desks."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.downloads import send_file
from anshou.finance.invoice_files import (
    add_invoice_file,
    open_invoice_file,
    remove_invoice_file,
    visible_invoice_file,
)
from anshou.finance.reading_invoices import visible_invoice
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.invoices.invoice import show_invoice
from anshou.portal.invoices.places import INVOICES
from anshou.portal.merchant.places import own_merchant
from anshou.portal.pages import Notice, go_to, language_of, portal_of
from anshou.portal.uploads import received_files
from tenants.files import OF_INVOICES, StoredFile
from tenants.refusals import N_, Refusal


@post("/invoices/{number:str}/files", status_code=303)
async def add(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Put the chosen files to it."""
    authorize_at_desk(visit.person, Permission.ISSUE_INVOICES)
    invoice = await visible_invoice(visit.session, number, by=visit.person)
    try:
        files = await received_files(request, visit, sealed_for=invoice.merchant_id, accepted=OF_INVOICES)
        async with visit.session.begin_nested():
            for file in files:
                await add_invoice_file(visit.session, invoice, file, by=visit.person, at=visit.at)
    except Refusal as refusal:
        visit.session.expire(invoice)
        return await show_invoice(
            request, visit, await visible_invoice(visit.session, number, by=visit.person), refusal
        )
    return go_to(request, f"{INVOICES}/{number}#files")


@post("/invoices/{number:str}/files/{file_id:uuid}/remove", status_code=303)
async def remove(
    number: FromPath[str], file_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Take a wrong one off."""
    authorize_at_desk(visit.person, Permission.ISSUE_INVOICES)
    invoice = await visible_invoice(visit.session, number, by=visit.person)
    await remove_invoice_file(visit.session, invoice, file_id, by=visit.person, at=visit.at)
    return go_to(request, f"{INVOICES}/{number}#files", Notice(language_of(request).say(N_("文件已移除。"))))


@get("/invoices/{number:str}/files/{file_id:uuid}")
async def hand_out(
    number: FromPath[str], file_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Stream:
    """A file, handed over. It is recorded."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    return await _hand_out(request, visit, number, file_id)


@get("/my/invoices/{number:str}/files/{file_id:uuid}")
async def my_file(
    number: FromPath[str], file_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Stream:
    """A file, handed over to the merchant, which has its invoice now."""
    own_merchant(visit.person, Permission.READ_STATEMENTS)
    return await _hand_out(request, visit, number, file_id)


async def _hand_out(request: Asked, visit: Visit, number: str, file_id: UUID) -> Stream:
    invoice = await visible_invoice(visit.session, number, by=visit.person)
    file = await visible_invoice_file(visit.session, invoice, file_id)
    storage = await open_invoice_file(
        visit.session, portal_of(request).storage, invoice, file, by=visit.person, at=visit.at
    )
    return await send_file(storage, StoredFile(file.storage_key, file.name, file.media_type, file.size, file.sha256))
