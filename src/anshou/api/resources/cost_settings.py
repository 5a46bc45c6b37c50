"""By what costs are computed, verified and borne: rates of working time, rules of overtime, the general rule."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.params import JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, shown
from anshou.api.routing import get, post, put
from anshou.api.visits import Visiting
from anshou.finance import rates
from anshou.finance.rates import RateGiven
from anshou.finance.ruling import RuleDraft, set_general_rule
from anshou.people.permissions import Permission, authorize
from anshou.people.roles import Role
from billing.attribution.general import GeneralRule
from billing.attribution.setting import read_general_rule
from billing.costs.rules import CostRules, read_cost_rules
from billing.costs.time_entries import rates_in_force
from billing.ledger.posting import BOOKS_ZONE
from tenants.refusals import N_


class RateShown(Struct, frozen=True, kw_only=True):
    """What an hour of a person or of everybody of a role costs, in fen, from a day on."""

    id: UUID
    person_id: Annotated[UUID | None, Meta(title=N_("人员"))]
    role: Annotated[Role | None, Meta(title=N_("角色"))]
    fen_per_hour: Annotated[int | None, Meta(title=N_("每小时费率，分"))]
    valid_from: Annotated[date, Meta(title=N_("生效日期"))]


@get("/labour-rates", summary=N_("列出今天有效的工时费率"), operation_id="listLabourRates")
async def list_rates(visit: Visiting) -> Listing[RateShown]:
    authorize(visit.person, Permission.VERIFY_COSTS)
    found = await rates_in_force(visit.session, visit.at.astimezone(BOOKS_ZONE).date())
    return Listing(items=[shown(RateShown, one, role=Role(one.role) if one.role else None) for one in found])


@post("/labour-rates", summary=N_("设置工时费率"), operation_id="setLabourRate")
async def set_rate(data: JSONBody[RateGiven], visit: Visiting) -> RateShown:
    rate = await rates.set_rate(visit.session, data, by=visit.person, at=visit.at)
    return shown(RateShown, rate, role=Role(rate.role) if rate.role else None)


@get("/cost-rules", summary=N_("读取费用规则"), operation_id="readCostRules")
async def read_rules(visit: Visiting) -> CostRules:
    authorize(visit.person, Permission.VERIFY_COSTS)
    return await read_cost_rules(visit.session)


@put("/cost-rules", summary=N_("设置费用规则"), operation_id="setCostRules")
async def set_rules(data: JSONBody[CostRules], visit: Visiting) -> CostRules:
    await rates.set_cost_rules(visit.session, data, by=visit.person, at=visit.at)
    return data


@get("/general-rule", summary=N_("读取费用归属的一般规则"), operation_id="readGeneralRule")
async def read_rule(visit: Visiting) -> GeneralRule:
    authorize(visit.person, Permission.SET_ATTRIBUTION_RULES)
    return await read_general_rule(visit.session, on=visit.at.astimezone(BOOKS_ZONE).date())


@put("/general-rule", summary=N_("设置费用归属的一般规则"), operation_id="setGeneralRule")
async def set_rule(data: JSONBody[RuleDraft], visit: Visiting) -> GeneralRule:
    return await set_general_rule(visit.session, data, by=visit.person, at=visit.at)


router = Router(
    "/",
    tags=[N_("费用规则")],
    route_handlers=[list_rates, set_rate, read_rules, set_rules, read_rule, set_rule],
)
