"""By what a row is known again: as the same matter, and as the very same row."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from anshou.tickets.importing.fields import CHOSEN_BESIDE, Field
from anshou.tickets.importing.lines import Line
from anshou.tickets.importing.wording import key_of

_ASIDE = (Field.RATING, Field.REMARK)


def chosen_beside(said: Mapping[Field, str]) -> tuple[str, ...]:
    """The cells that mean one of a few things, whose merchant aside."""
    return tuple([said.get(one, "") for one in CHOSEN_BESIDE])


class Marks:
    """Keyed by the agency's salt, so that marks tell nobody what a row said."""

    def __init__(self, salt: bytes, zone: tzinfo) -> None:
        self._salt, self._zone = salt, zone
        self._keys: dict[str, str] = {}
        self._days: dict[datetime, str] = {}
        # Few cells beside what is said freely, and few combinations of them.
        self._chosen: dict[tuple[str, ...], tuple[str, ...]] = {}

    def give(self, line: Line, said: Mapping[Field, str]) -> None:
        """Its identity: where it stood, which day, whose, and what; its fingerprint: everything that it says."""
        opened_on = self._days.get(line.opened_at)
        if opened_on is None:
            opened_on = self._days[line.opened_at] = line.opened_at.astimezone(self._zone).date().isoformat()
        said_once = (line.source, opened_on, str(line.merchant), self.key(line.description))
        line.identity = self._hash(said_once)
        cells = chosen_beside(said)
        rest = self._chosen.get(cells)
        if rest is None:
            rest = self._chosen[cells] = tuple(map(self.key, cells))
        dates = [str(line.occurred_on), str(line.promised_at), str(line.closed_at), str(line.fen)]
        texts = [self.key(text) for text in (line.title, line.request, line.plan, line.result)]
        aside = [self.key(said.get(one, "")) for one in _ASIDE]
        line.fingerprint = self._hash((*said_once, *rest, *dates, *texts, *aside))

    def key(self, text: str) -> str:
        """The text without what people write in two ways."""
        key = self._keys.get(text)
        if key is None:
            key = self._keys[text] = key_of(text)
        return key

    def _hash(self, parts: Sequence[str]) -> bytes:
        return hashlib.sha256(self._salt + "\x1f".join(parts).encode()).digest()
