"""Each known layout by one of its rows: what it says in fen, when, of which nature, under which numbers."""

from datetime import date, time

import pytest

from billing.bills.layouts.known import KNOWN
from billing.bills.reading import read
from billing.bills.shapes import Nature
from tests.billing.bills import papers

ROWS = {
    "wechat_funds": (
        "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号\n"
        "`2026-11-03 10:11:12,`42001,`F1,`提现,`提现,`支出,`500.00,`20.00,`system,`提现到卡,`V1\n"
        "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n"
        "`1,`0,`0.00,`1,`500.00\n",
        (-50000, Nature.TRANSFER, ("42001", "V1", "F1")),
    ),
    "alipay_business": (
        "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,"
        "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
        "退款批次号/请求号,服务费（元）,分润（元）,备注\n"
        "P1\t,S-9\t,退款,杯,2026-11-03 10:00:00,2026-11-03 10:11:12,,,,,a***,-30.00,-30.00,0,0,0,0,0,,0,0,Q1,0.18,0,\n"
        "#退款合计：1笔，商家实收共-30.00元，商家优惠共0.00元\n",
        (-3000, Nature.REFUND, ("S-9", "P1", "Q1")),
    ),
    "douyin": (
        "动账时间,动账方向,动账金额,动账场景,备注,平台服务费,佣金,站外推广费,招商服务费,订单实付应结,订单退款,订单号\n"
        "2026-11-03 10:11:12,出账,12.30,已退款,,0,0,0,0,0,12.30,'6920\n".replace("'", ""),
        (-1230, Nature.REFUND, ("6920",)),
    ),
    "alipay_personal": (
        "支付宝账单\n\n交易时间 ,交易分类 ,交易对方 ,对方账号 ,商品说明 ,收/支 "
        ",金额 ,收/付款方式 ,交易状态 ,交易订单号 ,商家订单号 ,备注 ,\n"
        "2026-11-03 10:11:12 ,退款 ,某店 ,/ ,退款-杯子 ,不计收支 ,16.03 ,花呗 ,退款成功 ,2026X\t,T1\t, ,\n"
        "2026-11-03 10:11:13 ,投资理财 ,基金 ,/ ,卖出 ,不计收支 ,99.34 ,余额宝 ,交易成功 ,2026Y\t,\t, ,\n",
        (1603, Nature.REFUND, ("T1", "2026X")),
    ),
    "wechat_personal": (
        "微信支付账单明细,,,,,,,,,,\n"
        "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n"
        '2026-11-03 10:11:12,商户消费,快递,运费,支出,¥28.16,零钱,支付成功,"1000\t","M1\t","服务费¥0.10"\n'
        '2026-11-03 10:11:13,零钱提现,银行,/,/,¥90.00,银行,提现已到账,"1001\t","/",""\n',
        (-2816, Nature.PAYMENT, ("M1", "1000")),
    ),
    "jd_personal": (
        "导出信息：\n交易时间,商户名称,交易说明,金额,收/付款方式,交易状态,收/支,交易分类,交易订单号,商家订单号,备注\n"
        "2026-11-03 10:11:12\t,京东平台商户,毛衣,131.77(已退款89.84),银行卡,交易成功,支出,服饰,J1\t,M1\t, ,\n",
        (-13177, Nature.PAYMENT, ("J1", "M1")),
    ),
    "bank_icbc": (
        "交易日期,摘要,交易详情,交易场所,记账金额（收入）,记账金额（支出）,记账币种,余额,对方户名,对方账户\n"
        '2026-11-03 10:11:12,手续费,网银,北京,,"1,234.50",人民币,10.00,银行,0200001\n',
        (-123450, Nature.FEE, ()),
    ),
    "bank_boc": (
        "记账日期,记账时间,币别,金额,余额,交易名称,渠道,网点名称,附言,对方账户名,对方卡号/账号,对方开户行\n"
        "2026-11-03,10:11:12,人民币,-71.89,9.00,网上快捷支付,银企对接,---------,----------,某店,6226******5669,-------\n",
        (-7189, Nature.PAYMENT, ()),
    ),
    "bank_abc": (
        "交易日期,交易时间,交易摘要,交易金额,本次余额,对手信息,日 志 号,交易渠道,交易附言\n"
        "20261103,101112,转存,+50.00,59.00,某人,123456789,网银,货款\n",
        (5000, Nature.OTHER, ("123456789",)),
    ),
    "bank_bocom": (
        "序号,交易日期,交易时间,交易类型,借贷,交易金额,余额,对方账号,对方户名,交易地点,摘要\n"
        "1,2026-11-03,10:11:12,网上支付,借 Dr,66.60,1.00,62220000,某店,网上,消费\n",
        (-6660, Nature.PAYMENT, ()),
    ),
}
ELSEWHERE = {"wechat_trades", "alipay_accounts", "pinduoduo", "bank_cmb"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("code", sorted(ROWS))
def test_a_row_of_the_layout(code: str, encoding: str) -> None:
    written, (fen, nature, references) = ROWS[code]

    bill = read("x.csv", written.encode(encoding))

    line = bill.lines[0]
    assert (bill.layout, len(bill.lines)) == (code, 1)
    assert (line.fen, line.nature, line.references) == (fen, nature, references)
    assert line.on == date(2026, 11, 3)
    assert line.at == (None if code == "bank_cmb" else time(10, 11, 12))


def test_every_known_layout_has_a_test_and_no_two_have_the_same_columns() -> None:
    assert {layout.code for layout in KNOWN} == ROWS.keys() | ELSEWHERE
    assert len({layout.columns for layout in KNOWN}) == len(KNOWN)


def test_a_fee_that_stands_only_in_the_remarks_is_part_of_the_amount() -> None:
    (line,) = read("x.csv", ROWS["wechat_personal"][0].encode()).lines

    assert (line.fen, line.fee_fen) == (-2816, 10)


def test_what_moved_nothing_is_left_out_and_counted() -> None:
    assert read("x.csv", ROWS["wechat_personal"][0].encode()).left_out == 1
    assert read("x.csv", ROWS["alipay_personal"][0].encode()).left_out == 1


def test_money_that_only_changes_its_place_is_called_so() -> None:
    (line,) = read("x.csv", ROWS["wechat_funds"][0].encode()).lines

    assert line.nature is Nature.TRANSFER


def test_a_phone_number_in_a_remark_is_cut_down() -> None:
    (line,) = read("cmb.csv", papers.bank(["2026-11-03,人民币,1.00,1.00,某人17612345678转账,b,"])).lines

    assert "5678" in line.text
    assert "17612345678" not in line.text
