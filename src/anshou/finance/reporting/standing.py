"""How the cost of poor service stands, for who directs the agency: this month, this quarter, this year, and lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reporting.asking import NOTHING, Bearer, By, Months, departments_read
from anshou.finance.reporting.costs import Line, costs_by
from anshou.finance.reporting.recovery import Recovered, recovered_by
from anshou.people.errors import PermissionMissing
from anshou.people.permissions import Permission
from anshou.people.person import Person
from billing.ledger.balances import balance
from billing.ledger.uses import AccountUse

LATELY = 12
"""Months, this one among them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the costs of some months ended, and what fees came in, in fen; `income` is 0 where none is booked."""

    months: Months
    costs: Recovered
    income: int


@dataclass(frozen=True, slots=True)
class Overview:
    """This month, quarter and year; and each of the last months."""

    month: Standing
    quarter: Standing
    year: Standing
    lately: Sequence[tuple[date, Recovered]]


async def overview_at(session: AsyncSession, month: date, *, person: Person) -> Overview:
    """How it stands in the month. Raises PermissionMissing for who does not read all departments."""
    if departments_read(person) is not None:
        raise PermissionMissing(Permission.READ_REPORTS)
    earliest = month.year * 12 + month.month - LATELY
    months = Months(date(earliest // 12, earliest % 12 + 1, 1), month)
    lines, _ = await recovered_by(session, months, NOTHING, by=By.MONTH, person=person)

    async def standing(first: date) -> Standing:
        costs = Recovered()
        for key, line in lines:
            if key >= first:
                costs += line
        asked = Months(first, month)
        return Standing(asked, costs, await _income(session, asked))

    return Overview(
        await standing(month),
        await standing(month.replace(month=(month.month - 1) // 3 * 3 + 1)),
        await standing(month.replace(month=1)),
        lines,
    )


async def most_costly(
    session: AsyncSession, months: Months, *, by: By, person: Person, most: int = 5
) -> Sequence[Line]:
    """The lines of which the agency bears most, as far as it bears anything."""
    report = await costs_by(session, months, NOTHING, by=by, person=person)
    borne = [line for line in report.lines if line.borne[Bearer.AGENCY] > 0]
    return sorted(borne, key=lambda line: -line.borne[Bearer.AGENCY])[:most]


async def _income(session: AsyncSession, months: Months) -> int:
    use = AccountUse.SERVICE_REVENUE
    return await balance(session, use, month=months.earlier.last) - await balance(session, use, month=months.last)
