"""Why a thing went wrong: findings of triage, root causes and the parties who can be responsible (domain.md 2.2, 6)."""

from tenants.labels import Labelled
from tenants.refusals import N_


class TechnicalFinding(Labelled):
    """Whether triage found the anomaly to be technical, and of which kind."""

    NOT_TECHNICAL = "not_technical", N_("非技术原因")
    SYSTEM_FAULT = "system_fault", N_("系统故障")
    DATA_TRANSMISSION = "data_transmission", N_("数据传输")
    COLLECTION = "collection", N_("数据采集")


class Factor(Labelled):
    """What can move a shop's metric."""

    MARKET = "market", N_("市场环境")
    COMPETITOR = "competitor", N_("竞争对手")
    CAMPAIGN_CHANGE = "campaign_change", N_("活动调整")
    OWN_OPERATION = "own_operation", N_("自身运营")
    PLATFORM_RULE = "platform_rule", N_("平台规则")
    TECHNICAL = "technical", N_("技术原因")
