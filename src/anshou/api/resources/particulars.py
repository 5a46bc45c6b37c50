"""What the moves of a ticket refer to by id: the plan with its measures, the agreement, the obligations."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.api.answers import Listing, shown
from anshou.api.errors import ParticularMissing
from anshou.api.routing import get
from anshou.api.visits import Visiting
from anshou.tickets import agreements, overview, plans, reach
from anshou.tickets.disputing import ObligationDraft
from anshou.tickets.kinds import Side
from anshou.tickets.plans import PlanState
from tenants.refusals import N_


class MeasureShown(Struct, frozen=True, kw_only=True):
    """A measure of a plan."""

    id: UUID
    action: Annotated[str, Meta(title=N_("措施"))]
    owner_id: Annotated[UUID, Meta(title=N_("负责人"))]
    deadline: Annotated[datetime, Meta(title=N_("完成期限"))]
    result: Annotated[str | None, Meta(title=N_("执行结果"))]
    done_at: Annotated[datetime | None, Meta(title=N_("完成时间"))]


class PlanShown(Struct, frozen=True, kw_only=True):
    """The newest plan that the caller may read."""

    id: UUID
    round: Annotated[int, Meta(title=N_("轮次"))]
    version: Annotated[int, Meta(title=N_("版本"))]
    state: Annotated[PlanState, Meta(title=N_("状态"))]
    summary: Annotated[str, Meta(title=N_("方案概述"))]
    submitted_by: Annotated[UUID, Meta(title=N_("提交人"))]
    submitted_at: Annotated[datetime, Meta(title=N_("提交时间"))]
    measures: Annotated[list[MeasureShown], Meta(title=N_("措施"))]


class SignatureShown(Struct, frozen=True, kw_only=True):
    """That one side has signed."""

    side: Annotated[Side, Meta(title=N_("签署方"))]
    name: Annotated[str, Meta(title=N_("签署人"))]
    signed_at: Annotated[datetime, Meta(title=N_("签署时间"))]


class AgreementShown(Struct, frozen=True, kw_only=True):
    """The newest version of the agreement; `sha256` is what a signature names."""

    id: UUID
    version: Annotated[int, Meta(title=N_("版本"))]
    sha256: Annotated[str, Meta(title=N_("文件校验值"))]
    title: Annotated[str, Meta(title=N_("协议标题"))]
    text: Annotated[str | None, Meta(title=N_("协议全文（保密工单为空）"))]
    obligations: Annotated[list[ObligationDraft], Meta(title=N_("双方义务"))]
    proposed_by: Annotated[UUID, Meta(title=N_("提出人"))]
    proposed_at: Annotated[datetime, Meta(title=N_("提出时间"))]
    signatures: Annotated[list[SignatureShown], Meta(title=N_("签署情况"))]


class ObligationShown(Struct, frozen=True, kw_only=True):
    """What one side has to do, as it binds now."""

    id: UUID
    side: Annotated[Side, Meta(title=N_("义务方"))]
    duty: Annotated[str, Meta(title=N_("义务"))]
    due_on: Annotated[date, Meta(title=N_("履行期限"))]
    performed_on: Annotated[date | None, Meta(title=N_("履行日期"))]
    proof_id: Annotated[UUID | None, Meta(title=N_("履行凭证"))]


@get("/tickets/{number:str}/plan", summary=N_("读取方案与措施"), operation_id="readPlan")
async def read_plan(number: FromPath[str], visit: Visiting) -> PlanShown:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    plan = await plans.find_plan(visit.session, ticket)
    if plan is None:
        raise ParticularMissing(N_("工单还没有方案。"))
    measures = [shown(MeasureShown, one) for one in await plans.measures_of(visit.session, plan)]
    return shown(PlanShown, plan, measures=measures)


@get("/tickets/{number:str}/agreement", summary=N_("读取协议"), operation_id="readAgreement")
async def read_agreement(number: FromPath[str], visit: Visiting) -> AgreementShown:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    agreement = await agreements.find_agreement(visit.session, ticket)
    if agreement is None:
        raise ParticularMissing(N_("工单还没有协议。"))
    document = agreements.find_document(agreement)
    return shown(
        AgreementShown,
        agreement,
        text=document.text if document else None,
        obligations=list(document.obligations) if document else [],
        signatures=[shown(SignatureShown, one) for one in await overview.signatures_of(visit.session, agreement)],
    )


@get("/tickets/{number:str}/obligations", summary=N_("读取双方义务"), operation_id="listObligations")
async def list_obligations(number: FromPath[str], visit: Visiting) -> Listing[ObligationShown]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    return Listing(items=[shown(ObligationShown, one) for one in await overview.obligations_of(visit.session, ticket)])


router = Router("/", tags=[N_("工单")], route_handlers=[read_plan, read_agreement, list_obligations])
