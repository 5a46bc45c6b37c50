"""The agency's own settings: its name, time zone, and the days around feedback."""

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import AgencySettings, change_settings, read_settings
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.administration.setting_tabs import setting_tabs
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_, Refusal


@get("/settings")
async def agency_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The settings as they are."""
    authorize(visit.person, Permission.READ_SETTINGS)
    return _form(request, visit, prefilled(await read_settings(visit.session)))


@post("/settings", status_code=303)
async def submit_agency(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep others in their place."""
    authorize(visit.person, Permission.MANAGE_SETTINGS)
    reading = read(AgencySettings, await typed_by(request))
    if reading.value is None:
        return _form(request, visit, reading.typed, reading.refusal)
    await change_settings(visit.session, reading.value, by=visit.person, at=visit.at)
    return go_to(request, "/settings", Notice(language_of(request).say(N_("设置已保存。"))))


def _form(request: Asked, visit: Visit, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    return page(
        request,
        "administration/agency.html",
        status_code=status_of(wrong) if wrong else 200,
        tabs=setting_tabs(language_of(request), "/settings"),
        may_change=allows(visit.person, Permission.MANAGE_SETTINGS),
        **form_values(request, AgencySettings, typed, wrong=wrong),
    )
