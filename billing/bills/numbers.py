"""What the numbers of a bill number, by the name of their column: an order, a payment, a refund, a parcel."""

# The first whose word is part of the heading: a payment's order number (微信订单号) is the platform's of the payment,
# and an accounting flow is told from the business flow that a payment is.
_KINDS = (
    ("refund", ("退款",)),
    ("trade", ("微信订单号", "微信支付业务单号", "支付宝交易号", "交易订单号", "交易单号", "业务流水号")),
    ("flow", ("流水", "日志号", "凭证号")),
    ("waybill", ("运单", "快递单", "物流单")),
    ("order", ("订单", "商户单号", "商家单号")),
)


def kind_of(heading: str) -> str:
    """The kind of the numbers in a column; "" where its name does not say it."""
    return next((kind for kind, words in _KINDS if any(word in heading for word in words)), "")
