"""What a notice says: which event, never what the ticket holds."""

from collections.abc import Mapping

from anshou.finance import telling as finance
from anshou.notifying.robots import registry as robots
from anshou.people.notices import Notice
from anshou.people.person import Person
from anshou.privacy import telling
from anshou.privacy.disclosures import telling as disclosures
from anshou.privacy.duties import breaches
from anshou.privacy.entrustment import certificates, recording, returning
from anshou.privacy.requests import telling as requests
from anshou.privacy.retention.carrying_out import RUN_FINISHED
from anshou.tickets import events
from anshou.tickets.entry_labels import EVENT_LABELS
from anshou.tickets.processes import PROCESSES
from tenants.refusals import N_

EVENTS: Mapping[str, str] = {
    events.OPENED: N_("有新的工单"),
    events.MESSAGE: N_("有新的消息"),
    events.ASSIGNED: N_("工单交给您负责"),
    events.PLAN_TO_REVIEW: N_("有方案等待审核"),
    events.MEASURES_TO_DO: N_("有措施等待执行"),
    events.DETERMINED: N_("责任判定已作出"),
    events.OBJECTION_TO_REVIEW: N_("商家对责任判定提出异议，请复议"),
    events.REMINDED: N_("同事提醒您处理这个工单"),
    events.MENTIONED: N_("有同事在内部备注中提到您"),
    "ask_rating": N_("请评价处理结果"),
    telling.LIMIT_REACHED: N_("有人一小时内查看的保密内容达到上限"),
    telling.OBJECTION_RAISED: N_("商家对一次查看提出异议，请答复"),
    telling.OBJECTION_OVERDUE: N_("一条查看异议超时未答复"),
    telling.OBJECTION_ANSWERED: N_("您的查看异议已答复"),
    telling.DECOY_TOUCHED: N_("有人接触了诱饵记录"),
    returning.RETURN_BEGUN: N_("合同已终止，请选择返还或删除您的数据"),
    returning.RETURN_LATE: N_("数据返还或删除已超过期限"),
    certificates.CERTIFICATE_ISSUED: N_("返还删除证明已出具"),
    recording.SUBPROCESSOR_PROPOSED: N_("请决定是否同意转委托"),
    breaches.BREACH_RECORDED: N_("登记了数据安全事件"),
    breaches.BREACH_NOTICE: N_("请查看数据安全事件通知"),
    breaches.BREACH_DUE: N_("数据安全事件的通知已到期限"),
    disclosures.REQUESTED: N_("请阅读对外提供申请，决定是否同意"),
    disclosures.RETRACTED: N_("对外提供申请已撤销"),
    disclosures.EXPORTED: N_("已按您的同意对外提供一次"),
    disclosures.SIGNED: N_("商家已签署对外提供同意"),
    disclosures.REFUSED: N_("商家拒绝了对外提供申请"),
    disclosures.WITHDRAWN: N_("商家已撤回对外提供同意"),
    RUN_FINISHED: N_("到期数据清除完成，请查看报告"),
    requests.RECEIVED: N_("商家转来一项个人信息请求"),
    requests.WARNED: N_("一项个人信息请求即将到期"),
    requests.LATE: N_("一项个人信息请求已超期"),
    requests.ANSWERED: N_("个人信息请求已答复"),
    robots.STOPPED: N_("一个群机器人已停止播报，请检查其设置"),
    finance.COST_RETURNED: N_("您登记的费用被退回，请补正后再提交"),
    finance.STATEMENT_ISSUED: N_("新的对账单已出具，请核对"),
    finance.STATEMENT_REMINDED: N_("对账单即将到答复期限，请确认或提出异议"),
    finance.LINE_DISPUTED: N_("商家对对账单的一行有异议，请答复"),
    finance.DISPUTE_ANSWERED: N_("您对对账单的异议已有答复"),
    finance.INVOICE_REQUESTED: N_("商家申请开票，请处理"),
    finance.INVOICE_REFUSED: N_("您的开票申请未通过，请查看原因"),
    finance.INVOICE_ISSUED: N_("发票已开具，请查收"),
    finance.BUDGET_WARNED: N_("一项预算已用八成"),
    finance.BUDGET_FLAGGED: N_("一项预算已用完"),
}

# What a move of the agency's asks of the merchant.
ASKS_MERCHANT: Mapping[str, str] = {
    events.OPENED: N_("客服为您登记了工单"),
    "approve_plan": N_("请确认处理方案"),
    events.DETERMINED: N_("责任判定已作出，如有异议请在期限内提出"),
    "determine": N_("责任已改判，如有异议请在期限内提出"),
    "review_determination": N_("您对责任判定的异议已有复议结论"),
    "review_determination_finally": N_("您对责任判定的异议已有最终复议结论"),
    "hold": N_("请补充信息或答复"),
    "report_result": N_("请确认结果说明"),
    "propose_agreement": N_("请阅读并签署协议"),
}

UPDATED = N_("有新的进展")


def said_of(notice: Notice, person: Person) -> str:
    """What happened, as a message id. An event that this version does not know is news all the same."""
    if person.is_merchant and notice.event in ASKS_MERCHANT:
        return ASKS_MERCHANT[notice.event]
    return said_of_event(notice.event, notice.number)


def said_of_event(event: str, number: str) -> str:
    """What happened to the thing of that number, as the agency's people are told it."""
    return EVENTS.get(event) or EVENT_LABELS.get(event) or _move_label(event, number) or UPDATED


def _move_label(event: str, number: str) -> str | None:
    """The name of the move, in the process that the ticket's number belongs to."""
    for process in PROCESSES.values():
        if number.startswith(process.prefix):
            return next((move.label for move in process.moves if move.name == event), None)
    return None
