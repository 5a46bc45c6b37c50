"""The register of processing: what is processed, on which basis, how long; every version stays."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.duties.places import tabs, trail
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.duties.register import ActivityGiven, list_activities, record_activity, versions_of
from tenants.refusals import N_, Refusal


@get("/register")
async def register_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every activity in its latest version."""
    authorize_at_desk(visit.person, Permission.READ_REGISTER)
    return page(
        request,
        "duties/register.html",
        tabs=tabs(request, "register"),
        activities=await list_activities(visit.session, by=visit.person),
        may_manage=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
    )


@get("/register/new")
async def new_activity_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another activity."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    return _form(request, None)


@post("/register/new", status_code=303)
async def submit_activity(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Write it down."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    reading = read(ActivityGiven, await typed_by(request))
    if reading.value is None:
        return _form(request, None, reading.typed, reading.refusal)
    made = await record_activity(visit.session, reading.value, by=visit.person, at=visit.at)
    return go_to(request, f"/register/{made.activity_id}", Notice(language_of(request).say(N_("已登记。"))))


@get("/register/{activity_id:uuid}")
async def activity_page(activity_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """One activity with its former versions."""
    authorize_at_desk(visit.person, Permission.READ_REGISTER)
    versions = await versions_of(visit.session, activity_id, by=visit.person)
    return page(
        request,
        "duties/activity.html",
        versions=versions,
        names=await names_of(visit.session, [one.recorded_by for one in versions]),
        trail=trail(request, "register"),
        may_manage=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
    )


@get("/register/{activity_id:uuid}/change")
async def change_page(activity_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The latest version, to be changed."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    latest = (await versions_of(visit.session, activity_id, by=visit.person))[0]
    kept = {name: getattr(latest, name) for name in ActivityGiven.__struct_fields__}
    given = ActivityGiven(**(kept | {"data_kinds": tuple(latest.data_kinds)}))
    return _form(request, activity_id, prefilled(given))


@post("/register/{activity_id:uuid}/change", status_code=303)
async def submit_change(activity_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Write the next version down."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    reading = read(ActivityGiven, await typed_by(request))
    if reading.value is None:
        return _form(request, activity_id, reading.typed, reading.refusal)
    await record_activity(visit.session, reading.value, of=activity_id, by=visit.person, at=visit.at)
    return go_to(request, f"/register/{activity_id}", Notice(language_of(request).say(N_("已登记新的版本。"))))


def _form(
    request: Asked, activity_id: UUID | None, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("更新处理活动")) if activity_id else say(N_("登记处理活动")),
        action=f"/register/{activity_id}/change" if activity_id else "/register/new",
        back=f"/register/{activity_id}" if activity_id else "/register",
        button=say(N_("保存")),
        trail=trail(request, "register"),
        intro=say(N_("记录至少保存三年，修改会另存为新的版本。")),
    )
    return show_form(request, form, ActivityGiven, typed, wrong=wrong)
