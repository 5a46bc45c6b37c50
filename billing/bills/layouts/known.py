"""The list of known layouts, and which of them a header belongs to."""

from collections.abc import Sequence

from billing.bills import values
from billing.bills.layouts import alipay, banks, marketplaces, personal, wechat
from billing.bills.layouts.layout import Layout

KNOWN = (
    wechat.TRADES,
    wechat.FUNDS,
    alipay.ACCOUNTS,
    alipay.BUSINESS,
    marketplaces.PINDUODUO,
    marketplaces.DOUYIN,
    personal.ALIPAY,
    personal.WECHAT,
    personal.JD,
    banks.CHINA_MERCHANTS,
    banks.ICBC,
    banks.BANK_OF_CHINA,
    banks.AGRICULTURAL,
    banks.COMMUNICATIONS,
)


def layout_of(cells: Sequence[str], layouts: Sequence[Layout]) -> Layout | None:
    """The layout whose full set of columns is among these; of several the one that names the most."""
    given = {values.heading(cell) for cell in cells}
    fitting = [layout for layout in layouts if layout.columns <= given]
    return max(fitting, key=lambda layout: len(layout.columns), default=None)
