"""What the product posts to: each use is one leaf account of the tenant's chart per currency."""

from billing.parties import Party
from tenants.labels import Labelled
from tenants.refusals import N_


class Side(Labelled):
    """The two sides of an account."""

    DEBIT = "debit", N_("借")
    CREDIT = "credit", N_("贷")

    @property
    def other(self) -> "Side":
        """The side that takes back what stands on this one."""
        return Side.CREDIT if self is Side.DEBIT else Side.DEBIT


class AccountUse(Labelled):
    """Why something is posted, whatever number and name the tenant's accountant gave the account."""

    BANK = "bank", N_("银行存款")
    WALLET = "wallet", N_("支付平台账户")
    RECEIVABLE_FROM_MERCHANT = "receivable_from_merchant", N_("应收商家")
    ADVANCE_FROM_MERCHANT = "advance_from_merchant", N_("预收商家")
    CLAIM_ON_PLATFORM = "claim_on_platform", N_("应收平台索赔")
    CLAIM_ON_CARRIER = "claim_on_carrier", N_("应收物流索赔")
    CLAIM_ON_SUPPLIER = "claim_on_supplier", N_("应收供应商索赔")
    CLAIM_ON_CONSUMER = "claim_on_consumer", N_("应收消费者")
    PENDING_DETERMINATION = "pending_determination", N_("待判定费用")
    DIFFERENCE = "difference", N_("对账差异")
    PAYABLE_TO_SUPPLIER = "payable_to_supplier", N_("应付供应商")
    PAYABLE_TO_CLAIMANT = "payable_to_claimant", N_("应付报销")
    OPENING = "opening", N_("期初余额")
    SERVICE_REVENUE = "service_revenue", N_("服务费收入")
    BORNE_BY_AGENCY = "borne_by_agency", N_("代运营方承担")
    FEES = "fees", N_("平台与支付手续费")
    WRITTEN_OFF = "written_off", N_("差额核销")


_BORNE_ON = {
    Party.AGENCY: AccountUse.BORNE_BY_AGENCY,
    Party.MERCHANT: AccountUse.RECEIVABLE_FROM_MERCHANT,
    Party.PLATFORM: AccountUse.CLAIM_ON_PLATFORM,
    Party.CARRIER: AccountUse.CLAIM_ON_CARRIER,
    Party.SUPPLIER: AccountUse.CLAIM_ON_SUPPLIER,
    Party.CONSUMER: AccountUse.CLAIM_ON_CONSUMER,
}


def use_for(party: Party) -> AccountUse:
    """Where a cost stands that this party bears. KeyError for force majeure, which bears nothing."""
    return _BORNE_ON[party]
