"""What a supervisor or a load balancer asks; nobody has to be signed in, and nothing is told but yes or no."""

import asyncio

from litestar import MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE
from sqlalchemy import text

from anshou.gate.visits import Gate
from tenants.errors import DatabaseUnavailable

# A load balancer asks every few seconds; who does not answer by then serves nobody well.
PATIENCE_SECONDS = 3.0


@get("/health/live", media_type=MediaType.TEXT, sync_to_thread=False)
def live() -> str:
    """The process's loop runs. Asks the database nothing: it being away is no reason to start the process anew."""
    return "alive\n"


@get("/health/ready", media_type=MediaType.TEXT)
async def ready(request: Request[None, None, State]) -> Response[str]:
    """Whether requests can be served: the database answers, with a schema that has been migrated."""
    gate: Gate = request.app.state.gate
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), gate.tenants.control() as control:
            await control.execute(text("SELECT FROM control.tenant LIMIT 1"))
    except (DatabaseUnavailable, TimeoutError):
        return Response("the database does not answer\n", status_code=HTTP_503_SERVICE_UNAVAILABLE)
    return Response("ready\n", status_code=HTTP_200_OK)
