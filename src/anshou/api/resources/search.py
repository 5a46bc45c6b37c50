"""Searching tickets: which ones say what was asked, where, and in which words."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from anshou.api.cursors import pack, unpack
from anshou.api.errors import ParameterInvalid
from anshou.api.queries import Cursor, Query
from anshou.api.routing import get
from anshou.api.visits import Visiting
from anshou.tickets.kinds import Kind, Outcome, Status
from anshou.tickets.search import finding
from anshou.tickets.search.asking import LONGEST
from anshou.tickets.search.contents import Place
from anshou.tickets.search.errors import QuestionTooShort
from anshou.tickets.search.extracts import Piece
from anshou.tickets.search.narrowing import Narrowing, SearchCursor
from tenants.refusals import N_, Message


class SearchQuery(Query, frozen=True, kw_only=True):
    """What is looked for. Every word must be found; `since` and `until` are about when the ticket was opened."""

    q: Annotated[str, Meta(min_length=1, max_length=LONGEST, title=N_("要找的内容，多个词以空格分开"))]
    kind: Annotated[Kind | None, Meta(title=N_("问题类型"))] = None
    merchant: Annotated[UUID | None, Meta(title=N_("商家"))] = None
    status: Annotated[Status | None, Meta(title=N_("状态"))] = None
    since: Annotated[datetime, Meta(tz=True, title=N_("不早于"))] | None = None
    until: Annotated[datetime, Meta(tz=True, title=N_("早于"))] | None = None
    limit: Annotated[int, Meta(ge=1, le=50, title=N_("每页条数"))] = finding.PAGE
    after: Cursor | None = None


class PieceShown(Struct, frozen=True, kw_only=True):
    """A part of a text; `found` if it is what was looked for."""

    text: str
    found: bool


class PassageShown(Struct, frozen=True, kw_only=True):
    """A passage of a ticket. `inner` if only the agency reads it; author and time are those of an entry."""

    place: Annotated[Place, Meta(title=N_("所在位置"))]
    pieces: list[PieceShown]
    inner: Annotated[bool, Meta(title=N_("是否仅代运营方可见"))]
    author: Annotated[str, Meta(title=N_("撰写人"))]
    at: Annotated[datetime | None, Meta(title=N_("时间"))]


class HitShown(Struct, frozen=True, kw_only=True):
    """A ticket that was found."""

    id: UUID
    number: Annotated[str, Meta(title=N_("工单号"))]
    kind: Annotated[Kind, Meta(title=N_("问题类型"))]
    title: Annotated[str, Meta(title=N_("标题"))]
    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    status: Annotated[Status, Meta(title=N_("状态"))]
    outcome: Annotated[Outcome | None, Meta(title=N_("结果"))]
    opened_at: Annotated[datetime, Meta(title=N_("提交时间"))]
    last_entry_at: Annotated[datetime, Meta(title=N_("最近动态"))]
    is_confidential: Annotated[bool, Meta(title=N_("保密工单"))]
    places: Annotated[list[Place], Meta(title=N_("在哪里找到"))]
    passages: Annotated[list[PassageShown], Meta(title=N_("相关片段"))]


class HitsShown(Struct, frozen=True, kw_only=True):
    """A page of hits, the most relevant of the newest first."""

    items: list[HitShown]
    next: Annotated[str | None, Meta(title=N_("传入 after 以读取下一页"))]
    loosely: Annotated[bool, Meta(title=N_("没有工单含有全部内容，这些含有其中的大部分"))]


@get("/search", summary=N_("搜索工单"), operation_id="searchTickets", query=SearchQuery)
async def search_tickets(asked: NamedDependency[SearchQuery], visit: Visiting) -> HitsShown:
    narrowing = Narrowing(
        kind=asked.kind, merchant=asked.merchant, status=asked.status, since=asked.since, until=asked.until
    )
    by = (asked.q, asked.kind, asked.merchant, asked.status, asked.since, asked.until)
    after = unpack(asked.after, "search", by, SearchCursor) if asked.after else None
    try:
        found = await finding.search_tickets(
            visit.session, visit.person, asked.q, narrowing, at=visit.at, after=after, limit=asked.limit
        )
    except QuestionTooShort as short:
        raise ParameterInvalid({"q": Message(short.message)}) from None
    following = pack("search", by, found.after) if found.after else None
    return HitsShown(items=[_hit(hit) for hit in found.hits], next=following, loosely=found.loosely)


def _hit(hit: finding.Hit) -> HitShown:
    head = hit.head
    return HitShown(
        id=head.id,
        number=head.number,
        kind=head.kind,
        title=head.title,
        merchant_id=head.merchant_id,
        status=head.status,
        outcome=head.outcome,
        opened_at=head.opened_at,
        last_entry_at=head.last_entry_at,
        is_confidential=head.is_confidential,
        places=list(hit.places),
        passages=[
            PassageShown(place=one.place, pieces=_pieces(one.pieces), inner=one.inner, author=one.author, at=one.at)
            for one in hit.extracts
        ],
    )


def _pieces(pieces: tuple[Piece, ...]) -> list[PieceShown]:
    return [PieceShown(text=one.text, found=one.found) for one in pieces]


router = Router("/", tags=[N_("工单")], route_handlers=[search_tickets])
