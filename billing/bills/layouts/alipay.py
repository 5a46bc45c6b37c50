"""Alipay's bills for merchants: accounts (账务明细) and business (业务明细), in a zip beside a summary of each."""

import re
from collections.abc import Iterable, Sequence

from billing.bills import values
from billing.bills.layouts.layout import Figures, Layout, columns
from billing.bills.mapping import InOut, Mapping, Signed
from billing.bills.rows import Row
from billing.bills.shapes import BillLine, Control
from tenants.refusals import N_

_TOTAL = re.compile(r"#?(支出|收入|交易|退款)合计[::](\d+)笔,(?:商家实收)?共?(-?[\d.,]*\d)元")


def stated(rows: Iterable[Sequence[str]]) -> tuple[Control, ...]:
    """`#支出合计：n笔，共x元` and its siblings; paid amounts with or without their sign."""
    found = []
    for cells in rows:
        said = ",".join(cells).replace(" ", "").replace(",", ",").replace("：", ":").replace("，", ",")
        if total := _TOTAL.match(said):
            name, count, amount = total.groups()
            found.append(Control(f"{name}合计笔数", int(count), counts=True))
            found.append(Control(f"{name}合计金额", abs(values.fen(amount))))
    return tuple(found)


def by_direction(_: Row, line: BillLine | None) -> Figures:
    """What a line adds to what came in or went out. A line of nothing counts on neither side."""
    if line is None or line.fen == 0:
        return {}
    way = "收入" if line.fen > 0 else "支出"
    return {f"{way}合计笔数": 1, f"{way}合计金额": abs(line.fen)}


def _by_business(row: Row, line: BillLine | None) -> Figures:
    way = "退款" if "退款" in row.text("业务类型") else "交易"
    return {f"{way}合计笔数": 1, f"{way}合计金额": abs(line.fen) if line else 0}


ACCOUNTS = Layout(
    code="alipay_accounts",
    label=N_("支付宝账务明细"),
    columns=columns(
        "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额(+元),支出金额(-元),账户余额(元),交易渠道,业务类型,备注"
    ),
    mapping=Mapping(
        on="发生时间",
        amount=InOut(received="收入金额(+元)", paid="支出金额(-元)"),
        references=("商户订单号", "业务流水号", "业务基础订单号", "业务订单号", "账务流水号"),
        counterparty=("对方账号",),
        text=("商品名称", "备注"),
        nature="业务类型",
        key=("账务流水号",),
    ),
    stated=stated,
    weighed=by_direction,
    balance="账户余额(元)",
)

BUSINESS = Layout(
    code="alipay_business",
    label=N_("支付宝业务明细"),
    columns=columns(
        "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,对方账户,订单金额(元),商家实收(元),退款批次号/请求号,服务费(元),备注"
    ),
    mapping=Mapping(
        on="完成时间",
        amount=Signed(column="商家实收(元)"),
        references=("商户订单号", "支付宝交易号", "退款批次号/请求号"),
        counterparty=("对方账户",),
        text=("商品名称", "备注"),
        fee="服务费(元)",
        nature="业务类型",
        key=("支付宝交易号", "退款批次号/请求号", "业务类型"),
    ),
    stated=stated,
    weighed=_by_business,
)
