"""What a ticket can be: kind, standing, urgency, how it came and how it ended (domain.md sections 2 and 4)."""

from tenants.labels import Labelled
from tenants.refusals import N_


class Kind(Labelled):
    """Which of the agency's three processes a ticket follows."""

    SERVICE_QUALITY = "service_quality", N_("服务质量问题")
    DATA_ANOMALY = "data_anomaly", N_("数据异常问题")
    CONTRACT_DISPUTE = "contract_dispute", N_("合作纠纷问题")


class Status(Labelled):
    """What the merchant sees, whatever the step."""

    PENDING = "pending", N_("待受理")
    IN_PROGRESS = "in_progress", N_("处理中")
    AWAITING_CUSTOMER = "awaiting_customer", N_("待客户确认")
    DONE = "done", N_("已完成")
    CLOSED = "closed", N_("已关闭")


class Urgency(Labelled):
    """Which column of the time limits counts."""

    NORMAL = "normal", N_("一般")
    URGENT = "urgent", N_("紧急")


class Severity(Labelled):
    """How much harm the matter does, judged inside the agency."""

    MINOR = "minor", N_("轻微")
    MODERATE = "moderate", N_("一般")
    MAJOR = "major", N_("重大")
    CRITICAL = "critical", N_("特别重大")


class Channel(Labelled):
    """Through what a matter came in or a conversation was held."""

    PHONE = "phone", N_("电话")
    EMAIL = "email", N_("邮件")
    ONLINE_CHAT = "online_chat", N_("在线客服")
    INSTANT_MESSAGING = "instant_messaging", N_("即时通讯")
    PORTAL = "portal", N_("工单系统")
    PLATFORM_MESSAGE = "platform_message", N_("平台消息")
    MEETING = "meeting", N_("会议")


class Outcome(Labelled):
    """How a closed ticket ended."""

    RESOLVED = "resolved", N_("已解决")
    WITHDRAWN = "withdrawn", N_("商家撤回")
    REFUSED = "refused", N_("不予受理")
    MERGED = "merged", N_("重复合并")
    UNANSWERED = "unanswered", N_("商家未答复")


class Side(Labelled):
    """One of the two sides of the contract between agency and merchant."""

    AGENCY = "agency", N_("代运营方")
    MERCHANT = "merchant", N_("商家")


class EscalationLevel(Labelled):
    """Whose attention a ticket has been given."""

    SUPERVISOR = "supervisor", N_("部门主管")
    EXECUTIVE = "executive", N_("高层管理")


class Relation(Labelled):
    """How one ticket bears on another."""

    RELATED = "related", N_("相关")
    CAUSED_BY = "caused_by", N_("起因于")
    FOLLOWS = "follows", N_("后续")


class Clock(Labelled):
    """The time limits that run on a ticket (domain.md section 3)."""

    FIRST_RESPONSE = "first_response", N_("首次响应")
    COORDINATION = "coordination", N_("应急协调")
    RESTORATION = "restoration", N_("恢复服务或说明进展")
    PLAN_SUBMISSION = "plan_submission", N_("提交分析与方案")
    PLAN_EXECUTION = "plan_execution", N_("执行方案")
    PROGRESS = "progress", N_("进展反馈")
    RETURN_VISIT = "return_visit", N_("回访")
    CONSUMER_ANSWER = "consumer_answer", N_("答复消费者投诉")
