"""Measures as tables: the same values for the page, the plot and the spreadsheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from anshou.language import Language
from anshou.performance.counts import Counts
from anshou.performance.figures import Figure
from anshou.performance.sight import Sight
from anshou.portal.performance import said
from anshou.portal.performance.words import RATES, TIMES, Measure
from tenants.refusals import N_

# A plot of more lines is no picture any more; what is left out of it stands in the table.
DRAWN = 12

# An address of what is behind a figure of a line, or nothing.
Opens = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is written, the number that a spreadsheet takes, how that one shows it, and what is behind it."""

    text: str
    number: Decimal | int | None = None
    form: str = "count"
    address: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A named line. `address` leads further into what it names."""

    name: str
    cells: Sequence[Cell]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; `first` heads the names, `total` is the last line."""

    first: str
    heads: Sequence[str]
    rows: Sequence[Row]
    total: Row | None = None


def counted(number: int, address: str = "") -> Cell:
    """A number of tickets."""
    return Cell(f"{number:,}", number, "count", address if number else "")


def rated(measure: Measure, counts: Counts, address: str = "") -> Cell:
    """A measure, with what it is made of in its title."""
    of = measure.value(counts)
    number = None if of is None else said.rounded(of / 100 if measure.form == "yuan" else of, 4)
    title = "" if of is None else f"{_part(measure, counts)} / {counts[measure.whole]:,}"
    return Cell(said.value(of, measure.form), number, measure.form, address if counts[measure.whole] else "", title)


def timed(minutes: int | None, language: Language, address: str = "") -> Cell:
    """A time."""
    return Cell(said.minutes(minutes, language), minutes, "minutes", "" if minutes is None else address)


def rates_for(sight: Sight) -> Sequence[Measure]:
    """The measures that somebody sees."""
    return [
        measure
        for measure in RATES
        if (measure.merchant or not sight.is_merchant) and (measure.form != "yuan" or sight.costs)
    ]


def heads_of(sight: Sight, language: Language, *, spreads: bool) -> list[str]:
    """The heads over the cells of `cells_of`."""
    labels = [N_("新建数"), N_("结案数"), *(measure.label for measure in rates_for(sight))]
    if spreads:
        labels += [N_("首次响应中位数"), N_("首次响应 90 分位"), N_("处理时长中位数"), N_("处理时长 90 分位")]
    if not sight.is_merchant:
        labels.append(N_("超时次数"))
    return [language.say(label) for label in labels]


def cells_of(counts: Counts, sight: Sight, language: Language, opens: Opens, *, spreads: bool) -> list[Cell]:
    """A line of everything, each value leading to what is behind it."""
    cells = [
        counted(counts[Figure.OPENED], opens(Figure.OPENED)),
        counted(counts[Figure.CLOSED], opens(Figure.CLOSED)),
        *(rated(measure, counts, opens(measure.part)) for measure in rates_for(sight)),
    ]
    if spreads:
        for spread in (counts.response_open, counts.handling_open):
            figure = Figure.RESPONDED if spread is counts.response_open else Figure.HANDLED
            cells += [timed(minutes, language, opens(figure)) for minutes in (spread.median, spread.ninetieth)]
    if not sight.is_merchant:
        cells.append(counted(counts[Figure.BREACHED], opens(Figure.BREACHED)))
    return cells


def times_table(now: Counts, before: Counts, language: Language, opens: Opens) -> Table:
    """Response and handling: median and 90th percentile beside those of the period before."""
    heads = [N_("件数"), N_("中位数"), N_("上期中位数"), N_("90 分位"), N_("上期 90 分位")]
    rows = []
    for measure in TIMES:
        this, last = getattr(now, measure.spread), getattr(before, measure.spread)
        cells = [counted(this.of, opens(measure.figure))]
        for one, other in ((this.median, last.median), (this.ninetieth, last.ninetieth)):
            cells += [timed(one, language, opens(measure.figure)), timed(other, language)]
        rows.append(Row(language.say(measure.label), cells))
    return Table(language.say(N_("时间")), [language.say(head) for head in heads], rows)


def clocks_table(now: Counts, before: Counts, language: Language, opens: Opens) -> Table:
    """Limits by clock: kept, breached, and the share that was kept."""
    rows = []
    attainment = next(measure for measure in RATES if measure.code == "attainment")
    for clock in sorted({*now.kept, *before.kept}, key=lambda one: -now.breached.get(one, 0)):
        this, last = (
            Counts(kept={clock: one.kept.get(clock, 0)}, breached={clock: one.breached.get(clock, 0)})
            for one in (now, before)
        )
        cells = [
            counted(this[Figure.BREACHED], opens(Figure.BREACHED, clock=clock.value)),
            counted(last[Figure.BREACHED]),
            counted(this[Figure.KEPT], opens(Figure.KEPT, clock=clock.value)),
            rated(attainment, this, opens(Figure.DECIDED, clock=clock.value)),
            rated(attainment, last),
        ]
        rows.append(Row(language.say(clock.label), cells))
    heads = [N_("超时"), N_("上期超时"), N_("按时"), N_("达成率"), N_("上期达成率")]
    return Table(language.say(N_("时限")), [language.say(head) for head in heads], rows)


def plot(kind: str, names: Sequence[str], series: Sequence[tuple[str, str, Sequence[Cell]]]) -> str:
    """What the script draws, as JSON. `kind` is `columns` and `bars` (stacked) or `lines` of percentages; each series
    a name, a colour and a cell for each name."""
    drawn: dict[str, Any] = {
        "kind": kind,
        "names": list(names),
        "series": [
            {
                "name": name,
                "colour": colour,
                "values": [None if cell.number is None else float(cell.number) for cell in cells],
                "texts": [cell.text for cell in cells],
            }
            for name, colour, cells in series
        ],
    }
    # Within an element of the page: nothing in a name may end it.
    return msgspec.json.encode(drawn).decode().replace("<", "\\u003c")


def _part(measure: Measure, counts: Counts) -> str:
    if measure.form == "yuan":
        return said.value(None if counts.fen is None else Fraction(counts.fen), "yuan")
    return f"{counts.rounds if measure.form == 'each' else counts[measure.part]:,}"
