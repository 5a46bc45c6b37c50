"""Bills are read whole or refused with each place."""

import hashlib
import io
import tracemalloc
import zipfile
from datetime import date, time

import pytest
import xlsxwriter

from billing.bills.layouts.layout import mapped
from billing.bills.mapping import Mapping, Signed
from billing.bills.reading import headings, read
from billing.bills.shapes import BillRefused, Fault, Nature
from tests.billing.bills import papers

COURIER = mapped(
    "tenant:1",
    "顺丰月结",
    Mapping(
        on="日期", amount=Signed(column="运费", costs=True), references=("运单号",), text=("承运商",), key=("运单号",)
    ),
)


def refused(name: str, content: bytes) -> tuple[Fault, ...]:
    with pytest.raises(BillRefused) as told:
        read(name, content, [COURIER])
    return told.value.faults


def test_a_sale_and_its_refund_of_wechat_pay() -> None:
    bill = read("bill.csv", papers.wechat())

    sale, refund = bill.lines
    assert bill.layout == "wechat_trades"
    assert (sale.number, sale.on, sale.at) == (2, date(2026, 11, 3), time(10, 11, 12))
    assert (sale.fen, sale.fee_fen, sale.nature) == (8800, 53, Nature.PAYMENT)
    assert (refund.fen, refund.fee_fen, refund.nature) == (-3000, -18, Nature.REFUND)
    assert sale.text == "杯子 红,蓝各一"
    assert sale.references == ("S-1", "4200001")
    assert refund.references == ("S-1", "4200001", "R-1", "5000001")
    assert {control.name: control.value for control in bill.controls}["手续费总金额"] == 35


@pytest.mark.parametrize("place", range(len(papers.WECHAT_TOTALS)))
def test_each_total_of_wechat_pay_is_checked(place: int) -> None:
    totals = list(papers.WECHAT_TOTALS)
    totals[place] = "7"

    (fault,) = refused("bill.csv", papers.wechat(totals))

    assert fault.column == papers.WECHAT_SUMMARY.split(",")[place]
    assert fault.value in ("7", "7.00")


def test_alipay_is_read_from_its_archive_whichever_file_comes_first() -> None:
    summary = "#支付宝账务汇总查询\r\n#类型,笔数\r\n收入,1\r\n".encode("gb18030")
    bills = []
    for names in (("2088_账务明细.csv", "2088_账务明细(汇总).csv"), ("2088_账务明细(汇总).csv", "2088_账务明细.csv")):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, summary if "汇总" in name else papers.alipay())
        bills.append(read("2088.zip", packed.getvalue()))

    assert bills[0] == bills[1]
    assert [line.fen for line in bills[0].lines] == [10000, -4050]
    assert bills[0].lines[0].references == ("S-1", "B1", "A1")
    assert bills[0].lines[1].counterparty == "****1234"
    assert bills[0].gaps == ()


def test_a_total_of_alipay_that_differs_is_a_fault_with_both_figures() -> None:
    (fault,) = refused("a.csv", papers.alipay(received="#收入合计：1笔，共100.01元"))

    assert fault.column == "收入合计金额"
    assert "100.01" in fault.expected
    assert "100.00" in fault.expected


def test_pinduoduo_is_not_taken_for_alipay_and_its_total_is_no_line() -> None:
    bill = read("pdd.csv", papers.pinduoduo())

    assert bill.layout == "pinduoduo"
    assert [line.fen for line in bill.lines] == [12000, -2000]
    assert bill.lines[1].nature is Nature.REFUND
    assert refused("pdd.csv", papers.pinduoduo("总计,,120.00,-21.00,,,"))[0].column == "支出总计"


def test_a_line_missing_from_a_statement_shows_in_the_running_balance() -> None:
    rows = [
        '2026-11-03,人民币,"1,000.00","3,000.00",转账,某公司 6226000011112222,',
        "2026-11-04,人民币,-200.00,2800.00,代发,某人,",
        "2026-11-05,人民币,-100.00,2700.00,手续费,银行,",
    ]

    assert read("cmb.csv", papers.bank(rows)).gaps == ()
    assert read("cmb.csv", papers.bank(rows[::-1])).gaps == ()
    assert read("cmb.csv", papers.bank([rows[0], rows[2]])).gaps == (5,)
    assert "6226" not in read("cmb.csv", papers.bank(rows)).lines[0].counterparty


