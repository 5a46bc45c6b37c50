"""The merchants, with search, and a new one."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import Profile, add_merchant
from anshou.merchants.overview import merchant_lines
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.administration.addresses import cursor_in, with_query
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchants.places import address_of_merchant
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.tickets.per_merchant import open_tickets
from tenants.refusals import N_, Refusal

PAGE = 50


@get("/merchants")
async def merchants_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Those served at present, or those whose service has ended."""
    words, ended = request.query_params.get("name", "").strip()[:100], request.query_params.get("state") == "ended"
    after = cursor_in(request)
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    lines = await merchant_lines(
        visit.session, by=visit.person, on=today, words=words, ended=ended, after=after, limit=PAGE + 1
    )
    shown, more = lines[:PAGE], len(lines) > PAGE
    kept = {"name": words, "state": "ended" if ended else ""}
    return page(
        request,
        "merchants/list.html",
        merchants=shown,
        tickets=await open_tickets(visit.session, visit.person, [line.id for line in shown]),
        reads_tickets=allows(visit.person, Permission.READ_TICKET_SUMMARY),
        may_manage=allows(visit.person, Permission.MANAGE_MERCHANTS),
        words=words,
        ended=ended,
        tabs=_tabs(request, ended),
        first=with_query("/merchants", **kept) if after else "",
        following=with_query("/merchants", **kept, after_name=shown[-1].name, after=shown[-1].id) if more else "",
    )


@get("/merchants/new")
async def new_merchant_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another merchant."""
    authorize(visit.person, Permission.MANAGE_MERCHANTS)
    return _form(request)


@post("/merchants/new", status_code=303)
async def submit_merchant(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Serve another merchant."""
    authorize(visit.person, Permission.MANAGE_MERCHANTS)
    reading = read(Profile, await typed_by(request))
    if reading.value is None:
        return _form(request, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            merchant = await add_merchant(visit.session, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _form(request, reading.typed, refusal)
    said = language_of(request).say(N_("已添加%(name)s。接下来请添加店铺、联系人和合同。"), name=merchant.name)
    return go_to(request, address_of_merchant(merchant.id), Notice(said))


def _form(request: Asked, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("新增商家")),
        action="/merchants/new",
        back="/merchants",
        button=say(N_("新增商家")),
        trail=((say(N_("商家档案")), "/merchants"),),
    )
    return show_form(request, form, Profile, typed, wrong=wrong)


def _tabs(request: Asked, ended: bool) -> list[dict[str, Any]]:
    say = language_of(request).say
    return [
        {"label": say(N_("合作中")), "address": "/merchants", "current": not ended},
        {"label": say(N_("已结束合作")), "address": "/merchants?state=ended", "current": ended},
    ]
