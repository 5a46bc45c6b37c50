"""The chart of accounts that a tenant begins with.

Numbers and names follow the annex of 《企业会计准则——应用指南》 (财会〔2006〕18号), as accounting programs ship
them; accounts of the second level add two digits. A tenant may rename, add and retire, and give a use to another.
"""

from dataclasses import dataclass

from billing.ledger.uses import AccountUse, Side
from tenants.refusals import N_


@dataclass(frozen=True, slots=True)
class Planned:
    """An account to be: a leaf has a use, a summary account has those below it, whose codes begin with its own."""

    code: str
    name: str
    normal_side: Side
    use: AccountUse | None = None


_DEBIT, _CREDIT = Side.DEBIT, Side.CREDIT

DEFAULT_CHART = (
    Planned("1002", N_("银行存款"), _DEBIT, AccountUse.BANK),
    Planned("1012", N_("其他货币资金"), _DEBIT, AccountUse.WALLET),
    Planned("1122", N_("应收账款"), _DEBIT, AccountUse.RECEIVABLE_FROM_MERCHANT),
    Planned("1221", N_("其他应收款"), _DEBIT),
    Planned("122101", N_("应收平台索赔"), _DEBIT, AccountUse.CLAIM_ON_PLATFORM),
    Planned("122102", N_("应收物流索赔"), _DEBIT, AccountUse.CLAIM_ON_CARRIER),
    Planned("122103", N_("应收供应商索赔"), _DEBIT, AccountUse.CLAIM_ON_SUPPLIER),
    Planned("122104", N_("应收消费者"), _DEBIT, AccountUse.CLAIM_ON_CONSUMER),
    Planned("1901", N_("待处理财产损溢"), _DEBIT),
    Planned("190101", N_("待判定费用"), _DEBIT, AccountUse.PENDING_DETERMINATION),
    Planned("190102", N_("对账差异"), _DEBIT, AccountUse.DIFFERENCE),
    Planned("2202", N_("应付账款"), _CREDIT, AccountUse.PAYABLE_TO_SUPPLIER),
    Planned("2203", N_("预收账款"), _CREDIT, AccountUse.ADVANCE_FROM_MERCHANT),
    Planned("2241", N_("其他应付款"), _CREDIT),
    Planned("224101", N_("应付报销款"), _CREDIT, AccountUse.PAYABLE_TO_CLAIMANT),
    Planned("4104", N_("利润分配"), _CREDIT),
    Planned("410499", N_("期初余额"), _CREDIT, AccountUse.OPENING),
    Planned("6001", N_("主营业务收入"), _CREDIT, AccountUse.SERVICE_REVENUE),
    Planned("6601", N_("销售费用"), _DEBIT),
    Planned("660101", N_("售后费用"), _DEBIT, AccountUse.BORNE_BY_AGENCY),
    Planned("6603", N_("财务费用"), _DEBIT),
    Planned("660301", N_("手续费"), _DEBIT, AccountUse.FEES),
    Planned("6711", N_("营业外支出"), _DEBIT),
    Planned("671101", N_("差额核销"), _DEBIT, AccountUse.WRITTEN_OFF),
)
