"""Moves: what may be done with a ticket now, and one route for each move that any process has.

The routes are generated from the tables of the processes, so that a move added there is offered here at once.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg, FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, versioned
from anshou.api.bodies import OneOfRecords
from anshou.api.resources import tickets
from anshou.api.resources.making import Moved, make_move
from anshou.api.routing import get, move
from anshou.api.visits import Visiting
from anshou.tickets import moving, reach
from anshou.tickets.kinds import Kind
from anshou.tickets.process import AnyMove
from anshou.tickets.processes import PROCESSES, record_type
from tenants.refusals import N_


class MoveOpen(Struct, frozen=True, kw_only=True):
    """A move that the caller may make now."""

    name: Annotated[str, Meta(title=N_("操作"))]
    label: Annotated[str, Meta(title=N_("名称"))]
    operation: Annotated[str, Meta(title=N_("接口文档中的 operationId"))]


@get("/tickets/{number:str}/moves", summary=N_("现在可执行的操作"), operation_id="listMoves", opt=tickets.ANSWERS)
async def list_moves(number: FromPath[str], visit: Visiting) -> Response[Listing[MoveOpen]]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    found = await moving.open_moves(visit.session, ticket, visit.person, at=visit.at)
    moves = [MoveOpen(name=one.name, label=one.label, operation=operation_of(one.name)) for one in found]
    return versioned(Listing(items=moves), ticket.version)


def _route(name: str, of_kind: dict[Kind, AnyMove]) -> HTTPRouteHandler:
    """The route of the move `name`, whose record may differ from kind to kind of ticket."""
    records = tuple(dict.fromkeys(one.record for one in of_kind.values()))
    body = type(f"{_camel(name)}Body", (OneOfRecords,), {"records": records})

    async def make_this_move(
        number: FromPath[str], data: JSONBody[Any], seen: NamedDependency[int], visit: Visiting
    ) -> Response[Moved]:
        ticket = await reach.visible_ticket(visit.session, visit.person, number)
        record = data.read(record_type(ticket.kind, name))
        return await make_move(visit, ticket, name, record, seen)

    make_this_move.__annotations__["data"] = Annotated[body, BodyKwarg(media_type=RequestEncodingType.JSON)]
    declared: Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler] = move(
        f"/tickets/{{number:str}}/moves/{name}",
        summary=next(iter(of_kind.values())).label,
        operation_id=operation_of(name),
        description="、".join(kind.label for kind in of_kind),
        opt=tickets.ANSWERS,
    )
    return declared(make_this_move)


def operation_of(name: str) -> str:
    """The operation that makes the move."""
    return f"move{_camel(name)}"


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _moves() -> dict[str, dict[Kind, AnyMove]]:
    """Every move by name, and which kinds of ticket have it; but for signing, which has a file of its own."""
    found: dict[str, dict[Kind, AnyMove]] = defaultdict(dict)
    for kind, process in PROCESSES.items():
        for one in process.moves:
            if not one.signed:
                found[one.name][kind] = one
    return found


router = Router(
    "/",
    tags=[N_("工单操作")],
    route_handlers=[list_moves, *(_route(name, of_kind) for name, of_kind in _moves().items())],
)
