"""What must be recorded with a move: the base of every record, its labelled fields, and who may read which of them.

A record comes from outside, so it refuses unknown fields. Each field says its Chinese title, the widget that a form
shows for it and its audience. A field that says nothing of its audience stays inside the agency.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from anshou.tickets.errors import RecordInvalid
from anshou.tickets.kinds import Side
from tenants.refusals import N_

LINE = 200
TEXT = 8000


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person states when they make a move."""

    def faults(self, at: datetime) -> Mapping[str, str]:
        """Field name → what was expected, for what types and lengths alone cannot say. Pure; `at` is now, in UTC."""
        return {}

    def judges(self) -> bool:
        """Whether it says who is responsible, so that the merchant may object to it."""
        return False

    def speaks(self) -> bool:
        """Whether it says something to the merchant in words, not only in choices and times."""
        told = told_part(self)
        return any(told.get(name) for name in _texts(type(self)))


class Nothing(Record, frozen=True, kw_only=True):
    """The record of a move that needs none."""


def line(title: str, *, shown: bool = False, widget: str = "line", longest: int = LINE) -> msgspec.Meta:
    """A short text that may not be blank."""
    return _meta(title, shown, widget, min_length=1, max_length=longest, pattern=r"\S")


def text(title: str, *, shown: bool = False, longest: int = TEXT) -> msgspec.Meta:
    """A text of several lines that may not be blank."""
    return line(title, shown=shown, widget="text", longest=longest)


def choice(title: str, *, shown: bool = False, widget: str = "choice") -> msgspec.Meta:
    """One of an enumeration, yes or no, or the id of a thing that the widget lists."""
    return _meta(title, shown, widget)


def person(title: str, *, shown: bool = False) -> msgspec.Meta:
    """The account id of a colleague."""
    return _meta(title, shown, "person")


def moment(title: str, *, shown: bool = False) -> msgspec.Meta:
    """An instant; a time without a zone is refused, because nobody could say when it was."""
    return _meta(title, shown, "datetime", tz=True)


def day(title: str, *, shown: bool = False) -> msgspec.Meta:
    """A calendar day in the tenant's zone."""
    return _meta(title, shown, "date")


def number(title: str, *, shown: bool = False, least: int, most: int, widget: str = "number") -> msgspec.Meta:
    """A whole number between two bounds, both allowed."""
    return _meta(title, shown, widget, ge=least, le=most)


def amount(title: str, *, shown: bool = False) -> msgspec.Meta:
    """A decimal figure in the unit named beside it."""
    return _meta(title, shown, "decimal")


def rows(title: str, *, shown: bool = False, widget: str, least: int = 0, most: int = 50) -> msgspec.Meta:
    """Several entries of one shape."""
    return _meta(title, shown, widget, min_length=least, max_length=most)


def part(title: str, *, shown: bool = False, widget: str, by: Side | None = None) -> msgspec.Meta:
    """One entry of a shape of its own; `by` names the side whose form shows it, both when None."""
    extra = {"side": str(by)} if by else {}
    return _meta(title, shown, widget, extra=extra)


def _meta(title: str, shown: bool, widget: str, extra: Mapping[str, str] | None = None, **limits: Any) -> msgspec.Meta:
    audience = Side.MERCHANT if shown else Side.AGENCY
    return msgspec.Meta(title=title, extra={"widget": widget, "audience": str(audience), **(extra or {})}, **limits)


def check_record(record: Record, at: datetime) -> None:
    """Raise RecordInvalid when the record contradicts itself or the time it is made at."""
    if faults := record.faults(at):
        raise RecordInvalid(faults)


def told_part(record: Record) -> dict[str, Any]:
    """What of a record the merchant may read, as plain JSON values; empty values are left out."""
    return _pick(record, shown=True)


def inner_part(record: Record) -> dict[str, Any]:
    """What of a record stays inside the agency, as plain JSON values; empty values are left out."""
    return _pick(record, shown=False)


def _pick(record: Record, *, shown: bool) -> dict[str, Any]:
    told = _told_fields(type(record))
    plain = msgspec.to_builtins(record)
    return {name: value for name, value in plain.items() if (name in told) is shown and value not in (None, [], "")}


@cache
def _told_fields(record: type[Record]) -> frozenset[str]:
    return frozenset(name for name, extra in field_extras(record) if extra.get("audience") == Side.MERCHANT)


@cache
def _texts(record: type[Record]) -> frozenset[str]:
    return frozenset(name for name, extra in field_extras(record) if extra.get("widget") == "text")


@cache
def field_extras(shape: type[msgspec.Struct]) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Each field with what `Meta.extra` says of it, empty when it says nothing."""
    info = msgspec.inspect.type_info(shape)
    if not isinstance(info, msgspec.inspect.StructType):
        raise TypeError(f"{shape.__name__} is not a struct")
    return tuple((field.encode_name, _extra(field.type)) for field in info.fields)


def _extra(kind: msgspec.inspect.Type) -> Mapping[str, Any]:
    match kind:
        case msgspec.inspect.Metadata(extra=dict(said)):
            return said
        case msgspec.inspect.UnionType(types=types):
            return next((found for each in types if (found := _extra(each))), {})
        case _:
            return {}


IN_THE_PAST = N_("不能晚于现在")
IN_THE_FUTURE = N_("须晚于现在")
