"""Setting a new password by the link that an administrator issued."""

from typing import Annotated

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.gate.callers import Asked
from anshou.gate.visits import gate_of
from anshou.people.errors import PasswordUnfit
from anshou.people.password_links import set_password, visible_link
from anshou.portal.entrance.agencies import visible_agency
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_, Invalid, Message
from tenants.shapes import Unfit


class NewPassword(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password, typed twice because nobody sees what they type."""

    password: Annotated[str, Meta(min_length=1, title=N_("新密码"), extra={"widget": "password"})]
    again: Annotated[str, Meta(min_length=1, title=N_("再次输入新密码"), extra={"widget": "password"})]

    def __post_init__(self) -> None:
        """Both are the same."""
        if self.password != self.again:
            raise Unfit(Message(N_("两次输入的密码不一致")), "again")


@get("/set-password/{agency:str}/{token:str}")
async def password_page(agency: FromPath[str], token: FromPath[str], request: Asked) -> Response[str]:
    """Whose password it is, and the form."""
    return await _form(request, agency, token, NOTHING)


@post("/set-password/{agency:str}/{token:str}", status_code=303)
async def submit_password(agency: FromPath[str], token: FromPath[str], request: Asked) -> Response[str]:
    """Set the password and go to the sign-in page."""
    gate = gate_of(request)
    await gate.tokens.check(request)
    reading = read(NewPassword, await typed_by(request))
    if reading.value is None:
        return await _form(request, agency, token, reading.typed, reading.refusal)
    tenant = await visible_agency(request, agency)
    try:
        await set_password(gate.door(tenant), token, reading.value.password, at=gate.now())
    except PasswordUnfit as refusal:
        return await _form(request, agency, token, reading.typed, refusal)
    said = language_of(request).say(N_("密码已更改，请用新密码登录。"))
    return go_to(request, f"/sign-in?agency={tenant.code}", Notice(said))


async def _form(request: Asked, agency: str, token: str, typed: Typed, wrong: Invalid | None = None) -> Response[str]:
    gate = gate_of(request)
    tenant = await visible_agency(request, agency)
    async with gate.door(tenant).open() as session:
        _, login = await visible_link(session, token, at=gate.now())
    return page(
        request,
        "entrance/password_link.html",
        status_code=422 if wrong else 200,
        agency=tenant.name,
        login=login,
        **form_values(request, NewPassword, typed, wrong=wrong),
    )
