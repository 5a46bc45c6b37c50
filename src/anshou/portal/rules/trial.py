"""What a rule would change, as the pages show it: the months asked about, the sums by party, and the lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anshou.finance.what_if import Months, Proposed, what_if
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from billing.attribution.comparing import Difference
from billing.days import month_named
from billing.parties import CostCategory, Party

# Months before this one that a trial looks at unless others are asked for.
LOOKS_BACK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a party bears of a merchant's costs of one category in a month, in fen, now and with the proposal."""

    merchant: str
    month: str
    category: CostCategory
    party: Party
    before: int
    after: int

    @property
    def more(self) -> int:
        """How much more with the proposal; negative for less."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The lines that differ, what each party bears altogether, and how much of what was looked at stays."""

    months: Months
    lines: Sequence[Line]
    totals: Sequence[tuple[Party, int, int]]
    unchanged: int


async def tried(visit: Visit, months: Months, proposed: Proposed) -> Trial:
    """Try the proposal on these months. Raises PermissionMissing, AmountsClosed."""
    found = await what_if(visit.session, months, proposed, by=visit.person, at=visit.at)
    names = await merchant_names(visit.session)
    return Trial(
        months=months,
        lines=[_line(one, names) for one in found if one.more],
        totals=_totals(found),
        unchanged=sum(1 for one in found if not one.more),
    )


async def months_asked(visit: Visit, since: str, last: str) -> Months:
    """The months named like `2026-09`; what cannot be read is the last months, and they come in their order."""
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    ends = month_named(last) or today.replace(day=1)
    begins = month_named(since) or _months_before(ends, LOOKS_BACK)
    return Months(min(begins, ends), max(begins, ends))


def _months_before(month: date, count: int) -> date:
    year, index = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(year, index + 1, 1)


def _line(one: Difference, names: Mapping[UUID, str]) -> Line:
    cell = one.cell
    return Line(
        merchant=names.get(cell.merchant_id, "—"),
        month=cell.month,
        category=cell.category,
        party=cell.party,
        before=one.before,
        after=one.after,
    )


def _totals(found: Sequence[Difference]) -> list[tuple[Party, int, int]]:
    sums: dict[Party, tuple[int, int]] = {}
    for one in found:
        before, after = sums.get(one.cell.party, (0, 0))
        sums[one.cell.party] = before + one.before, after + one.after
    return [(party, *sums[party]) for party in Party if party in sums]
