"""Where a ticket stands in words for somebody who does not know the process: what is asked of them, or who is at it."""

from collections.abc import Mapping

from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.tickets.kinds import Kind, Outcome, Status
from anshou.tickets.queues import Line
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_

# What the step asks of the merchant while the ticket awaits them, and the permission that it takes to give it.
ASKED: Mapping[tuple[Kind, str], tuple[str, Permission]] = {
    (Kind.SERVICE_QUALITY, "plan_confirmation"): (N_("请确认处理方案"), Permission.CONFIRM_PLAN),
    (Kind.SERVICE_QUALITY, "evaluation"): (N_("请评价处理结果"), Permission.RATE),
    (Kind.DATA_ANOMALY, "feedback"): (N_("请确认结果说明"), Permission.CONFIRM_RESULT),
    (Kind.CONTRACT_DISPUTE, "negotiation"): (N_("请与我们协商解决办法"), Permission.NEGOTIATE),
    (Kind.CONTRACT_DISPUTE, "settlement"): (N_("请阅读并签署协议"), Permission.SIGN_FOR_MERCHANT),
}

# What the agency is doing while it is its turn.
UNDERWAY: Mapping[str, str] = {
    "reported": N_("已收到，等待客服受理"),
    "detected": N_("已收到，等待客服受理"),
    "filed": N_("已收到，等待协调专员受理"),
    "accepted": N_("已受理，正在安排责任部门"),
    "triage": N_("技术人员正在排查"),
    "analysis": N_("正在分析原因"),
    "planning": N_("正在制定处理方案"),
    "plan_review": N_("方案正在内部审核"),
    "plan_confirmation": N_("等待确认方案"),
    "execution": N_("正在执行方案"),
    "recovery": N_("正在执行方案"),
    "monitoring": N_("正在观察指标是否恢复"),
    "feedback": N_("正在跟进您的反馈"),
    "evaluation": N_("等待评价"),
    "tracking": N_("已处理完成，客服会回访确认"),
    "investigation": N_("正在调查核实"),
    "negotiation": N_("正在协商"),
    "settlement": N_("您已签署，等待代运营方签署"),
    "external_resolution": N_("正在通过仲裁或诉讼解决"),
    "enforcement": N_("协议已达成，正在履行"),
}

ENDED: Mapping[Outcome, str] = {
    Outcome.RESOLVED: N_("已解决"),
    Outcome.WITHDRAWN: N_("您已撤回"),
    Outcome.REFUSED: N_("不在服务范围，已说明原因"),
    Outcome.MERGED: N_("与另一工单重复，已合并"),
    Outcome.UNANSWERED: N_("长时间没有答复，已关闭"),
}

ANSWER_WANTED = N_("请补充信息或答复")
OWNER_WANTED = N_("等待贵方负责人处理")


def awaits_merchant(ticket: Line | Ticket) -> bool:
    """Whether the next word is the merchant's."""
    return ticket.status is Status.AWAITING_CUSTOMER


def awaits(ticket: Line | Ticket, person: Person) -> bool:
    """Whether this person can give what the ticket waits for; some of it only the merchant's owner can."""
    if not awaits_merchant(ticket) or ticket.on_hold:
        return awaits_merchant(ticket)
    _, needs = ASKED[ticket.kind, ticket.step]
    return allows(person, needs)


def standing_of(ticket: Line | Ticket, person: Person) -> str:
    """One short sentence: what is asked of the person, or what happens now. A message id."""
    if ticket.outcome is not None:
        return ENDED[ticket.outcome]
    if not awaits_merchant(ticket):
        return UNDERWAY[ticket.step]
    if ticket.on_hold:
        return ANSWER_WANTED
    asked, _ = ASKED[ticket.kind, ticket.step]
    return asked if awaits(ticket, person) else OWNER_WANTED
