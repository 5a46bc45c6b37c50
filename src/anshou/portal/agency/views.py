"""Saved views of the queue: kept from the list, listed, renamed, shared, deleted, and with which the day begins."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.people.roles import Department
from anshou.people.saved_views import (
    Place,
    SharedWith,
    change_view,
    departments_of,
    find_start,
    forget_view,
    list_views,
    may_forget,
    rename_view,
    save_view,
    share_view,
    start_with,
    visible_view,
)
from anshou.portal.agency.narrowing import panel
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.agency.queue import asked_of
from anshou.portal.agency.queue_asked import QUEUE, read_asked
from anshou.portal.forms.reading import typed_by
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.query_values import parsed
from tenants.refusals import N_, Invalid

VIEWS = f"{QUEUE}/views"


@get(VIEWS)
async def views_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every view that the person finds, and what they may do with it."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    person = visit.person
    views = await list_views(visit.session, person, Place.QUEUE)
    start = await find_start(visit.session, person)
    return page(
        request,
        "agency/views.html",
        rows=[
            {"view": view, "own": view.account_id == person.id, "may_forget": may_forget(person, view)}
            for view in views
        ],
        start=start.id if start else None,
        people=await names_of(visit.session, {view.account_id for view in views}),
        ways=_ways(visit, request),
    )


@get(f"{VIEWS}/new")
async def new_view_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What the list shall be called."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    return _new(request, (await asked_of(request, visit)).address(view=""))


@post(VIEWS, status_code=303)
async def keep_view(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Save the list that the form was opened from."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    typed = await typed_by(request)
    asked = await read_asked(visit, parsed(typed.one("list")))
    try:
        view = await save_view(
            visit.session, visit.person, Place.QUEUE, typed.one("name"), asked.arrangement(), at=visit.at
        )
    except Invalid as refusal:
        return _new(request, asked.address(view=""), name=typed.one("name"), wrong=refusal)
    said = language_of(request).say(N_("已保存视图“%(name)s”。"), name=view.name)
    return go_to(request, f"{QUEUE}?{view.query_string()}", Notice(said))


@post(f"{VIEWS}/{{view_id:uuid}}/arrangement", status_code=303)
async def keep_arrangement(view_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep the list as it is now under the view's name."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    view = await visible_view(visit.session, visit.person, view_id)
    asked = await read_asked(visit, parsed((await typed_by(request)).one("list")))
    await change_view(visit.session, visit.person, view, asked.arrangement(), at=visit.at)
    said = language_of(request).say(N_("已保存视图“%(name)s”。"), name=view.name)
    return go_to(request, f"{QUEUE}?{view.query_string()}", Notice(said))


@post(f"{VIEWS}/{{view_id:uuid}}", status_code=303)
async def change_one(view_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Rename it, and share it with whom the form says."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    view = await visible_view(visit.session, visit.person, view_id)
    typed = await typed_by(request)
    await rename_view(visit.session, visit.person, view, typed.one("name"), at=visit.at)
    way, _, department = typed.one("shared").partition(":")
    if way in {*SharedWith}:
        chosen = Department(department) if department in {*Department} else None
        await share_view(visit.session, visit.person, view, SharedWith(way), chosen, at=visit.at)
    return go_to(request, VIEWS, Notice(language_of(request).say(N_("已保存视图“%(name)s”。"), name=view.name)))


@post(f"{VIEWS}/{{view_id:uuid}}/start", status_code=303)
async def start_here(view_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Begin the day with it, or as usual if it is what the day begins with."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    view = await visible_view(visit.session, visit.person, view_id)
    ends = (await typed_by(request)).one("ends") == "yes"
    await start_with(visit.session, visit.person, None if ends else view)
    said = N_("登录后不再打开视图“%(name)s”。") if ends else N_("登录后先打开视图“%(name)s”。")
    return go_to(request, VIEWS, Notice(language_of(request).say(said, name=view.name)))


@post(f"{VIEWS}/{{view_id:uuid}}/deletion", status_code=303)
async def delete_one(view_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Delete it; who began their day with it begins it as usual."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    view = await visible_view(visit.session, visit.person, view_id)
    said = language_of(request).say(N_("已删除视图“%(name)s”。"), name=view.name)
    await forget_view(visit.session, visit.person, view)
    return go_to(request, VIEWS, Notice(said))


def _new(request: Asked, address: str, *, name: str = "", wrong: Invalid | None = None) -> Response[str]:
    faults = wrong.field_texts(language_of(request).translate) if wrong else {}
    return panel(
        request,
        "agency/_new_view.html",
        N_("保存为视图"),
        address=address,
        name=name,
        wrong=next(iter(faults.values()), ""),
    )


def _ways(visit: Visit, request: Asked) -> list[tuple[str, str]]:
    """With whom the person may share: the value of the form, and how it is called."""
    language, person = language_of(request), visit.person
    ways = [(SharedWith.NOBODY.value, language.say(SharedWith.NOBODY.label))]
    ways += [
        (f"{SharedWith.DEPARTMENT.value}:{department.value}", language.say(department.label))
        for department in sorted(departments_of(person))
    ]
    if allows(person, Permission.SHARE_VIEWS):
        ways.append((SharedWith.AGENCY.value, language.say(SharedWith.AGENCY.label)))
    return ways
