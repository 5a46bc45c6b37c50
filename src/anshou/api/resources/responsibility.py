"""How a ticket's responsibility stands: the determination that counts, and the objections to it.

Objecting and reviewing are moves of the ticket.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.api.answers import shown
from anshou.api.routing import get
from anshou.api.visits import Visiting
from anshou.tickets import reach
from anshou.tickets.errors import NotDetermined
from anshou.tickets.kinds import EscalationLevel
from anshou.tickets.objecting import ReviewOutcome
from anshou.tickets.objections import DeterminationObjection, DeterminationReview, find_responsibility
from anshou.tickets.rules import rules_at
from billing.parties import Party
from tenants.refusals import N_


class PartyShare(Struct, frozen=True, kw_only=True):
    """A party's part of the whole."""

    party: Annotated[Party, Meta(title=N_("责任方"))]
    basis_points: Annotated[int, Meta(title=N_("比例（万分之一）"))]


class ObjectionShown(Struct, frozen=True, kw_only=True):
    """An objection with what came of it; `outcome` is null while it waits."""

    level: Annotated[EscalationLevel, Meta(title=N_("复议级别"))]
    reason: Annotated[str, Meta(title=N_("异议理由"))]
    attachment_id: Annotated[UUID | None, Meta(title=N_("证明附件"))]
    raised_at: Annotated[datetime, Meta(title=N_("提出时间"))]
    outcome: Annotated[ReviewOutcome | None, Meta(title=N_("复议结论"))]
    answer: Annotated[str | None, Meta(title=N_("复议理由"))]
    reviewed_at: Annotated[datetime | None, Meta(title=N_("复议时间"))]


class ResponsibilityShown(Struct, frozen=True, kw_only=True):
    """Who is responsible, on what basis; until when the merchant may object, null where the last word is spoken."""

    id: Annotated[UUID, Meta(title=N_("责任判定"))]
    shares: Annotated[list[PartyShare], Meta(title=N_("责任比例"))]
    basis: Annotated[str, Meta(title=N_("判定依据"))]
    clause: Annotated[str, Meta(title=N_("适用条款"))]
    reason: Annotated[str | None, Meta(title=N_("改判原因"))]
    determined_at: Annotated[datetime, Meta(title=N_("判定时间"))]
    under_objection: Annotated[bool, Meta(title=N_("异议复议中"))]
    objection_until: Annotated[datetime | None, Meta(title=N_("可提出异议的期限"))]
    objections: Annotated[list[ObjectionShown], Meta(title=N_("异议，最近的在前"))]


@get("/tickets/{number:str}/responsibility", summary=N_("读取责任判定"), operation_id="readResponsibility")
async def read_responsibility(number: FromPath[str], visit: Visiting) -> ResponsibilityShown:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    found = await find_responsibility(visit.session, ticket, await rules_at(visit.session, visit.at))
    if found is None:
        raise NotDetermined
    return shown(
        ResponsibilityShown,
        found.determination,
        shares=[shown(PartyShare, one) for one in found.shares],
        under_objection=found.is_under_objection,
        objection_until=found.until,
        objections=[_objection(one, review) for one, review in found.objections],
    )


def _objection(one: DeterminationObjection, review: DeterminationReview | None) -> ObjectionShown:
    return shown(
        ObjectionShown,
        one,
        outcome=review.outcome if review else None,
        answer=review.reason if review else None,
        reviewed_at=review.reviewed_at if review else None,
    )


router = Router("/", tags=[N_("工单")], route_handlers=[read_responsibility])
