"""A form that was sent, read whole: the value of its shape, or what is wrong, with everything typed kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from anshou.gate.callers import Asked
from anshou.portal.formats import SHANGHAI
from anshou.portal.forms.fields import Field, fields_of
from anshou.portal.forms.typed import (
    Typed,
    asks_for_rows,
    raw_values,
    typed_in,
    with_rows_changed,
    without_blank_rows,
)
from tenants.refusals import N_, Invalid, Message
from tenants.shapes import ShapeInvalid, accept

Shape = TypeVar("Shape", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Reading(Generic[Shape]):
    """What came of a form: `value` if it makes the shape; else it is to be shown again with `typed` and `refusal`.

    Without a value and without a refusal only another row was asked for.
    """

    typed: Typed
    value: Shape | None = None
    refusal: Invalid | None = None


def read(
    shape: type[Shape], typed: Typed, *, given: Mapping[str, object] | None = None, zone: ZoneInfo = SHANGHAI
) -> Reading[Shape]:
    """Read what was typed into a form of this shape. `given` are values that the page knows and nobody types."""
    fields = fields_of(shape)
    tidy = without_blank_rows(fields, typed)
    if asks_for_rows(typed):
        return Reading(with_rows_changed(tidy))
    raw = {**raw_values(fields, tidy, zone=zone), **(given or {})}
    try:
        return Reading(tidy, accept(shape, raw, strict=False))
    except Invalid as refusal:
        return Reading(tidy, refusal=_about_money(fields, raw, refusal))


def _about_money(fields: Sequence[Field], raw: Mapping[str, object], refusal: Invalid) -> Invalid:
    """The refusal with amounts that could not be read named as such: a shape only knows that it wanted a number."""
    said = N_("“%(label)s”须为金额，如 1,234.50，最多两位小数")
    faults = dict(refusal.fields)
    for path, title in _unread_money(fields, raw, ""):
        if path in faults:
            faults[path] = Message(said, label=Message(title))
    return ShapeInvalid(faults) if faults != refusal.fields else refusal


def _unread_money(fields: Sequence[Field], raw: object, under: str) -> Iterator[tuple[str, str]]:
    """Path and title of every amount that stayed the text that was typed."""
    for field in fields:
        value, path = raw.get(field.name) if isinstance(raw, Mapping) else None, f"{under}{field.name}"
        if field.widget == "money" and isinstance(value, str):
            yield path, field.title
        elif field.widget == "part":
            yield from _unread_money(field.parts, value, f"{path}.")
        elif field.widget == "rows" and isinstance(value, list):
            for row, inner in enumerate(value):
                yield from _unread_money(field.parts, inner, f"{path}[{row}].")


async def typed_by(request: Asked) -> Typed:
    """What the request's form sent, files left aside."""
    return typed_in((await request.form()).multi_items())
