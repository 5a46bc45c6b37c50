"""The JSON door: an application of its own under /api/v1, so that even an unknown address answers in its manner."""

from typing import Any

from litestar import Litestar, asgi
from litestar.di import Provide
from litestar.handlers import ASGIRouteHandler
from litestar.router import Router

from anshou.api import idempotency, problems, reading
from anshou.api.document import PREFIX
from anshou.api.rates import Rates
from anshou.api.requests import BODY_LIMIT, ApiRequest
from anshou.api.table import RESOURCES
from anshou.api.uploads import MEBIBYTE
from anshou.api.visits import Door, authenticate, visit
from anshou.gate.visits import Clock
from anshou.settings import Settings
from tenants.sessions import Tenants
from tenants.storage import open_storage


def open_api(settings: Settings, *, tenants: Tenants, secret: bytes, clock: Clock) -> ASGIRouteHandler:
    """The door of an installation, ready to be one route of its web application."""
    rates = Rates(per_second=settings.api_rate / 60, burst=settings.api_rate)
    storage = open_storage(settings.storage_url)
    return mount(Door(tenants=tenants, storage=storage, settings=settings, secret=secret, clock=clock, rates=rates))


def mount(door: Door) -> ASGIRouteHandler:
    """The door as one route of the web application."""
    inner = application(door)

    @asgi(PREFIX, is_mount=True, copy_scope=True)
    async def api(scope: Any, receive: Any, send: Any) -> None:
        await inner(scope, receive, send)

    return api


def application(door: Door) -> Litestar:
    """The application behind the door. Its exception handlers see every error, also those of routing."""
    keyed = Router("/", route_handlers=RESOURCES, guards=[authenticate], dependencies={"visit": Provide(visit)})
    inner = Litestar(
        route_handlers=[keyed, *reading.ROUTES],
        request_class=ApiRequest,
        request_max_body_size=door.settings.upload_limit * MEBIBYTE + BODY_LIMIT,
        exception_handlers={idempotency.Replayed: idempotency.replay, Exception: problems.answer},
        openapi_config=None,
        logging_config=None,
    )
    inner.state.door = door
    return inner
