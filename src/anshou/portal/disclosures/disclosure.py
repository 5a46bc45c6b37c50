"""One disclosure at the agency's desk: what it covers, how it stands, what was handed out; taking it back."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.disclosures.places import address_of, trail
from anshou.portal.disclosures.views import View, view
from anshou.portal.error_pages import status_of
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.disclosures.consenting import retract
from anshou.privacy.disclosures.kinds import Format, Standing
from anshou.privacy.disclosures.reading import exports_of, visible_consent
from tenants.refusals import N_, Refusal

FORMATS = (Format.XLSX, Format.JSON)


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why something ends."""

    reason: Annotated[
        str, Meta(title=N_("原因"), min_length=1, max_length=500, pattern=r"\S", extra={"widget": "text"})
    ]


@get("/disclosures/{number:str}")
async def disclosure_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everything about it."""
    return await show(request, visit, number)


@get("/disclosures/{number:str}/document")
async def document_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The text as it was signed, to print."""
    authorize_at_desk(visit.person, Permission.READ_DISCLOSURES)
    seen_as = view(await visible_consent(visit.session, visit.person, number), [], at=visit.at)
    return page(request, "disclosures/printed.html", view=seen_as, back=address_of(number))


@get("/disclosures/{number:str}/retract")
async def retract_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why it is taken back."""
    authorize_at_desk(visit.person, Permission.REQUEST_DISCLOSURE)
    await visible_consent(visit.session, visit.person, number)
    return _retracting(request, number)


@post("/disclosures/{number:str}/retract", status_code=303)
async def submit_retraction(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take it back."""
    authorize_at_desk(visit.person, Permission.REQUEST_DISCLOSURE)
    consent = await visible_consent(visit.session, visit.person, number)
    reading = read(Reason, await typed_by(request))
    if reading.value is None:
        return _retracting(request, number, reading.typed, reading.refusal)
    await retract(visit.session, consent.disclosure, reading.value.reason, by=visit.person, at=visit.at)
    return go_to(request, address_of(number), Notice(language_of(request).say(N_("申请已撤销。"))))


async def show(request: Asked, visit: Visit, number: str, wrong: Refusal | None = None) -> Response[str]:
    """The page, with what an export lacked if one was refused."""
    authorize_at_desk(visit.person, Permission.READ_DISCLOSURES)
    consent = await visible_consent(visit.session, visit.person, number)
    await seen(visit, consent.disclosure.id)
    exports = (await exports_of(visit.session, visit.person, [consent])).get(consent.disclosure.id, [])
    shown = view(consent, exports, at=visit.at)
    merchant = await visible_merchant(visit.session, consent.disclosure.merchant_id)
    return page(
        request,
        "disclosures/disclosure.html",
        status_code=status_of(wrong) if wrong else 200,
        view=shown,
        merchant=merchant,
        names=await names_of(visit.session, people_in(shown)),
        trail=trail(request),
        here=address_of(number),
        wrong=language_of(request).refusal(wrong) if wrong else "",
        formats=[(one.value, language_of(request).translate(one.label)) for one in FORMATS],
        may_retract=shown.standing is Standing.WAITING and allows(visit.person, Permission.REQUEST_DISCLOSURE),
        may_export=shown.standing is Standing.IN_FORCE and allows(visit.person, Permission.EXPORT_CONFIDENTIAL),
    )


def people_in(shown: View) -> set[UUID]:
    """Whose names the page tells."""
    return {one.who for one in shown.history} | {one.exported_by for one in shown.exports}


def _retracting(request: Asked, number: str, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("撤销申请 %(number)s"), number=number),
        action=f"{address_of(number)}/retract",
        back=address_of(number),
        button=say(N_("撤销申请")),
        trail=(*trail(request), (number, address_of(number))),
        danger=True,
    )
    return show_form(request, form, Reason, typed, wrong=wrong)
