"""The way back: a value of a shape as it would have been typed, for forms that change what is there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from anshou.portal.formats import SHANGHAI
from anshou.portal.forms.fields import Field, fields_of
from anshou.portal.forms.typed import Typed


def prefilled(value: msgspec.Struct, *, zone: ZoneInfo = SHANGHAI) -> Typed:
    """What somebody would have typed into an empty form to give this value."""
    plain = msgspec.to_builtins(value)
    return Typed(dict(_typed(fields_of(type(value)), plain, "", zone)))


def starting_with(values: Mapping[str, object], *, zone: ZoneInfo = SHANGHAI) -> Typed:
    """A form that starts with these values by path: instants, enumeration members, numbers, texts."""
    return Typed({path: [_text("", _plain(value), zone)] for path, value in values.items()})


def _typed(
    fields: Sequence[Field], plain: Mapping[str, Any], under: str, zone: ZoneInfo
) -> Iterator[tuple[str, Sequence[str]]]:
    for field in fields:
        path, value = f"{under}{field.name}", plain.get(field.name)
        if value is None:
            continue
        if field.widget == "part":
            yield from _typed(field.parts, value, f"{path}.", zone)
        elif field.widget == "rows":
            for number, entry in enumerate(value):
                yield from _typed(field.parts, entry, f"{path}[{number}].", zone)
        elif field.widget == "several":
            yield path, [str(one) for one in value]
        elif field.widget == "lines":
            yield path, ["\n".join(map(str, value))]
        else:
            yield path, [_text(field.widget, value, zone)]


def _text(widget: str, value: object, zone: ZoneInfo) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if widget in ("share", "money") and isinstance(value, int):
        sign, rest = "-" if value < 0 else "", abs(value)
        return f"{sign}{rest // 100}.{rest % 100:02d}".removesuffix(".00")
    if widget == "datetime":
        value = _plain(datetime.fromisoformat(str(value)))
    if isinstance(value, datetime):
        # As `datetime-local` wants it: the agency's wall clock, to the minute.
        return value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return str(value)


def _plain(value: object) -> object:
    return value if isinstance(value, datetime | bool) else msgspec.to_builtins(value)
