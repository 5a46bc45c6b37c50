"""Vouchers go out in the layouts that Kingdee and Yonyou import, or not at all."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.voucher_files.shapes import Export, ExportRefused, Line, Posted, ReversalStyle, Target, TargetAccount
from billing.voucher_files.u8 import FIELDS
from billing.voucher_files.workbooks import JINGDOUYUN, K3
from billing.voucher_files.writing import write

ACCOUNTS = {
    "1122": TargetAccount(code="1122.01", name="应收账款_代垫"),
    "6601": TargetAccount(code="6601.09", name="销售费用_售后"),
    "2241": TargetAccount(code="2241", name="其他应付款"),
}
VOUCHER = Posted(
    number=7,
    on=date(2026, 11, 30),
    attachments=2,
    reversal=False,
    closed=True,
    lines=(
        Line("1122", "应收商家", "工单 SQ-1 退货运费, 商家承担", 123450, 0, merchant="m1"),
        Line("6601", "代运营方承担", "工单 SQ-1\n我方承担", 50, 0, department="finance"),
        Line("2241", "其他应付", "=1+1", 0, 123500),
    ),
)
REVERSAL = replace(
    VOUCHER,
    number=8,
    reversal=True,
    lines=tuple(replace(line, debit=line.credit, credit=line.debit) for line in VOUCHER.lines),
)


def export(target: Target, style: ReversalStyle = ReversalStyle.RED_LETTER) -> Export:
    return Export(
        target=target,
        prepared_by="出纳",
        reversals=style,
        accounts=ACCOUNTS,
        customers={"m1": "C001"},
        departments={"finance": "D01"},
    )


def rows(content: bytes) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    header, *below = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in below]


def test_jingdouyun_gets_its_25_columns() -> None:
    first, second, third = rows(write([VOUCHER], export(Target.JINGDOUYUN)).content)

    assert len(JINGDOUYUN) == len(first) == 25
    assert (first["日期"], first["凭证字"], first["凭证号"], first["分录序号"]) == ("2026-11-30", "记", 7, 1)
    assert (first["科目代码"], first["借方金额"], first["贷方金额"], first["客户"]) == ("1122.01", 1234.5, 0, "C001")
    assert (second["摘要"], second["部门"]) == ("工单 SQ-1 我方承担", "D01")
    assert third["摘要"] == "=1+1"


def test_k3_gets_its_37_columns() -> None:
    first, second, _ = rows(write([VOUCHER], export(Target.K3)).content)

    assert len(K3) == len(first) == 37
    assert (first["会计年度"], first["会计期间"], first["序号"], first["分录序号"]) == (2026, 11, 7, 0)
    assert (first["核算项目"], second["核算项目"]) == ("客户---C001", "部门---D01")


def test_u8_gets_48_fields_in_gbk_and_no_comma_within_a_text() -> None:
    head, *lines = write([VOUCHER], export(Target.U8)).content.decode("gbk").splitlines()

    assert head == "填制凭证,V800"
    fields = [line.split(",") for line in lines]
    assert [len(each) for each in fields] == [FIELDS] * 3
    assert fields[0][:8] == [
        "2026-11-30",
        "记",
        "7",
        "2",
        "工单 SQ-1 退货运费， 商家承担",
        "1122.01",
        "1234.50",
        "0.00",
    ]
    assert (fields[0][17], fields[1][15]) == ("C001", "D01")


@pytest.mark.parametrize("target", Target)
def test_a_reversal_goes_out_in_red_letter_or_with_its_sides_swapped(target: Target) -> None:
    def amounts(style: ReversalStyle) -> tuple[float, float]:
        content = write([REVERSAL], export(target, style)).content
        if target is Target.U8:
            fields = content.decode("gbk").splitlines()[1].split(",")
            return float(fields[6]), float(fields[7])
        row = rows(content)[0]
        sides = ("借方", "贷方") if target is Target.K3 else ("借方金额", "贷方金额")
        debit, credit = (row[side] for side in sides)
        assert isinstance(debit, int | float)
        assert isinstance(credit, int | float)
        return debit, credit

    assert amounts(ReversalStyle.RED_LETTER) == (-1234.5, 0)
    assert amounts(ReversalStyle.SWAPPED) == (0, 1234.5)


@pytest.mark.parametrize(
    ("voucher", "said"),
    [
        (replace(VOUCHER, closed=False), "尚未结账"),
        (replace(VOUCHER, currency="USD"), "不是人民币"),
        (replace(VOUCHER, lines=VOUCHER.lines[:2]), "借贷不平"),
        (replace(VOUCHER, lines=(replace(VOUCHER.lines[0], account="9999"), *VOUCHER.lines[1:])), "9999"),
        (replace(VOUCHER, lines=(replace(VOUCHER.lines[0], summary="好评😀"), *VOUCHER.lines[1:])), "😀"),
    ],
    ids=["open", "currency", "unequal", "unmapped", "character"],
)
def test_preflight_names_what_is_to_be_put_right(voucher: Posted, said: str) -> None:
    with pytest.raises(ExportRefused) as told:
        write([voucher], export(Target.U8))

    assert any(said in obstacle.message for obstacle in told.value.obstacles)


def test_an_account_that_is_not_the_last_is_refused_once_however_often_it_occurs() -> None:
    above = Export(
        target=Target.K3,
        prepared_by="出纳",
        accounts={**ACCOUNTS, "1122": TargetAccount(code="1122", name="x", leaf=False)},
    )
    with pytest.raises(ExportRefused) as told:
        write([VOUCHER, replace(VOUCHER, number=9)], above)

    assert len(told.value.obstacles) == 1


def test_an_export_of_nothing_is_refused() -> None:
    with pytest.raises(ExportRefused):
        write([], export(Target.K3))


@given(st.lists(st.integers(min_value=1, max_value=10**12), min_size=1, max_size=8), st.sampled_from(ReversalStyle))
def test_both_sides_are_equal_in_the_file_to_the_fen(amounts: list[int], style: ReversalStyle) -> None:
    lines = [Line("1122", "", "x", fen, 0) for fen in amounts] + [Line("2241", "", "x", 0, sum(amounts))]
    voucher = replace(VOUCHER, lines=tuple(lines), reversal=True)

    fields = [
        line.split(",") for line in write([voucher], export(Target.U8, style)).content.decode("gbk").split("\r\n")[1:-1]
    ]

    def fen(text: str) -> int:
        return int(text.replace(".", ""))

    assert sum(fen(each[6]) for each in fields) == sum(fen(each[7]) for each in fields)
