"""Values from outside (forms, JSON) into shapes, and every fault said in the words of the form.

A shape is a `msgspec.Struct` whose fields carry their Chinese label in `msgspec.Meta(title=…)`. What spans several
fields is checked in the shape's `__post_init__`, which raises Unfit.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import inspect

from tenants.refusals import N_, Invalid, Message

Shape = TypeVar("Shape", bound=msgspec.Struct)


class Unfit(ValueError):
    """Raised when a shape's fields do not fit together; `field` names the one to put right, if it is one."""

    def __init__(self, message: Message, field: str = "") -> None:
        self.message = message
        self.field = field
        super().__init__(message)


class ShapeInvalid(Invalid):
    """Raised when what was given does not make the shape; `fields` maps each path, like `shares[0].party`, to why."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(N_("请检查填写的内容：%(first)s"), fields, first=next(iter(fields.values())))


def accept(shape: type[Shape], raw: Mapping[str, object], *, strict: bool = True) -> Shape:
    """Make the shape of `raw`. `strict=False` reads numbers and truth values from strings, as forms send them.

    Raises ShapeInvalid with every field's first fault, not only the first fault of all.
    """
    try:
        return msgspec.convert(raw, shape, strict=strict)
    except msgspec.ValidationError as whole:
        raise ShapeInvalid(dict(_faults(shape, raw, strict)) or dict([_fault(shape, "", whole)])) from None


def _faults(shape: type[msgspec.Struct], raw: Mapping[str, object], strict: bool) -> Iterator[tuple[str, str]]:
    for name in raw:
        if name not in shape.__struct_fields__:
            yield _as_name(name), Message(N_("没有“%(name)s”这一项"), name=_as_name(name))
    for field, hint in _fields(shape).items():
        if field not in raw:
            if field in _required(shape):
                yield field, Message(N_("请填写“%(label)s”"), label=Message(_label(shape, field)))
            continue
        try:
            msgspec.convert(raw[field], hint, strict=strict)
        except msgspec.ValidationError as wrong:
            yield _fault(shape, field, wrong)


def _as_name(given: str) -> str:
    """The name of a field that we do not know, unless it is content that came to stand where a name belongs."""
    return given if re.fullmatch(r"[A-Za-z_]\w{0,39}", given, re.ASCII) else "?"


def _fault(shape: type[msgspec.Struct], field: str, wrong: msgspec.ValidationError) -> tuple[str, Message]:
    """The path of a fault below `field` and what was expected there."""
    said, _, place = str(wrong).partition(" - at `$")
    path = field + place.rstrip("`")
    if isinstance(wrong.__cause__, Unfit):
        inner = wrong.__cause__
        return ".".join(part for part in (path, inner.field) if part), inner.message
    named = re.search(r"(missing required|unknown) field `(\w+)`", said)
    if named:
        path = ".".join(part for part in (path, _as_name(named[2])) if part)
    if named and named[1] == "unknown":
        return path, Message(N_("没有“%(name)s”这一项"), name=_as_name(named[2]))
    return path, _expected(said, Message(_label(shape, path)))


_SAYINGS: list[tuple[str, str]] = [
    (r"missing required", N_("请填写“%(label)s”")),
    (r"of length >= 1$", N_("请填写“%(label)s”")),
    (r"`str` of length >= (?P<bound>\d+)", N_("“%(label)s”至少 %(bound)s 个字")),
    (r"`str` of length <= (?P<bound>\d+)", N_("“%(label)s”最多 %(bound)s 个字")),
    (r"of length >= (?P<bound>\d+)", N_("“%(label)s”至少 %(bound)s 项")),
    (r"of length <= (?P<bound>\d+)", N_("“%(label)s”最多 %(bound)s 项")),
    (r"`(?:int|float)` >= (?P<bound>\S+)", N_("“%(label)s”不能小于 %(bound)s")),
    (r"`(?:int|float)` > (?P<bound>\S+)", N_("“%(label)s”须大于 %(bound)s")),
    (r"`(?:int|float)` <= (?P<bound>\S+)", N_("“%(label)s”不能大于 %(bound)s")),
    (r"`(?:int|float)` < (?P<bound>\S+)", N_("“%(label)s”须小于 %(bound)s")),
    (r"matching regex", N_("“%(label)s”的格式不对")),
    (r"enum value", N_("请从给出的选项里选择“%(label)s”")),
    (r"encoded date$", N_("“%(label)s”须为日期，如 2026-11-21")),
    (r"encoded datetime|timezone component", N_("“%(label)s”须为带时区的时间，如 2026-11-21T09:00:00+08:00")),
    (r"Expected `int", N_("“%(label)s”须为整数")),
    (r"Expected `float", N_("“%(label)s”须为数字")),
    (r"Expected `bool", N_("“%(label)s”须为是或否")),
]


def _expected(said: str, label: Message) -> Message:
    for pattern, saying in _SAYINGS:
        found = re.search(pattern, said)
        if found:
            return Message(saying, label=label, **found.groupdict())
    return Message(N_("“%(label)s”的内容不对"), label=label)


def _label(shape: type[msgspec.Struct], path: str) -> str:
    """The title of the innermost titled field on the path, or the path itself."""
    at: inspect.Type | None = _described(shape)
    title = path
    for token in re.findall(r"\w+|\[[^\]]*\]", path):
        at = at and _step(at, token)
        if isinstance(at, inspect.Metadata) and at.extra_json_schema:
            title = at.extra_json_schema.get("title", title)
    return title


def _step(at: inspect.Type, token: str) -> inspect.Type | None:
    """The type one token further down: a field's name, or the brackets of an item."""
    if isinstance(at, inspect.Metadata):
        return _step(at.type, token)
    if isinstance(at, inspect.UnionType):
        return next((inner for one in at.types if (inner := _step(one, token))), None)
    if isinstance(at, inspect.StructType):
        return next((field.type for field in at.fields if field.encode_name == token), None)
    if isinstance(at, inspect.CollectionType):
        return at.item_type
    return at.value_type if isinstance(at, inspect.DictType) else None


@cache
def _described(shape: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(shape)


@cache
def _fields(shape: type[msgspec.Struct]) -> dict[str, Any]:
    hints = get_type_hints(shape, include_extras=True)
    return {name: hints[name] for name in shape.__struct_fields__}


@cache
def _required(shape: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(field.name for field in msgspec.structs.fields(shape) if field.required)
