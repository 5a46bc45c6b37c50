"""Signing in: agency code, login and password; then the code of the second factor where there is one."""

from typing import Annotated

from litestar import Response, get, post
from msgspec import Meta, Struct

from anshou.gate import cookies
from anshou.gate.callers import Asked, SignInNeeded, origin_of
from anshou.gate.visits import cookie_value, gate_of
from anshou.people.signing_in import Admitted, SecondFactorAsked, TurnedAway, answer_second_factor, sign_in
from anshou.portal.addresses import local_address
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import go_to, page
from tenants.refusals import N_, Invalid, Message
from tenants.registry import Tenant


class SignIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is typed to sign in."""

    agency: Annotated[str, Meta(min_length=1, max_length=64, title=N_("公司代码"), extra={"widget": "agency"})]
    login: Annotated[str, Meta(min_length=1, max_length=200, title=N_("登录名"), extra={"widget": "login"})]
    password: Annotated[str, Meta(min_length=1, max_length=1000, title=N_("密码"), extra={"widget": "secret"})]


class Code(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of the authenticator, or a recovery code."""

    code: Annotated[str, Meta(min_length=1, max_length=64, title=N_("验证码或恢复码"), extra={"widget": "code"})]


@get("/sign-in")
async def sign_in_page(request: Asked) -> Response[str]:
    """The form, with the agency code of the last time."""
    gate = gate_of(request)
    remembered = request.cookies.get(gate.cookies.name(cookies.AGENCY), "")
    return _sign_in_form(request, starting_with({"agency": request.query_params.get("agency", remembered)}))


@post("/sign-in", status_code=303)
async def submit_sign_in(request: Asked) -> Response[str]:
    """Check agency, login and password; go on, or ask for the second factor."""
    gate = gate_of(request)
    await gate.tokens.check(request)
    reading = read(SignIn, await typed_by(request))
    if reading.value is None:
        return _sign_in_form(request, reading.typed, wrong=reading.refusal)
    given = reading.value
    tenant = await gate.tenants.find(given.agency.strip().lower())
    if tenant is None:
        # As slow as a wrong password, so that the time does not tell which agencies there are.
        await gate.passwords.match(None, given.password)
        return _sign_in_form(request, reading.typed, wrong=Message(N_("公司代码、登录名或密码不正确。")))
    outcome = await sign_in(
        gate.door(tenant), login=given.login, password=given.password, origin=origin_of(request), at=gate.now()
    )
    match outcome:
        case Admitted():
            return _welcome(request, tenant, outcome, reading.typed.one("next"))
        case SecondFactorAsked():
            response = go_to(request, "/sign-in/code")
            challenge = cookie_value(tenant, outcome.token)
            response.cookies.append(gate.cookies.set(cookies.CHALLENGE, challenge, seconds=300))
            response.cookies.append(gate.cookies.set(cookies.NEXT, reading.typed.one("next"), seconds=300))
            return response
        case TurnedAway():
            return _sign_in_form(request, reading.typed, wrong=outcome.message, too_often=outcome.retry_at is not None)


@get("/sign-in/code")
async def code_page(request: Asked) -> Response[str]:
    """The form for the second factor."""
    await _challenge(request)
    return _code_form(request)


@post("/sign-in/code", status_code=303)
async def submit_code(request: Asked) -> Response[str]:
    """Check the second factor and begin a session."""
    gate = gate_of(request)
    await gate.tokens.check(request)
    tenant, token = await _challenge(request)
    reading = read(Code, await typed_by(request))
    if reading.value is None:
        return _code_form(request, wrong=reading.refusal)
    outcome = await answer_second_factor(
        gate.door(tenant), token=token, code=reading.value.code, origin=origin_of(request), at=gate.now()
    )
    if isinstance(outcome, Admitted):
        return _welcome(request, tenant, outcome, request.cookies.get(gate.cookies.name(cookies.NEXT), ""))
    if outcome.start_again:
        return _sign_in_form(request, starting_with({"agency": tenant.code}), wrong=outcome.message)
    return _code_form(request, wrong=outcome.message, too_often=outcome.retry_at is not None)


async def _challenge(request: Asked) -> tuple[Tenant, str]:
    """The agency and the token of a sign-in that waits for its second factor. Raises SignInNeeded."""
    gate = gate_of(request)
    code, _, token = request.cookies.get(gate.cookies.name(cookies.CHALLENGE), "").partition(".")
    tenant = await gate.tenants.find(code) if token else None
    if tenant is None:
        raise SignInNeeded
    return tenant, token


def _welcome(request: Asked, tenant: Tenant, admitted: Admitted, following: str) -> Response[str]:
    """On to where the person wanted to go, with the session's cookie; the browser forgets the steps before."""
    jar = gate_of(request).cookies
    response = go_to(request, local_address(following))
    response.cookies.append(jar.set(cookies.SESSION, cookie_value(tenant, admitted.token)))
    response.cookies.append(jar.set(cookies.AGENCY, tenant.code, seconds=cookies.YEAR))
    response.cookies += [jar.clear(name) for name in (cookies.VISITOR, cookies.CHALLENGE, cookies.NEXT)]
    return response


def _sign_in_form(
    request: Asked, typed: Typed, *, wrong: Invalid | Message | None = None, too_often: bool = False
) -> Response[str]:
    return page(
        request,
        "entrance/sign_in.html",
        status_code=429 if too_often else 422 if wrong else 200,
        following=local_address(typed.one("next") or request.query_params.get("next", "/")),
        **form_values(request, SignIn, typed, wrong=wrong),
    )


def _code_form(request: Asked, *, wrong: Invalid | Message | None = None, too_often: bool = False) -> Response[str]:
    return page(
        request,
        "entrance/code.html",
        status_code=429 if too_often else 422 if wrong else 200,
        **form_values(request, Code, wrong=wrong),
    )
