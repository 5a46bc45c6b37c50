"""Reveals: a confidential field in plain text for a purpose and a ticket, who saw what, and objections to it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, Page, shown
from anshou.api.cursors import pack, unpack
from anshou.api.queries import Paging
from anshou.api.routing import ask, get, post
from anshou.api.visits import ApiVisit, Visiting, caller_by_key, door_of
from anshou.gate.callers import Asked
from anshou.people.permissions import Permission, authorize
from anshou.people.roles import Role
from anshou.privacy import objections, purposes, revealing, seen
from anshou.privacy.errors import ObjectionNotFound
from anshou.privacy.objections import Outcome, Reason, Verdict
from anshou.privacy.reveals import ViewerSide
from anshou.privacy.seen import Seen, SeenFilters
from tenants.refusals import N_


class PlainField(Struct, frozen=True, kw_only=True):
    """A field in plain text. Show it no longer than `until`, and keep it nowhere."""

    id: UUID
    field: Annotated[str, Meta(title=N_("保密字段"))]
    text: Annotated[str, Meta(title=N_("内容"))]
    until: Annotated[datetime, Meta(title=N_("显示到何时"))]
    leaf_id: Annotated[UUID, Meta(title=N_("审计记录"))]
    leaf_hash: Annotated[str, Meta(title=N_("审计记录的散列（十六进制）"))]

    def __repr__(self) -> str:
        return "PlainField(…)"


class PurposeShown(Struct, frozen=True, kw_only=True):
    """A purpose to choose from."""

    code: Annotated[str, Meta(title=N_("代码"))]
    label: Annotated[str, Meta(title=N_("查看目的"))]


class ObjectionShown(Struct, frozen=True, kw_only=True):
    """A merchant's objection to a reveal, and the answer once there is one."""

    id: UUID
    reason: Annotated[str, Meta(title=N_("异议理由"))]
    raised_at: Annotated[datetime, Meta(title=N_("提出时间"))]
    due_at: Annotated[datetime, Meta(title=N_("答复期限"))]
    outcome: Annotated[Outcome | None, Meta(title=N_("结论"))]
    explanation: Annotated[str | None, Meta(title=N_("说明"))]
    answered_at: Annotated[datetime | None, Meta(title=N_("答复时间"))]


class RevealShown(Struct, frozen=True, kw_only=True):
    """That somebody saw a field: who, which, when and why. No content."""

    id: UUID
    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    ticket: Annotated[str, Meta(title=N_("工单号"))]
    field: Annotated[str, Meta(title=N_("保密字段"))]
    purpose: Annotated[str, Meta(title=N_("查看目的"))]
    viewer_name: Annotated[str, Meta(title=N_("查看人"))]
    viewer_role: Annotated[Role, Meta(title=N_("角色"))]
    side: Annotated[ViewerSide, Meta(title=N_("哪一方"))]
    shown_at: Annotated[datetime, Meta(title=N_("查看时间"))]
    copies: Annotated[int, Meta(title=N_("复制次数"))]
    leaf_id: Annotated[UUID, Meta(title=N_("审计记录"))]
    objection: Annotated[ObjectionShown | None, Meta(title=N_("异议"))]


class RevealQuery(Paging, frozen=True, kw_only=True):
    """Which reveals."""

    merchant: Annotated[UUID, Meta(title=N_("商家"))] | None = None
    viewer: Annotated[UUID, Meta(title=N_("查看人"))] | None = None
    ticket: Annotated[str, Meta(max_length=40, title=N_("工单号"))] = ""
    unanswered: Annotated[bool, Meta(title=N_("是否只列出待答复的异议"))] = False


@get("/reveal-purposes", summary=N_("列出查看目的"), operation_id="listRevealPurposes")
async def list_purposes(visit: Visiting) -> Listing[PurposeShown]:
    authorize(visit.person, Permission.REVEAL)
    offered = await purposes.open_purposes(visit.session)
    return Listing(items=[PurposeShown(code=purpose.code, label=purpose.label) for purpose in offered])


@ask("/reveals", summary=N_("查看一项保密内容"), operation_id="reveal")
async def reveal_field(data: JSONBody[revealing.Wanted], request: Asked) -> Response[PlainField]:
    # No visit: the record commits in a transaction of its own before the field is opened.
    caller, door = caller_by_key(request), door_of(request)
    found = await revealing.reveal(
        lambda: door.tenants.session(caller.tenant, caller.person.context()), data, by=caller.person, at=caller.at
    )
    plain = PlainField(
        id=found.shown.id,
        field=str(found.shown.reference),
        text=found.text,
        until=found.shown.until,
        leaf_id=found.shown.receipt.leaf_id,
        leaf_hash=found.shown.receipt.leaf_hash.hex(),
    )
    # Said here as well as for every answer of the application: this one must not hang on how the door is mounted.
    return Response(plain, headers={"cache-control": "no-store"})


@get("/reveals", summary=N_("列出查看记录"), operation_id="listReveals", query=RevealQuery)
async def list_reveals(asked: NamedDependency[RevealQuery], visit: Visiting) -> Page[RevealShown]:
    filters = SeenFilters(
        merchant=asked.merchant, viewer=asked.viewer, ticket=asked.ticket, unanswered=asked.unanswered
    )
    mark = [asked.merchant, asked.viewer, asked.ticket, asked.unanswered]
    after = unpack(asked.after, "reveals", mark, tuple[datetime, UUID]) if asked.after else None
    page = await seen.list_seen(visit.session, visit.person, filters, after=after, limit=asked.limit)
    return Page(
        items=[_shown(line) for line in page.lines],
        next=pack("reveals", mark, page.after) if page.after else None,
    )


@get("/reveals/{reveal_id:uuid}", summary=N_("读取查看记录"), operation_id="readReveal")
async def read_reveal(reveal_id: FromPath[UUID], visit: Visiting) -> RevealShown:
    return _shown(await seen.visible_seen(visit.session, visit.person, reveal_id))


@post("/reveals/{reveal_id:uuid}/objection", summary=N_("对一次查看提出异议"), operation_id="objectToReveal")
async def object_to_reveal(reveal_id: FromPath[UUID], data: JSONBody[Reason], visit: Visiting) -> RevealShown:
    await objections.object_to(visit.session, reveal_id, data, by=visit.person, at=visit.at)
    return await _again(visit, reveal_id)


@post("/reveals/{reveal_id:uuid}/objection/answer", summary=N_("答复查看异议"), operation_id="answerObjection")
async def answer_objection(reveal_id: FromPath[UUID], data: JSONBody[Verdict], visit: Visiting) -> RevealShown:
    authorize(visit.person, Permission.ANSWER_OBJECTION)
    line = await seen.visible_seen(visit.session, visit.person, reveal_id)
    if line.objection_id is None:
        raise ObjectionNotFound
    await objections.answer_objection(visit.session, line.objection_id, data, by=visit.person, at=visit.at)
    return await _again(visit, reveal_id)


async def _again(visit: ApiVisit, reveal_id: UUID) -> RevealShown:
    return _shown(await seen.visible_seen(visit.session, visit.person, reveal_id))


def _shown(line: Seen) -> RevealShown:
    objection = None
    if line.objection_id is not None:
        objection = shown(ObjectionShown, line, id=line.objection_id)
    return shown(
        RevealShown,
        line,
        ticket=line.ticket_number,
        field=f"{line.subject_table}.{line.field}:{line.row_id}",
        objection=objection,
    )


router = Router(
    "/",
    tags=[N_("保密查看")],
    route_handlers=[list_purposes, reveal_field, list_reveals, read_reveal, object_to_reveal, answer_objection],
)
