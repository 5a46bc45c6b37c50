"""A ticket's clocks: each with its due time and the whole explanation of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from litestar import Request, Router
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.api.answers import Listing, shown
from anshou.api.problems import language_of
from anshou.api.routing import get
from anshou.api.visits import Visiting
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.tickets import reach
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.clocks.explaining import Explanation, pieces
from anshou.tickets.clocks.running import clocks_of
from anshou.tickets.kinds import Clock
from tenants.refusals import N_


class Line(Struct, frozen=True, kw_only=True):
    """A line of an explanation in the reader's language."""

    label: Annotated[str, Meta(title=N_("名称"))]
    text: Annotated[str, Meta(title=N_("内容"))]


class ClockShown(Struct, frozen=True, kw_only=True):
    """A clock of a ticket. Without `due_at` there is no limit at this urgency, or the clock stands still."""

    clock: Annotated[Clock, Meta(title=N_("时限"))]
    started_at: Annotated[datetime, Meta(title=N_("开始时间"))]
    due_at: Annotated[datetime | None, Meta(title=N_("到期时间"))]
    warn_at: Annotated[datetime | None, Meta(title=N_("提醒时间（80%）"))]
    late_at: Annotated[datetime | None, Meta(title=N_("严重超时（150%）"))]
    breached_at: Annotated[datetime | None, Meta(title=N_("超时时间"))]
    met_at: Annotated[datetime | None, Meta(title=N_("完成时间"))]
    ended_at: Annotated[datetime | None, Meta(title=N_("终止时间"))]
    running: Annotated[bool, Meta(title=N_("是否在计时"))]
    explanation: Annotated[Explanation | None, Meta(title=N_("到期时间的由来"))]
    lines: Annotated[list[Line], Meta(title=N_("到期时间的由来，逐行说明"))]


@get("/tickets/{number:str}/clocks", summary=N_("读取时限"), operation_id="listClocks")
async def list_clocks(number: FromPath[str], visit: Visiting, request: Request[Any, Any, Any]) -> Listing[ClockShown]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    # How the agency keeps its time is told to the agency; the merchant is told what was promised.
    authorize(visit.person, Permission.READ_INTERNAL_NOTES)
    zone = (await read_settings(visit.session)).zone
    say = language_of(request).translate
    found = await clocks_of(visit.session, ticket.merchant_id, ticket.id)
    return Listing(items=[_shown(one, say, lambda at: f"{at.astimezone(zone):%Y-%m-%d %H:%M}") for one in found])


def _shown(clock: TicketClock, say: Callable[[str], str], show_time: Callable[[datetime], str]) -> ClockShown:
    why = clock.why
    lines = [Line(label=say(one.label), text=one.say(say, show_time)) for one in (pieces(why) if why else ())]
    return shown(ClockShown, clock, running=clock.is_running, explanation=why, lines=lines)


router = Router("/", tags=[N_("时限")], route_handlers=[list_clocks])
