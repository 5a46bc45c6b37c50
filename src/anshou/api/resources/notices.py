"""Notices: what waits for the caller. They name a ticket by its number and say nothing of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Page, shown
from anshou.api.cursors import pack, unpack
from anshou.api.queries import Paging
from anshou.api.routing import get, post
from anshou.api.visits import Visiting
from anshou.people import notices
from tenants.refusals import N_


class NoticeQuery(Paging, frozen=True, kw_only=True):
    """Which notices."""

    unread: Annotated[bool, Meta(title=N_("是否只列出未读"))] = False


class NoticeShown(Struct, frozen=True, kw_only=True):
    """That the caller was told of an event of `subject_id`, usually a ticket."""

    id: UUID
    event: Annotated[str, Meta(title=N_("事件"))]
    subject_id: Annotated[UUID, Meta(title=N_("关于"))]
    number: Annotated[str, Meta(title=N_("工单号"))]
    left_at: Annotated[datetime, Meta(title=N_("通知时间"))]
    read_at: Annotated[datetime | None, Meta(title=N_("阅读时间"))]


class Reading(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the caller has read: the notices of one subject, or all of them."""

    subject_id: Annotated[UUID | None, Meta(title=N_("关于，不填为全部"))] = None


class Unread(Struct, frozen=True, kw_only=True):
    """How many notices the caller has not read."""

    unread: Annotated[int, Meta(title=N_("未读数，最多数到 100"))]


@get("/notices", summary=N_("列出通知"), operation_id="listNotices", query=NoticeQuery)
async def list_notices(asked: NamedDependency[NoticeQuery], visit: Visiting) -> Page[NoticeShown]:
    after = unpack(asked.after, "notices", asked.unread, tuple[datetime, UUID]) if asked.after else None
    found = await notices.list_notices(
        visit.session, visit.person, unread_only=asked.unread, after=after, limit=asked.limit + 1
    )
    page = [shown(NoticeShown, one) for one in found[: asked.limit]]
    more = len(found) > asked.limit
    return Page(items=page, next=pack("notices", asked.unread, (page[-1].left_at, page[-1].id)) if more else None)


@post("/notices/read", summary=N_("标记通知为已读"), operation_id="markNoticesRead", status_code=200)
async def mark_notices_read(data: JSONBody[Reading], visit: Visiting) -> Unread:
    await notices.mark_read(visit.session, visit.person, subject_id=data.subject_id, at=visit.at)
    return Unread(unread=await notices.count_unread(visit.session, visit.person))


router = Router("/", tags=[N_("通知")], route_handlers=[list_notices, mark_notices_read])
