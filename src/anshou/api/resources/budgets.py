"""Budgets of departments, merchants and categories: set, changed by their version, retired; how far they are used."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, made, shown, versioned
from anshou.api.document import PREFIX
from anshou.api.errors import ParameterInvalid
from anshou.api.queries import Query
from anshou.api.routing import get, move, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.finance import budgets
from anshou.finance.budgets import BudgetAmount, BudgetChange, BudgetGiven, BudgetRetirement, Watched
from anshou.people.agency import read_settings
from anshou.people.roles import Department
from billing.budgets.lines import Budget, BudgetVersion
from billing.budgets.periods import Per
from billing.budgets.watching import Standing
from billing.days import is_bookable
from billing.parties import CostCategory
from tenants.refusals import N_


class DayAsked(Query, frozen=True, kw_only=True):
    """Of which periods: those that hold a day."""

    day: Annotated[date, Meta(title=N_("周期内任一天，默认今天"))] | None = None


class BudgetShown(Struct, frozen=True, kw_only=True):
    """A budget as it stands, in fen; without a department, merchant or category it covers all of them."""

    id: UUID
    department: Annotated[Department | None, Meta(title=N_("部门"))]
    merchant_id: Annotated[UUID | None, Meta(title=N_("商家"))]
    category: Annotated[CostCategory | None, Meta(title=N_("费用类别"))]
    per: Annotated[Per, Meta(title=N_("周期"))]
    first_day: Annotated[date, Meta(title=N_("周期第一天"))]
    last_day: Annotated[date, Meta(title=N_("周期最后一天"))]
    version: Annotated[int, Meta(title=N_("版本"))]
    fen: Annotated[int | None, Meta(title=N_("预算金额，分；已停用为 null"))]
    used_fen: Annotated[int, Meta(title=N_("已核实的费用，分"))]
    waiting_fen: Annotated[int, Meta(title=N_("待核实的费用，分"))]
    forecast_fen: Annotated[int, Meta(title=N_("期末预测，分"))]
    standing: Annotated[Standing | None, Meta(title=N_("状态"))]


class VersionShown(Struct, frozen=True, kw_only=True):
    """What somebody set a budget to."""

    version: Annotated[int, Meta(title=N_("版本"))]
    fen: Annotated[int | None, Meta(title=N_("预算金额，分；已停用为 null"))]
    reason: Annotated[str, Meta(title=N_("说明"))]
    set_by: Annotated[UUID, Meta(title=N_("设置人"))]
    set_at: Annotated[datetime, Meta(title=N_("设置时间"))]


class BudgetRead(BudgetShown, frozen=True, kw_only=True):
    """A budget with its history, the latest version first."""

    versions: Annotated[list[VersionShown], Meta(title=N_("历次设置"))]


@get("/budgets", summary=N_("列出预算"), operation_id="listBudgets", query=DayAsked)
async def list_budgets(asked: NamedDependency[DayAsked], visit: Visiting) -> Listing[BudgetShown]:
    today = await _today(visit)
    day = asked.day or today
    if not is_bookable(day):
        raise ParameterInvalid({"day": N_("日期须在 2000 年至 2199 年之间")})
    found = await budgets.budgets_at(visit.session, day, by=visit.person, today=today)
    return Listing(items=[_shown(one) for one in found])


@post(
    "/budgets",
    summary=N_("设置预算"),
    operation_id="setBudget",
    opt={"answers_with": {"Location": N_("预算的位置")}},
)
async def set_budget(data: JSONBody[BudgetGiven], visit: Visiting) -> Response[BudgetRead]:
    budget = await budgets.set_budget(visit.session, data, by=visit.person, at=visit.at)
    read = await _read(visit, budget)
    return made(read, f"{PREFIX}/budgets/{budget.id}", read.version)


@get("/budgets/{budget_id:uuid}", summary=N_("读取预算"), operation_id="readBudget")
async def read_budget(budget_id: FromPath[UUID], visit: Visiting) -> Response[BudgetRead]:
    read = await _read(visit, await budgets.visible_budget(visit.session, budget_id, by=visit.person))
    return versioned(read, read.version)


@move("/budgets/{budget_id:uuid}/amount", summary=N_("修改预算"), operation_id="changeBudget")
async def change_budget(
    budget_id: FromPath[UUID], data: JSONBody[BudgetAmount], seen: NamedDependency[int], visit: Visiting
) -> Response[BudgetRead]:
    budget = await budgets.visible_budget(visit.session, budget_id, by=visit.person)
    given = BudgetChange(version=seen, fen=data.fen, reason=data.reason)
    await budgets.change_budget(visit.session, budget, given, by=visit.person, at=visit.at)
    read = await _read(visit, budget)
    return versioned(read, read.version)


@post("/budgets/{budget_id:uuid}/retirement", summary=N_("停用预算"), operation_id="retireBudget", status_code=200)
async def retire_budget(
    budget_id: FromPath[UUID], data: JSONBody[BudgetRetirement], visit: Visiting
) -> Response[BudgetRead]:
    budget = await budgets.visible_budget(visit.session, budget_id, by=visit.person)
    await budgets.retire_budget(visit.session, budget, data, by=visit.person, at=visit.at)
    read = await _read(visit, budget)
    return versioned(read, read.version)


async def _read(visit: ApiVisit, budget: Budget) -> BudgetRead:
    versions = await budgets.history_of(visit.session, budget, by=visit.person)
    pairs: list[tuple[Budget, BudgetVersion]] = [(budget, versions[0])]
    (one,) = await budgets.watched(visit.session, pairs, today=await _today(visit))
    return shown(BudgetRead, _shown(one), versions=[shown(VersionShown, each) for each in versions])


def _shown(one: Watched) -> BudgetShown:
    return shown(
        BudgetShown,
        one.budget,
        department=Department(one.budget.department) if one.budget.department else None,
        last_day=one.budget.span.last,
        version=one.version.version,
        fen=one.version.fen,
        used_fen=one.spent.used,
        waiting_fen=one.spent.waiting,
        forecast_fen=one.forecast,
        standing=one.standing,
    )


async def _today(visit: ApiVisit) -> date:
    return visit.at.astimezone((await read_settings(visit.session)).zone).date()


router = Router(
    "/",
    tags=[N_("预算")],
    route_handlers=[list_budgets, set_budget, read_budget, change_budget, retire_budget],
)
