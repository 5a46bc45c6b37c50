"""The list of requests at the agency's desk, and taking one in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants, merchant_names
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.notices.pages import PlaceInvalid
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.requests.places import REQUESTS, TONES, address_of, time_left
from anshou.privacy.requests.filing import file_request
from anshou.privacy.requests.reading import list_requests
from anshou.privacy.requests.shapes import RequestGiven
from tenants.refusals import N_, Refusal

PAGE = 30


@get("/requests")
async def requests_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Open ones by when they are due; `?answered=yes` those that are answered, the latest first."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    answered = request.query_params.get("answered") == "yes"
    after = _read(request.query_params["after"]) if "after" in request.query_params else None
    found = await list_requests(visit.session, by=visit.person, answered=answered, after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    language = language_of(request)
    here = f"{REQUESTS}?answered=yes" if answered else REQUESTS
    return page(
        request,
        "requests/list.html",
        rows=[(one, *time_left(one, visit.at, language)) for one in shown],
        tones=TONES,
        merchants=await merchant_names(visit.session),
        tabs=[
            {"label": language.say(N_("待处理")), "address": REQUESTS, "current": not answered},
            {"label": language.say(N_("已答复")), "address": f"{REQUESTS}?answered=yes", "current": answered},
        ],
        first=here if after else "",
        following=_following(here, shown[-1].received_at if answered else shown[-1].due_at, shown[-1].id)
        if len(found) > PAGE
        else "",
    )


@get("/requests/new")
async def new_request_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    return await _form(request, visit, NOTHING)


@post("/requests/new", status_code=303)
async def submit_request(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take it in; its clock starts."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    typed = await typed_by(request)
    reading = read(RequestGiven, typed)
    if reading.value is None:
        return await _form(request, visit, typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            made = await file_request(visit.session, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _form(request, visit, typed, refusal)
    return go_to(
        request, address_of(made.number), Notice(language_of(request).say(N_("请求已登记，答复期限开始计算。")))
    )


async def _form(request: Asked, visit: Visit, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("登记个人信息请求")),
        action="/requests/new",
        back=REQUESTS,
        button=say(N_("登记")),
        trail=((say(N_("个人信息请求")), REQUESTS),),
        intro=say(N_("消费者有权查阅、复制、更正、删除自己的信息，或撤回同意。姓名和联系方式会封存，只用于答复。")),
    )
    merchants = [(str(one.id), one.name) for one in await list_merchants(visit.session)]
    choices = Choices(by_name={"merchant": merchants})
    return show_form(request, form, RequestGiven, typed, wrong=wrong, choices=choices)


def _following(here: str, at: datetime, request_id: UUID) -> str:
    return f"{here}{'&' if '?' in here else '?'}after={at.timestamp():.6f}~{request_id}"


def _read(text: str) -> tuple[datetime, UUID]:
    at, _, ident = text.partition("~")
    try:
        place: Any = (datetime.fromtimestamp(float(at)).astimezone(), UUID(ident))
    except (ValueError, OverflowError, OSError):
        raise PlaceInvalid from None
    return place[0], place[1]
