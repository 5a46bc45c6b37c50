"""The lines of a statement: what each rests on, what the merchant says of it, and what finance answers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Page, shown
from anshou.api.cursors import pack, unpack
from anshou.api.queries import Paging
from anshou.api.resources import statements
from anshou.api.resources.statements import StatementShown
from anshou.api.routing import get, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.finance import answering_disputes, disputing_lines, reading_statements
from anshou.finance.answering_disputes import Acceptance, Acknowledgement, Rejection
from anshou.finance.disputing_lines import Objection
from anshou.finance.reading_statements import Shown, TicketOfLine, line_at, lines_of, tickets_of, visible_statement
from anshou.tickets.kinds import Kind
from billing.parties import CostCategory
from billing.statements.answering import words_about
from billing.statements.rows import LineSort, Statement, StatementLine, Word
from tenants.refusals import N_


class LineShown(Struct, frozen=True, kw_only=True):
    """A line; `fen` below zero lessens the debt. `word` is what was said of it last."""

    place: Annotated[int, Meta(title=N_("行"))]
    booked_on: Annotated[date, Meta(title=N_("记账日期"))]
    sort: Annotated[LineSort, Meta(title=N_("类别"))]
    fen: Annotated[int, Meta(title=N_("金额，分"))]
    category: Annotated[CostCategory | None, Meta(title=N_("费用类别"))]
    incurred_on: Annotated[date | None, Meta(title=N_("发生日期"))]
    text: Annotated[str, Meta(title=N_("说明"))]
    ticket_number: Annotated[str | None, Meta(title=N_("工单号"))]
    ticket_kind: Annotated[Kind | None, Meta(title=N_("工单类型"))]
    clause: Annotated[str | None, Meta(title=N_("合同条款"))]
    word: Annotated[Word | None, Meta(title=N_("最近的答复"))]


class WordShown(Struct, frozen=True, kw_only=True):
    """What somebody said of a line; `answer_by` is when the agency owes its answer."""

    word: Annotated[Word, Meta(title=N_("答复"))]
    reason: Annotated[str, Meta(title=N_("理由"))]
    fen: Annotated[int | None, Meta(title=N_("冲减金额，分"))]
    ticket_number: Annotated[str | None, Meta(title=N_("转入的工单"))]
    answer_by: Annotated[datetime | None, Meta(title=N_("答复期限"))]
    said_at: Annotated[datetime, Meta(title=N_("时间"))]


class LineRead(LineShown, frozen=True, kw_only=True):
    """A line with everything that was said of it, and the cost that it charges, for those who may read costs."""

    words: Annotated[list[WordShown], Meta(title=N_("往来"))]
    cost: Annotated[str, Meta(title=N_("费用编号"))]


_LINES = "/statements/{statement:str}/lines"
_ONE = f"{_LINES}/{{place:int}}"


@get(_LINES, summary=N_("列出对账单明细"), operation_id="listStatementLines", query=Paging)
async def list_lines(statement: FromPath[str], asked: NamedDependency[Paging], visit: Visiting) -> Page[LineShown]:
    one = await visible_statement(visit.session, statement, by=visit.person)
    after = unpack(asked.after, "statement_lines", one.number, int) if asked.after else 0
    found = await lines_of(visit.session, one, after=after, limit=asked.limit + 1)
    here = found[: asked.limit]
    following = pack("statement_lines", one.number, here[-1].line.place) if len(found) > asked.limit else None
    tickets = await tickets_of(visit.session, one.merchant_id, {each.line.ticket_id for each in here})
    return Page(items=[_shown(each, tickets) for each in here], next=following)


@get(_ONE, summary=N_("读取对账单的一行"), operation_id="readStatementLine")
async def read_line(statement: FromPath[str], place: FromPath[int], visit: Visiting) -> LineRead:
    return await _read(visit, *await _line(visit, statement, place))


@post(
    "/statements/{statement:str}/confirmation",
    summary=N_("确认对账单"),
    operation_id="confirmStatement",
    status_code=200,
)
async def confirm_statement(statement: FromPath[str], visit: Visiting) -> StatementShown:
    one = await visible_statement(visit.session, statement, by=visit.person)
    await disputing_lines.confirm_statement(visit.session, one, by=visit.person, at=visit.at)
    return await statements.as_shown(visit, one)


@post(f"{_ONE}/confirmation", summary=N_("确认一行"), operation_id="confirmStatementLine", status_code=200)
async def confirm_line(statement: FromPath[str], place: FromPath[int], visit: Visiting) -> LineRead:
    one, line = await _line(visit, statement, place)
    await disputing_lines.confirm_line(visit.session, one, line, by=visit.person, at=visit.at)
    return await _read(visit, one, line)


@post(f"{_ONE}/dispute", summary=N_("对一行提出异议"), operation_id="disputeStatementLine", status_code=200)
async def dispute_line(
    statement: FromPath[str], place: FromPath[int], data: JSONBody[Objection], visit: Visiting
) -> LineRead:
    one, line = await _line(visit, statement, place)
    await disputing_lines.dispute_line(visit.session, one, line, data, by=visit.person, at=visit.at)
    return await _read(visit, one, line)


@post(f"{_ONE}/acceptance", summary=N_("异议成立"), operation_id="acceptDispute", status_code=200)
async def accept_dispute(
    statement: FromPath[str], place: FromPath[int], data: JSONBody[Acceptance], visit: Visiting
) -> LineRead:
    one, line = await _line(visit, statement, place)
    await answering_disputes.accept_dispute(visit.session, one, line, data, by=visit.person, at=visit.at)
    return await _read(visit, one, line)


@post(f"{_ONE}/acknowledgement", summary=N_("确认已冲销"), operation_id="acknowledgeDispute", status_code=200)
async def acknowledge_dispute(
    statement: FromPath[str], place: FromPath[int], data: JSONBody[Acknowledgement], visit: Visiting
) -> LineRead:
    one, line = await _line(visit, statement, place)
    await answering_disputes.acknowledge_dispute(visit.session, one, line, data, by=visit.person, at=visit.at)
    return await _read(visit, one, line)


@post(f"{_ONE}/rejection", summary=N_("异议不成立"), operation_id="rejectDispute", status_code=200)
async def reject_dispute(
    statement: FromPath[str], place: FromPath[int], data: JSONBody[Rejection], visit: Visiting
) -> LineRead:
    one, line = await _line(visit, statement, place)
    await answering_disputes.reject_dispute(visit.session, one, line, data, by=visit.person, at=visit.at)
    return await _read(visit, one, line)


@post(f"{_ONE}/escalation", summary=N_("转为合同争议"), operation_id="escalateStatementLine", status_code=200)
async def escalate_line(statement: FromPath[str], place: FromPath[int], visit: Visiting) -> LineRead:
    one, line = await _line(visit, statement, place)
    await disputing_lines.escalate_line(visit.session, visit.door.storage, one, line, by=visit.person, at=visit.at)
    return await _read(visit, one, line)


async def _line(visit: ApiVisit, number: str, place: int) -> tuple[Statement, StatementLine]:
    statement = await visible_statement(visit.session, number, by=visit.person)
    return statement, await line_at(visit.session, statement, place)


async def _read(visit: ApiVisit, statement: Statement, line: StatementLine) -> LineRead:
    words = await words_about(visit.session, line)
    tickets = await tickets_of(
        visit.session, statement.merchant_id, {line.ticket_id, *(word.ticket_id for word in words)}
    )
    plain = _shown(Shown(line, words[-1] if words else None), tickets)
    return shown(
        LineRead,
        plain,
        words=[
            shown(WordShown, word, ticket_number=tickets[word.ticket_id].number if word.ticket_id in tickets else None)
            for word in words
        ],
        cost=await reading_statements.cost_number(visit.session, line, by=visit.person),
    )


def _shown(one: Shown, tickets: Mapping[UUID, TicketOfLine]) -> LineShown:
    ticket = tickets.get(one.line.ticket_id) if one.line.ticket_id else None
    return shown(
        LineShown,
        one.line,
        ticket_number=ticket.number if ticket else None,
        ticket_kind=ticket.kind if ticket else None,
        word=one.word.word if one.word else None,
    )


router = Router(
    "/",
    tags=[N_("对账单")],
    route_handlers=[
        list_lines,
        read_line,
        confirm_statement,
        confirm_line,
        dispute_line,
        accept_dispute,
        acknowledge_dispute,
        reject_dispute,
        escalate_line,
    ],
)
