"""Giving a ticket of the board to somebody else, or back to nobody."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import colleagues, names_of
from anshou.people.permissions import Permission
from anshou.people.teams import departments_led, team_of
from anshou.portal.addresses import local_address
from anshou.portal.agency.places import authorize_at_desk, ticket_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.reading import typed_by
from anshou.portal.pages import FRAGMENT, fragment, go_to, language_of, page, wants_fragment
from anshou.portal.team.places import BOARD, move_address, told_at, undo_of
from anshou.tickets.errors import ColleagueUnknown
from anshou.tickets.moving import make_move
from anshou.tickets.records import Record
from anshou.tickets.steering import Assignment, Release
from anshou.tickets.tickets import Ticket
from anshou.tickets.workload import loads_of
from tenants.refusals import Refusal

# What the board's own script says it wants: the words for its live region, and no page.
_BOARD = "board"


@get(f"{BOARD}/move/{{number:str}}")
async def move_form(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """To whom; each of the team with what they carry."""
    authorize_at_desk(visit.person, Permission.READ_TEAM)
    ticket = await ticket_at_desk(visit, number)
    values = {
        "ticket": ticket,
        "action": move_address(ticket.number),
        "back": _back(request.query_params.get("back", "")),
        **await _choices(visit, ticket),
    }
    return (fragment if wants_fragment(request) else page)(
        request, "team/_move.html" if wants_fragment(request) else "team/move.html", **values
    )


@post(f"{BOARD}/move/{{number:str}}", status_code=303)
async def move(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Move it. Whoever looked at an older version is told who was first (TicketChanged)."""
    authorize_at_desk(visit.person, Permission.READ_TEAM)
    typed = await typed_by(request)
    owner, seen = typed.one("owner"), typed.one("seen")
    ticket = await ticket_at_desk(visit, number)
    was = ticket.owner_id
    if request.headers.get(FRAGMENT) == _BOARD:
        return await _told(request, visit, ticket, owner, seen, was)
    await _move(visit, ticket, owner, seen)
    return go_to(request, told_at(_back(typed.one("back")), ticket, was))


async def _told(request: Asked, visit: Visit, ticket: Ticket, owner: str, seen: str, was: UUID | None) -> Response[str]:
    """The words about it, for the board's live region."""
    try:
        async with visit.session.begin_nested():
            await _move(visit, ticket, owner, seen)
    except Refusal as refusal:
        said = {"refusal": language_of(request).refusal(refusal), "moved": None}
        return fragment(request, "team/_told.html", status_code=status_of(refusal), **said)
    names = await names_of(visit.session, {ticket.owner_id} if ticket.owner_id else set())
    moved = {
        "ticket": ticket,
        "owner": names.get(ticket.owner_id) if ticket.owner_id else None,
        "undo": undo_of(ticket, was),
    }
    return fragment(request, "team/_told.html", status_code=200, moved=moved, refusal="")


async def _move(visit: Visit, ticket: Ticket, owner: str, seen: str) -> None:
    name, record = _wanted(owner)
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    await make_move(visit.session, ticket, name, record, by=visit.person, at=visit.at, seen=version)


def _wanted(owner: str) -> tuple[str, Record]:
    """The move that gives it to this owner; the empty one is nobody."""
    if not owner:
        return "release", Release()
    try:
        return "assign", Assignment(owner=UUID(owner))
    except ValueError:
        raise ColleagueUnknown("owner") from None


async def _choices(visit: Visit, ticket: Ticket) -> dict[str, Any]:
    """The ticket's own team with their load, and everybody else."""
    led = departments_led(visit.person)
    departments = (ticket.department,) if ticket.department in led else led
    loads = await loads_of(visit.session, departments, by=visit.person, at=visit.at)
    team = [
        (member, loads[member.id].open if member.id in loads else 0)
        for member in await team_of(visit.session, departments)
        if member.id != ticket.owner_id
    ]
    of_team = {member.id for member, _ in team}
    others = [one for one in await colleagues(visit.session) if one.id not in of_team and one.id != ticket.owner_id]
    names = await names_of(visit.session, {ticket.owner_id} if ticket.owner_id else set())
    return {"team": team, "others": others, "owner_name": names.get(ticket.owner_id) if ticket.owner_id else None}


def _back(address: str) -> str:
    """The board that the move was made on, without what was told there before."""
    path, _, query = local_address(address).partition("?")
    department = next((part for part in query.split("&") if part.startswith("department=")), "")
    return BOARD + (f"?{department}" if path == BOARD and department else "")
