"""What those of a role are mailed who chose nothing themselves."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.notifying.errors import RoleUnknown
from anshou.notifying.wishes import BUILT_IN, Wishes, choose_for_role, role_defaults
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.people.roles import MERCHANT_ROLES, Role
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.notifying.robots import HOME
from anshou.portal.notifying.wish_form import OF_MERCHANTS, OF_STAFF, show_wishes
from anshou.portal.pages import Notice, go_to, language_of
from tenants.refusals import N_, Refusal


@get("/settings/notifications/defaults/{role:str}")
async def default_page(role: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form with what holds at present."""
    authorize(visit.person, Permission.MANAGE_SETTINGS)
    meant = _role(role)
    wishes = (await role_defaults(visit.session)).get(meant, BUILT_IN)
    return await _form(request, visit, meant, prefilled(wishes))


@post("/settings/notifications/defaults/{role:str}", status_code=303)
async def submit_default(role: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep it."""
    authorize(visit.person, Permission.MANAGE_SETTINGS)
    meant = _role(role)
    reading = read(Wishes, await typed_by(request))
    if reading.value is None:
        return await _form(request, visit, meant, reading.typed, reading.refusal)
    await choose_for_role(visit.session, meant, reading.value, by=visit.person, at=visit.at)
    return go_to(request, HOME, Notice(language_of(request).say(N_("默认通知方式已保存。"))))


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise RoleUnknown from None


async def _form(request: Asked, visit: Visit, role: Role, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    return show_wishes(
        request,
        "notifying/default.html",
        typed,
        OF_MERCHANTS if role in MERCHANT_ROLES else OF_STAFF,
        wrong,
        role=role,
        action=f"{HOME}/defaults/{role.value}",
        home=HOME,
        time_zone=(await read_settings(visit.session)).time_zone,
    )
