"""What a person chose for the cells of a row that name one of a few things, found once for each combination."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from uuid import UUID

from anshou.people.roles import Department
from anshou.tickets.importing.dates import Rule
from anshou.tickets.importing.fields import CHOSEN_BESIDE, NEVER_EMPTY, Field
from anshou.tickets.importing.lines import Choices
from anshou.tickets.importing.wording import NOBODY, Standing
from anshou.tickets.kinds import Channel, Kind, Urgency

T = TypeVar("T")

# A few hundred ids stand for all rows.
id_of = cache(UUID)

Note = Callable[[int, Field, Rule, str], None]


@dataclass(frozen=True, slots=True)
class Meant:
    """None where nothing was chosen, or nobody. `party` is a code, empty for nobody."""

    shop: UUID | None
    kind: Kind | None
    standing: Standing | None
    channel: Channel | None
    urgency: Urgency | None
    department: Department | None
    owner: UUID | None
    party: str | None


class Meanings:
    """The choices of a file. `key` is a cell's text as choices know it; `note` hears what has none that is needed."""

    def __init__(self, choices: Choices, places: Collection[Field], *, key: Callable[[str], str], note: Note) -> None:
        self._choices, self._places, self._key, self._note = choices, places, key, note
        self._each: dict[tuple[Field, str], str | None] = {}
        self._rows: dict[tuple[str, ...], Meant] = {}
        self._lacking = 0

    def of_row(self, number: int, cells: tuple[str, ...]) -> Meant:
        """Of the cells of `CHOSEN_BESIDE`, in its order."""
        found = self._rows.get(cells)
        if found is None:
            before = self._lacking
            found = self._found(number, cells)
            # What has to be said is said of each row.
            if self._lacking == before:
                self._rows[cells] = found
        return found

    def of_cell(self, number: int, one: Field, cell: str) -> str | None:
        """Of one cell, by its name."""
        try:
            return self._each[one, cell]
        except KeyError:
            key = self._key(cell)
        meaning = self._choices.meaning(one, key)
        if meaning is not None:
            found = self._each[one, cell] = None if meaning == NOBODY else meaning
            return found
        if key or one in NEVER_EMPTY:
            self._lacking += 1
            self._note(number, one, Rule.NOT_CHOSEN if key or one not in self._places else Rule.MISSING, cell)
        return None

    def _found(self, number: int, cells: tuple[str, ...]) -> Meant:
        said = [self.of_cell(number, one, cell) for one, cell in zip(CHOSEN_BESIDE, cells, strict=True)]
        shop, kind, standing, channel, urgency, department, owner, _ = said
        party = self._choices.meaning(Field.PARTY, self._key(cells[-1]))
        return Meant(
            shop=_as(id_of, shop),
            kind=_as(Kind, kind),
            standing=_as(Standing, standing),
            channel=_as(Channel, channel),
            urgency=_as(Urgency, urgency),
            department=_as(Department, department),
            owner=_as(id_of, owner),
            party="" if party == NOBODY else party or None,
        )


def _as(kind: Callable[[str], T], name: str | None) -> T | None:
    return kind(name) if name else None
