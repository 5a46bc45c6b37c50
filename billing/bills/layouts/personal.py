"""Exports of personal accounts, which small shops use: Alipay, WeChat, JD.

Their own preambles say that adding up the rows may differ from the totals above, so nothing is checked against those.
"""

import re
from dataclasses import replace

from billing.bills import values
from billing.bills.layouts.layout import Layout, columns
from billing.bills.mapping import Directed, Mapping, Signed
from billing.bills.rows import Row
from billing.bills.shapes import BillLine
from tenants.refusals import N_, Message

_FEE = re.compile(r"服务费¥?(\d+(?:\.\d+)?)")
_REFUNDED = re.compile(r"\((?:已全额退款|已退款[¥\d.,]+)\)$")


_WORDS = ("收入", "支出", "不计收支")


def _signed(row: Row, amount: int) -> int | None:
    """By the column of directions. What counts on neither side is left out, but for a refund, which came in."""
    way = row.text("收/支")
    if row.text("交易状态") == "退款成功":
        return amount
    if way not in _WORDS:
        row.fault("收/支", Message(N_("须为其中之一：%(words)s"), words="、".join(_WORDS)))
    return {"收入": amount, "支出": -amount}.get(way)


def _alipay_moved(row: Row) -> int | None:
    return _signed(row, abs(row.fen("金额")))


def _jd_moved(row: Row) -> int | None:
    """Rows are gross: `131.77(已退款89.84)` paid 131.77, and its refund is a row of its own that came in."""
    amount = row.read("金额", lambda cell: values.fen(_REFUNDED.sub("", values.plain(cell))), 0)
    if not amount:
        return None
    return -amount if "已全额退款" in row.cell("金额") else _signed(row, amount)


def _wechat_line(row: Row, line: BillLine) -> BillLine:
    """A fee stands only in the remarks and is part of the amount."""
    found = _FEE.search(row.text("备注").replace("￥", "¥"))
    return replace(line, fee_fen=values.fen(found[1])) if found else line


ALIPAY = Layout(
    code="alipay_personal",
    label=N_("支付宝个人账单"),
    columns=columns(
        "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注"
    ),
    mapping=Mapping(
        on="交易时间",
        amount=Signed(column="金额"),
        references=("商家订单号", "交易订单号"),
        counterparty=("交易对方",),
        text=("商品说明", "备注"),
        nature="交易分类",
    ),
    moved=_alipay_moved,
)

WECHAT = Layout(
    code="wechat_personal",
    label=N_("微信支付个人账单"),
    columns=columns("交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"),
    mapping=Mapping(
        on="交易时间",
        amount=Directed(
            column="金额(元)", direction="收/支", received=("收入",), paid=("支出",), neither=("", "中性交易")
        ),
        references=("商户单号", "交易单号"),
        counterparty=("交易对方",),
        text=("商品", "备注"),
        nature="交易类型",
    ),
    adjusted=_wechat_line,
)

JD = Layout(
    code="jd_personal",
    label=N_("京东个人账单"),
    columns=columns("交易时间,商户名称,交易说明,金额,收/付款方式,交易状态,收/支,交易分类,交易订单号,商家订单号,备注"),
    mapping=Mapping(
        on="交易时间",
        amount=Signed(column="金额"),
        references=("交易订单号", "商家订单号"),
        counterparty=("商户名称",),
        text=("交易说明", "备注"),
        nature="交易状态",
    ),
    moved=_jd_moved,
)
