"""Addresses of lists: how a page continues where another ended, by name and id."""

from urllib.parse import urlencode
from uuid import UUID

from anshou.gate.callers import Asked


def with_query(address: str, **values: object) -> str:
    """The address with the values that are not empty as its query."""
    query = urlencode({name: str(value) for name, value in values.items() if value not in (None, "")})
    return f"{address}?{query}" if query else address


def cursor_in(request: Asked) -> tuple[str, UUID] | None:
    """The name and id after which the list goes on; None from its beginning, and for what is no place in a list."""
    try:
        return request.query_params["after_name"], UUID(request.query_params["after"])
    except (KeyError, ValueError):
        return None
