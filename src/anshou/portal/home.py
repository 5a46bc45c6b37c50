"""The first page: each person's own desk."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.people.roles import Role
from anshou.people.saved_views import Place, find_start
from anshou.portal.first_steps.overview import begins_with_first_steps
from anshou.portal.first_steps.places import FIRST_STEPS
from anshou.portal.navigation import FINANCE_DESK, places_for
from anshou.portal.pages import go_to
from anshou.portal.reports.places import REPORTS


@get("/", status_code=303)
async def home(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """On to the view that this person begins with, else the first place that they may enter; what was just done is
    told there."""
    person = visit.person
    begins = None if person.is_merchant else await find_start(visit.session, person)
    if begins is not None and begins.place is Place.QUEUE:
        return go_to(request, f"/tickets?{begins.query_string()}")
    if person.has(Role.EXECUTIVE):
        # Who directs the agency begins with what goes wrong and what it costs, not with a queue.
        return go_to(request, REPORTS)
    if not person.is_merchant and allows(person, Permission.ISSUE_STATEMENTS):
        # Finance has its own list of what waits.
        return go_to(request, FINANCE_DESK)
    if await begins_with_first_steps(visit):
        return go_to(request, FIRST_STEPS)
    sections = places_for(person)
    return go_to(request, sections[0].places[0].address if sections else "/account")
