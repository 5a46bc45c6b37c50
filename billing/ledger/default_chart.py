"""The chart of accounts that a tenant begins with.

Numbers and names follow the annex of 《企业会计准则——应用指南》 (财会〔2006〕18号), as accounting programs ship
them; accounts of the second level add two digits. A tenant may rename, add and retire, and give a use to another.
"""

from dataclasses import dataclass

from billing.ledger.uses import AccountUse, Side


@dataclass(frozen=True, slots=True)
class Planned:
    """An account to be: a leaf has a use, a summary account has those below it, whose codes begin with its own."""

    code: str
    name: str
    normal_side: Side
    use: AccountUse | None = None


_DEBIT, _CREDIT = Side.DEBIT, Side.CREDIT

DEFAULT_CHART = (
    Planned("1002", "银行存款", _DEBIT, AccountUse.BANK),
    Planned("1012", "其他货币资金", _DEBIT, AccountUse.WALLET),
    Planned("1122", "应收账款", _DEBIT, AccountUse.RECEIVABLE_FROM_MERCHANT),
    Planned("1221", "其他应收款", _DEBIT),
    Planned("122101", "应收平台索赔", _DEBIT, AccountUse.CLAIM_ON_PLATFORM),
    Planned("122102", "应收物流索赔", _DEBIT, AccountUse.CLAIM_ON_CARRIER),
    Planned("122103", "应收供应商索赔", _DEBIT, AccountUse.CLAIM_ON_SUPPLIER),
    Planned("122104", "应收消费者", _DEBIT, AccountUse.CLAIM_ON_CONSUMER),
    Planned("1901", "待处理财产损溢", _DEBIT),
    Planned("190101", "待判定费用", _DEBIT, AccountUse.PENDING_DETERMINATION),
    Planned("190102", "对账差异", _DEBIT, AccountUse.DIFFERENCE),
    Planned("2202", "应付账款", _CREDIT, AccountUse.PAYABLE_TO_SUPPLIER),
    Planned("2203", "预收账款", _CREDIT, AccountUse.ADVANCE_FROM_MERCHANT),
    Planned("2241", "其他应付款", _CREDIT),
    Planned("224101", "应付报销款", _CREDIT, AccountUse.PAYABLE_TO_CLAIMANT),
    Planned("4104", "利润分配", _CREDIT),
    Planned("410499", "期初余额", _CREDIT, AccountUse.OPENING),
    Planned("6001", "主营业务收入", _CREDIT, AccountUse.SERVICE_REVENUE),
    Planned("6601", "销售费用", _DEBIT),
    Planned("660101", "售后费用", _DEBIT, AccountUse.BORNE_BY_AGENCY),
    Planned("6603", "财务费用", _DEBIT),
    Planned("660301", "手续费", _DEBIT, AccountUse.FEES),
    Planned("6711", "营业外支出", _DEBIT),
    Planned("671101", "差额核销", _DEBIT, AccountUse.WRITTEN_OFF),
)
