"""My statements: what I owe month by month, line by line."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.reading_statements import statements_of_merchant, visible_statement
from anshou.finance.statement_months import standings_of
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.notices.pages import seen
from anshou.portal.pages import page
from anshou.portal.statements.places import TONES, my_address_of
from anshou.portal.statements.views import shown_head, shown_lines
from billing.statements.totals import totals_of


@get("/my/statements")
async def my_statements_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """All of them, the latest first."""
    merchant_id = own_merchant(visit.person, Permission.READ_STATEMENTS)
    listed = await statements_of_merchant(visit.session, merchant_id, by=visit.person)
    return page(
        request,
        "merchant/statements.html",
        statements=listed,
        standings=await standings_of(visit.session, listed),
        totals=await totals_of(visit.session, listed),
        tones=TONES,
        **await acting_for(visit, merchant_id),
    )


@get("/my/statements/{number:str}")
async def my_statement_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """One of them, a hundred lines a page."""
    merchant_id = own_merchant(visit.person, Permission.READ_STATEMENTS)
    statement = await visible_statement(visit.session, number, by=visit.person)
    await seen(visit, statement.id)
    return page(
        request,
        "merchant/statement.html",
        **await shown_head(visit, statement),
        **await shown_lines(request, visit, statement, my_address_of(number)),
        **await acting_for(visit, merchant_id),
    )
