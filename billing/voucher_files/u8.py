"""Yonyou U8/T3's text: GBK, `填制凭证,V800`, one line of 48 fields per entry, entries of a voucher adjacent.

Fields 18 to 21 (customer, supplier, salesman, project) are inferred from their position in two published programs.
"""

from collections.abc import Sequence

from billing.voucher_files.preflight import LONGEST_U8_SUMMARY
from billing.voucher_files.shapes import Export, Line, Posted
from billing.voucher_files.sides import one_line, sides, yuan

FIELDS = 48


def u8(vouchers: Sequence[Posted], export: Export) -> bytes:
    """The text that U8 imports. Every account must be mapped and every text be within GBK (preflight)."""
    lines = ["填制凭证,V800"]
    lines += [_line(voucher, line, export) for voucher in vouchers for line in voucher.lines]
    return ("\r\n".join(lines) + "\r\n").encode("gbk")


def _line(voucher: Posted, line: Line, export: Export) -> str:
    debit, credit = sides(line, voucher, export.reversals)
    fields = [""] * FIELDS
    fields[0] = voucher.on.isoformat()
    fields[1] = export.word
    fields[2] = str(voucher.number)
    fields[3] = str(voucher.attachments)
    # There is no quoting: a comma within a text would begin another field.
    fields[4] = one_line(line.summary).replace(",", "，")[:LONGEST_U8_SUMMARY]
    fields[5] = export.accounts[line.account].code
    fields[6] = yuan(debit)
    fields[7] = yuan(credit)
    fields[8] = fields[9] = fields[10] = "0"
    fields[11] = export.prepared_by
    fields[15] = export.departments.get(line.department, "")
    fields[17] = export.customers.get(line.merchant, "")
    return ",".join(field.replace(",", "，") for field in fields)
