"""The merchant's side: requests that concern its consumers, and handing one on to the agency."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.requests.places import MY_REQUESTS, TONES, progress, time_left
from anshou.privacy.requests.filing import file_request
from anshou.privacy.requests.reading import list_requests, steps_of, visible_request
from anshou.privacy.requests.shapes import RequestGiven
from anshou.privacy.requests.wording import detail_of
from tenants.refusals import N_, Refusal

MOST = 100


@get("/my/data/requests")
async def my_requests_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Open ones first, then the latest that were answered."""
    merchant_id = own_merchant(visit.person, Permission.RECORD_CONSUMER)
    language = language_of(request)
    found = [
        *await list_requests(visit.session, by=visit.person, limit=MOST),
        *await list_requests(visit.session, by=visit.person, answered=True, limit=MOST),
    ]
    return page(
        request,
        "requests/my_list.html",
        rows=[(one, *time_left(one, visit.at, language)) for one in found],
        tones=TONES,
        **await acting_for(visit, merchant_id),
    )


@get("/my/data/requests/new")
async def my_new_request_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form."""
    own_merchant(visit.person, Permission.RECORD_CONSUMER)
    return _form(request, NOTHING)


@post("/my/data/requests/new", status_code=303)
async def submit_my_request(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Hand it on."""
    own_merchant(visit.person, Permission.RECORD_CONSUMER)
    typed = await typed_by(request)
    reading = read(RequestGiven, typed)
    if reading.value is None:
        return _form(request, typed, reading.refusal)
    made = await file_request(visit.session, reading.value, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("已转交代运营方，会在期限内答复请求人。"))
    return go_to(request, f"{MY_REQUESTS}/{made.number}", Notice(said))


@get("/my/data/requests/{number:str}")
async def my_request_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """How far it is."""
    merchant_id = own_merchant(visit.person, Permission.RECORD_CONSUMER)
    language = language_of(request)
    found = await visible_request(visit.session, number, by=visit.person)
    await seen(visit, found.id)
    steps = await steps_of(visit.session, found)
    return page(
        request,
        "requests/my_request.html",
        one=found,
        steps=[(step, detail_of(step, language.translate)) for step in steps],
        progress=progress(found, language),
        left=time_left(found, visit.at, language),
        tones=TONES,
        **await acting_for(visit, merchant_id),
    )


def _form(request: Asked, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("转交个人信息请求")),
        action=f"{MY_REQUESTS}/new",
        back=MY_REQUESTS,
        button=say(N_("转交")),
        trail=((say(N_("个人信息请求")), MY_REQUESTS),),
        intro=say(N_("消费者向您提出的查阅、复制、更正、删除或撤回同意，可在这里转交代运营方办理。")),
    )
    return show_form(request, form, RequestGiven, typed, wrong=wrong, without=("merchant",))
