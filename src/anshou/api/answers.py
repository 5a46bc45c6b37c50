"""The shapes that answers share, and how one is given."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar import Response
from litestar.enums import MediaType
from msgspec import Meta, Struct

from anshou.api.versions import entity_tag
from tenants.refusals import N_

_encode = msgspec.json.Encoder().encode

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list that is read by keyset: nothing is skipped or told twice while rows come and go."""

    items: Annotated[list[T], Meta(title=N_("本页内容"))]
    next: Annotated[str | None, Meta(title=N_("下一页的游标，没有则为 null"))]


class Listing(Struct, Generic[T], frozen=True, kw_only=True):
    """A list that is short by its nature and comes whole."""

    items: Annotated[list[T], Meta(title=N_("内容"))]


def shown(shape: type[S], row: object, **more: Any) -> S:
    """The row as this shape: each field by its name, but for those given."""
    return shape(**{name: getattr(row, name) for name in shape.__struct_fields__ if name not in more}, **more)


def rows_of_page(shape: type[S], rows: Iterable[Mapping[str, Any]], after: str | None) -> Response[S]:
    """A page of rows whose columns are the fields of its items, encoded as they come from the database.

    `shape` is the page for the document alone: to make its structs of a hot list takes longer than to read it.
    """
    return Response(_encode({"items": [dict(row) for row in rows], "next": after}), media_type=MediaType.JSON)  # type: ignore[arg-type]


def versioned(content: T, version: int) -> Response[T]:
    """An answer with the version as its ETag."""
    return Response(content, headers={"etag": entity_tag(version)})


def made(content: T, location: str, version: int | None = None) -> Response[T]:
    """An answer to what was made, with where it is found and, where it has versions, its first one."""
    headers = {"location": location}
    if version is not None:
        headers["etag"] = entity_tag(version)
    return Response(content, headers=headers)
