"""What of the costs came back or will, from merchants and from parties outside, and what the agency bears.

Within months, claims of earlier ones come in too, so what is still out can change by less than nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reporting.asking import BEARER_OF, OUTSIDE, Bearer, By, Months, Narrowed, Sort
from anshou.finance.reporting.entries import Sum, concluded, sums
from anshou.people.person import Person
from billing.attribution.claims import ClaimResult


@dataclass(slots=True)
class Claims:
    """What is claimed from one party, in fen: open before, claimed within the months, received, given up.

    `ended` is how many claims ended how.
    """

    opening: int = 0
    claimed: int = 0
    received: int = 0
    failed: int = 0
    ended: Mapping[ClaimResult, int] = field(default_factory=dict)

    @property
    def closing(self) -> int:
        """What is still open at the end."""
        return self.opening + self.claimed - self.received - self.failed

    def add(self, one: Sum) -> None:
        """An entry's sum on the party's account."""
        match one.sort:
            case Sort.BORNE:
                self.claimed += one.fen
            case Sort.FALLEN_BACK:
                self.failed -= one.fen
            case Sort.SETTLED:
                self.received -= one.fen
            case Sort.OPENING:
                self.opening += one.fen


@dataclass(slots=True)
class Recovered:
    """Where costs ended, in fen. `fallen_back` is the part of `agency` that could not be got from others."""

    agency: int = 0
    fallen_back: int = 0
    merchant: int = 0
    received: int = 0
    outside: int = 0
    pending: int = 0

    @property
    def total(self) -> int:
        """All of it: what came in from outside, and what is still out."""
        return self.agency + self.merchant + self.received + self.outside + self.pending

    def __add__(self, other: "Recovered") -> "Recovered":
        """Both together."""
        return Recovered(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def add(self, one: Sum) -> None:
        """What entries of an account come to; payments of merchants and openings are no costs."""
        match BEARER_OF[one.use], one.sort:
            case _, Sort.OPENING:
                pass
            case Bearer.AGENCY, sort:
                self.agency += one.fen
                self.fallen_back += one.fen if sort is Sort.FALLEN_BACK else 0
            case Bearer.MERCHANT, sort:
                self.merchant += one.fen if sort is not Sort.SETTLED else 0
            case Bearer.PENDING, _:
                self.pending += one.fen
            case _, sort:
                self.outside += one.fen
                self.received -= one.fen if sort is Sort.SETTLED else 0


async def claims_on(
    session: AsyncSession, months: Months, narrowed: Narrowed, *, person: Person
) -> dict[Bearer, Claims]:
    """How claims on each party outside moved; parties on whom there never was one are left out."""
    narrowed = replace(narrowed, bearer=Bearer.OUTSIDE)
    claims = {bearer: Claims() for bearer in OUTSIDE}
    for one in await sums(session, months.earlier, narrowed, by=By.BEARER, person=person):
        claims[BEARER_OF[one.use]].opening += one.fen
    for one in await sums(session, months, narrowed, by=By.BEARER, person=person):
        claims[BEARER_OF[one.use]].add(one)
    for use, ended in (await concluded(session, months, narrowed, person=person)).items():
        claims[BEARER_OF[use]].ended = ended
    return {bearer: one for bearer, one in claims.items() if one != Claims()}


async def recovered_by(
    session: AsyncSession, months: Months, narrowed: Narrowed, *, by: By, person: Person
) -> tuple[Sequence[tuple[Any, Recovered]], Recovered]:
    """The lines by their key, the greatest cost first or months in their order; and what they add up to."""
    lines: dict[Any, Recovered] = {month: Recovered() for month in months.each()} if by is By.MONTH else {}
    whole = Recovered()
    for one in await sums(session, months, replace(narrowed, bearer=None), by=by, person=person):
        lines.setdefault(one.key, Recovered()).add(one)
        whole.add(one)
    found = [(key, line) for key, line in lines.items() if by is By.MONTH or line != Recovered()]
    if by is not By.MONTH:
        found.sort(key=lambda line: (-line[1].total, str(line[0])))
    return found, whole
