"""My second factor: enrolling an authenticator, new recovery codes, doing without."""

import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from markupsafe import Markup

from anshou.gate import cookies
from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import cookie_value, gate_of
from anshou.people.errors import CodeWrong
from anshou.people.own_sign_in import (
    CHANGE_SECOND_FACTOR,
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
)
from anshou.people.second_factor import Enrolment, is_enrolled
from anshou.portal.account.proofs import Proving, prove_by
from anshou.portal.entrance.sign_in import Code
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_, Invalid, Message


@get("/account/second-factor")
async def second_factor_page(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """The form that proves who I am, before anything is changed."""
    return await _proving_form(request, caller)


@post("/account/second-factor")
async def begin(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Show the seed as a QR code, and ask for a first code of it."""
    gate = gate_of(request)
    reading = read(Proving, await typed_by(request))
    if reading.value is None:
        return await _proving_form(request, caller, reading.refusal)
    proof = await prove_by(gate, caller, reading.value, purpose=CHANGE_SECOND_FACTOR)
    if isinstance(proof, Message):
        return await _proving_form(request, caller, proof)
    enrolment = await begin_second_factor(
        gate.door(caller.tenant), caller.session, agency=caller.tenant.name, proof=proof, at=caller.at
    )
    return _enrolment_form(request, enrolment)


@post("/account/second-factor/confirm")
async def confirm(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Ask for it from now on, and show the recovery codes once."""
    gate = gate_of(request)
    reading = read(Code, await typed_by(request))
    if reading.value is None:
        return _enrolment_form(request, None, reading.refusal)
    try:
        codes, token = await confirm_second_factor(
            gate.door(caller.tenant), caller.session, reading.value.code, at=caller.at
        )
    except CodeWrong as refusal:
        return _enrolment_form(request, None, refusal)
    response = page(request, "account/recovery_codes.html", codes=codes)
    response.cookies.append(gate.cookies.set(cookies.SESSION, cookie_value(caller.tenant, token)))
    return response


@post("/account/second-factor/recovery-codes")
async def renew(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Replace the recovery codes and show the new ones once."""
    gate = gate_of(request)
    reading = read(Proving, await typed_by(request))
    if reading.value is None:
        return await _proving_form(request, caller, reading.refusal)
    proof = await prove_by(gate, caller, reading.value, purpose=CHANGE_SECOND_FACTOR)
    if isinstance(proof, Message):
        return await _proving_form(request, caller, proof)
    codes = await renew_recovery_codes(gate.door(caller.tenant), caller.session, proof=proof, at=caller.at)
    return page(request, "account/recovery_codes.html", codes=codes)


@post("/account/second-factor/remove", status_code=303)
async def remove(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Do without a second factor."""
    gate = gate_of(request)
    reading = read(Proving, await typed_by(request))
    if reading.value is None:
        return await _proving_form(request, caller, reading.refusal)
    proof = await prove_by(gate, caller, reading.value, purpose=CHANGE_SECOND_FACTOR)
    if isinstance(proof, Message):
        return await _proving_form(request, caller, proof)
    token = await remove_second_factor(gate.door(caller.tenant), caller.session, proof=proof, at=caller.at)
    response = go_to(request, "/account", Notice(language_of(request).say(N_("两步验证已关闭。"))))
    response.cookies.append(gate.cookies.set(cookies.SESSION, cookie_value(caller.tenant, token)))
    return response


async def _proving_form(request: Asked, caller: Caller, wrong: Invalid | Message | None = None) -> Response[str]:
    async with gate_of(request).door(caller.tenant).open() as session:
        enrolled = await is_enrolled(session, caller.person.id)
    values = form_values(request, Proving, wrong=wrong)
    if not enrolled:
        values["fields"] = [field for field in values["fields"] if field.name != "code"]
    return page(request, "account/second_factor.html", status_code=422 if wrong else 200, enrolled=enrolled, **values)


def _enrolment_form(request: Asked, enrolment: Enrolment | None, wrong: Invalid | None = None) -> Response[str]:
    """The QR code, or after a wrong code only the question: the seed was shown once and is on the phone by now."""
    drawing = segno.make(enrolment.uri, error="m").svg_inline(scale=5, border=2) if enrolment else ""
    return page(
        request,
        "account/enrolment.html",
        status_code=422 if wrong else 200,
        # Drawn by segno from our own address: no text of anybody's is in it.
        drawing=Markup(drawing),  # noqa: S704
        seed=enrolment.seed if enrolment else "",
        **form_values(request, Code, wrong=wrong),
    )
