"""What a form asks for, read off a shape: one Field per field, with the widget and limits that its Meta gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import msgspec
from msgspec import inspect

from tenants.labels import Labelled

# Kinds of value that need no widget of their own.
PLAIN_WIDGETS: dict[type[inspect.Type], str] = {
    inspect.EnumType: "choice",
    inspect.BoolType: "yes_no",
    inspect.DateTimeType: "datetime",
    inspect.DateType: "date",
    inspect.DecimalType: "decimal",
    inspect.IntType: "number",
    inspect.StrType: "line",
    # A thing that the page lists: the form gives the choices.
    inspect.UUIDType: "thing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a form asks for.

    - `parts`: the fields of one entry, for a part and for rows.
    - `options`: value and Chinese label, where the shape itself knows the choices.
    - `least`, `most`: bounds of a number, or how many rows; `longest`: characters of a text.
    - `side`: whose form shows it, `agency` or `merchant`; empty for both.
    - `default`: what the form starts with, as it would be typed.
    """

    name: str
    title: str
    widget: str
    must: bool
    many: bool = False
    parts: tuple["Field", ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    least: int | None = None
    most: int | None = None
    longest: int | None = None
    side: str = ""
    default: str = ""


def fields_of(shape: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of a shape, in its order. Raises TypeError for a shape that no form can show."""
    return _described(shape)


@cache
def _described(shape: type[msgspec.Struct]) -> tuple[Field, ...]:
    described = inspect.type_info(shape)
    if not isinstance(described, inspect.StructType):
        raise TypeError(f"{shape.__name__} is not a struct")
    return tuple(_fields(described))


def _fields(described: inspect.StructType) -> Iterator[Field]:
    for field in described.fields:
        yield _field(field)


def _field(field: inspect.Field) -> Field:
    kind, meta, optional = _bare(field.type)
    title, widget, side = meta.get("title", field.name), meta.get("widget", ""), meta.get("side", "")
    must = field.required and not optional
    if isinstance(kind, inspect.StructType):
        return Field(name=field.name, title=title, widget="part", must=must, parts=tuple(_fields(kind)), side=side)
    if isinstance(kind, inspect.VarTupleType | inspect.ListType):
        return _many(field.name, title, widget, kind, side)
    return Field(
        name=field.name,
        title=title,
        widget=widget or _plain_widget(kind, field.name),
        must=must,
        options=_options(kind),
        least=getattr(kind, "ge", None),
        most=getattr(kind, "le", None),
        longest=getattr(kind, "max_length", None),
        side=side,
        default=_default(field),
    )


def _many(name: str, title: str, widget: str, kind: inspect.VarTupleType | inspect.ListType, side: str) -> Field:
    item, _, _ = _bare(kind.item_type)
    least = kind.min_length or 0
    if isinstance(item, inspect.EnumType):
        return Field(
            name=name, title=title, widget="several", must=least > 0, many=True, options=_options(item), side=side
        )
    if isinstance(item, inspect.UUIDType):
        # Things that the page lists: the form gives the choices.
        return Field(name=name, title=title, widget="several", must=least > 0, many=True, side=side)
    if isinstance(item, inspect.StrType):
        # Typed one a line, unless the page lists what there is to choose from.
        widget = widget or "lines"
        return Field(name=name, title=title, widget=widget, must=least > 0, many=True, most=kind.max_length, side=side)
    if not isinstance(item, inspect.StructType):
        raise TypeError(f"no form can show several {item} ({name})")
    return Field(
        name=name,
        title=title,
        widget="rows",
        must=least > 0,
        many=True,
        parts=tuple(_fields(item)),
        least=least,
        most=kind.max_length,
        side=side,
    )


def _bare(kind: inspect.Type) -> tuple[inspect.Type, dict[str, str], bool]:
    """The type without its annotations and without None; what the annotations say; whether None is allowed."""
    meta: dict[str, str] = {}
    optional = False
    while True:
        if isinstance(kind, inspect.Metadata):
            meta |= kind.extra or {}
            meta |= {name: text for name, text in (kind.extra_json_schema or {}).items() if name == "title"}
            kind = kind.type
        elif isinstance(kind, inspect.UnionType):
            optional = True
            kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
        else:
            return kind, meta, optional


def _plain_widget(kind: inspect.Type, name: str) -> str:
    try:
        return PLAIN_WIDGETS[type(kind)]
    except KeyError:
        raise TypeError(f"no widget for {name}: {kind}") from None


def _options(kind: inspect.Type) -> tuple[tuple[str, str], ...]:
    if not isinstance(kind, inspect.EnumType):
        return ()
    return tuple((str(one.value), one.label if isinstance(one, Labelled) else str(one.value)) for one in kind.cls)


def _default(field: inspect.Field) -> str:
    match field.default:
        case bool(yes):
            return "yes" if yes else "no"
        case Labelled() | str() | int() as value:
            return str(value)
        case _:
            return ""
