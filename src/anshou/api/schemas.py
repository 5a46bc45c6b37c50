"""The schemas of the document: msgspec's own, under names that hold for the whole document."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from tenants.labels import Labelled

Json = dict[str, Any]

_REFERENCE = "#/components/schemas/{name}"


class Schemas:
    """Meets every type of the document first; once settled, gives each one's schema, structs by reference."""

    def __init__(self) -> None:
        self._met: dict[Any, Json] = {}
        self._settled = False
        self.components: dict[str, Json] = {}

    def of(self, kind: Any) -> Json:
        """The schema of a type; empty before everything is settled."""
        if not self._settled:
            self._met[kind] = {}
        return dict(self._met[kind])

    def inline(self, struct: type[Struct]) -> Json:
        """The schema of a struct itself, not by reference."""
        reference = self.of(struct)
        return self.components[_name(reference)] if self._settled else {"properties": {}, "required": []}

    def settle(self) -> None:
        """Name every component, now that all are known."""
        kinds = list(self._met)
        schemas, components = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
        self._met = dict(zip(kinds, map(dict, schemas), strict=True))
        self._settled = True
        labels = {kind.__name__: kind for kind in _labelled(Labelled)}
        titles = {name: _titles(one) for kind in kinds for one in _structs(kind, set()) for name in _names(one)}
        for name, schema in components.items():
            # What is said of a class in our source is for its maintainers.
            schema.pop("description", None)
            for field, described in schema.get("properties", {}).items():
                if title := titles.get(name, {}).get(field):
                    described["title"] = title
            if name in labels:
                schema["description"] = "；".join(f"{member.value}：{member.label}" for member in labels[name])
        self.components = dict(sorted(components.items()))


def _name(reference: Json) -> str:
    return str(reference["$ref"]).removeprefix(_REFERENCE.removesuffix("{name}"))


def _labelled(kind: type[Labelled]) -> Iterator[type[Labelled]]:
    for child in kind.__subclasses__():
        yield child
        yield from _labelled(child)


def _structs(kind: Any, seen: set[Any]) -> Iterator[type[Struct]]:
    """Every struct that a type is made of."""
    for part in get_args(kind):
        yield from _structs(part, seen)
    origin = get_origin(kind) or kind
    if isinstance(origin, type) and issubclass(origin, Struct) and origin not in seen:
        seen.add(origin)
        yield origin
        for hint in get_type_hints(origin, include_extras=True).values():
            yield from _structs(hint, seen)


def _names(struct: type[Struct]) -> tuple[str, str]:
    """By which a component may be known: the struct's name, or with its module where two have the same."""
    return struct.__name__, f"{struct.__module__}.{struct.__qualname__}"


def _titles(struct: type[Struct]) -> dict[str, str]:
    """The titles of a struct's fields, also where an optional field hangs its title on the part that is not null."""
    hints = get_type_hints(struct, include_extras=True)
    found = {name: next(_titles_in(hint), "") for name, hint in hints.items()}
    return {name: title for name, title in found.items() if title}


def _titles_in(hint: Any) -> Iterator[str]:
    if get_origin(hint) is Annotated:
        yield from (meta.title for meta in hint.__metadata__ if isinstance(meta, Meta) and meta.title)
        return
    for part in get_args(hint):
        if get_origin(part) is Annotated:
            yield from _titles_in(part)
