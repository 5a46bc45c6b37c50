"""The shapes that answers share, and how one is given."""

from typing import Annotated, Any, Generic, TypeVar

from litestar import Response
from msgspec import Meta, Struct

from anshou.api.versions import entity_tag
from tenants.refusals import N_

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


def versioned(content: T, version: int) -> Response[T]:
    """An answer with the version as its ETag."""
    return Response(content, headers={"etag": entity_tag(version)})


def made(content: T, location: str, version: int | None = None) -> Response[T]:
    """An answer to what was made, with where it is found and, where it has versions, its first one."""
    headers = {"location": location}
    if version is not None:
        headers["etag"] = entity_tag(version)
    return Response(content, headers=headers)
