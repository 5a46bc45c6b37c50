"""Tickets: the queues, one ticket as it stands, and opening one of each kind."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Page, made, rows_of_page, shown, versioned
from anshou.api.cursors import pack, unpack
from anshou.api.document import PREFIX
from anshou.api.resources.ticket_lists import TicketQuery
from anshou.api.routing import get, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.people.roles import Department
from anshou.tickets import moving, opening, queues, reach
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Channel, EscalationLevel, Kind, Outcome, Severity, Status, Urgency
from anshou.tickets.queue_orders import Cursor
from anshou.tickets.queue_tabs import Tab
from anshou.tickets.reading import reads_inside
from anshou.tickets.reports import AnomalyReport, DisputeReport, Report, ServiceReport
from anshou.tickets.tickets import Ticket, find_desk
from tenants.refusals import N_


class TicketLine(Struct, frozen=True, kw_only=True):
    """A ticket in a list. `severity` and `level` are the agency's own and null for a merchant."""

    id: UUID
    number: Annotated[str, Meta(title=N_("工单号"))]
    kind: Annotated[Kind, Meta(title=N_("问题类型"))]
    title: Annotated[str, Meta(title=N_("标题"))]
    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    shop_id: Annotated[UUID | None, Meta(title=N_("店铺"))]
    channel: Annotated[Channel, Meta(title=N_("反馈渠道"))]
    category: Annotated[Category | None, Meta(title=N_("问题类别"))]
    step: Annotated[str, Meta(title=N_("步骤"))]
    step_since: Annotated[datetime, Meta(title=N_("进入当前步骤的时间"))]
    status: Annotated[Status, Meta(title=N_("状态"))]
    round: Annotated[int, Meta(title=N_("轮次"))]
    on_hold: Annotated[bool, Meta(title=N_("是否挂起"))]
    urgency: Annotated[Urgency, Meta(title=N_("紧急程度"))]
    severity: Annotated[Severity | None, Meta(title=N_("严重程度"))]
    level: Annotated[EscalationLevel | None, Meta(title=N_("升级到"))]
    owner_id: Annotated[UUID | None, Meta(title=N_("负责人"))]
    department: Annotated[Department | None, Meta(title=N_("部门"))]
    promised_at: Annotated[datetime | None, Meta(title=N_("承诺处理时间"))]
    next_due_at: Annotated[datetime | None, Meta(title=N_("最近的到期时间"))]
    awaiting_since: Annotated[datetime | None, Meta(title=N_("从何时起等待商家"))]
    opened_at: Annotated[datetime, Meta(title=N_("提交时间"))]
    closed_at: Annotated[datetime | None, Meta(title=N_("关闭时间"))]
    outcome: Annotated[Outcome | None, Meta(title=N_("结果"))]
    last_entry_at: Annotated[datetime, Meta(title=N_("最近动态"))]
    is_confidential: Annotated[bool, Meta(title=N_("保密工单"))]


class TicketShown(TicketLine, frozen=True, kw_only=True):
    """A ticket as it stands. `moves` are what the caller may do with it now."""

    version: Annotated[int, Meta(title=N_("版本，即 ETag"))]
    description: Annotated[str, Meta(title=N_("问题描述"))]
    request: Annotated[str, Meta(title=N_("诉求"))]
    occurred_on: Annotated[date, Meta(title=N_("问题发生日期"))]
    contract_version_id: Annotated[UUID | None, Meta(title=N_("当日生效的合同版本"))]
    opened_by: Annotated[UUID, Meta(title=N_("提交人"))]
    moves: Annotated[list[str], Meta(title=N_("现在可执行的操作"))]


class TabCount(Struct, frozen=True, kw_only=True):
    """How many tickets a queue holds."""

    tab: Annotated[Tab, Meta(title=N_("队列"))]
    tickets: Annotated[int, Meta(title=N_("工单数，最多数到 1000"))]


class TabCounts(Struct, frozen=True, kw_only=True):
    """How many tickets each queue holds."""

    items: list[TabCount]


ANSWERS = {"answers_with": {"ETag": N_("工单版本")}}
MADE = {"answers_with": {"ETag": N_("工单版本"), "Location": N_("工单的位置")}}


@get("/tickets", summary=N_("列出工单"), operation_id="listTickets", query=TicketQuery)
async def list_tickets(asked: NamedDependency[TicketQuery], visit: Visiting) -> Response[Page[TicketLine]]:
    filters, order = asked.filters(), asked.order()
    name = f"tickets {asked.tab} {order}"
    after = unpack(asked.after, name, filters, Cursor) if asked.after else None
    found, rest = await queues.list_rows(
        visit.session,
        visit.person,
        asked.tab,
        filters,
        columns=TicketLine.__struct_fields__,
        at=visit.at,
        order=order,
        after=after,
        limit=asked.limit,
    )
    return rows_of_page(Page[TicketLine], found, pack(name, filters, rest) if rest else None)


@get("/tickets/counts", summary=N_("各队列的工单数"), operation_id="countTickets")
async def count_tickets(visit: Visiting) -> TabCounts:
    counts = await queues.count_tabs(visit.session, visit.person, at=visit.at)
    return TabCounts(items=[TabCount(tab=tab, tickets=tickets) for tab, tickets in counts.items()])


@get("/tickets/{number:str}", summary=N_("读取工单"), operation_id="readTicket", opt=ANSWERS)
async def read_ticket(number: FromPath[str], visit: Visiting) -> Response[TicketShown]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    return versioned(await show(visit, ticket), ticket.version)


@post("/tickets/service-quality", summary=N_("提交服务质量问题"), operation_id="reportServiceQuality", opt=MADE)
async def report_service_quality(data: JSONBody[ServiceReport], visit: Visiting) -> Response[TicketShown]:
    return await _open(visit, data)


@post("/tickets/data-anomaly", summary=N_("提交数据异常问题"), operation_id="reportDataAnomaly", opt=MADE)
async def report_data_anomaly(data: JSONBody[AnomalyReport], visit: Visiting) -> Response[TicketShown]:
    return await _open(visit, data)


@post("/tickets/contract-dispute", summary=N_("提交合作纠纷问题"), operation_id="reportContractDispute", opt=MADE)
async def report_contract_dispute(data: JSONBody[DisputeReport], visit: Visiting) -> Response[TicketShown]:
    return await _open(visit, data)


async def show(visit: ApiVisit, ticket: Ticket) -> TicketShown:
    """The ticket as the caller may see it."""
    desk = await find_desk(visit.session, ticket) if reads_inside(visit.person) else None
    moves = await moving.open_moves(visit.session, ticket, visit.person, at=visit.at)
    return shown(
        TicketShown,
        ticket,
        severity=desk.severity if desk else None,
        level=desk.level if desk else None,
        moves=[move.name for move in moves],
    )


async def _open(visit: ApiVisit, report: Report) -> Response[TicketShown]:
    ticket = await opening.open_ticket(visit.session, report, by=visit.person, at=visit.at)
    return made(await show(visit, ticket), f"{PREFIX}/tickets/{ticket.number}", ticket.version)


router = Router(
    "/",
    tags=[N_("工单")],
    route_handlers=[
        list_tickets,
        count_tickets,
        read_ticket,
        report_service_quality,
        report_data_anomaly,
        report_contract_dispute,
    ],
)
