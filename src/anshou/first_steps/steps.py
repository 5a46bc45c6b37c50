"""The steps in the order in which an agency begins, and how far each has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import ContractVersion
from anshou.merchants.merchants import Merchant
from anshou.notifying.robots.registry import GroupRobot
from anshou.people.accounts import Account, Side
from anshou.people.agency import read_settings
from anshou.people.grants import RoleGrant
from anshou.people.invitations import Invitation
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.people.serving import Assignment, Membership
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.setting_rows import LimitSetting
from anshou.tickets.clocks.workdays import published_years
from anshou.tickets.importing.batches import Step as ImportStep
from anshou.tickets.importing.batches import TicketImport
from anshou.tickets.tickets import Ticket
from tenants.labels import Labelled
from tenants.refusals import N_


class Step(Labelled):
    """One thing that a new agency does before its merchants' first problem comes in."""

    PEOPLE = "people", N_("邀请同事")
    HEADS = "heads", N_("每个部门都有主管")
    SECOND_ADMIN = "second_admin", N_("有第二位系统管理员")
    RECOVERY = "recovery", N_("启用两步验证并保管恢复码")
    CALENDAR = "calendar", N_("工作时间与当年的节假日")
    LIMITS = "limits", N_("确认处理时限")
    CHANNELS = "channels", N_("把通知接到工作群")
    MERCHANT = "merchant", N_("建立第一个商家")
    CONTRACT = "contract", N_("合同生效，写明费用由谁承担")
    SERVED = "served", N_("每个商家都有客服负责")
    CUSTOMERS = "customers", N_("邀请商家的人员")
    IMPORT = "import", N_("导入旧台账")
    TICKET = "ticket", N_("受理第一个工单")


# Not every agency has kept a list before.
OPTIONAL = frozenset({Step.IMPORT})


@dataclass(frozen=True, slots=True)
class Found:
    """How far a step has come. `missing` are the departments or merchants that lack what it asks for, a few of them."""

    is_done: bool
    count: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """What only the door knows of the person: whether a second factor is asked of them, and their codes left."""

    enrolled: bool
    codes_left: int


# How many of what is missing are named.
NAMED = 5


async def read_steps(
    session: AsyncSession, *, by: Person, at: datetime, own: OwnSignIn | None = None
) -> Mapping[Step, Found]:
    """Every step with how far it has come; RECOVERY only where `own` is known. Needs the agency's context.

    Raises PermissionMissing.
    """
    authorize(by, Permission.MANAGE_SETTINGS)
    authorize(by, Permission.MANAGE_PEOPLE)
    today = at.astimezone((await read_settings(session)).zone).date()
    row = (await session.execute(_counted(at, today))).one()._mapping
    headless = await _headless(session)
    lacking = {
        "served": await _lacking(session, select(Assignment.merchant_id)),
        "contract": await _lacking(session, _in_force(today).where(_has("cost_clauses"))),
    }
    known = published_years() | (await read_rulebook(session)).entered_years
    merchants = row["merchants"]
    found = {
        Step.PEOPLE: Found(row["staff"] + row["staff_invited"] > 1, row["staff"] + row["staff_invited"]),
        Step.HEADS: Found(row["heads"] > 0 and not headless, row["heads"], headless),
        Step.SECOND_ADMIN: Found(row["admins"] > 1, row["admins"]),
        Step.CALENDAR: Found(today.year in known, today.year),
        # Figures of its own, or contracts that set them: somebody has decided. The defaults alone say nothing.
        Step.LIMITS: Found(row["limits"] + row["agreed_limits"] > 0, row["limits"] + row["agreed_limits"]),
        Step.CHANNELS: Found(row["robots"] > 0, row["robots"]),
        Step.MERCHANT: Found(merchants > 0, merchants),
        Step.CONTRACT: Found(merchants > 0 and not lacking["contract"], row["contracts"], lacking["contract"]),
        Step.SERVED: Found(merchants > 0 and not lacking["served"], merchants, lacking["served"]),
        Step.CUSTOMERS: Found(row["customers"] + row["customers_invited"] > 0, row["customers"]),
        Step.IMPORT: Found(row["imports"] > 0, row["imports"]),
        Step.TICKET: Found(row["tickets"] > 0, row["tickets"]),
    }
    if own is not None:
        found[Step.RECOVERY] = Found(own.enrolled and own.codes_left > 0, own.codes_left)
    return {step: found[step] for step in Step if step in found}


def _counted(at: datetime, today: date) -> Select[Any]:
    active = Account.suspended_at.is_(None)
    held = RoleGrant.account_id == Account.id
    offered = Invitation.offer["side"].astext
    is_open = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > at)
    counts = {
        "staff": select(Account.id).where(Account.side == Side.STAFF, active),
        "staff_invited": select(Invitation.id).where(*is_open, offered == Side.STAFF.value),
        "heads": select(RoleGrant.id).join(Account, held).where(active, RoleGrant.role == Role.SUPERVISOR),
        "admins": select(RoleGrant.id).join(Account, held).where(active, RoleGrant.role == Role.AGENCY_ADMIN),
        "limits": select(LimitSetting.id),
        "agreed_limits": _in_force(today).where(_has("limits")),
        "robots": select(GroupRobot.id),
        "merchants": select(Merchant.id).where(Merchant.ended_at.is_(None)),
        "contracts": _in_force(today),
        "customers": select(Membership.account_id),
        "customers_invited": select(Invitation.id).where(*is_open, offered == Side.MERCHANT.value),
        "imports": select(TicketImport.id).where(TicketImport.step == ImportStep.IMPORTED),
        # That there is one: an administrator reads no ticket.
        "tickets": select(Ticket.id).limit(1),
    }
    return select(
        *(
            select(func.count()).select_from(rows.subquery()).scalar_subquery().label(name)
            for name, rows in counts.items()
        )
    )


def _in_force(today: date) -> Select[Any]:
    """The merchants with a contract in force today."""
    version = ContractVersion
    return (
        select(version.merchant_id)
        .where(
            version.in_force_at.is_not(None),
            version.valid_from <= today,
            or_(version.valid_until.is_(None), version.valid_until >= today),
            or_(version.ended_on.is_(None), version.ended_on >= today),
        )
        .distinct()
    )


def _has(part: str) -> ColumnElement[bool]:
    """Whether the contract says anything of that part."""
    return func.jsonb_array_length(ContractVersion.terms[part]) > 0


async def _headless(session: AsyncSession) -> tuple[str, ...]:
    """The departments in which people work and nobody leads."""
    led = func.bool_or(RoleGrant.role == Role.SUPERVISOR)
    query = (
        select(RoleGrant.department)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.department.is_not(None), Account.suspended_at.is_(None))
        .group_by(RoleGrant.department)
        .having(~led)
    )
    found = {Department(department) for department in await session.scalars(query) if department}
    return tuple(department.label for department in Department if department in found)[:NAMED]


async def _lacking(session: AsyncSession, having: Select[Any]) -> tuple[str, ...]:
    """The names of merchants that the agency serves and that are not among those."""
    query = select(Merchant.name).where(Merchant.ended_at.is_(None), Merchant.id.not_in(having))
    query = query.order_by(Merchant.name).limit(NAMED)
    return tuple(await session.scalars(query))
