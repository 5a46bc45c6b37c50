"""My data: what the agency asks to hand out, what I have agreed to, what was handed out; refusing and withdrawing."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath

from anshou.downloads import disposition
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.disclosures.disclosure import Reason, people_in
from anshou.portal.disclosures.places import MINE, my_address_of, read_place
from anshou.portal.disclosures.views import TONES, view
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.disclosures.consenting import refuse, withdraw
from anshou.privacy.disclosures.kinds import Part, Standing
from anshou.privacy.disclosures.reading import exports_of, list_consents, visible_consent
from tenants.refusals import N_, Refusal

PAGE = 30


@get("/my/data/consents")
async def my_consents_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What waits for me first, then everything, the latest first."""
    merchant_id = own_merchant(visit.person, Permission.READ_DISCLOSURES)
    after = read_place(request.query_params.get("after", ""))
    found = await list_consents(visit.session, visit.person, after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    exports = await exports_of(visit.session, visit.person, shown)
    rows = [(one, one.standing(visit.at), exports.get(one.disclosure.id, [])) for one in shown]
    return page(
        request,
        "merchant/consents.html",
        rows=sorted(rows, key=lambda row: row[1] is not Standing.WAITING),
        tones=TONES,
        may_sign=allows(visit.person, Permission.GIVE_CONSENT),
        first=MINE if after else "",
        following=f"{MINE}?after={shown[-1].disclosure.id}" if len(found) > PAGE else "",
        **await acting_for(visit, merchant_id),
    )


@get("/my/data/consents/{number:str}")
async def my_consent_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Exactly what is covered, how it stands, and every export made under it."""
    merchant_id = own_merchant(visit.person, Permission.READ_DISCLOSURES)
    consent = await visible_consent(visit.session, visit.person, number)
    await seen(visit, consent.disclosure.id)
    exports = (await exports_of(visit.session, visit.person, [consent])).get(consent.disclosure.id, [])
    shown = view(consent, exports, at=visit.at)
    signed = {part: consent.signature(part) and not consent.end(part) for part in Part}
    answers = allows(visit.person, Permission.GIVE_CONSENT)
    return page(
        request,
        "merchant/consent.html",
        view=shown,
        names=await names_of(visit.session, people_in(shown)),
        here=my_address_of(number),
        back=MINE,
        may_sign=answers and shown.standing is Standing.WAITING,
        may_add=answers and shown.standing is not Standing.WAITING and shown.may_sign_sensitive,
        may_withdraw=answers and shown.standing.is_open and signed[Part.GENERAL],
        may_halve=answers and shown.standing.is_open and signed[Part.SENSITIVE],
        is_owner=answers,
        **await acting_for(visit, merchant_id),
    )


@get("/my/data/consents/{number:str}/document")
async def my_document_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The text as it was signed, to print."""
    own_merchant(visit.person, Permission.READ_DISCLOSURES)
    shown = view(await visible_consent(visit.session, visit.person, number), [], at=visit.at)
    return page(request, "disclosures/printed.html", view=shown, back=my_address_of(number))


@get("/my/data/consents/{number:str}/documents/original")
async def my_document_bytes(number: FromPath[str], visit: NamedDependency[Visit]) -> Response[bytes]:
    """The very bytes whose hash was signed."""
    own_merchant(visit.person, Permission.READ_DISCLOSURES)
    consent = await visible_consent(visit.session, visit.person, number)
    return Response(
        consent.disclosure.document,
        media_type=MediaType.JSON,
        headers={
            "Content-Disposition": disposition(f"{number}.json", "attachment"),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@get("/my/data/consents/{number:str}/refuse")
async def refuse_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why not."""
    own_merchant(visit.person, Permission.GIVE_CONSENT)
    await visible_consent(visit.session, visit.person, number)
    return _refusing(request, number)


@post("/my/data/consents/{number:str}/refuse", status_code=303)
async def submit_refusal(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Decline."""
    own_merchant(visit.person, Permission.GIVE_CONSENT)
    consent = await visible_consent(visit.session, visit.person, number)
    reading = read(Reason, await typed_by(request))
    if reading.value is None:
        return _refusing(request, number, reading.typed, reading.refusal)
    await refuse(visit.session, consent.disclosure, reading.value.reason, by=visit.person, at=visit.at)
    return go_to(request, my_address_of(number), Notice(language_of(request).say(N_("已拒绝，代运营方不会提供。"))))


@post("/my/data/consents/{number:str}/withdraw", status_code=303)
async def submit_withdrawal(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take the consent back."""
    return await _withdrawn(request, visit, number, Part.GENERAL)


@post("/my/data/consents/{number:str}/withdraw-sensitive", status_code=303)
async def submit_partial_withdrawal(
    number: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Take only the separate consent to sensitive information back."""
    return await _withdrawn(request, visit, number, Part.SENSITIVE)


async def _withdrawn(request: Asked, visit: Visit, number: str, part: Part) -> Response[str]:
    """A reason may be given and need not (PIPL art. 15)."""
    own_merchant(visit.person, Permission.GIVE_CONSENT)
    consent = await visible_consent(visit.session, visit.person, number)
    reason = (await typed_by(request)).one("reason")[:500]
    await withdraw(visit.session, consent.disclosure, part, reason, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("已撤回，从现在起不能再据此导出。"))
    return go_to(request, my_address_of(number), Notice(said))


def _refusing(request: Asked, number: str, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("拒绝对外提供 %(number)s"), number=number),
        action=f"{my_address_of(number)}/refuse",
        back=my_address_of(number),
        button=say(N_("拒绝")),
        trail=((say(N_("对外提供授权")), MINE), (number, my_address_of(number))),
        danger=True,
    )
    return show_form(request, form, Reason, typed, wrong=wrong)
