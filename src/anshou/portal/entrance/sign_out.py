"""Signing out ends the session on the server, not only the cookie."""

from litestar import Response, post
from litestar.di import NamedDependency

from anshou.gate import cookies
from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import gate_of
from anshou.people.web_sessions import EndedBecause, end_session
from anshou.portal.pages import Notice, go_to, language_of
from tenants.refusals import N_


@post("/sign-out", status_code=303)
async def sign_out(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """End this session."""
    gate = gate_of(request)
    session_id = caller.session.session_id
    async with gate.door(caller.tenant).open() as session:
        await end_session(
            session,
            session_id,
            of=caller.person.id,
            because=EndedBecause.SIGNED_OUT,
            at=caller.at,
            by=caller.person.actor(),
        )
    response = go_to(request, "/sign-in", Notice(language_of(request).say(N_("您已退出登录。"))))
    response.cookies.append(gate.cookies.clear(cookies.SESSION))
    return response
