"""What a ticket can be: kind, standing, urgency, how it came and how it ended (domain.md sections 2 and 4)."""

from anshou.merchants.channels import Channel as Channel
from anshou.merchants.limits import Clock as Clock
from anshou.merchants.limits import Urgency as Urgency
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


class Severity(Labelled):
    """How much harm the matter does, judged inside the agency."""

    MINOR = "minor", N_("轻微")
    MODERATE = "moderate", N_("一般")
    MAJOR = "major", N_("重大")
    CRITICAL = "critical", N_("特别重大")


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


class EntrySort(Labelled):
    """What an entry of a timeline is."""

    MESSAGE = "message", N_("消息")
    NOTE = "note", N_("内部备注")
    CONTACT = "contact", N_("沟通记录")
    MOVE = "move", N_("操作")
    SYSTEM = "system", N_("系统记录")
    ATTACHMENT = "attachment", N_("附件")


class EscalationLevel(Labelled):
    """Whose attention a ticket has been given."""

    SUPERVISOR = "supervisor", N_("部门主管")
    EXECUTIVE = "executive", N_("高层管理")


class Relation(Labelled):
    """How one ticket bears on another."""

    RELATED = "related", N_("相关")
    CAUSED_BY = "caused_by", N_("起因于")
    FOLLOWS = "follows", N_("后续")
    DUPLICATES = "duplicates", N_("重复")
