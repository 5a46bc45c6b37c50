"""The steps of a request: identified, decided, executed, answered; and the copy that is handed out."""

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from anshou.downloads import disposition
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, portal_of
from anshou.portal.requests.places import REQUESTS, address_of
from anshou.privacy.requests.copying import as_told, make_copy
from anshou.privacy.requests.handling import answer, decide, execute, identify
from anshou.privacy.requests.reading import visible_request
from anshou.privacy.requests.shapes import AnswerGiven, DecisionGiven, Identification
from tenants.refusals import N_, NotFound, Refusal

# Step -> its shape, its heading and its button.
FORMS: dict[str, tuple[type[Struct], str, str]] = {
    "identify": (Identification, N_("核实身份"), N_("已核实")),
    "decide": (DecisionGiven, N_("作出决定"), N_("保存决定")),
    "answer": (AnswerGiven, N_("登记答复"), N_("已答复请求人")),
}


class NoSuchStep(NotFound):
    """Raised when an address names a step that there is not."""

    def __init__(self) -> None:
        super().__init__(N_("没有这个步骤"))


@get("/requests/{number:str}/steps/{step:str}")
async def step_page(
    number: FromPath[str], step: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """The form of a step."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    await visible_request(visit.session, number, by=visit.person)
    return _form(request, number, step, NOTHING)


@post("/requests/{number:str}/steps/{step:str}", status_code=303)
async def submit_step(
    number: FromPath[str], step: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Take the step."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    found = await visible_request(visit.session, number, by=visit.person)
    typed = await typed_by(request)
    reading = read(_of(step)[0], typed)
    if reading.value is None:
        return _form(request, number, step, typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            match reading.value:
                case Identification() as given:
                    await identify(visit.session, found, given, by=visit.person, at=visit.at)
                case DecisionGiven() as given:
                    await decide(visit.session, found, given, by=visit.person, at=visit.at)
                case AnswerGiven() as given:
                    await answer(visit.session, found, given, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _form(request, number, step, typed, refusal)
    return go_to(request, address_of(number), Notice(language_of(request).say(N_("已登记。"))))


@post("/requests/{number:str}/execution", status_code=303)
async def submit_execution(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Carry it out, or note that it was done."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    found = await visible_request(visit.session, number, by=visit.person)
    await execute(visit.session, found, by=visit.person, at=visit.at)
    said = N_("清除已下令，完成后即可答复。") if found.asks_for.erases else N_("已登记执行。")
    return go_to(request, address_of(number), Notice(language_of(request).say(said)))


@post("/requests/{number:str}/copy", status_code=200)
async def copy(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[bytes]:
    """The copy for whoever asks, to read or for a program. Its leaf commits before the first byte is sent."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    found = await visible_request(visit.session, number, by=visit.person)
    wants_json = (await typed_by(request)).one("format") == "json"
    made = await make_copy(visit.session, found, by=visit.person, at=visit.at)
    if wants_json:
        content, media_type, ending = msgspec.json.encode(as_told(made)), "application/json", "json"
    else:
        rendered = portal_of(request).rendering.render(language_of(request), "requests/copy.html", {"copy": made})
        content, media_type, ending = rendered.encode(), "text/html; charset=utf-8", "html"
    return Response(
        content,
        media_type=media_type,
        headers={
            # Neither the product nor whoever asks is part of the name.
            "Content-Disposition": disposition(f"{number}.{ending}", "attachment"),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _of(step: str) -> tuple[type[Struct], str, str]:
    if step not in FORMS:
        raise NoSuchStep
    return FORMS[step]


def _form(request: Asked, number: str, step: str, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    shape, heading, button = _of(step)
    form = FormPage(
        heading=say(heading),
        action=f"{address_of(number)}/steps/{step}",
        back=address_of(number),
        button=say(button),
        trail=((say(N_("个人信息请求")), REQUESTS), (number, address_of(number))),
    )
    return show_form(request, form, shape, typed, wrong=wrong)
