"""Kingdee's two layouts: 精斗云 with 25 columns, K3/KIS with 37. Facts of their columns: several exporters agree."""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal

import xlsxwriter

from billing.voucher_files.shapes import Export, Line, Posted
from billing.voucher_files.sides import one_line, sides, yuan


def _named(*lines: str) -> tuple[str, ...]:
    return tuple(name for line in lines for name in line.split(","))


JINGDOUYUN = _named(
    "日期,凭证字,凭证号,附件数,分录序号,摘要,科目代码,科目名称,借方金额,贷方金额,客户,供应商,职员,项目,部门,存货",
    "自定义辅助核算类别,自定义辅助核算编码,自定义辅助核算类别1,自定义辅助核算编码1,数量,单价,原币金额,币别,汇率",
)
K3 = _named(
    "凭证日期,会计年度,会计期间,凭证字,凭证号,科目代码,科目名称,币别代码,币别名称,原币金额,借方,贷方,制单,审核,核准,出纳,经办",
    "结算方式,结算号,凭证摘要,数量,数量单位,单价,参考信息,业务日期,往来业务编号,附件数,序号,系统模块,业务描述,汇率类型,汇率",
    "分录序号,核算项目,过账,机制凭证,现金流量",
)

Cell = str | int | Decimal


def jingdouyun(vouchers: Sequence[Posted], export: Export) -> bytes:
    """The workbook that 精斗云 imports."""
    return _workbook(JINGDOUYUN, vouchers, (_for_jingdouyun(*each, export) for each in _entries(vouchers)))


def k3(vouchers: Sequence[Posted], export: Export) -> bytes:
    """The workbook that K3 and KIS import."""
    return _workbook(K3, vouchers, (_for_k3(*each, export) for each in _entries(vouchers)))


def _entries(vouchers: Sequence[Posted]) -> Iterator[tuple[Posted, int, Line]]:
    return ((voucher, place, line) for voucher in vouchers for place, line in enumerate(voucher.lines, start=1))


def _for_jingdouyun(voucher: Posted, place: int, line: Line, export: Export) -> Mapping[str, Cell]:
    debit, credit = sides(line, voucher, export.reversals)
    account = export.accounts[line.account]
    return {
        "日期": voucher.on.isoformat(),
        "凭证字": export.word,
        "凭证号": voucher.number,
        "附件数": voucher.attachments,
        "分录序号": place,
        "摘要": one_line(line.summary),
        "科目代码": account.code,
        "科目名称": account.name,
        "借方金额": _amount(debit),
        "贷方金额": _amount(credit),
        "客户": export.customers.get(line.merchant, ""),
        "部门": export.departments.get(line.department, ""),
        "原币金额": _amount(debit or credit),
        "币别": "RMB",
        "汇率": 1,
    }


def _for_k3(voucher: Posted, place: int, line: Line, export: Export) -> Mapping[str, Cell]:
    debit, credit = sides(line, voucher, export.reversals)
    account = export.accounts[line.account]
    day = voucher.on.isoformat()
    items = (("客户", export.customers.get(line.merchant)), ("部门", export.departments.get(line.department)))
    return {
        "凭证日期": day,
        "会计年度": voucher.on.year,
        "会计期间": voucher.on.month,
        "凭证字": export.word,
        "凭证号": voucher.number,
        "科目代码": account.code,
        "科目名称": account.name,
        "币别代码": "RMB",
        "币别名称": "人民币",
        "原币金额": _amount(debit or credit),
        "借方": _amount(debit),
        "贷方": _amount(credit),
        "制单": export.prepared_by,
        "凭证摘要": one_line(line.summary),
        "业务日期": day,
        "附件数": voucher.attachments,
        "序号": voucher.number,
        "汇率类型": "公司汇率",
        "汇率": 1,
        "分录序号": place - 1,
        "核算项目": ";".join(f"{kind}---{code}" for kind, code in items if code),
    }


def _amount(fen: int) -> Decimal:
    """Yuan as a number of the workbook: exact in its fifteen digits up to a million million."""
    return Decimal(yuan(fen))


def _workbook(columns: Sequence[str], vouchers: Sequence[Posted], rows: Iterator[Mapping[str, Cell]]) -> bytes:
    written = io.BytesIO()
    # Texts stay texts: what begins with "=" is no formula.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        # A workbook says when it was made; said of the vouchers' last day, the same vouchers make the same bytes.
        book.set_properties({"created": datetime.combine(max(voucher.on for voucher in vouchers), time())})
        money = book.add_format({"num_format": "0.00"})
        sheet = book.add_worksheet("凭证")
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            for name, value in row.items():
                place = columns.index(name)
                if isinstance(value, str):
                    sheet.write_string(number, place, value)
                else:
                    sheet.write_number(number, place, value, money if isinstance(value, Decimal) else None)
    return written.getvalue()
