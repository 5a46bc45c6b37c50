"""Handing out: a file of what was chosen, or one attachment. The visit commits before the first byte is sent."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.downloads import disposition, send_file
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.disclosures.disclosure import show
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import portal_of
from anshou.privacy.disclosures.coverage import Wanted
from anshou.privacy.disclosures.documents import Document, read_document
from anshou.privacy.disclosures.errors import NotCovered, NothingToExport
from anshou.privacy.disclosures.exporting import export, note_refusal, release_file
from anshou.privacy.disclosures.kinds import Format
from anshou.privacy.disclosures.reading import visible_consent
from anshou.tickets.attachments import visible_attachment
from anshou.tickets.reach import visible_ticket
from anshou.tickets.sealed_files import sealing_storage
from tenants.files import ACCEPTED, StoredFile
from tenants.refusals import N_, Refusal
from tenants.shapes import accept


class Wish(msgspec.Struct, frozen=True):
    """As what the chosen fields are wanted: one of those that the page offers."""

    format: Annotated[Literal["xlsx", "json"], msgspec.Meta(title=N_("文件格式"))]


@post("/disclosures/{number:str}/exports", status_code=200)
async def export_file(
    number: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[bytes] | Response[str]:
    """The chosen fields of the chosen tickets, as far as the consent covers them."""
    authorize_at_desk(visit.person, Permission.EXPORT_CONFIDENTIAL)
    consent = await visible_consent(visit.session, visit.person, number)
    typed = await typed_by(request)
    wanted = _wanted(read_document(consent.disclosure), typed)
    try:
        asked = accept(Wish, {"format": typed.one("format")})
        async with visit.session.begin_nested():
            if not any(wanted.fields.values()) or not any(wanted.rows.values()):
                raise NothingToExport
            made = await export(
                visit.session, consent.disclosure, wanted, Format(asked.format), by=visit.person, at=visit.at
            )
    except Refusal as refusal:
        if isinstance(refusal, NotCovered):
            await note_refusal(visit.session, consent.disclosure, refusal, by=visit.person, at=visit.at)
        return await show(request, visit, number, refusal)
    return Response(
        made.content,
        media_type=made.media_type,
        headers={
            "Content-Disposition": disposition(made.name, "attachment"),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@post("/disclosures/{number:str}/files/{file_id:uuid}", status_code=200)
async def release(
    number: FromPath[str], file_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Stream | Response[str]:
    """One attachment, under a name that says nothing."""
    authorize_at_desk(visit.person, Permission.EXPORT_CONFIDENTIAL)
    consent = await visible_consent(visit.session, visit.person, number)
    try:
        async with visit.session.begin_nested():
            covered, kept = await release_file(visit.session, consent.disclosure, file_id, by=visit.person, at=visit.at)
            ticket = await visible_ticket(visit.session, visit.person, covered.ticket)
            attachment = await visible_attachment(visit.session, ticket, file_id)
            storage = portal_of(request).storage
            if ticket.is_confidential:
                storage = await sealing_storage(visit.session, storage, ticket.merchant_id, attachment.storage_key)
    except Refusal as refusal:
        if isinstance(refusal, NotCovered):
            await note_refusal(visit.session, consent.disclosure, refusal, by=visit.person, at=visit.at)
        return await show(request, visit, number, refusal)
    ending = ACCEPTED.get(attachment.media_type, ("",))[0]
    file = StoredFile(
        attachment.storage_key, kept.file_name + ending, attachment.media_type, attachment.size, attachment.sha256
    )
    return await send_file(storage, file)


def _wanted(document: Document, typed: Typed) -> Wanted:
    """What was ticked. A name that is not in the text stays in, so that it is refused and not passed over."""
    fields: dict[str, set[str]] = {}
    for name in typed.every("fields"):
        table, _, column = name.partition(".")
        fields.setdefault(table, set()).add(column)
    tickets = set(typed.every("tickets"))
    rows = {
        table.table: frozenset(row.id for row in table.rows if not row.ticket or row.ticket in tickets)
        for table in document.tables
        if table.table in fields
    }
    return Wanted(
        recipient=document.recipient.name,
        purpose=document.purpose,
        fields={table: frozenset(columns) for table, columns in fields.items()},
        rows=rows,
    )
