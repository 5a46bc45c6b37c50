"""A merchant's objection as the agency sees it, and the supervisor's answer."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchant.places import NotAMerchant
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.reveals.lines import line_of
from anshou.privacy.objections import Verdict, answer_objection, visible_objection
from anshou.privacy.purposes import purpose_labels
from anshou.privacy.seen import visible_seen
from tenants.refusals import N_, Refusal


@get("/reveals/objections/{objection_id:uuid}")
async def objection_page(objection_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What was seen, why the merchant objects, and the answer or the form for it."""
    return await _page(request, visit, objection_id)


@post("/reveals/objections/{objection_id:uuid}", status_code=303)
async def submit_answer(objection_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Answer it."""
    authorize(visit.person, Permission.ANSWER_OBJECTION)
    reading = read(Verdict, await typed_by(request))
    if reading.value is None:
        return await _page(request, visit, objection_id, reading.typed, reading.refusal)
    await answer_objection(visit.session, objection_id, reading.value, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("异议已答复，商家已收到通知。"))
    return go_to(request, f"/reveals/objections/{objection_id}", Notice(said))


async def _page(
    request: Asked, visit: Visit, objection_id: UUID, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    if visit.person.is_merchant:
        raise NotAMerchant
    objection, reveal = await visible_objection(visit.session, objection_id, by=visit.person)
    await seen(visit, objection.id)
    line = line_of(
        await visible_seen(visit.session, visit.person, reveal.id),
        await purpose_labels(visit.session),
        language_of(request),
        now=visit.at,
    )
    own = reveal.viewer_id == visit.person.id
    return page(
        request,
        "reveals/objection.html",
        status_code=status_of(wrong) if wrong else 200,
        line=line,
        merchant=await visible_merchant(visit.session, reveal.merchant_id),
        action=f"/reveals/objections/{objection.id}",
        is_own=own,
        may_open=allows(visit.person, Permission.READ_TICKETS),
        may_answer=allows(visit.person, Permission.ANSWER_OBJECTION) and line.seen.outcome is None and not own,
        zone=(await read_settings(visit.session)).zone,
        **form_values(request, Verdict, typed, wrong=wrong),
    )
