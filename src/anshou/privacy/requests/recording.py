"""What happens to a request leaves a step that people read and an audit leaf that can be proved."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.privacy.requests.kinds import Step
from anshou.privacy.requests.rows import RequestStep, SubjectRequest
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import Receipt, record
from tenants.refusals import N_

ACTIONS = {
    Step.RECEIVED: action("request.received", N_("收到个人信息请求"), plain=True),
    Step.MATCHED: action("request.matched", N_("个人信息请求关联记录"), plain=True),
    Step.UNMATCHED: action("request.unmatched", N_("个人信息请求取消关联"), plain=True),
    Step.IDENTIFIED: action("request.identified", N_("核实个人信息请求人身份"), plain=True),
    Step.DECIDED: action("request.decided", N_("决定个人信息请求"), plain=True),
    Step.EXECUTED: action("request.executed", N_("执行个人信息请求"), plain=True),
    Step.COPIED: action("request.copied", N_("导出个人信息副本"), plain=True),
    Step.ANSWERED: action("request.answered", N_("答复个人信息请求"), plain=True),
    Step.WARNED: action("request.warned", N_("个人信息请求将到期"), plain=True),
    Step.BREACHED: action("request.breached", N_("个人信息请求超期"), plain=True),
}


async def noted(
    session: AsyncSession, request: SubjectRequest, step: Step, *, detail: str, by: Person, at: datetime
) -> Receipt:
    """Note the step and leave its leaf."""
    session.add(
        RequestStep(
            merchant_id=request.merchant_id,
            request_id=request.id,
            step=step,
            at=at,
            by_id=by.id,
            by_name=by.name,
            detail=detail,
        )
    )
    body = {"request": request.number, "detail": detail}
    return await record(
        session, ACTIONS[step], actor=by.actor(), at=at, owner=request.merchant_id, subject=request.id, body=body
    )
