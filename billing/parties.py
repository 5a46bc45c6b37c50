"""Who can be responsible for a problem, and what kinds of cost it causes (domain.md section 6)."""

from tenants.labels import Labelled
from tenants.refusals import N_


class Party(Labelled):
    """One who caused a problem, or who bears a cost."""

    AGENCY = "agency", N_("代运营方")
    MERCHANT = "merchant", N_("商家")
    PLATFORM = "platform", N_("平台")
    CARRIER = "carrier", N_("物流")
    SUPPLIER = "supplier", N_("供应商")
    CONSUMER = "consumer", N_("消费者")
    FORCE_MAJEURE = "force_majeure", N_("不可抗力")


# Nobody can be charged for an act of nature; what it costs falls on one of the others.
BEARERS = frozenset(Party) - {Party.FORCE_MAJEURE}

# Outside the contract: what they owe has to be claimed, and the claim can fail.
CLAIMED_FROM = frozenset({Party.PLATFORM, Party.CARRIER, Party.SUPPLIER})


class CostCategory(Labelled):
    """The kind of a cost item."""

    LABOUR_OVERTIME = "labour_overtime", N_("人工：加班")
    LABOUR_SPECIALIST = "labour_specialist", N_("人工：专项技术支持")
    MATERIAL_EQUIPMENT = "material_equipment", N_("物料：存储设备等")
    MATERIAL_LICENCE = "material_licence", N_("物料：软件授权")
    COMMUNICATION = "communication", N_("通讯")
    FREIGHT = "freight", N_("运费")
    RETURN_EXCHANGE = "return_exchange", N_("退换货")
    REPAIR = "repair", N_("维修")
    COMPENSATION = "compensation", N_("赔付")
    INSPECTION = "inspection", N_("检测")
