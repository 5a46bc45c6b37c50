"""How a route of the JSON door is declared: method, path, words, and every status that it may answer with.

Every POST that makes something takes an Idempotency-Key and keeps its answer, because it is declared here and nowhere
else.
"""

from collections.abc import Callable, Iterable
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Method

from anshou.api import idempotency, visits
from anshou.api.queries import reader_of
from anshou.api.requests import BODY_LIMIT
from anshou.api.versions import seen_version

Declare = Callable[[Callable[..., Any]], HTTPRouteHandler]

# What any request may meet, what one with a body may, and what one that names a version may.
ANY = (400, 401, 403, 404, 429)
CHANGING = (*ANY, 409, 413, 415, 422)
VERSIONED = (*CHANGING, 412, 428)

_KEPT = {
    "given_key": Provide(idempotency.idempotency_key),
    "fingerprint": Provide(idempotency.fingerprint),
    "visit": Provide(visits.kept_visit),
}


class KeptHandler(HTTPRouteHandler):
    """A POST: its answer is kept beside its Idempotency-Key, in the transaction of its effect."""

    async def to_response(self, app: Litestar, data: Any, request: Request[Any, Any, Any]) -> ASGIApp:
        """The answer, after it was written down."""
        response = await super().to_response(app, data, request)
        await idempotency.keep(request, response)
        return response


def get(path: str, *, summary: str, operation_id: str, **more: Any) -> Declare:
    """A route that only reads."""
    return _declare(HTTPRouteHandler, "GET", path, ANY, 200, summary, operation_id, more)


def post(path: str, *, summary: str, operation_id: str, status_code: int = 201, **more: Any) -> Declare:
    """A route that makes something, once for each Idempotency-Key."""
    more["dependencies"] = {**_KEPT, **more.get("dependencies", {})}
    return _declare(KeptHandler, "POST", path, CHANGING, status_code, summary, operation_id, more)


def ask(path: str, *, summary: str, operation_id: str, **more: Any) -> Declare:
    """A POST whose answer is kept nowhere: a search whose terms must stand in no address, a field in plain text."""
    return _declare(HTTPRouteHandler, "POST", path, CHANGING, 200, summary, operation_id, more)


def move(path: str, *, summary: str, operation_id: str, **more: Any) -> Declare:
    """A POST that moves a thing on from the version in If-Match, which the handler takes as `seen`."""
    more["dependencies"] = {**_KEPT, "seen": Provide(seen_version), **more.get("dependencies", {})}
    return _declare(KeptHandler, "POST", path, VERSIONED, 200, summary, operation_id, more)


def put(path: str, *, summary: str, operation_id: str, status_code: int = 200, **more: Any) -> Declare:
    """A route that says how a thing is to be; the same request again changes nothing."""
    return _declare(HTTPRouteHandler, "PUT", path, CHANGING, status_code, summary, operation_id, more)


def delete(path: str, *, summary: str, operation_id: str, **more: Any) -> Declare:
    """A route that takes a thing away."""
    return _declare(HTTPRouteHandler, "DELETE", path, (*ANY, 409, 422), 204, summary, operation_id, more)


def _declare(
    handler: type[HTTPRouteHandler],
    method: Method,
    path: str,
    refused: Iterable[int],
    status_code: int,
    summary: str,
    operation_id: str,
    more: dict[str, Any],
) -> Declare:
    opt = {"refuses": tuple(refused), **more.pop("opt", {})}
    if query := more.pop("query", None):
        asking = {"asked": Provide(reader_of(query)), "visit": Provide(visits.asking_visit)}
        more["dependencies"] = {**asking, **more.get("dependencies", {})}
        opt["query"] = query
    if "upload" not in opt:
        more["request_max_body_size"] = BODY_LIMIT
    return handler(
        path,
        http_method=method,
        status_code=status_code,
        summary=summary,
        operation_id=operation_id,
        opt=opt,
        **more,
    )
