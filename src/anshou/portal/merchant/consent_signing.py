"""Signing a consent: exactly what is covered, then password and second factor once more.

The separate consent to sensitive information has its own box, which is never ticked beforehand. The proof is checked at
the door before the transaction begins, for both take their own.
"""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit, gate_of
from anshou.people.permissions import Permission
from anshou.people.second_factor import is_enrolled
from anshou.portal.account.proofs import Proving, prove_by
from anshou.portal.disclosures.places import MINE, my_address_of
from anshou.portal.disclosures.views import view
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.disclosures.consenting import sign, signing_purpose
from anshou.privacy.disclosures.errors import ConsentOutdated, DisclosureNotOpen
from anshou.privacy.disclosures.kinds import Standing
from anshou.privacy.disclosures.reading import visible_consent
from anshou.privacy.disclosures.rows import Consent
from tenants.refusals import N_, Message, Refusal


class SigningForm(Proving, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is typed, and which text it was typed under."""

    sha256: Annotated[str, Meta(max_length=64, title=N_("文件校验值"), extra={"widget": "hidden"})] = ""
    sensitive: Annotated[str, Meta(max_length=3, title=N_("单独同意"), extra={"widget": "hidden"})] = ""


@get("/my/data/consents/{number:str}/sign")
async def consent_signing_page(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """The text and the form."""
    async with gate_of(request).enter(caller) as visit:
        return await _form(request, visit, await _to_sign(visit, number))


@post("/my/data/consents/{number:str}/sign", status_code=303)
async def sign_consent(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Prove who signs, and sign."""
    gate = gate_of(request)
    reading = read(SigningForm, await typed_by(request))
    async with gate.enter(caller) as visit:
        consent = await _to_sign(visit, number)
        if reading.value is None:
            return await _form(request, visit, consent, reading.refusal)
        if reading.value.sha256 != consent.disclosure.sha256:
            return await _form(request, visit, consent, ConsentOutdated())
        purpose = signing_purpose(consent.disclosure.id)
    proof = await prove_by(gate, caller, reading.value, purpose=purpose)
    ticked = reading.value.sensitive == "yes"
    async with gate.enter(caller) as visit:
        consent = await _to_sign(visit, number)
        if isinstance(proof, Message):
            return await _form(request, visit, consent, proof, ticked=ticked)
        given = reading.value
        try:
            async with visit.session.begin_nested():
                await sign(
                    visit.session,
                    consent.disclosure,
                    given.sha256,
                    sensitive=ticked,
                    proof=proof,
                    by=visit.person,
                    at=visit.at,
                )
        except Refusal as refusal:
            return await _form(request, visit, consent, refusal, ticked=ticked)
        said = language_of(request).say(N_("已签署。您可以随时撤回。"))
        return go_to(request, my_address_of(number), Notice(said))


async def _to_sign(visit: Visit, number: str) -> Consent:
    """Raises DisclosureNotFound, and DisclosureNotOpen where there is nothing left to sign."""
    own_merchant(visit.person, Permission.GIVE_CONSENT)
    consent = await visible_consent(visit.session, visit.person, number)
    shown = view(consent, [], at=visit.at)
    if shown.standing is not Standing.WAITING and not shown.may_sign_sensitive:
        raise DisclosureNotOpen(shown.standing)
    return consent


async def _form(
    request: Asked, visit: Visit, consent: Consent, wrong: Refusal | Message | None = None, *, ticked: bool = False
) -> Response[str]:
    values = form_values(request, Proving, wrong=wrong)
    async with gate_of(request).door(visit.tenant).open() as session:
        if not await is_enrolled(session, visit.person.id):
            values["fields"] = [field for field in values["fields"] if field.name != "code"]
    return page(
        request,
        "merchant/consent_sign.html",
        status_code=status_of(wrong) if isinstance(wrong, Refusal) else 422 if wrong else 200,
        view=view(consent, [], at=visit.at),
        ticked=ticked,
        here=my_address_of(consent.disclosure.number),
        root=MINE,
        **values,
        **await acting_for(visit, consent.disclosure.merchant_id),
    )
