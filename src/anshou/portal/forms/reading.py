"""A form that was sent, read whole: the value of its shape, or what is wrong, with everything typed kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from anshou.gate.callers import Asked
from anshou.portal.formats import SHANGHAI
from anshou.portal.forms.fields import fields_of
from anshou.portal.forms.typed import (
    Typed,
    asks_for_rows,
    raw_values,
    typed_in,
    with_rows_changed,
    without_blank_rows,
)
from tenants.refusals import Invalid
from tenants.shapes import accept

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
    try:
        return Reading(tidy, accept(shape, {**raw_values(fields, tidy, zone=zone), **(given or {})}, strict=False))
    except Invalid as refusal:
        return Reading(tidy, refusal=refusal)


async def typed_by(request: Asked) -> Typed:
    """What the request's form sent, files left aside."""
    return typed_in((await request.form()).multi_items())
