"""Giving several tickets of a list to one colleague at once."""

from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.permissions import Permission
from anshou.portal.addresses import local_address
from anshou.portal.agency.places import authorize_at_desk, ticket_at_desk
from anshou.portal.forms.reading import typed_by
from anshou.portal.pages import Notice, go_to, language_of
from anshou.tickets.errors import ColleagueUnknown
from anshou.tickets.moving import make_move
from anshou.tickets.steering import Assignment
from tenants.refusals import N_, Refusal

# A page of the list.
MOST = 100


@post("/tickets/assign", status_code=303)
async def assign_several(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Assign each; one that is refused does not keep the others from it, and is named with the reason."""
    authorize_at_desk(visit.person, Permission.ASSIGN_OWNER)
    typed = await typed_by(request)
    owner = _owner(typed.one("owner"))
    language = language_of(request)
    numbers = typed.every("number")[:MOST]
    refused = [f"{number} {why}" for number in numbers if (why := await _assign(visit, number, owner, language))]
    done = len(numbers) - len(refused)
    said = language.say(N_("已指派 %(done)s 个工单。"), done=done)
    return go_to(
        request,
        local_address(typed.one("back")),
        Notice(" ".join([said, *refused]), "warn" if refused or not done else "good"),
    )


async def _assign(visit: Visit, number: str, owner: UUID, language: Language) -> str:
    """Why it was refused; empty when it was not."""
    try:
        async with visit.session.begin_nested():
            ticket = await ticket_at_desk(visit, number)
            await make_move(
                visit.session,
                ticket,
                "assign",
                Assignment(owner=owner),
                by=visit.person,
                at=visit.at,
                # Whoever assigns from a list decides on no other version than the present one.
                seen=ticket.version,
            )
    except Refusal as refusal:
        return language.refusal(refusal)
    return ""


def _owner(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise ColleagueUnknown("owner") from None