def test_every_fault_has_its_line_column_and_value() -> None:
    rows = [
        "2026-11-33,人民币,1.00,1.00,a,b,",
        "2026-11-03,人民币,1.005,1.00,a,b,",
        "2026-11-03,人民币,,1.00,a,b,",
        "2026-11-03,人民币,1.00,1.00,a",
        "2026-11-03,贝壳,1.00,1.00,a,b,",
    ]

    faults = refused("cmb.csv", papers.bank(rows))

    assert [(fault.line, fault.column, fault.value) for fault in faults] == [
        (4, "记账日期", "2026-11-33"),
        (5, "交易金额", "1.005"),
        (6, "交易金额", ""),
        (7, "", "2026-11-03,人民币,1.00,1.00,a"),
        (8, "货币", "贝壳"),
    ]


def courier(number: object) -> bytes:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["顺丰速运 2026年11月 月结账单"])
    sheet.write_row(1, 0, ["日期", "承运商", "运单号", "计费重量", "运费"])
    sheet.write_datetime(2, 0, date(2026, 11, 3))
    sheet.write_row(2, 1, ["顺丰", number, 1.5, 12.3])
    book.close()
    return written.getvalue()


def test_a_workbook_of_a_courier_is_read_by_the_mapping_that_was_made_for_it() -> None:
    bill = read("sf.xlsx", courier("SF0012345678901"), [COURIER])

    assert [(line.on, line.fen, line.references) for line in bill.lines] == [
        (date(2026, 11, 3), -1230, ("SF0012345678901",))
    ]
    assert headings("sf.xlsx", courier(1)) == (2, ("日期", "承运商", "运单号", "计费重量", "运费"))


@pytest.mark.parametrize("number", [7.3125840012345671e17, "1.016E13", "1.016e+13"])
def test_an_id_that_lost_digits_is_refused_and_not_guessed(number: object) -> None:
    (*_, fault) = refused("sf.xlsx", courier(number))

    assert (fault.line, fault.column) == (3, "运单号")
    assert "科学计数法" in fault.expected


def test_a_line_has_the_same_key_in_an_overlapping_file_and_equal_lines_have_different_ones() -> None:
    first = "2026-11-03,人民币,-5.00,95.00,手续费,银行,"
    rows = [first, "2026-11-03,人民币,-5.00,90.00,手续费,银行,", "2026-11-04,人民币,-6.00,84.00,手续费,银行,"]
    whole = [line.key for line in read("a.csv", papers.bank(rows)).lines]
    part = [line.key for line in read("b.csv", papers.bank(rows[2:])).lines]

    assert len(set(whole)) == 3
    assert part == whole[2:]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n\n",
        b"PK\x03\x04 not really an archive",
        b"\xd0\xcf\x11\xe0 nor a workbook",
        "编号,金额\n1,2\n".encode(),
        hashlib.shake_128(b"garbage").digest(10 * 2**20),
        b'a,"b\n' * 2_000_000,
        b",".join([b"1"] * 5_000_000),
    ],
    ids=["empty", "blank", "archive", "workbook", "unknown", "garbage", "quotes", "wide"],
)
def test_what_is_no_bill_is_refused_clearly(content: bytes) -> None:
    (fault,) = refused("x.csv", content)

    assert fault.file == "x.csv"
    assert fault.expected


def test_an_archive_that_would_fill_the_memory_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(9):
            archive.writestr(f"{number}.csv", b"0" * (64 * 2**20))

    tracemalloc.start()
    try:
        faults = refused("bomb.zip", packed.getvalue())
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()
    assert "过大" in faults[0].expected


def test_a_file_that_is_half_of_another_encoding_is_refused_with_its_line() -> None:
    broken = papers.bank(["2026-11-03,人民币,1.00,1.00,a,b,"]) + b"\n\xff\xff"

    (fault,) = refused("cmb.csv", broken)

    assert fault.line >= 4
