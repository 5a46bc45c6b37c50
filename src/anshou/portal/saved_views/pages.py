"""Saved views and searches: kept from their list, listed, renamed, shared, deleted, and with which the day begins."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.errors import ViewNotFound, ViewUnfit
from anshou.people.permissions import Permission, allows
from anshou.people.roles import Department
from anshou.people.saved_views import (
    SavedView,
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
from anshou.portal.error_pages import status_of
from anshou.portal.forms.reading import typed_by
from anshou.portal.pages import Notice, fragment, go_to, language_of, page, wants_fragment
from anshou.portal.saved_views.shelves import SHELVES, VIEWS, Shelf, shelf_of
from tenants.refusals import N_, Invalid


def _below(way: str) -> list[str]:
    return [f"{views}/{way}" for views in VIEWS]


@get(VIEWS)
async def views_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every view that the person finds, and what they may do with it."""
    return await _views(request, visit, shelf_of(request, visit.person))


async def _views(
    request: Asked, visit: Visit, shelf: Shelf, changed: tuple[UUID, str] | None = None, wrong: Invalid | None = None
) -> Response[str]:
    """The page; of a view that could not be `changed`, with the name that was typed for it and what is wrong."""
    person = visit.person
    view_id, name = changed or (None, "")
    views = await list_views(visit.session, person, shelf.place)
    start = await find_start(visit.session, person) if shelf.can_begin else None
    return page(
        request,
        "saved_views/views.html",
        status_code=status_of(wrong) if wrong else 200,
        shelf=shelf,
        rows=[
            {
                "view": view,
                "own": view.account_id == person.id,
                "may_forget": may_forget(person, view),
                "name": name if view.id == view_id else view.name,
                "wrong": language_of(request).refusal(wrong) if wrong and view.id == view_id else "",
            }
            for view in views
        ],
        start=start.id if start else None,
        people=await names_of(visit.session, {view.account_id for view in views}),
        ways=_ways(visit, request),
        **await shelf.around(visit),
    )


@get(_below("new"))
async def new_view_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What the list shall be called."""
    shelf = shelf_of(request, visit.person)
    return await _new(request, visit, shelf, f"?{request.url.query}")


@post(VIEWS, status_code=303)
async def keep_view(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Save the list that the form was opened from."""
    shelf = shelf_of(request, visit.person)
    typed = await typed_by(request)
    try:
        kept, _ = await shelf.arranged(visit, typed.one("list"))
        view = await save_view(visit.session, visit.person, shelf.place, typed.one("name"), kept, at=visit.at)
    except Invalid as refusal:
        return await _new(request, visit, shelf, typed.one("list"), name=typed.one("name"), wrong=refusal)
    return go_to(request, f"{shelf.root}?{view.query_string()}", _told(request, shelf.words.saved, view))


@post(_below("{view_id:uuid}/arrangement"), status_code=303)
async def keep_arrangement(view_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep the list as it is now under the view's name."""
    shelf = shelf_of(request, visit.person)
    view = await _view(visit, shelf, view_id)
    kept, address = await shelf.arranged(visit, (await typed_by(request)).one("list"))
    try:
        await change_view(visit.session, visit.person, view, kept, at=visit.at)
    except ViewUnfit as refusal:
        # The list stays as it is asked for, and the view as it was.
        return go_to(request, f"{address}&view={view.id}", Notice(language_of(request).refusal(refusal), "warn"))
    return go_to(request, f"{shelf.root}?{view.query_string()}", _told(request, shelf.words.saved, view))


@post(_below("{view_id:uuid}"), status_code=303)
async def change_one(view_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Rename it, and share it with whom the form says."""
    shelf = shelf_of(request, visit.person)
    view = await _view(visit, shelf, view_id)
    typed = await typed_by(request)
    try:
        async with visit.session.begin_nested():
            await rename_view(visit.session, visit.person, view, typed.one("name"), at=visit.at)
            way, _, department = typed.one("shared").partition(":")
            if way in {*SharedWith}:
                chosen = Department(department) if department in {*Department} else None
                await share_view(visit.session, visit.person, view, SharedWith(way), chosen, at=visit.at)
    except ViewUnfit as refusal:
        return await _views(request, visit, shelf, (view_id, typed.one("name")), refusal)
    return go_to(request, shelf.views, _told(request, shelf.words.saved, view))


@post([f"{shelf.views}/{{view_id:uuid}}/start" for shelf in SHELVES if shelf.can_begin], status_code=303)
async def start_here(view_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Begin the day with it, or as usual if it is what the day begins with."""
    shelf = shelf_of(request, visit.person)
    view = await _view(visit, shelf, view_id)
    ends = (await typed_by(request)).one("ends") == "yes"
    await start_with(visit.session, visit.person, None if ends else view)
    said = N_("登录后不再打开视图“%(name)s”。") if ends else N_("登录后先打开视图“%(name)s”。")
    return go_to(request, shelf.views, _told(request, said, view))


@post(_below("{view_id:uuid}/deletion"), status_code=303)
async def delete_one(view_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Delete it; who began their day with it begins it as usual."""
    shelf = shelf_of(request, visit.person)
    view = await _view(visit, shelf, view_id)
    told = _told(request, shelf.words.deleted, view)
    await forget_view(visit.session, visit.person, view)
    return go_to(request, shelf.views, told)


async def _view(visit: Visit, shelf: Shelf, view_id: UUID) -> SavedView:
    view = await visible_view(visit.session, visit.person, view_id)
    if view.place is not shelf.place:
        raise ViewNotFound
    return view


def _told(request: Asked, said: str, view: SavedView) -> Notice:
    return Notice(language_of(request).say(said, name=view.name))


async def _new(
    request: Asked, visit: Visit, shelf: Shelf, address: str, *, name: str = "", wrong: Invalid | None = None
) -> Response[str]:
    """The panel that asks for the name, as a page or for the dialog; with what was wrong before."""
    faults = wrong.field_texts(language_of(request).translate) if wrong else {}
    try:
        _, back = await shelf.arranged(visit, address)
    except Invalid:
        back = shelf.root
    shown: dict[str, Any] = {
        "shelf": shelf,
        "heading": shelf.words.new,
        "address": back,
        "name": name,
        "faults": faults,
    }
    if wants_fragment(request):
        return fragment(request, "saved_views/_new_view.html", **shown)
    return page(request, "saved_views/new_view.html", **shown, **await shelf.around(visit))


def _ways(visit: Visit, request: Asked) -> list[tuple[str, str]]:
    """With whom the person may share: the value of the form, and how it is called. A merchant's people share none."""
    language, person = language_of(request), visit.person
    if person.is_merchant:
        return []
    ways = [(SharedWith.NOBODY.value, language.say(SharedWith.NOBODY.label))]
    ways += [
        (f"{SharedWith.DEPARTMENT.value}:{department.value}", language.say(department.label))
        for department in sorted(departments_of(person))
    ]
    if allows(person, Permission.SHARE_VIEWS):
        ways.append((SharedWith.AGENCY.value, language.say(SharedWith.AGENCY.label)))
    return ways
