"""Coming in by an invitation: the person sets name, login and password."""

from litestar import Response, get, post
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import gate_of
from anshou.people.errors import LoginTaken, PasswordUnfit
from anshou.people.invitations import Acceptance, accept, visible_invitation
from anshou.portal.entrance.agencies import visible_agency
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_, Refusal


@get("/join/{agency:str}/{token:str}")
async def invitation_page(agency: FromPath[str], token: FromPath[str], request: Asked) -> Response[str]:
    """Who is invited as what, and the form."""
    gate = gate_of(request)
    tenant = await visible_agency(request, agency)
    async with gate.door(tenant).open() as session:
        invitation = await visible_invitation(session, token, at=gate.now())
        newcomer = invitation.newcomer
    return _form(request, tenant.name, starting_with({"name": newcomer.name, "login": newcomer.email}))


@post("/join/{agency:str}/{token:str}", status_code=303)
async def accept_invitation(agency: FromPath[str], token: FromPath[str], request: Asked) -> Response[str]:
    """Make the account and go to the sign-in page."""
    gate = gate_of(request)
    await gate.tokens.check(request)
    tenant = await visible_agency(request, agency)
    reading = read(Acceptance, await typed_by(request))
    if reading.value is None:
        return _form(request, tenant.name, reading.typed, reading.refusal)
    try:
        await accept(gate.door(tenant), token, reading.value, at=gate.now())
    except (LoginTaken, PasswordUnfit) as refusal:
        return _form(request, tenant.name, reading.typed, refusal)
    said = language_of(request).say(N_("账号已开通，请登录。"))
    return go_to(request, f"/sign-in?agency={tenant.code}", Notice(said))


def _form(request: Asked, agency: str, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    return page(
        request,
        "entrance/invitation.html",
        status_code=status_of(wrong) if wrong else 200,
        agency=agency,
        **form_values(request, Acceptance, typed, wrong=wrong),
    )
