"""Invitations: who is asked to come in, and as what."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, made, shown
from anshou.api.document import PREFIX
from anshou.api.routing import delete, get, post
from anshou.api.visits import Visiting
from anshou.people import invitations
from anshou.people.admitting import Newcomer
from tenants.refusals import N_


class InvitationShown(Struct, frozen=True, kw_only=True):
    """An invitation that can still be accepted."""

    id: UUID
    newcomer: Annotated[Newcomer, Meta(title=N_("邀请的人员"))]
    invited_by: Annotated[UUID | None, Meta(title=N_("邀请人"))]
    invited_at: Annotated[datetime, Meta(title=N_("邀请时间"))]
    expires_at: Annotated[datetime, Meta(title=N_("有效期至"))]


class InvitationMade(Struct, frozen=True, kw_only=True):
    """A new invitation with its link, shown this once."""

    invitation: Annotated[InvitationShown, Meta(title=N_("邀请"))]
    link: Annotated[str, Meta(title=N_("邀请链接，仅显示一次"))]


@get("/invitations", summary=N_("列出邀请"), operation_id="listInvitations")
async def list_invitations(visit: Visiting) -> Listing[InvitationShown]:
    found = await invitations.open_invitations(visit.session, by=visit.person, at=visit.at)
    return Listing(items=[shown(InvitationShown, one) for one in found])


@post(
    "/invitations",
    summary=N_("邀请人员"),
    operation_id="invitePerson",
    opt={"answers_with": {"Location": N_("邀请的位置")}},
)
async def invite_person(data: JSONBody[Newcomer], visit: Visiting) -> Response[InvitationMade]:
    invitation, token = await invitations.invite(visit.session, data, by=visit.person, at=visit.at)
    link = f"{visit.door.settings.base_url}/join/{visit.tenant.code}/{token}"
    return made(InvitationMade(invitation=shown(InvitationShown, invitation), link=link), f"{PREFIX}/invitations")


@delete("/invitations/{invitation_id:uuid}", summary=N_("撤销邀请"), operation_id="revokeInvitation")
async def revoke_invitation(invitation_id: FromPath[UUID], visit: Visiting) -> None:
    await invitations.revoke(visit.session, invitation_id, by=visit.person, at=visit.at)


router = Router("/", tags=[N_("人员")], route_handlers=[list_invitations, invite_person, revoke_invitation])
