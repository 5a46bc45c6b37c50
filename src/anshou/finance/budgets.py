"""Budgets as people live them: who sets and retires them, who sees which, and how they stand.

They are set by executives and by the supervisor of the finance department: a supervisor of another department would
else set the measure of their own spending. Supervisors see those of their departments; finance, its supervisor,
executives and the auditor see all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import BUDGET_RETIRED, BUDGET_SET
from anshou.merchants.merchants import merchant_names
from anshou.people.errors import PermissionMissing
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.tickets.clocks.calendars import Calendar
from anshou.tickets.clocks.figures import WORKING_HOURS
from anshou.tickets.clocks.reading import read_rulebook
from billing.budgets.errors import BudgetChanged, BudgetExists, BudgetInvalid, BudgetNotFound, BudgetRetired
from billing.budgets.lines import Budget, BudgetVersion, budgets_on, find_budget, find_same, versions_of
from billing.budgets.periods import Per, pace_of, period_of
from billing.budgets.using import Spent, spent_under
from billing.budgets.watching import Standing, forecast, watch
from billing.clauses import MOST
from billing.days import require_bookable
from billing.parties import CostCategory
from confidentiality.audit.leaves import record
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

SEE_ALL = (Role.FINANCE, Role.EXECUTIVE, Role.AUDITOR)

Fen = Annotated[int, Meta(title=N_("预算金额"), extra={"widget": "money"})]
Why = Annotated[str, Meta(max_length=200, title=N_("说明"))]


class BudgetGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A budget for the period that holds `day`; at least one of department, merchant and category is named."""

    department: Annotated[Department | None, Meta(title=N_("部门"))] = None
    merchant: Annotated[UUID | None, Meta(title=N_("商家"))] = None
    category: Annotated[CostCategory | None, Meta(title=N_("费用类别"))] = None
    per: Annotated[Per, Meta(title=N_("周期"))] = Per.MONTH
    day: Annotated[date, Meta(title=N_("周期内任一天"))]
    fen: Fen
    reason: Why = ""

    def __post_init__(self) -> None:
        """Refuse a budget of everything, and an amount that nobody means."""
        if self.department is None and self.merchant is None and self.category is None:
            raise Unfit(Message(N_("部门、商家、费用类别至少选择一项")), "department")
        require_bookable(self.day, "day")
        _check(self.fen)


class BudgetAmount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another amount for a budget."""

    fen: Fen
    reason: Why = ""

    def __post_init__(self) -> None:
        """Refuse an amount that nobody means."""
        _check(self.fen)


class BudgetChange(BudgetAmount, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same with the version of the budget that the person saw."""

    version: Annotated[int, Meta(title=N_("版本"), extra={"widget": "hidden"})]


class BudgetRetirement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a budget is not needed any more."""

    reason: Annotated[str, Meta(min_length=1, max_length=200, title=N_("停用原因"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A budget as it stands. `forecast` is of the period's end; `standing` None and amounts of 0: not in force."""

    budget: Budget
    version: BudgetVersion
    limit: int
    spent: Spent
    forecast: int
    standing: Standing | None


def may_set(person: Person) -> bool:
    """Whether this person sets budgets; for pages that offer it."""
    return allows(person, Permission.SET_BUDGETS) and (
        person.has(Role.EXECUTIVE) or Department.FINANCE in person.supervises
    )


def require_setting(person: Person) -> None:
    """Return when the person sets budgets; for pages before anything is set. Raises PermissionMissing."""
    if not may_set(person):
        raise PermissionMissing(Permission.SET_BUDGETS)


async def visible_budget(session: AsyncSession, budget_id: UUID, *, by: Person) -> Budget:
    """The budget. Raises BudgetNotFound, PermissionMissing."""
    authorize(by, Permission.READ_BUDGETS)
    budget = await find_budget(session, budget_id)
    if budget is None or not _sees(by, budget):
        raise BudgetNotFound
    return budget


async def budgets_at(session: AsyncSession, day: date, *, by: Person, today: date) -> list[Watched]:
    """The budgets in force that the person sees, of the periods that hold the day."""
    authorize(by, Permission.READ_BUDGETS)
    seen = [(budget, version) for budget, version in await budgets_on(session, [day]) if _sees(by, budget)]
    return await watched(session, seen, today=today)


