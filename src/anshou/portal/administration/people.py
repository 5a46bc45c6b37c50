"""The people of the agency and of its merchants, and who is invited."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.accounts import Side
from anshou.people.cards import list_people, names_of
from anshou.people.invitations import open_invitations, revoke
from anshou.portal.administration.addresses import cursor_in, with_query
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_

PAGE = 50


@get("/people")
async def people_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A page of one side's people, by name."""
    side = Side.MERCHANT if request.query_params.get("side") == Side.MERCHANT else Side.STAFF
    after = cursor_in(request)
    people = await list_people(visit.session, side, by=visit.person, after=after, limit=PAGE + 1)
    shown, more = people[:PAGE], len(people) > PAGE
    return page(
        request,
        "administration/people.html",
        side=side.value,
        tabs=_tabs(language_of(request), side.value),
        people=shown,
        merchants=await merchant_names(visit.session),
        first=with_query("/people", side=side) if after else "",
        following=with_query("/people", side=side, after_name=shown[-1].name, after=shown[-1].id) if more else "",
    )


@get("/people/invitations")
async def invitations_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The invitations that can still be accepted."""
    invitations = await open_invitations(visit.session, by=visit.person, at=visit.at)
    return page(
        request,
        "administration/invitations.html",
        tabs=_tabs(language_of(request), "invitations"),
        invitations=invitations,
        names=await names_of(visit.session, {one.invited_by for one in invitations if one.invited_by is not None}),
        merchants=await merchant_names(visit.session),
    )


@post("/people/invitations/{invitation_id:uuid}/revoke", status_code=303)
async def revoke_invitation(
    invitation_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Take an invitation back."""
    await revoke(visit.session, invitation_id, by=visit.person, at=visit.at)
    return go_to(request, "/people/invitations", Notice(language_of(request).say(N_("邀请已撤销，链接不再有效。"))))


def _tabs(language: Language, here: str) -> list[dict[str, object]]:
    tabs = (
        (Side.STAFF.value, N_("本公司"), "/people"),
        (Side.MERCHANT.value, N_("商家人员"), "/people?side=merchant"),
        ("invitations", N_("待接受的邀请"), "/people/invitations"),
    )
    return [
        {"label": language.say(label), "address": address, "current": name == here} for name, label, address in tabs
    ]
