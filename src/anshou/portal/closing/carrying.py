"""Carrying over what is still open of a month: the things of one check, ticked, with the reason."""

from datetime import date

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.carrying_over import Carrying, carry_over, open_things
from anshou.finance.close_checks import Check
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.closing.places import CLOSING, carrying_of, check_in, month_in, page_of, thing_address
from anshou.portal.error_pages import status_of
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_, Invalid, Refusal
from tenants.shapes import ShapeInvalid, accept

# What a person looks through; the others follow, or go over with them unseen if that is said.
SHOWN = 200


@get("/closing/{month:str}/carry/{check:str}")
async def carrying_page(
    month: FromPath[str], check: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """What the check found, all of it ticked."""
    authorize_at_desk(visit.person, Permission.CLOSE_PERIODS)
    return await _show(request, visit, month_in(month), check_in(check))


@post("/closing/{month:str}/carry/{check:str}", status_code=303)
async def submit_carrying(
    month: FromPath[str], check: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Carry over what was ticked."""
    authorize_at_desk(visit.person, Permission.CLOSE_PERIODS)
    named, which, typed = month_in(month), check_in(check), await typed_by(request)
    raw = {"subjects": list(typed.every("subject")), "everything": typed.one("everything") == "yes"}
    if reason := typed.one("reason").strip():
        raw["reason"] = reason
    try:
        given = accept(Carrying, raw, strict=False)
        async with visit.session.begin_nested():
            made = await carry_over(visit.session, named, which, given, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _show(request, visit, named, which, typed, refusal)
    said = language_of(request).say(N_("已将 %(count)s 项结转下月。"), count=made)
    return go_to(request, page_of(named), Notice(said))


async def _show(
    request: Asked,
    visit: Visit,
    month: date,
    check: Check,
    typed: Typed = NOTHING,
    wrong: Refusal | None = None,
) -> Response[str]:
    language = language_of(request)
    _, found = await open_things(visit.session, month, check, by=visit.person, limit=SHOWN + 1)
    faults = wrong.field_texts(language.translate) if isinstance(wrong, Invalid) else {}
    return page(
        request,
        "closing/carrying.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong and not isinstance(wrong, ShapeInvalid) else "",
        faults=faults,
        month=month,
        check=check,
        action=carrying_of(month, check),
        back=page_of(month),
        trail=[(language.say(N_("月末结账")), CLOSING), (f"{month:%Y-%m}", page_of(month))],
        things=[(one, thing_address(check, one.name)) for one in found[:SHOWN]],
        has_more=len(found) > SHOWN,
        ticked=None if typed is NOTHING else set(typed.every("subject")),
        everything=typed.one("everything") == "yes",
        reason=typed.one("reason"),
    )