async def watched(
    session: AsyncSession, budgets: Sequence[tuple[Budget, BudgetVersion]], *, today: date
) -> list[Watched]:
    """How each budget stands today by that version of it."""
    calendar = (await read_rulebook(session)).calendar(WORKING_HOURS)
    # A month of many budgets has few periods.
    paces = {span: pace_of(span, today, _worked(calendar)) for span in {budget.span for budget, _ in budgets}}
    spent = await spent_under(session, [(budget, paces[budget.span].window) for budget, _ in budgets])
    return [
        Watched(
            budget=budget,
            version=version,
            limit=version.fen or 0,
            spent=one,
            forecast=forecast(one.used, one.recent, workdays=pace.workdays, ahead=pace.ahead),
            standing=None if version.fen is None else watch(one.used, version.fen),
        )
        for (budget, version), one in zip(budgets, spent, strict=True)
        for pace in (paces[budget.span],)
    ]


async def set_budget(session: AsyncSession, given: BudgetGiven, *, by: Person, at: datetime) -> Budget:
    """Set a budget. One that was retired comes back with its history.

    Raises PermissionMissing, BudgetExists, BudgetChanged, BudgetInvalid for a merchant that is none.
    """
    require_setting(by)
    if given.merchant is not None and given.merchant not in await merchant_names(session):
        raise BudgetInvalid("merchant", Message(N_("没有找到这个商家")))
    wanted = Budget(
        department=given.department.value if given.department else None,
        merchant_id=given.merchant,
        category=given.category,
        per=given.per,
        first_day=period_of(given.per, given.day).first,
        made_by=by.id,
        made_at=at,
    )
    budget = await find_same(session, wanted)
    version = 1
    if budget is None:
        budget = wanted
        await _add(session, budget)
    else:
        latest = (await versions_of(session, budget))[0]
        if latest.fen is not None:
            raise BudgetExists(budget.period)
        version = latest.version + 1
    await _set(session, budget, version, given.fen, given.reason, by=by, at=at)
    return budget


async def change_budget(
    session: AsyncSession, budget: Budget, given: BudgetChange, *, by: Person, at: datetime
) -> None:
    """Set another amount. Raises PermissionMissing, BudgetRetired, BudgetChanged."""
    require_setting(by)
    latest = (await versions_of(session, budget))[0]
    if latest.fen is None:
        raise BudgetRetired
    if latest.version != given.version:
        raise BudgetChanged
    await _set(session, budget, given.version + 1, given.fen, given.reason, by=by, at=at)


async def retire_budget(
    session: AsyncSession, budget: Budget, given: BudgetRetirement, *, by: Person, at: datetime
) -> None:
    """Take it out of force; its history stays. Raises PermissionMissing, BudgetRetired, BudgetChanged."""
    require_setting(by)
    latest = (await versions_of(session, budget))[0]
    if latest.fen is None:
        raise BudgetRetired
    await _set(session, budget, latest.version + 1, None, given.reason, by=by, at=at)


async def history_of(session: AsyncSession, budget: Budget, *, by: Person) -> Sequence[BudgetVersion]:
    """What it was set to, the latest first. Raises PermissionMissing."""
    authorize(by, Permission.READ_BUDGETS)
    return await versions_of(session, budget)


def _worked(calendar: Calendar) -> Callable[[date], bool]:
    return lambda day: bool(calendar.hours_on(day))


def _check(fen: int) -> None:
    if not 1 <= fen <= MOST:
        raise Unfit(Message(N_("金额须在 0.01 元到 100 亿元之间")), "fen")


def _sees(person: Person, budget: Budget) -> bool:
    if person.has(*SEE_ALL) or Department.FINANCE in person.supervises:
        return True
    return budget.department is not None and Department(budget.department) in person.supervises


async def _set(
    session: AsyncSession, budget: Budget, version: int, fen: int | None, reason: str, *, by: Person, at: datetime
) -> None:
    row = BudgetVersion(budget_id=budget.id, version=version, fen=fen, reason=reason.strip(), set_by=by.id, set_at=at)
    await _add(session, row)
    told = BUDGET_SET if fen is not None else BUDGET_RETIRED
    body = {"period": budget.period, "version": version, **({"fen": fen} if fen is not None else {})}
    await record(session, told, actor=by.actor(), at=at, subject=budget.id, body=body)


async def _add(session: AsyncSession, row: Budget | BudgetVersion) -> None:
    """Add the row, unless somebody was faster: the database keeps each scope and each version once."""
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError as error:
        raise BudgetChanged from error
