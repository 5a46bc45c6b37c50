"""My account at a glance: who I am here, where I am signed in, and how I sign in."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import gate_of
from anshou.people.second_factor import is_enrolled, recovery_codes_left
from anshou.people.web_sessions import EndedBecause, end_session, end_sessions, list_sessions
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_


@get("/account")
async def account_page(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Card, sessions, second factor."""
    gate = gate_of(request)
    async with gate.door(caller.tenant).open() as session:
        sessions = await list_sessions(session, caller.person, limits=gate.limits, at=caller.at)
        enrolled = await is_enrolled(session, caller.person.id)
        codes_left = await recovery_codes_left(session, caller.person.id)
    return page(
        request,
        "account/overview.html",
        sessions=sessions,
        this_session=caller.session.session_id,
        enrolled=enrolled,
        codes_left=codes_left,
    )


@post("/account/sessions/{session_id:uuid}/end", status_code=303)
async def end_one(session_id: FromPath[UUID], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """End one of my sessions."""
    async with gate_of(request).door(caller.tenant).open() as session:
        await end_session(
            session,
            session_id,
            of=caller.person.id,
            because=EndedBecause.REVOKED,
            at=caller.at,
            by=caller.person.actor(),
        )
    return go_to(request, "/account", Notice(language_of(request).say(N_("该登录已终止。"))))


@post("/account/sessions/end-others", status_code=303)
async def end_others(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """End all my sessions but this one."""
    async with gate_of(request).door(caller.tenant).open() as session:
        await end_sessions(
            session,
            of=caller.person.id,
            because=EndedBecause.REVOKED,
            at=caller.at,
            but=caller.session.session_id,
        )
    return go_to(request, "/account", Notice(language_of(request).say(N_("其他登录均已终止。"))))
