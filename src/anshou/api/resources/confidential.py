"""Confidential tickets: marking one afterwards, and opening what lies sealed on it, for a purpose and on record."""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, Router
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import Meta, Struct

from anshou.api.answers import shown, versioned
from anshou.api.resources import tickets
from anshou.api.resources.timeline import EntryShown, FileShown, show_file
from anshou.api.routing import ask, post
from anshou.api.visits import Visiting, caller_by_key, door_of
from anshou.downloads import send_file
from anshou.gate.callers import Asked
from anshou.people.permissions import Permission, authorize
from anshou.privacy.revealing import Revealed, Wanted, reveal
from anshou.tickets import attachments, reach, reading
from anshou.tickets.agreements import Document
from anshou.tickets.entries import Attachment
from anshou.tickets.marking import mark_confidential
from anshou.tickets.sealed_contents import Content, SealedContent, contents_of
from anshou.tickets.sealed_files import sealing_storage
from tenants import files
from tenants.refusals import N_


class Purpose(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the content is opened for: a code of `GET /reveal-purposes`."""

    purpose: Annotated[str, Meta(min_length=1, max_length=40, title=N_("查看目的"))]


class OpenedTicket(Struct, frozen=True, kw_only=True):
    """What is said on a confidential ticket, in plain text, as far as the caller reads it. Keep it nowhere.

    `until` is how long it may be shown. `agreements` are every version, the oldest first.
    """

    reveal_id: Annotated[UUID, Meta(title=N_("查看记录"))]
    until: Annotated[datetime, Meta(title=N_("显示到何时"))]
    leaf_id: Annotated[UUID, Meta(title=N_("审计记录"))]
    leaf_hash: Annotated[str, Meta(title=N_("审计记录的散列（十六进制）"))]
    title: Annotated[str, Meta(title=N_("标题"))]
    description: Annotated[str, Meta(title=N_("问题描述"))]
    request: Annotated[str, Meta(title=N_("诉求"))]
    timeline: Annotated[list[EntryShown], Meta(title=N_("时间线"))]
    agreements: Annotated[list[Document], Meta(title=N_("和解协议"))]

    def __repr__(self) -> str:
        return "OpenedTicket(…)"


@post(
    "/tickets/{number:str}/confidential",
    summary=N_("标为保密工单"),
    operation_id="markConfidential",
    status_code=200,
    opt=tickets.ANSWERS,
)
async def mark(number: FromPath[str], visit: Visiting) -> Response[tickets.TicketShown]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    await mark_confidential(visit.session, ticket, by=visit.person, at=visit.at)
    return versioned(await tickets.show(visit, ticket), ticket.version)


@ask("/tickets/{number:str}/confidential/contents", summary=N_("查看保密工单的内容"), operation_id="openConfidential")
async def open_contents(number: FromPath[str], data: JSONBody[Purpose], request: Asked) -> Response[OpenedTicket]:
    # No visit: the record commits in a transaction of its own before anything is opened.
    caller, door = caller_by_key(request), door_of(request)
    async with door.tenants.session(caller.tenant, caller.person.context()) as session:
        row = (await reach.visible_ticket(session, caller.person, number)).id
    revealed = await _reveal(request, number, row, data.purpose)
    async with door.tenants.session(caller.tenant, caller.person.context()) as session:
        ticket = await reach.visible_ticket(session, caller.person, number)
        contents = await contents_of(session, ticket)
        told = await reading.read_timeline(session, caller.person, ticket, contents=contents)
    own = contents.get(row, {})
    opened = OpenedTicket(
        reveal_id=revealed.shown.id,
        until=revealed.shown.until,
        leaf_id=revealed.shown.receipt.leaf_id,
        leaf_hash=revealed.shown.receipt.leaf_hash.hex(),
        # What a job has not sealed yet still stands in its row.
        title=own.get("title", ticket.title),
        description=own.get("description", ticket.description),
        request=own.get("request", ticket.request),
        timeline=[
            shown(EntryShown, one, attachments=[_named(file, contents) for file in one.attachments]) for one in told
        ],
        agreements=_agreements(contents),
    )
    return Response(opened, headers={"cache-control": "no-store"})


@ask(
    "/tickets/{number:str}/attachments/{attachment_id:uuid}/content",
    summary=N_("下载保密工单的附件"),
    operation_id="openConfidentialFile",
    opt={"downloads": tuple(files.ACCEPTED)},
)
async def open_file(
    number: FromPath[str], attachment_id: FromPath[UUID], data: JSONBody[Purpose], request: Asked
) -> Stream:
    caller, door = caller_by_key(request), door_of(request)
    async with door.tenants.session(caller.tenant, caller.person.context()) as session:
        ticket = await reach.visible_ticket(session, caller.person, number)
        kept = await attachments.visible_attachment(session, ticket, attachment_id)
    revealed = await _reveal(request, number, attachment_id, data.purpose)
    async with door.tenants.session(caller.tenant, caller.person.context()) as session:
        storage = await sealing_storage(session, door.storage, ticket.merchant_id, kept.storage_key)
    name = json.loads(revealed.text)["name"]
    return await send_file(storage, files.StoredFile(kept.storage_key, name, kept.media_type, kept.size, kept.sha256))


async def _reveal(request: Asked, number: str, row: UUID, purpose: str) -> Revealed:
    caller, door = caller_by_key(request), door_of(request)
    authorize(caller.person, Permission.REVEAL)
    wanted = Wanted(field=f"{SealedContent.__tablename__}.content:{row}", ticket=number, purpose=purpose)
    return await reveal(
        lambda: door.tenants.session(caller.tenant, caller.person.context()), wanted, by=caller.person, at=caller.at
    )


def _named(file: Attachment, contents: dict[UUID, Content]) -> FileShown:
    name = contents.get(file.id, {}).get("name", file.name)
    return msgspec.structs.replace(show_file(file), name=name)


def _agreements(contents: dict[UUID, Content]) -> list[Document]:
    found = [msgspec.json.decode(one["document"], type=Document) for one in contents.values() if "document" in one]
    return sorted(found, key=lambda one: one.version)


router = Router("/", tags=[N_("保密工单")], route_handlers=[mark, open_contents, open_file])
