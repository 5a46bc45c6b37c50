"""One statement: its figures and its lines."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.reading_statements import visible_statement
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.notices.pages import seen
from anshou.portal.pages import page
from anshou.portal.statements.places import address_of
from anshou.portal.statements.views import shown_head, shown_lines


@get("/statements/{number:str}")
async def statement_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The statement, a hundred lines a page."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    statement = await visible_statement(visit.session, number, by=visit.person)
    await seen(visit, statement.id)
    return page(
        request,
        "statements/statement.html",
        **await shown_head(visit, statement),
        **await shown_lines(request, visit, statement, address_of(number)),
    )
