"""The administration's page about notices that leave the house."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.notifying.kinds import EventKind
from anshou.notifying.robots.registry import list_robots
from anshou.notifying.wishes import BUILT_IN, Mailing, role_defaults
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.roles import Role
from anshou.portal.administration.setting_tabs import setting_tabs
from anshou.portal.notifying.robots import HOME
from anshou.portal.pages import language_of, page


@get("/settings/notifications")
async def notifications_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Robots and defaults."""
    authorize(visit.person, Permission.READ_SETTINGS)
    defaults = await role_defaults(visit.session)
    return page(
        request,
        "notifying/settings.html",
        tabs=setting_tabs(language_of(request), HOME),
        robots=await list_robots(visit.session, visit.person),
        roles=[(role, defaults.get(role)) for role in Role],
        mailings=list(Mailing),
        built_in=BUILT_IN,
        may_watch=allows(visit.person, Permission.READ_JOBS),
        kinds={kind.value: kind.label for kind in EventKind},
        may_change=allows(visit.person, Permission.MANAGE_SETTINGS),
        home=HOME,
    )
