"""My statements: what I owe month by month, line by line."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.disputing_lines import confirm_statement
from anshou.finance.reading_statements import statements_of_merchant, visible_statement
from anshou.finance.statement_months import standings_of
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.statements.places import TONES, my_address_of
from anshou.portal.statements.views import shown_head, shown_lines
from billing.statements.totals import totals_of
from tenants.refusals import N_


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
        may_confirm=allows(visit.person, Permission.CONFIRM_STATEMENTS),
        **await shown_head(visit, statement),
        **await shown_lines(request, visit, statement, my_address_of(number)),
        **await acting_for(visit, merchant_id),
    )


@post("/my/statements/{number:str}/confirm", status_code=303)
async def confirm_all(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Confirm every line of which nothing was said."""
    own_merchant(visit.person, Permission.CONFIRM_STATEMENTS)
    statement = await visible_statement(visit.session, number, by=visit.person)
    count = await confirm_statement(visit.session, statement, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("已确认 %(count)s 行。"), count=count)
    return go_to(request, my_address_of(number), Notice(said))
