"""What the software itself writes into the books: summaries of vouchers, and the names of a new chart's accounts.

The books are Chinese whatever language their reader has chosen, for they go to Chinese accounting programs as they
are. A page in another language says the same by the message that a text was made from, which it finds again by
`in_words`: so every text that is made here can be read here.
"""

import re
from collections.abc import Callable

from billing.ledger.default_chart import DEFAULT_CHART
from tenants.refusals import N_

COST_VERIFIED = N_("费用 %(cost)s 已核实，待判定")
COST_ALLOCATED = N_("费用 %(cost)s 归属")
CLAIM_CAME_IN = N_("费用 %(cost)s 索赔到账")
CLAIM_FAILED = N_("费用 %(cost)s 索赔不成部分")
COSTS_PAID = N_("费用 %(costs)s 付款")
MANY_COSTS_PAID = N_("费用 %(costs)s 等 %(count)s 项 付款")
PAYMENT_CAME_IN = N_("收到付款 %(reference)s")
PAYMENT_CAME_EARLIER = N_("收到付款 %(reference)s（%(day)s 到账）")
LINE_CREDITED = N_("对账单 %(statement)s 第 %(line)s 行异议成立，冲减")
DIFFERENCE_WRITTEN_OFF = N_("对账差额核销 %(yuan)s")
OPENING_BALANCES = N_("期初余额")

# Why a voucher is reversed is what its reversal says.
DETERMINED_ANEW = N_("责任改判，按新的判定重新归属")
RULED_ANEW = N_("归属规则变更，按新的规则重新归属")
TAKEN_BACK = N_("费用核实已撤销，冲回")
BASE_REVERSED = N_("所冲减的费用已冲销，冲减一并撤回")

# The more particular message comes first: a payment's reference may be any words.
_MESSAGES = (
    COST_VERIFIED,
    COST_ALLOCATED,
    CLAIM_CAME_IN,
    CLAIM_FAILED,
    MANY_COSTS_PAID,
    COSTS_PAID,
    PAYMENT_CAME_EARLIER,
    PAYMENT_CAME_IN,
    LINE_CREDITED,
    DIFFERENCE_WRITTEN_OFF,
    OPENING_BALANCES,
    DETERMINED_ANEW,
    RULED_ANEW,
    TAKEN_BACK,
    BASE_REVERSED,
    *(account.name for account in DEFAULT_CHART),
)
_PATTERNS = {
    message: re.compile(re.sub(r"%\\?\(([a-z]+)\\?\)s", r"(?P<\1>.+)", re.escape(message))) for message in _MESSAGES
}


def in_words(text: str, translate: Callable[[str], str]) -> str | None:
    """A text of the books in the reader's language, or None if a person wrote it."""
    for message, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(text):
            listed = {name: value.replace("、", translate("、")) for name, value in found.groupdict().items()}
            return translate(message) % listed if listed else translate(message)
    return None
