"""The tenant's own general rule: versions are added, never changed, so that an allocation names the one it followed.

A version counts from a day on, also one in the past. Of those that count on a day the latest version decides.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from billing.attribution.general import STANDARD, GeneralRule
from billing.clauses import CostClause
from tenants.base import Base, Row


class GeneralRuleSet(Row, Base):
    """A version of the general rule as somebody set it."""

    __tablename__ = "general_rule"

    version: Mapped[int]
    valid_from: Mapped[date]
    clauses: Mapped[list[Any]]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]

    @property
    def value(self) -> GeneralRule:
        """The rule as a value."""
        return GeneralRule(version=self.version, clauses=msgspec.convert(self.clauses, tuple[CostClause, ...]))


async def general_rules(session: AsyncSession) -> Sequence[GeneralRuleSet]:
    """Every version that was set, the latest first."""
    return (await session.scalars(select(GeneralRuleSet).order_by(GeneralRuleSet.version.desc()))).all()


async def read_general_rule(session: AsyncSession, on: date) -> GeneralRule:
    """The version that counts on that day; the standard one where none does."""
    return rule_on(await general_rules(session), on)


def rule_on(versions: Sequence[GeneralRuleSet], on: date) -> GeneralRule:
    """Of these versions, the latest first, the one that counts on that day. Pure."""
    return next((one.value for one in versions if one.valid_from <= on), STANDARD)


async def general_rule_of(session: AsyncSession, version: int) -> GeneralRule:
    """The rule of that version, 0 being the standard one. An allocation names only versions that there are."""
    if version == STANDARD.version:
        return STANDARD
    query = select(GeneralRuleSet).where(GeneralRuleSet.version == version)
    return (await session.scalars(query)).one().value


async def add_general_rule(
    session: AsyncSession, clauses: tuple[CostClause, ...], *, valid_from: date, by: UUID, at: datetime
) -> GeneralRule:
    """Let these clauses be the next version, which counts from that day on.

    Raises Unfit where they leave a cost undecided or decide it twice.
    """
    # Two at once would take the same number: the second waits, and comes after the first.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("general_rule", 0))))
    latest = await session.scalar(select(func.max(GeneralRuleSet.version)))
    rule = GeneralRule(version=(latest or STANDARD.version) + 1, clauses=clauses)
    row = GeneralRuleSet(
        version=rule.version, valid_from=valid_from, clauses=msgspec.to_builtins(clauses), set_by=by, set_at=at
    )
    session.add(row)
    await session.flush()
    return rule
