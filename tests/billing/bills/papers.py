"""Bills as their senders write them, small: each a function of its rows, so that a test changes one thing."""

from collections.abc import Sequence

WECHAT_HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
WECHAT_SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
SOLD = (
    "2026-11-03 10:11:12,wx1,1900000001,0,,4200001,S-1,openid,JSAPI,SUCCESS,OTHERS,CNY,88.00,0.00,0,0,0.00,0.00,,,"
    "杯子 红,蓝各一,,0.53000,0.60%,88.00,0.00,"
)
REFUNDED = (
    "2026-11-04 08:00:00,wx1,1900000001,0,,4200001,S-1,openid,JSAPI,REFUND,OTHERS,CNY,0.00,0.00,5000001,R-1,30.00,0.00,"
    "ORIGINAL,SUCCESS,杯子,,-0.18000,0.60%,0.00,30.00,"
)
WECHAT_TOTALS = ("2", "88.00", "30.00", "0.00", "0.35", "88.00", "30.00")


def wechat(totals: Sequence[str] = WECHAT_TOTALS) -> bytes:
    """A trade bill of one sale and its partial refund. The name of the goods holds a comma, as names do."""
    sold = SOLD.split(",")
    goods = sold.index("杯子 红")
    fields = [*sold[:goods], ",".join(sold[goods : goods + 2]), *sold[goods + 2 :]]
    rows = ["`" + ",`".join(fields), "`" + ",`".join(REFUNDED.split(","))]
    return "\r\n".join([WECHAT_HEADER, *rows, WECHAT_SUMMARY, "`" + ",`".join(totals)]).encode("utf-8-sig")


ALIPAY_HEADER = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,"
    "账户余额（元）,交易渠道,业务类型,备注"
)


def alipay(received: str = "#收入合计：1笔，共100.00元", paid: str = "#支出合计：1笔，共-40.50元") -> bytes:
    """Accounts of a merchant, as they lie in the archive: GBK, notes around, ids that end in a tab."""
    return "\r\n".join(
        [
            "#支付宝账务明细查询",
            "#账号：[20880000000001560156]",
            "#起始日期：[2026年11月01日 00:00:00]",
            "#-----------------------------------------账务明细列表----------------------------------------",
            ALIPAY_HEADER,
            "A1\t,B1\t,S-1\t,杯子,2026-11-03 10:11:12,buy***@example.com,100.00,,600.00,支付宝,在线支付,",
            "A2\t,B2\t,S-2\t,杯子,2026-11-03 12:00:00,13800001234,,-40.50,559.50,支付宝,交易退款,",
            "#-----------------------------------------账务明细列表结束------------------------------------",
            paid,
            received,
            "#导出时间：[2026年11月05日 09:00:00]",
        ]
    ).encode("gb18030")


def pinduoduo(total: str = "总计,,120.00,-20.00,,,") -> bytes:
    """Accounts of a shop on Pinduoduo: four lines before the header, a total that is no line."""
    return "\n".join(
        [
            "#账务明细,,,,,,",
            "#店铺：晨光家居旗舰店,,,,,,",
            "#起始时间：2026-11-01,,,,,,",
            "#以下为明细,,,,,,",
            "商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注,业务描述",
            "261103-001\t,2026-11-03 10:11:12,120.00,,交易收入,,0010001|交易收入-订单收入",
            "261103-002\t,2026-11-04 10:11:12,,-20.00,退款,,0020002|交易退款-订单退款",
            total,
        ]
    ).encode("gb18030")


BANK_HEADER = "记账日期,货币,交易金额,联机余额,交易摘要,对手信息,客户摘要"


def bank(rows: Sequence[str]) -> bytes:
    """A statement of China Merchants Bank."""
    return "\n".join(["招商银行交易流水", "户名：晨光", BANK_HEADER, *rows]).encode()
