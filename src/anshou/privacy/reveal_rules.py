"""The agency's figures around revealing; every version that was ever set is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.actions import RULES_CHANGED
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.refusals import N_


class RevealRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much, how long and until when. `days_*` are calendar days, `answer_workdays` workdays."""

    per_hour: Annotated[int, Meta(ge=1, le=1000, title=N_("每人每小时可查看的项数"))] = 30
    shown_seconds: Annotated[int, Meta(ge=10, le=600, title=N_("每次显示的秒数"))] = 60
    days_after_close: Annotated[int, Meta(ge=0, le=365, title=N_("结案后仍可查看的天数"))] = 15
    # Zero by default: what was entrusted is returned or deleted when the contract ends (PIPL art. 21), not read on.
    days_after_contract: Annotated[int, Meta(ge=0, le=90, title=N_("合同终止后为收尾仍可查看的天数"))] = 0
    answer_workdays: Annotated[int, Meta(ge=1, le=30, title=N_("答复商家异议的工作日数"))] = 3

    @property
    def shown_for(self) -> timedelta:
        """How long a field stays on the screen."""
        return timedelta(seconds=self.shown_seconds)


class RevealRulesVersion(Row, Base):
    """One version of the rules; the newest counts."""

    __tablename__ = "reveal_rules"

    rules: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesSince:
    """Rules that were set, by whom and when."""

    rules: RevealRules
    changed_at: datetime
    changed_by: UUID


async def read_reveal_rules(session: AsyncSession) -> RevealRules:
    """The rules as they are, or the defaults while nothing was set. Readable in every context."""
    newest = select(RevealRulesVersion.rules).order_by(RevealRulesVersion.id.desc()).limit(1)
    kept = await session.scalar(newest)
    return RevealRules() if kept is None else msgspec.convert(kept, RevealRules)


async def change_reveal_rules(session: AsyncSession, rules: RevealRules, *, by: Person, at: datetime) -> None:
    """Set other rules; nothing is written when they are the same."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    if rules != await read_reveal_rules(session):
        kept = msgspec.to_builtins(rules)
        session.add(RevealRulesVersion(rules=kept, changed_at=at, changed_by=by.id))
        await session.flush()
        await record(session, RULES_CHANGED, actor=by.actor(), at=at, body={"rules": kept})


async def rules_history(session: AsyncSession, *, by: Person) -> list[RulesSince]:
    """Every version that was set, newest first."""
    authorize(by, Permission.READ_SETTINGS)
    versions = await session.scalars(select(RevealRulesVersion).order_by(RevealRulesVersion.id.desc()).limit(100))
    return [
        RulesSince(
            rules=msgspec.convert(version.rules, RevealRules),
            changed_at=version.changed_at,
            changed_by=version.changed_by,
        )
        for version in versions
    ]
