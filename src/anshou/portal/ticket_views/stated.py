"""What a record states, as lines to read: its fields' titles, and their values in the reader's words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from anshou.language import Language
from anshou.portal import formats
from anshou.portal.forms.fields import Field, fields_of
from tenants.refusals import N_

# Characters of a text that still stands beside others.
SHORT = 28

# Whose values are the ids of accounts.
PERSONS = frozenset({"person"})


@dataclass(frozen=True, slots=True)
class Line:
    """One field: its title, its text, and below it what a part or rows hold."""

    label: str
    text: str = ""
    rows: tuple[tuple["Line", ...], ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether it can stand beside others on one line."""
        return not self.rows and len(self.text) <= SHORT and "\n" not in self.text


@dataclass(frozen=True, slots=True)
class Speaker:
    """How values are said: in which language and zone, and what ids are called (people, measures, files …)."""

    language: Language
    zone: ZoneInfo
    names: Mapping[UUID, str] = field(default_factory=dict)


def stated(shape: type[msgspec.Struct], record: Mapping[str, Any], speaker: Speaker) -> tuple[Line, ...]:
    """The lines of a record kept as plain JSON values; fields that were left out make none."""
    return tuple(_lines(fields_of(shape), record, speaker))


def people_in(shape: type[msgspec.Struct], record: Mapping[str, Any]) -> set[UUID]:
    """The accounts that a record names."""
    return set(_people(fields_of(shape), record))


def _lines(fields: Sequence[Field], record: Mapping[str, Any], speaker: Speaker) -> Iterator[Line]:
    for one in fields:
        value = record.get(one.name)
        if value is None or value == "" or value == [] or one.widget == "hidden":
            continue
        label = speaker.language.say(one.title)
        match one.widget:
            case "part":
                yield Line(label, rows=(tuple(_lines(one.parts, value, speaker)),))
            case "rows":
                yield Line(label, rows=tuple(tuple(_lines(one.parts, row, speaker)) for row in value))
            case "several" | "lines":
                joint = speaker.language.say(N_("、"))
                yield Line(label, joint.join(_text(one, each, speaker) for each in value))
            case _:
                yield Line(label, _text(one, value, speaker))


def _text(one: Field, value: Any, speaker: Speaker) -> str:
    for option, label in one.options:
        if option == value:
            return speaker.language.say(label)
    match one.widget:
        case "yes_no":
            return speaker.language.say(N_("是") if value else N_("否"))
        case "datetime":
            return formats.minute(datetime.fromisoformat(value), speaker.zone)
        case "share":
            return formats.share(value)
        case "decimal":
            return formats.figure(Decimal(value))
        case "money":
            return formats.yuan(value)
        case "rating":
            return speaker.language.say(N_("%(score)s 分"), score=value)
    named = _named(value, speaker)
    return named if named is not None else str(value)


def _named(value: Any, speaker: Speaker) -> str | None:
    try:
        return speaker.names.get(UUID(str(value)))
    except ValueError:
        return None


def _people(fields: Sequence[Field], record: Mapping[str, Any]) -> Iterator[UUID]:
    for one in fields:
        value = record.get(one.name)
        if value is None:
            continue
        if one.widget in PERSONS:
            yield UUID(value)
        elif one.widget == "part":
            yield from _people(one.parts, value)
        elif one.widget == "rows":
            for row in value:
                yield from _people(one.parts, row)
