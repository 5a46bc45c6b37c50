"""From what a browser sent to the plain values that a shape is made of; what was typed is kept as it was typed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from anshou.portal.formats import SHANGHAI
from anshou.portal.forms.fields import Field

# Names of the buttons that ask for another row, or for one less, where no script does it.
MORE = "_more"
DROP = "_drop"

# Nobody writes more rows than this; a larger index is not a person's.
MOST_ROWS = 200

# What stands for a number that could not be read: as it was typed, a shape might take 1e3 yuan for a thousand fen.
_UNREAD = "?"

# Digits before the point; more would only be work for the machine.
LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything that was sent, by name. A name may have been sent several times, as ticked boxes are."""

    values: Mapping[str, Sequence[str]]

    def one(self, path: str) -> str:
        """What was typed last under a name; browsers send line ends as CRLF, nobody means the CR."""
        sent = self.values.get(path) or ("",)
        return sent[-1].replace("\r\n", "\n")

    def every(self, path: str) -> Sequence[str]:
        """Everything ticked under a name."""
        return self.values.get(path, ())

    def rows(self, path: str) -> list[int]:
        """The numbers of the rows that were sent under a name, in their order."""
        pattern = re.compile(re.escape(path) + r"\[(\d{1,4})\]\.")
        found = {int(match[1]) for name in self.values if (match := pattern.match(name))}
        return sorted(number for number in found if number < MOST_ROWS)


NOTHING = Typed({})


def typed_in(sent: Iterable[tuple[str, object]]) -> Typed:
    """What a form sent, files left aside."""
    values: dict[str, list[str]] = {}
    for name, value in sent:
        if isinstance(value, str):
            values.setdefault(name, []).append(value)
    return Typed(values)


def asks_for_rows(typed: Typed) -> bool:
    """Whether a button was pressed that only changes the number of rows."""
    return bool(typed.one(MORE) or typed.one(DROP))


def raw_values(
    fields: Sequence[Field], typed: Typed, *, zone: ZoneInfo = SHANGHAI, under: str = ""
) -> dict[str, object]:
    """The values for `tenants.shapes.accept`; what was left blank is left out: a default or None takes its place.

    A value that cannot be read is passed on as one that no shape accepts: the shape then says what it expected.
    """
    values: dict[str, object] = {}
    for field in fields:
        path = f"{under}{field.name}"
        match field.widget:
            case "part":
                inner = raw_values(field.parts, typed, zone=zone, under=f"{path}.")
                if field.must or _is_filled(field.parts, typed, f"{path}."):
                    values[field.name] = inner
            case "rows":
                values[field.name] = [
                    raw_values(field.parts, typed, zone=zone, under=f"{path}[{row}].")
                    for row in _filled_rows(field, typed, path)
                ]
            case "several":
                values[field.name] = list(typed.every(path))
            case "lines":
                values[field.name] = [line.strip() for line in typed.one(path).split("\n") if line.strip()]
            case _:
                text = typed.one(path).strip()
                if text:
                    values[field.name] = _value(field.widget, text, zone)
    return values


def without_blank_rows(fields: Sequence[Field], typed: Typed, *, under: str = "") -> Typed:
    """The same with blank rows left out and the others numbered anew, so that faults name the rows that are shown."""
    values = dict(typed.values)
    for field in fields:
        path = f"{under}{field.name}"
        if field.widget == "part":
            values = dict(without_blank_rows(field.parts, Typed(values), under=f"{path}.").values)
        if field.widget == "rows":
            values = _renumbered(values, path, _filled_rows(field, Typed(values), path))
            for row in Typed(values).rows(path):
                values = dict(without_blank_rows(field.parts, Typed(values), under=f"{path}[{row}].").values)
    return Typed(values)


def with_rows_changed(typed: Typed) -> Typed:
    """The same with one row more (blank) or less, as the pressed button asks."""
    values = {name: sent for name, sent in typed.values.items() if name not in (MORE, DROP)}
    if path := typed.one(MORE):
        following = max(typed.rows(path), default=-1) + 1
        values[f"{path}[{following}]."] = [""]
    if match := re.fullmatch(r"(.+)\[(\d{1,4})\]", typed.one(DROP)):
        path, dropped = match[1], int(match[2])
        values = _renumbered(values, path, [row for row in typed.rows(path) if row != dropped])
    return Typed(values)


def _renumbered(values: Mapping[str, Sequence[str]], path: str, kept: Sequence[int]) -> dict[str, Sequence[str]]:
    """The values with only these rows of `path`, numbered from 0."""
    pattern = re.compile(re.escape(path) + r"\[(\d+)\](\..*)")
    renumbered: dict[str, Sequence[str]] = {}
    for name, sent in values.items():
        match = pattern.fullmatch(name)
        if match is None:
            renumbered[name] = sent
        elif int(match[1]) in kept:
            renumbered[f"{path}[{kept.index(int(match[1]))}]{match[2]}"] = sent
    return renumbered


def _filled_rows(field: Field, typed: Typed, path: str) -> list[int]:
    return [row for row in typed.rows(path) if _is_filled(field.parts, typed, f"{path}[{row}].")]


def _is_filled(fields: Sequence[Field], typed: Typed, under: str) -> bool:
    """Whether anything was typed here that an untouched form would not have sent as well."""
    for field in fields:
        path = f"{under}{field.name}"
        match field.widget:
            case "part":
                filled = _is_filled(field.parts, typed, f"{path}.")
            case "rows":
                filled = bool(_filled_rows(field, typed, path))
            case "several":
                filled = bool(typed.every(path))
            case _:
                filled = typed.one(path).strip() not in ("", field.default)
        if filled:
            return True
    return False


def _value(widget: str, text: str, zone: ZoneInfo) -> object:
    match widget:
        case "datetime":
            return _instant(text, zone)
        case "yes_no":
            return {"yes": True, "no": False}.get(text, text)
        case "share":
            return _basis_points(text)
        case "money":
            return _fen(text)
        case "number":
            # Neither 1e3 nor 1_000, which would be read as a thousand.
            return text if re.fullmatch(r"[+-]?\d{1,18}", unicodedata.normalize("NFKC", text), re.ASCII) else _UNREAD
        case _:
            return text


def _instant(text: str, zone: ZoneInfo) -> str:
    """A time of the agency's wall clock, as `datetime-local` sends it, with its offset."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (read if read.tzinfo else read.replace(tzinfo=zone)).isoformat()


def _basis_points(text: str) -> object:
    """`33.5` per cent are 3350 basis points."""
    return _hundredfold(unicodedata.normalize("NFKC", text).removesuffix("%").strip())


def _fen(text: str) -> object:
    """`1,234.50` yuan are 123450 fen; also `￥１，２３４．５０` and `1234.5元`. A comma separates thousands only."""
    plain = unicodedata.normalize("NFKC", text).removeprefix("¥").removesuffix("元").strip()
    grouped = re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", plain)
    return _hundredfold(plain.replace(",", "") if grouped else plain)


def _hundredfold(text: str) -> object:
    """A decimal with at most two places as a whole number of hundredths; anything else as what no shape can read.

    Neither 1.2E+15, which lost digits in a spreadsheet, nor 1_000, which only a programmer writes.
    """
    found = re.fullmatch(r"([+-]?)(\d*)\.?(\d{0,2})0*", text, re.ASCII)
    if found is None or not found[2] + found[3] or len(found[2]) > LONGEST_NUMBER:
        return _UNREAD
    exact = int(found[2] or 0) * 100 + int(found[3].ljust(2, "0"))
    return -exact if found[1] == "-" else exact
