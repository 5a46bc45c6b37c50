"""The board: a column for each of the team, what nobody has before all, and the figures of each."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission
from anshou.people.roles import Department
from anshou.people.teams import departments_led, team_of
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import fragment, language_of, page
from anshou.portal.query_values import identifier
from anshou.portal.team.columns import ALL, Column, columns_of
from anshou.portal.team.places import BOARD, undo_of
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.reach import visible_ticket
from anshou.tickets.workload import CONSIDERED, loads_of, most_pressing
from tenants.refusals import N_

# Cards of a column; the rest is in the queue.
CARDS = 8

# Of more departments than this one is chosen: nobody looks after forty people at once.
TOGETHER = 3

# Seconds after which a board on which nothing happened is drawn anew, for the sake of its badges.
PATIENCE = 300


@get(BOARD)
async def board_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The whole board of one department, or of all that the person leads if they are few."""
    authorize_at_desk(visit.person, Permission.READ_TEAM)
    shown = await _shown(request, visit)
    return page(
        request,
        "team/board.html",
        tabs=_tabs(visit, shown["department"], language_of(request)),
        moved=await _moved(request, visit),
        **shown,
    )


@get(f"{BOARD}/columns")
async def board_columns(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The columns again; 204 if they are those that were `seen`. Asked when some ticket changed."""
    authorize_at_desk(visit.person, Permission.READ_TEAM)
    shown = await _shown(request, visit)
    if request.query_params.get("seen") == shown["mark"]:
        return Response("", media_type=MediaType.HTML, status_code=204)
    return fragment(request, "team/_columns.html", **shown)


async def _shown(request: Asked, visit: Visit) -> dict[str, Any]:
    language = language_of(request)
    department = _department(request, visit)
    departments = departments_led(visit.person) if department == ALL else (Department(department),)
    loads = await loads_of(visit.session, departments, by=visit.person, at=visit.at)
    team = await team_of(visit.session, departments)
    owners = {member.id for member in team} | {owner for owner in loads if owner is not None}
    cards = await most_pressing(visit.session, departments, owners, by=visit.person, limit=CARDS)
    zone = (await read_settings(visit.session)).zone
    columns = columns_of(
        team=team,
        loads=loads,
        cards=cards,
        names=await names_of(visit.session, owners),
        merchants=await merchant_names(visit.session),
        department=department,
        now=visit.at,
        zone=zone,
        language=language,
    )
    mark = _mark(columns, visit.at)
    return {
        "columns": columns,
        "department": department,
        "mark": mark,
        "back": f"{BOARD}?" + urlencode({"department": department}),
        "is_empty": not any(column.load.open for column in columns),
        "is_partial": sum(load.open for load in loads.values()) >= CONSIDERED,
        "considered": CONSIDERED,
    }


def _department(request: Asked, visit: Visit) -> str:
    """The department that is asked for, by its code, or all of the person's; one they do not lead is none."""
    led = departments_led(visit.person)
    asked = request.query_params.get("department", "")
    if asked in {department.value for department in led}:
        return asked
    if len(led) <= TOGETHER:
        return ALL if len(led) > 1 else led[0].value
    own = [department for department in led if department in visit.person.departments]
    return (own or led)[0].value


def _tabs(visit: Visit, present: str, language: Language) -> list[dict[str, Any]]:
    led = departments_led(visit.person)
    if len(led) == 1:
        return []
    together = [(ALL, language.say(N_("全部")))] if len(led) <= TOGETHER else []
    places = together + [(department.value, language.say(department.label)) for department in led]
    return [
        {"label": label, "address": f"{BOARD}?department={code}", "current": code == present} for code, label in places
    ]


def _mark(columns: list[Column], at: datetime) -> str:
    """What tells two boards apart. Minutes that pass are news only now and then."""
    lines = [
        (
            str(column.id),
            column.load,
            [(card.number, card.version, card.due and card.due.tone) for card in column.cards],
        )
        for column in columns
    ]
    since = int(at.timestamp()) // PATIENCE
    return sha256(repr((since, lines)).encode()).hexdigest()[:16]


async def _moved(request: Asked, visit: Visit) -> dict[str, Any] | None:
    """What was just moved without scripts, told by the address, with what undoes it."""
    asked = request.query_params
    if "moved" not in asked:
        return None
    try:
        ticket = await visible_ticket(visit.session, visit.person, asked["moved"])
    except TicketNotFound:
        return None
    was = identifier(asked.get("was"))
    names: dict[UUID, str] = await names_of(visit.session, {ticket.owner_id} if ticket.owner_id else set())
    # Somebody has moved it since: then there is nothing of ours to undo.
    undo = undo_of(ticket, was) if asked.get("seen") == str(ticket.version) else None
    return {"ticket": ticket, "owner": names.get(ticket.owner_id) if ticket.owner_id else None, "undo": undo}
