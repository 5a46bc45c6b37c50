"""The first page: each person's own desk."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked, Caller
from anshou.people.permissions import Permission, allows
from anshou.people.roles import Role
from anshou.portal.navigation import FINANCE_DESK, places_for
from anshou.portal.pages import go_to
from anshou.portal.reports.places import REPORTS


@get("/", status_code=303)
async def home(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """On to the first place that this person may enter; what was just done is told there."""
    if caller.person.has(Role.EXECUTIVE):
        # Who directs the agency begins with what goes wrong and what it costs, not with a queue.
        return go_to(request, REPORTS)
    if not caller.person.is_merchant and allows(caller.person, Permission.ISSUE_STATEMENTS):
        # Finance has its own list of what waits.
        return go_to(request, FINANCE_DESK)
    sections = places_for(caller.person)
    return go_to(request, sections[0].places[0].address if sections else "/account")
