"""What a ticket is about, by kind: what repeat complaints are counted over (domain.md sections 2 and 5)."""

from anshou.tickets.kinds import Kind
from tenants.labels import Labelled
from tenants.refusals import N_


class Category(Labelled):
    """The subject of a ticket, as an agent classifies it."""

    PAGE_DESIGN = "page_design", N_("页面设计与需求不符")
    CAMPAIGN_EFFECT = "campaign_effect", N_("活动效果未达约定")
    CUSTOMER_SERVICE = "customer_service", N_("客服响应不及时")
    SHOP_OPERATION = "shop_operation", N_("店铺运营失误")
    FULFILMENT = "fulfilment", N_("发货与物流")
    COMMUNICATION = "communication", N_("沟通与汇报")
    TRAFFIC = "traffic", N_("流量异常")
    ORDERS = "orders", N_("订单异常")
    CONVERSION = "conversion", N_("转化率异常")
    REFUNDS = "refunds", N_("退款异常")
    SHOP_SCORE = "shop_score", N_("店铺评分异常")
    CLAUSE_READING = "clause_reading", N_("合同条款理解分歧")
    FEE_SETTLEMENT = "fee_settlement", N_("费用结算分歧")
    SERVICE_CHANGE = "service_change", N_("服务内容变更分歧")
    OTHER = "other", N_("其他")


C = Category

CATEGORIES: dict[Kind, tuple[Category, ...]] = {
    Kind.SERVICE_QUALITY: (
        C.PAGE_DESIGN,
        C.CAMPAIGN_EFFECT,
        C.CUSTOMER_SERVICE,
        C.SHOP_OPERATION,
        C.FULFILMENT,
        C.COMMUNICATION,
        C.OTHER,
    ),
    Kind.DATA_ANOMALY: (C.TRAFFIC, C.ORDERS, C.CONVERSION, C.REFUNDS, C.SHOP_SCORE, C.OTHER),
    Kind.CONTRACT_DISPUTE: (C.CLAUSE_READING, C.FEE_SETTLEMENT, C.SERVICE_CHANGE, C.OTHER),
}
