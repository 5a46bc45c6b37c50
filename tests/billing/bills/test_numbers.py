"""What the numbers of known bills number."""

import pytest

from billing.bills.layouts.known import KNOWN
from billing.bills.numbers import kind_of


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("商户订单号", "order"),
        ("微信订单号", "trade"),
        ("支付宝交易号", "trade"),
        ("业务流水号", "trade"),
        ("账务流水号", "flow"),
        ("微信退款单号", "refund"),
        ("退款批次号/请求号", "refund"),
        ("商户单号", "order"),
        ("运单号", "waybill"),
        ("编号", ""),
    ],
)
def test_a_column_says_what_its_numbers_number(heading: str, kind: str) -> None:
    assert kind_of(heading) == kind


def test_every_column_of_numbers_of_a_known_layout_says_it() -> None:
    unsaid = {column for layout in KNOWN for column in layout.mapping.references if not kind_of(column)}
    assert unsaid == set()
