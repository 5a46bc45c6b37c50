"""The stream that an open page listens to, so that it shows at once what somebody else has done."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromQuery
from litestar.response import Stream

from anshou.gate.callers import Asked
from anshou.gate.live import LIVE, TICKET, Live, Watch
from anshou.gate.visits import Visit
from anshou.portal.ticket_views.following import mark
from anshou.tickets.reach import visible_ticket

EVENTS = "text/event-stream"


@get(LIVE, status_code=200)
async def live(
    request: Asked, visit: NamedDependency[Visit], ticket: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[str] | Stream:
    """Events `ticket`, `tickets` and `notices`, all without content. `after` marks the last entry that the page shows.

    204 when there are too many streams; a browser then asks for none any more.
    """
    streams: Live = request.app.state.live
    if streams.is_full:
        return Response("", media_type=MediaType.TEXT, status_code=204)
    shown = await visible_ticket(visit.session, visit.person, ticket) if ticket else None
    watch = Watch(visit.tenant.schema, visit.person.id, visit.person.merchant_id, shown.id if shown else None)
    if shown and after and mark(shown) != after:
        watch.tell(TICKET)
    # A proxy that gathers an answer before it passes it on would hold back everything.
    return Stream(streams.stream(watch), media_type=EVENTS, headers={"x-accel-buffering": "no"})
