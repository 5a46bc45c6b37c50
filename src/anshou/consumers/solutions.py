"""What a consumer wants done (domain.md section 8)."""

from tenants.labels import Labelled
from tenants.refusals import N_


class Solution(Labelled):
    """One of the trade's ways to settle a consumer's case."""

    RETURN_REFUND = "return_refund", N_("退货退款")
    REFUND_ONLY = "refund_only", N_("仅退款")
    EXCHANGE = "exchange", N_("换货")
    REPAIR = "repair", N_("维修")
    REISSUE = "reissue", N_("补发")
    COMPENSATION = "compensation", N_("折价补偿")
    REFUSAL = "refusal", N_("拒绝")


# Nobody asks to be refused: it is how a case may end.
WANTED = tuple(one for one in Solution if one is not Solution.REFUSAL)
