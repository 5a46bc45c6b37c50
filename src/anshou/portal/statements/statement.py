"""One statement: its figures and its lines."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.reading_statements import visible_statement
from anshou.finance.statements import remind_of_statement
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.statements.places import address_of, trail_of
from anshou.portal.statements.views import shown_head, shown_lines
from billing.statements.answering import reminders_of
from tenants.refusals import N_


@get("/statements/{number:str}")
async def statement_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The statement, a hundred lines a page."""
    authorize_at_desk(visit.person, Permission.READ_DISPUTES)
    statement = await visible_statement(visit.session, number, by=visit.person)
    await seen(visit, statement.id)
    return page(
        request,
        "statements/statement.html",
        above=trail_of(statement, visit.person),
        may_issue=allows(visit.person, Permission.ISSUE_STATEMENTS),
        may_see_invoices=allows(visit.person, Permission.READ_STATEMENTS),
        reminded=await reminders_of(visit.session, statement),
        **await shown_head(visit, statement),
        **await shown_lines(request, visit, statement, address_of(number)),
    )


@post("/statements/{number:str}/remind", status_code=303)
async def remind(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Remind the merchant of what it did not answer."""
    authorize_at_desk(visit.person, Permission.ISSUE_STATEMENTS)
    statement = await visible_statement(visit.session, number, by=visit.person)
    await remind_of_statement(visit.session, statement, by=visit.person, at=visit.at)
    return go_to(request, address_of(number), Notice(language_of(request).say(N_("已催办，商家会收到通知。"))))
