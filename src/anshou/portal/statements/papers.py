"""A statement as a paper and as a spreadsheet, for both desks."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.consumers.records import private_among
from anshou.downloads import send_sheet
from anshou.finance.reading_statements import lines_of, tickets_of, visible_statement
from anshou.finance.statement_sheet import sheet_of
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.merchant.places import own_merchant
from anshou.portal.pages import page
from anshou.portal.statements.places import address_of, my_address_of
from anshou.portal.statements.views import shown_head
from billing.statements.rows import Statement


@get("/statements/{number:str}/print")
async def printed(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """All of it on paper."""
    authorize_at_desk(visit.person, Permission.READ_DISPUTES)
    return await _printed(request, visit, number, address_of(number))


@get("/statements/{number:str}/statement.xlsx")
async def spreadsheet(number: FromPath[str], visit: NamedDependency[Visit]) -> Response[bytes]:
    """All of it in a spreadsheet."""
    authorize_at_desk(visit.person, Permission.READ_DISPUTES)
    return await _spreadsheet(visit, number)


@get("/my/statements/{number:str}/print")
async def my_printed(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """All of my statement on paper."""
    own_merchant(visit.person, Permission.READ_STATEMENTS)
    return await _printed(request, visit, number, my_address_of(number))


@get("/my/statements/{number:str}/statement.xlsx")
async def my_spreadsheet(number: FromPath[str], visit: NamedDependency[Visit]) -> Response[bytes]:
    """All of my statement in a spreadsheet."""
    own_merchant(visit.person, Permission.READ_STATEMENTS)
    return await _spreadsheet(visit, number)


async def _printed(request: Asked, visit: Visit, number: str, back: str) -> Response[str]:
    statement = await visible_statement(visit.session, number, by=visit.person)
    return page(
        request,
        "statements/printed.html",
        back=back,
        **await shown_head(visit, statement),
        **await _all_lines(visit, statement),
    )


async def _spreadsheet(visit: Visit, number: str) -> Response[bytes]:
    statement = await visible_statement(visit.session, number, by=visit.person)
    content = await sheet_of(visit.session, statement)
    return send_sheet(content, f"{number}.xlsx")


async def _all_lines(visit: Visit, statement: Statement) -> dict[str, Any]:
    lines = await lines_of(visit.session, statement, limit=statement.line_count)
    tickets = {shown.line.ticket_id for shown in lines}
    return {
        "lines": lines,
        "tickets": await tickets_of(visit.session, statement.merchant_id, tickets),
        "discreet": await private_among(visit.session, statement.merchant_id, tickets),
    }
