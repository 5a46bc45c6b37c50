"""The validity of contract versions as bars on a time line. Positions are per cent of the span that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from anshou.merchants.contracts import ContractVersion, Standing

# How much of an open-ended version is shown, counted from today or from its beginning.
AHEAD = timedelta(days=365)
MARGIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One version: where it begins and how long it is."""

    id: UUID
    label: str
    standing: Standing
    begins: float
    length: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """The bars in the order of their beginning, today's place, and the first of January of each year."""

    bars: tuple[Bar, ...]
    today: float
    years: tuple[tuple[int, float], ...]


def time_line(versions: Sequence[ContractVersion], today: date) -> TimeLine | None:
    """The time line of versions with their contracts; None without any."""
    if not versions:
        return None
    first = min(today, *(one.valid_from for one in versions)) - MARGIN
    last = max(today + MARGIN, *(_end(one, today) for one in versions)) + MARGIN
    days = (last - first).days

    def place(day: date) -> float:
        return round((day - first).days * 100 / days, 2)

    return TimeLine(
        bars=tuple(
            Bar(
                id=one.id,
                label=f"{one.contract.number} v{one.version}",
                standing=one.standing(today),
                begins=place(one.valid_from),
                length=max(0.6, round(place(_end(one, today)) - place(one.valid_from), 2)),
            )
            for one in sorted(versions, key=lambda one: (one.valid_from, one.version))
        ),
        today=place(today),
        years=tuple((year, place(date(year, 1, 1))) for year in range(first.year + 1, last.year + 1)),
    )


def _end(version: ContractVersion, today: date) -> date:
    last = version.last_day
    return max(today, version.valid_from) + AHEAD if last is None else max(last, version.valid_from)
