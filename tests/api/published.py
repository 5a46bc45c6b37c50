"""The published document, read without a database: what tests over every route are generated from."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from litestar.routes import HTTPRoute

from anshou.api.document import describe
from anshou.api.door import application
from anshou.api.visits import Door

Json = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation: `path` has its parameters in braces."""

    name: str
    method: str
    path: str
    parameters: tuple[str, ...]
    required_query: tuple[str, ...]
    body: Json | None
    is_form: bool
    takes_version: bool

    @property
    def names_something(self) -> bool:
        """Whether the address names a thing by its id."""
        return bool(self.parameters)


@cache
def document() -> Json:
    """The document, made from the routes alone."""
    door = cast(Door, SimpleNamespace(settings=SimpleNamespace(upload_limit=1)))
    routes = [route for route in application(door).routes if isinstance(route, HTTPRoute)]
    return describe(routes)


def operations() -> Iterator[Operation]:
    """Every operation of the document."""
    for path, methods in document()["paths"].items():
        for method, described in methods.items():
            parameters = described.get("parameters", [])
            content = described.get("requestBody", {}).get("content", {})
            yield Operation(
                name=described["operationId"],
                method=method.upper(),
                path=path,
                parameters=tuple(one["name"] for one in parameters if one["in"] == "path"),
                required_query=tuple(one["name"] for one in parameters if one["in"] == "query" and one["required"]),
                body=next((one["schema"] for one in content.values()), None),
                is_form="multipart/form-data" in content,
                takes_version=any(one["name"] == "If-Match" for one in parameters),
            )
