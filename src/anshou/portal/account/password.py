"""Another password for myself."""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from msgspec import Meta

from anshou.gate import cookies
from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import cookie_value, gate_of
from anshou.people.errors import PasswordUnfit
from anshou.people.own_sign_in import CHANGE_PASSWORD, change_password
from anshou.people.second_factor import is_enrolled
from anshou.portal.account.proofs import Proving, prove_by
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_, Invalid, Message
from tenants.shapes import Unfit


class PasswordChange(Proving, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The present password, and the new one twice because nobody sees what they type."""

    password: Annotated[str, Meta(min_length=1, title=N_("新密码"), extra={"widget": "password"})]
    again: Annotated[str, Meta(min_length=1, title=N_("再次输入新密码"), extra={"widget": "password"})]

    def __post_init__(self) -> None:
        """Both are the same."""
        if self.password != self.again:
            raise Unfit(Message(N_("两次输入的密码不一致")), "again")


@get("/account/password")
async def password_page(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """The form."""
    return await _form(request, caller)


@post("/account/password", status_code=303)
async def submit_password(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Change it; other sessions end, this one goes on under a new token."""
    gate = gate_of(request)
    reading = read(PasswordChange, await typed_by(request))
    if reading.value is None:
        return await _form(request, caller, reading.typed, reading.refusal)
    proof = await prove_by(gate, caller, reading.value, purpose=CHANGE_PASSWORD)
    if isinstance(proof, Message):
        return await _form(request, caller, reading.typed, proof)
    try:
        token = await change_password(
            gate.door(caller.tenant), caller.session, reading.value.password, proof=proof, at=caller.at
        )
    except PasswordUnfit as refusal:
        return await _form(request, caller, reading.typed, refusal)
    response = go_to(request, "/account", Notice(language_of(request).say(N_("密码已更改，其他登录均已终止。"))))
    response.cookies.append(gate.cookies.set(cookies.SESSION, cookie_value(caller.tenant, token)))
    return response


async def _form(
    request: Asked, caller: Caller, typed: Typed = NOTHING, wrong: Invalid | Message | None = None
) -> Response[str]:
    async with gate_of(request).door(caller.tenant).open() as session:
        enrolled = await is_enrolled(session, caller.person.id)
    values = form_values(request, PasswordChange, typed, wrong=wrong)
    if not enrolled:
        values["fields"] = [field for field in values["fields"] if field.name != "code"]
    return page(request, "account/password.html", status_code=422 if wrong else 200, **values)
