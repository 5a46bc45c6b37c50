"""A form as the template shows it: each field with what was typed, what is wrong with it, and what can be chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from anshou.portal.forms.fields import Field
from anshou.portal.forms.typed import NOTHING, Typed

Options = Sequence[tuple[str, str]]

# Up to this many choices are shown beside one another; more are a list to unfold.
FEW = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen where the shape does not know it.

    `by_widget` serves every field of a widget (`person`, `measure` …), `by_name` a field wherever it stands and goes
    before. Labels are shown as they are: most are names of people and things.
    """

    by_widget: Mapping[str, Options] = field(default_factory=dict)
    by_name: Mapping[str, Options] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of the form; `rows` are the entries of repeating rows, `parts` the fields of a part."""

    name: str
    title: str
    widget: str
    must: bool
    value: str
    values: Sequence[str]
    wrong: str
    options: Options
    longest: int | None
    least: int | None
    most: int | None
    parts: tuple["Shown", ...] = ()
    rows: tuple[tuple["Shown", ...], ...] = ()
    model: tuple["Shown", ...] = ()
    # What stands for the number of the row in the model; rows within rows have one of their own.
    model_number: str = ""


def show(
    fields: Sequence[Field],
    *,
    typed: Typed = NOTHING,
    faults: Mapping[str, str] | None = None,
    choices: Choices | None = None,
    side: str = "",
    translate: Callable[[str], str] = str,
) -> tuple[Shown, ...]:
    """The fields of a form for one side; with nothing typed they show their defaults and the least number of rows.

    `faults` are in the reader's language already; titles and the shape's own options are put into it here.
    """
    return _Showing(typed, faults or {}, choices or Choices(), side, translate).fields(fields, "")


def names(shown: Sequence[Shown]) -> set[str]:
    """Every name in the form, to tell which faults stand beside a field."""
    found = set()
    for one in shown:
        found |= {one.name} | names(one.parts)
        for row in one.rows:
            found |= names(row)
    return found


@dataclass(frozen=True, slots=True)
class _Showing:
    typed: Typed
    faults: Mapping[str, str]
    choices: Choices
    side: str
    translate: Callable[[str], str]

    def fields(self, fields: Sequence[Field], under: str) -> tuple[Shown, ...]:
        return tuple(
            self._field(one, f"{under}{one.name}")
            for one in fields
            if not one.side or not self.side or one.side == self.side
        )

    def _field(self, one: Field, path: str) -> Shown:
        number = f"__row{path.count('[')}__" if one.widget == "rows" else ""
        given = self.choices.by_name.get(one.name) or self.choices.by_widget.get(one.widget)
        options = [(value, self.translate(label)) for value, label in one.options] if given is None else given
        return Shown(
            name=path,
            title=self.translate(one.title),
            widget=_widget(one, options, is_given=given is not None),
            must=one.must,
            value=self.typed.one(path) if path in self.typed.values else one.default,
            values=self.typed.every(path),
            wrong=self.faults.get(path, ""),
            options=options,
            longest=one.longest,
            least=one.least,
            most=one.most,
            parts=self.fields(one.parts, f"{path}.") if one.widget == "part" else (),
            rows=tuple(self.fields(one.parts, f"{path}[{row}].") for row in self._rows(one, path)),
            model=self.fields(one.parts, f"{path}[{number}].") if number else (),
            model_number=number,
        )

    def _rows(self, one: Field, path: str) -> Sequence[int]:
        if one.widget != "rows":
            return ()
        return self.typed.rows(path) or range(one.least or 0)


def _widget(one: Field, options: Options, *, is_given: bool) -> str:
    """`choice` becomes `radio` while the choices are few; whatever picks among given things is a `select`."""
    if one.widget == "choice":
        return "radio" if len(options) <= FEW else "select"
    return "select" if is_given and one.widget not in ("several", "ticket", "radio") else one.widget
