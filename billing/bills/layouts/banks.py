"""Statements of banks: China Merchants, ICBC, Bank of China, ABC, Bank of Communications.

Each prints a running balance, which shows a line that is missing or was changed.
"""

from billing.bills.layouts.layout import Layout, columns
from billing.bills.mapping import Directed, InOut, Mapping, Signed
from tenants.refusals import N_

CHINA_MERCHANTS = Layout(
    code="bank_cmb",
    label=N_("招商银行交易流水"),
    columns=columns("记账日期,货币,交易金额,联机余额,交易摘要,对手信息,客户摘要"),
    mapping=Mapping(
        on="记账日期",
        amount=Signed(column="交易金额"),
        counterparty=("对手信息",),
        text=("交易摘要", "客户摘要"),
        currency="货币",
        nature="交易摘要",
    ),
    balance="联机余额",
)

ICBC = Layout(
    code="bank_icbc",
    label=N_("工商银行交易明细"),
    columns=columns("交易日期,摘要,交易详情,记账金额(收入),记账金额(支出),记账币种,余额,对方户名,对方账户"),
    mapping=Mapping(
        on="交易日期",
        amount=InOut(received="记账金额(收入)", paid="记账金额(支出)"),
        counterparty=("对方户名", "对方账户"),
        text=("摘要", "交易详情"),
        currency="记账币种",
        nature="摘要",
    ),
    balance="余额",
)

BANK_OF_CHINA = Layout(
    code="bank_boc",
    label=N_("中国银行交易流水"),
    columns=columns("记账日期,记账时间,币别,金额,余额,交易名称,渠道,网点名称,附言,对方账户名,对方卡号/账号,对方开户行"),
    mapping=Mapping(
        on="记账日期",
        time="记账时间",
        amount=Signed(column="金额"),
        counterparty=("对方账户名", "对方卡号/账号"),
        text=("交易名称", "附言"),
        currency="币别",
        nature="交易名称",
    ),
    balance="余额",
)

AGRICULTURAL = Layout(
    code="bank_abc",
    label=N_("农业银行交易明细"),
    columns=columns("交易日期,交易时间,交易摘要,交易金额,本次余额,对手信息,日志号,交易渠道,交易附言"),
    mapping=Mapping(
        on="交易日期",
        time="交易时间",
        amount=Signed(column="交易金额"),
        references=("日志号",),
        counterparty=("对手信息",),
        text=("交易摘要", "交易附言"),
        nature="交易摘要",
    ),
    balance="本次余额",
)

COMMUNICATIONS = Layout(
    code="bank_bocom",
    label=N_("交通银行交易明细"),
    columns=columns("序号,交易日期,交易时间,交易类型,借贷,交易金额,余额,对方账号,对方户名,交易地点,摘要"),
    mapping=Mapping(
        on="交易日期",
        time="交易时间",
        amount=Directed(
            column="交易金额",
            direction="借贷",
            received=("贷 Cr", "贷Cr", "贷", "Cr"),
            paid=("借 Dr", "借Dr", "借", "Dr"),
        ),
        counterparty=("对方户名", "对方账号"),
        text=("交易类型", "摘要"),
        nature="交易类型",
    ),
    balance="余额",
)
