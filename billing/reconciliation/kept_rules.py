"""The tenant's rules of matching. A changed rule is a new row: what an earlier run went by stays known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.reconciliation.rules import MatchRule
from tenants.base import Base, Row


class KeptRule(Row, Base):
    """A rule as it was set. `write_off_fen` is the largest difference that may be written off for the source."""

    __tablename__ = "match_rule"

    source: Mapped[str]
    against: Mapped[str]
    rule: Mapped[dict[str, Any]]
    write_off_fen: Mapped[int] = mapped_column(BigInteger)
    is_retired: Mapped[bool]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID]

    @property
    def value(self) -> MatchRule:
        """The rule itself."""
        return msgspec.convert(self.rule, MatchRule)


async def set_rule(
    session: AsyncSession, rule: MatchRule, *, write_off_fen: int = 0, retired: bool = False, by: UUID, at: datetime
) -> KeptRule:
    """Let this rule be in force for its sources from now on, or none if it is retired."""
    kept = KeptRule(
        source=rule.source,
        against=rule.against,
        rule=msgspec.to_builtins(rule),
        write_off_fen=write_off_fen,
        is_retired=retired,
        set_at=at,
        set_by=by,
    )
    session.add(kept)
    await session.flush()
    return kept


async def rules_in_force(session: AsyncSession, source: str | None = None) -> Sequence[KeptRule]:
    """The latest rule of each pair of sources that is not retired, in the order in which they are tried."""
    latest = select(KeptRule).ext(distinct_on(KeptRule.source, KeptRule.against))
    if source is not None:
        latest = latest.where(KeptRule.source == source)
    rows = await session.scalars(latest.order_by(KeptRule.source, KeptRule.against, KeptRule.id.desc()))
    return sorted((row for row in rows if not row.is_retired), key=lambda row: row.value.rank)
