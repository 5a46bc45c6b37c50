"""My own choice of what is mailed to me and when, and what became of my latest letters."""

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.notifying.deliveries import own_letters
from anshou.notifying.wishes import Wishes, choose, choose_nothing, own_wishes
from anshou.people.agency import read_settings
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.notifying.reasons import saying_why
from anshou.portal.notifying.wish_form import OF_MERCHANTS, OF_STAFF, show_wishes
from anshou.portal.pages import Notice, go_to, language_of
from tenants.refusals import N_, Refusal

HERE = "/account/notifications"


@get(HERE)
async def own_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What I chose, or what my role has."""
    wishes, _ = await own_wishes(visit.session, visit.person)
    return await _form(request, visit, prefilled(wishes))


@post(HERE, status_code=303)
async def submit_own(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep my choice."""
    reading = read(Wishes, await typed_by(request))
    if reading.value is None:
        return await _form(request, visit, reading.typed, reading.refusal)
    await choose(visit.session, visit.person, reading.value, at=visit.at)
    return go_to(request, HERE, Notice(language_of(request).say(N_("通知方式已保存。"))))


@post(f"{HERE}/reset", status_code=303)
async def reset_own(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Go by my role's default again."""
    await choose_nothing(visit.session, visit.person)
    return go_to(request, HERE, Notice(language_of(request).say(N_("已恢复为默认通知方式。"))))


async def _form(request: Asked, visit: Visit, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    _, is_own = await own_wishes(visit.session, visit.person)
    settings = await read_settings(visit.session)
    return show_wishes(
        request,
        "notifying/own.html",
        typed,
        OF_MERCHANTS if visit.person.is_merchant else OF_STAFF,
        wrong,
        is_own=is_own,
        action=HERE,
        time_zone=settings.time_zone,
        letters=await own_letters(visit.session, visit.person),
        why=saying_why(language_of(request)),
        zone=settings.zone,
    )
