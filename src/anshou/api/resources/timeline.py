"""A ticket's timeline: read, message, note. Contacts are recorded by their move, files come by `attachments`."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Router
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, shown
from anshou.api.routing import get, post
from anshou.api.visits import Visiting
from anshou.tickets import reach, reading, timeline
from anshou.tickets.entries import Attachment, Entry
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.reading import Told
from tenants.refusals import N_


class FileShown(Struct, frozen=True, kw_only=True):
    """A file on the timeline."""

    id: UUID
    name: Annotated[str, Meta(title=N_("文件名"))]
    media_type: Annotated[str, Meta(title=N_("类型"))]
    size: Annotated[int, Meta(title=N_("大小（字节）"))]
    sha256: Annotated[str, Meta(title=N_("内容的 SHA-256"))]
    audience: Annotated[Side, Meta(title=N_("谁能看到"))]
    added_at: Annotated[datetime, Meta(title=N_("上传时间"))]
    added_by: Annotated[UUID, Meta(title=N_("上传人"))]


class EntryShown(Struct, frozen=True, kw_only=True):
    """An entry as the caller may read it. `inner` and `inner_changes` are empty for a merchant."""

    id: UUID
    at: Annotated[datetime, Meta(title=N_("时间"))]
    sort: Annotated[EntrySort, Meta(title=N_("种类"))]
    audience: Annotated[Side, Meta(title=N_("谁能看到"))]
    author_id: Annotated[UUID, Meta(title=N_("作者"))]
    author_name: Annotated[str, Meta(title=N_("作者姓名"))]
    author_side: Annotated[Side, Meta(title=N_("作者属于"))]
    move: Annotated[str | None, Meta(title=N_("操作"))]
    body: Annotated[str | None, Meta(title=N_("内容"))]
    record: Annotated[dict[str, Any], Meta(title=N_("填写的内容"))]
    changes: Annotated[dict[str, Any], Meta(title=N_("变化：字段对应旧值与新值"))]
    inner: Annotated[dict[str, Any], Meta(title=N_("内部填写的内容"))]
    inner_changes: Annotated[dict[str, Any], Meta(title=N_("内部变化"))]
    round: Annotated[int, Meta(title=N_("轮次"))]
    version: Annotated[int, Meta(title=N_("此后的工单版本"))]
    corrects: Annotated[UUID | None, Meta(title=N_("更正的记录"))]
    attachments: Annotated[list[FileShown], Meta(title=N_("附件"))]


class Written(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody says; `corrects` names the own entry that this one puts right."""

    body: Annotated[str, Meta(title=N_("内容"), min_length=1, max_length=timeline.LONGEST, pattern=r"\S")]
    corrects: Annotated[UUID | None, Meta(title=N_("更正的记录"))] = None


class EntryMade(Struct, frozen=True, kw_only=True):
    """An entry that was written."""

    id: UUID
    at: Annotated[datetime, Meta(title=N_("时间"))]


@get("/tickets/{number:str}/timeline", summary=N_("读取时间线"), operation_id="readTimeline")
async def read_timeline(number: FromPath[str], visit: Visiting) -> Listing[EntryShown]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    told = await reading.read_timeline(visit.session, visit.person, ticket)
    return Listing(items=[_entry(one) for one in told])


@post("/tickets/{number:str}/messages", summary=N_("给对方发消息"), operation_id="postMessage")
async def post_message(number: FromPath[str], data: JSONBody[Written], visit: Visiting) -> EntryMade:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    entry = await timeline.post_message(
        visit.session, ticket, data.body, by=visit.person, at=visit.at, corrects=data.corrects
    )
    return _made(entry)


@post("/tickets/{number:str}/notes", summary=N_("写内部备注"), operation_id="addNote")
async def add_note(number: FromPath[str], data: JSONBody[Written], visit: Visiting) -> EntryMade:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    entry = await timeline.add_note(
        visit.session, ticket, data.body, by=visit.person, at=visit.at, corrects=data.corrects
    )
    return _made(entry)


def show_file(file: Attachment) -> FileShown:
    """The file without where it lies in the storage."""
    return shown(FileShown, file)


def _entry(told: Told) -> EntryShown:
    return shown(EntryShown, told, attachments=[show_file(file) for file in told.attachments])


def _made(entry: Entry) -> EntryMade:
    return shown(EntryMade, entry)


router = Router("/", tags=[N_("时间线")], route_handlers=[read_timeline, post_message, add_note])
