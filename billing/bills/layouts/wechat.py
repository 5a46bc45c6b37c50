"""WeChat Pay's bills for merchants: trades (交易账单: all, successful, refunds) and funds (资金账单)."""

from collections.abc import Iterable, Sequence

from billing.bills import values
from billing.bills.layouts.layout import Figures, Layout, columns
from billing.bills.mapping import Directed, Mapping, Signed
from billing.bills.rows import Row
from billing.bills.shapes import BillLine, Control
from tenants.refusals import N_, Message

# Each total of the summary and the column that makes it up; the first counts rows.
_TRADE_TOTALS = {
    "总交易单数": "",
    "应结订单总金额": "应结订单金额",
    "退款总金额": "退款金额",
    "充值券退款总金额": "充值券退款金额",
    "手续费总金额": "手续费",
    "订单总金额": "订单金额",
    "申请退款总金额": "申请退款金额",
}
_FUND_TOTALS = ("资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额")


def _moved(row: Row) -> int | None:
    """The amount of a refund stands in a column of its own, and goes out."""
    state = row.text("交易状态")
    if state in ("REFUND", "REVOKED"):
        return -row.fen("退款金额")
    if state != "SUCCESS":
        row.fault("交易状态", Message(N_("须为其中之一：%(words)s"), words="SUCCESS、REFUND、REVOKED"))
    return row.fen("应结订单金额")


def _stated(rows: Iterable[Sequence[str]]) -> tuple[Control, ...]:
    """The last two lines: names, and figures under them."""
    names: list[str] = []
    for cells in rows:
        if names:
            return tuple(
                Control(name, int(cell), counts=True)
                if name.endswith(("单数", "笔数"))
                else Control(name, values.fen(cell))
                for name, cell in zip(names, (values.plain(cell) for cell in cells), strict=False)
                if name in {*_TRADE_TOTALS, *_FUND_TOTALS} and cell
            )
        headings = [values.heading(cell).replace("(元)", "") for cell in cells]
        if headings[0] in ("总交易单数", "资金流水总笔数"):
            names = headings
    return ()


def _trade_weight(row: Row, _: BillLine | None) -> Figures:
    sums = {name: row.read(of, values.fen_or_nothing, 0) for name, of in _TRADE_TOTALS.items() if of}
    return {"总交易单数": 1, **sums}


def _fund_weight(_: Row, line: BillLine | None) -> Figures:
    if line is None:
        return {"资金流水总笔数": 1}
    way = "收入" if line.fen >= 0 else "支出"
    return {"资金流水总笔数": 1, f"{way}笔数": 1, f"{way}金额": abs(line.fen)}


def _is_summary(cells: Sequence[str]) -> bool:
    """Its names, or the figures under them, which are few: a row of the table has many more cells."""
    return values.heading(cells[0]) in ("总交易单数", "资金流水总笔数") or (
        len(cells) <= len(_TRADE_TOTALS) + 1 and values.plain(cells[0]).replace(",", "").isdigit()
    )


TRADES = Layout(
    code="wechat_trades",
    label=N_("微信支付交易账单"),
    columns=columns("交易时间,商户号,微信订单号,商户订单号,交易类型,交易状态,货币种类,应结订单金额,手续费,费率"),
    mapping=Mapping(
        on="交易时间",
        amount=Signed(column="应结订单金额"),
        references=("商户订单号", "微信订单号", "商户退款单号", "微信退款单号"),
        text=("商品名称",),
        fee="手续费",
        currency="货币种类",
        nature="交易状态",
        key=("微信订单号", "微信退款单号", "交易状态"),
    ),
    beyond=_is_summary,
    moved=_moved,
    stated=_stated,
    weighed=_trade_weight,
)

FUNDS = Layout(
    code="wechat_funds",
    label=N_("微信支付资金账单"),
    columns=columns("记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),备注"),
    mapping=Mapping(
        on="记账时间",
        amount=Directed(column="收支金额(元)", direction="收支类型", received=("收入",), paid=("支出",)),
        references=("微信支付业务单号", "业务凭证号", "资金流水单号"),
        text=("业务名称", "备注"),
        nature="业务类型",
        key=("资金流水单号",),
    ),
    beyond=_is_summary,
    stated=_stated,
    weighed=_fund_weight,
    balance="账户结余(元)",
)
