"""Requests whose JSON body becomes the struct that the route's `data` names, strictly and before the route runs."""

from typing import Any, TypeVar

import msgspec
from litestar import Request
from msgspec import Struct

from anshou.api import errors
from anshou.api.bodies import OneOfRecords
from tenants.refusals import N_, Message
from tenants.shapes import accept

Shape = TypeVar("Shape", bound=Struct)

# A JSON body is a form's worth of text; files go to the attachments route, which streams.
BODY_LIMIT = 1 * 2**20

JSON = "application/json"


class ApiRequest(Request[Any, Any, Any]):
    """A request of the JSON door.

    The framework would read a body leniently ("3" for 3); the published schema says integer, so integer it is.
    """

    async def json(self) -> Any:
        """The body as the struct that the route declares. Raises what `read` raises."""
        wanted = self.route_handler.parsed_fn_signature.parameters["data"].annotation
        return wanted(await self._object()) if issubclass(wanted, OneOfRecords) else await self.read(wanted)

    async def read(self, shape: type[Shape]) -> Shape:
        """The body as a `shape`. Raises MediaTypeRefused, BodyUnreadable, BodyInvalid or ShapeInvalid."""
        return accept(shape, await self._object())

    async def _object(self) -> dict[str, Any]:
        if self.content_type[0] != JSON:
            raise errors.MediaTypeRefused(JSON)
        try:
            raw = msgspec.json.decode(await self.body())
            if not isinstance(raw, dict):
                raise errors.BodyInvalid(N_("请求体应为一个 JSON 对象。"))
            refuse_nul(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # Brackets within brackets, thousands of them, are no body of ours either.
            raise errors.BodyUnreadable from None
        return raw


def refuse_nul(raw: dict[str, Any]) -> None:
    """Raise BodyInvalid for text with U+0000, which JSON can carry and PostgreSQL text cannot."""
    faults = {path: Message(N_("文本中不能有空字符（U+0000）")) for path in _nul_paths(raw, "")}
    if faults:
        raise errors.BodyInvalid(N_("文本中不能有空字符（U+0000）"), faults)


def _nul_paths(value: Any, path: str) -> list[str]:
    match value:
        case str():
            return [path] if "\x00" in value else []
        case dict():
            inner = [found for key, one in value.items() for found in _nul_paths(one, f"{path}.{key}".lstrip("."))]
            return inner + [path for key in value if "\x00" in key]
        case list():
            return [found for at, one in enumerate(value) for found in _nul_paths(one, f"{path}[{at}]")]
        case _:
            return []
