"""Bills of marketplaces: Pinduoduo's accounts (账务明细) and Douyin's movements (动账明细)."""

from collections.abc import Iterable, Sequence

from billing.bills import values
from billing.bills.layouts.layout import Figures, Layout, columns
from billing.bills.mapping import Directed, InOut, Mapping
from billing.bills.rows import Row
from billing.bills.shapes import BillLine, Control
from tenants.refusals import N_


def _is_total(cells: Sequence[str]) -> bool:
    return values.plain(cells[0]).startswith(("总计", "合计", "#"))


def _pinduoduo_stated(rows: Iterable[Sequence[str]]) -> tuple[Control, ...]:
    """The row 总计, which stands under the same columns."""
    for cells in rows:
        if values.plain(cells[0]).startswith(("总计", "合计")) and len(cells) >= 4:
            return (
                Control("收入总计", values.fen_or_nothing(cells[2])),
                Control("支出总计", abs(values.fen_or_nothing(cells[3]))),
            )
    return ()


def _pinduoduo_weight(_: Row, line: BillLine | None) -> Figures:
    if line is None:
        return {}
    return {"收入总计": line.fen} if line.fen > 0 else {"支出总计": -line.fen}


PINDUODUO = Layout(
    code="pinduoduo",
    label=N_("拼多多账务明细"),
    columns=columns("商户订单号,发生时间,收入金额(+元),支出金额(-元),账务类型,备注,业务描述"),
    mapping=Mapping(
        on="发生时间",
        amount=InOut(received="收入金额(+元)", paid="支出金额(-元)"),
        references=("商户订单号",),
        text=("账务类型", "业务描述", "备注"),
        nature="账务类型",
    ),
    beyond=_is_total,
    stated=_pinduoduo_stated,
    weighed=_pinduoduo_weight,
)

DOUYIN = Layout(
    code="douyin",
    label=N_("抖音动账明细"),
    columns=columns("动账时间,动账方向,动账金额,动账场景,备注,平台服务费,佣金"),
    mapping=Mapping(
        on="动账时间",
        amount=Directed(
            column="动账金额", direction="动账方向", received=("入账", "收入", "入"), paid=("出账", "支出", "出")
        ),
        references=("动账流水号", "订单号", "子订单号"),
        text=("动账场景", "备注"),
        nature="动账场景",
    ),
)
