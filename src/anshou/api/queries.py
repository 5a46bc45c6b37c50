"""Query parameters as a struct, read as strictly and refused in the same words as a body."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Annotated, Any, TypeVar, get_origin, get_type_hints

from litestar import Request
from msgspec import Meta, Struct

from anshou.api.errors import ParameterInvalid
from tenants.refusals import N_, Message
from tenants.shapes import ShapeInvalid, accept

Shape = TypeVar("Shape", bound=Struct)

Limit = Annotated[int, Meta(ge=1, le=200, title=N_("每页条数"))]
Cursor = Annotated[str, Meta(max_length=1000, title=N_("上一页返回的 next"))]


class Query(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of a list: everything has a default, and one that the list does not know is refused."""


class Paging(Query, frozen=True, kw_only=True):
    """The parameters of every list that is read page by page."""

    limit: Limit = 50
    after: Cursor | None = None


def reader_of(shape: type[Shape]) -> Callable[[Request[Any, Any, Any]], Awaitable[Shape]]:
    """A dependency that reads the query string as `shape`. It raises ParameterInvalid."""

    async def read(request: Request[Any, Any, Any]) -> Any:
        given = request.query_params
        raw: dict[str, object] = {
            name: given.getall(name) if name in _lists(shape) else given.getall(name)[-1] for name in given
        }
        if nul := [name for name in raw if "\x00" in name or any("\x00" in one for one in given.getall(name))]:
            raise ParameterInvalid(
                {name.replace("\x00", ""): Message(N_("文本中不能有空字符（U+0000）")) for name in nul}
            )
        try:
            return accept(shape, raw, strict=False)
        except ShapeInvalid as refused:
            raise ParameterInvalid(refused.fields) from None

    return read


@cache
def _lists(shape: type[Struct]) -> frozenset[str]:
    """The fields that may be given several times."""
    return frozenset(name for name, hint in get_type_hints(shape).items() if get_origin(hint) in (list, tuple))
