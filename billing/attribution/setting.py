"""The tenant's own general rule: versions are added, never changed, so that an allocation names the one it followed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from billing.attribution.general import STANDARD, GeneralRule
from billing.clauses import CostClause
from tenants.base import Base, Row


class GeneralRuleSet(Row, Base):
    """A version of the general rule as somebody set it; the latest counts."""

    __tablename__ = "general_rule"

    version: Mapped[int]
    clauses: Mapped[list[Any]]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]

    @property
    def value(self) -> GeneralRule:
        """The rule as a value."""
        return GeneralRule(version=self.version, clauses=msgspec.convert(self.clauses, tuple[CostClause, ...]))


async def read_general_rule(session: AsyncSession) -> GeneralRule:
    """The version that counts; the standard one for a tenant that has set none."""
    query = select(GeneralRuleSet).order_by(GeneralRuleSet.version.desc()).limit(1)
    latest = (await session.scalars(query)).one_or_none()
    return STANDARD if latest is None else latest.value


async def add_general_rule(
    session: AsyncSession, clauses: tuple[CostClause, ...], *, by: UUID, at: datetime
) -> GeneralRule:
    """Let these clauses be the next version. Raises Unfit where they leave a cost undecided or decide it twice."""
    rule = GeneralRule(version=(await read_general_rule(session)).version + 1, clauses=clauses)
    row = GeneralRuleSet(version=rule.version, clauses=msgspec.to_builtins(clauses), set_by=by, set_at=at)
    session.add(row)
    await session.flush()
    return rule
