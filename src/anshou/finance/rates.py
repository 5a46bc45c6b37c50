"""The rates by which working time is paid, and the tenant's rules for costs: set by finance, every setting is kept."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import RATE_SET, RULES_SET
from anshou.finance.errors import ClaimInvalid
from anshou.people.cards import staff_among
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Role
from billing.clauses import MOST
from billing.costs.rules import CostRules, CostRulesSet
from billing.costs.time_entries import LabourRate
from billing.days import require_bookable
from confidentiality.audit.leaves import record
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class PaidRole(Labelled):
    """A role of the agency whose people's time a ticket can cost."""

    ACCOUNT_MANAGER = Role.ACCOUNT_MANAGER.value, Role.ACCOUNT_MANAGER.label
    SERVICE_AGENT = Role.SERVICE_AGENT.value, Role.SERVICE_AGENT.label
    SPECIALIST = Role.SPECIALIST.value, Role.SPECIALIST.label
    SUPERVISOR = Role.SUPERVISOR.value, Role.SUPERVISOR.label
    FINANCE = Role.FINANCE.value, Role.FINANCE.label
    EXECUTIVE = Role.EXECUTIVE.value, Role.EXECUTIVE.label


class RateGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an hour of a person or of a role costs from a day on; without an amount it no longer has a rate."""

    role: Annotated[PaidRole | None, Meta(title=N_("角色"))] = None
    person: Annotated[UUID | None, Meta(title=N_("或指定人员"))] = None
    fen_per_hour: Annotated[int | None, Meta(title=N_("每小时费率，留空为不再适用"), extra={"widget": "money"})] = None
    valid_from: Annotated[date, Meta(title=N_("生效日期"))]

    def __post_init__(self) -> None:
        """Refuse a rate of nobody or of two, and an amount that nobody means."""
        require_bookable(self.valid_from, "valid_from")
        if (self.role is None) == (self.person is None):
            raise Unfit(Message(N_("请选择一个角色，或指定一位人员")), "role")
        if self.fen_per_hour is not None and not 1 <= self.fen_per_hour <= MOST:
            raise Unfit(Message(N_("金额须在 0.01 元到 100 亿元之间")), "fen_per_hour")


async def set_rate(session: AsyncSession, given: RateGiven, *, by: Person, at: datetime) -> LabourRate:
    """Set a rate; what was claimed stays as it was computed. Raises PermissionMissing, ClaimInvalid for a stranger."""
    authorize(by, Permission.VERIFY_COSTS)
    if given.person is not None and not await staff_among(session, [given.person]):
        raise ClaimInvalid("person", Message(N_("请选择在职的同事")))
    rate = LabourRate(
        person_id=given.person,
        role=given.role.value if given.role else None,
        fen_per_hour=given.fen_per_hour,
        valid_from=given.valid_from,
        set_by=by.id,
        set_at=at,
    )
    session.add(rate)
    await session.flush()
    # Whose, not how much: wages are read where they are set.
    whose = {"role": rate.role} if rate.role else {"person": str(rate.person_id)}
    await record(session, RATE_SET, actor=by.actor(), at=at, subject=rate.id, body=whose)
    return rate


async def set_cost_rules(session: AsyncSession, given: CostRules, *, by: Person, at: datetime) -> None:
    """Set the rules for what is claimed and verified from now on. Raises PermissionMissing."""
    authorize(by, Permission.VERIFY_COSTS)
    row = CostRulesSet(
        four_eyes_fen=given.four_eyes_fen,
        workday_percent=given.workday_percent,
        rest_day_percent=given.rest_day_percent,
        holiday_percent=given.holiday_percent,
        set_by=by.id,
        set_at=at,
    )
    session.add(row)
    await session.flush()
    await record(session, RULES_SET, actor=by.actor(), at=at, subject=row.id)
