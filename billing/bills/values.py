"""Single cells of a bill: amounts in fen, days and times, ids that must not have lost digits, names without numbers."""

import re
import unicodedata
from datetime import date, time

from billing.clauses import MOST
from billing.days import is_bookable
from tenants.refusals import N_, Message

_FULL_WIDTH = str.maketrans({"（": "(", "）": ")", "：": ":", "　": " "})
_NOTHING = frozenset({"", "/", "-", "--", "—", "无"})
_YUAN = re.compile(r"([+-]?)¥?([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?元?", re.ASCII)
# Digits before the point of the largest amount. Python makes no number of thousands of them.
_MOST_DIGITS = len(str(MOST)) - 2
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):?(\d{2})(?::?(\d{2}))?(?:\.\d+)?")
_LOST = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+]?\d+")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{5}(?=\d{4}(?!\d))")
_LONG_NUMBER = re.compile(r"\d{7,}(?=\d{4})")


class Unreadable(ValueError):
    """Raised when a cell does not say what its column holds; `expected` says what that is."""

    def __init__(self, expected: Message) -> None:
        self.expected = expected
        super().__init__(expected)


def heading(cell: str) -> str:
    """A column's name as layouts write it: without blanks around and inside, with half-width brackets."""
    return "".join(plain(cell).translate(_FULL_WIDTH).split())


def plain(cell: str) -> str:
    """A cell without what stands around it: blanks, tabs, marks of byte order, WeChat Pay's backtick."""
    return cell.strip(" \t\r\n　\ufeff\xa0`")


def something(cell: str) -> str:
    """A cell's text, or nothing where it only says that there is nothing: "/", dashes."""
    text = plain(cell)
    return "" if text in _NOTHING or not text.strip("-") else text


def fen(cell: str) -> int:
    """An amount in yuan, at most two decimals that count, as fen: "¥1,234.50" is 123450. Raises Unreadable."""
    text = cell
    if not (found := _YUAN.fullmatch(text)):
        text = unicodedata.normalize("NFKC", plain(cell)).replace(" ", "").replace("￥", "¥").replace("−", "-")
        found = _YUAN.fullmatch(text)
    if found is None or (found[1] and found[2]):
        raise Unreadable(Message(N_("须为以元计的金额，最多两位小数，如 1,234.50")))
    decimals = (found[4] or "").rstrip("0")
    if len(decimals) > 2:
        raise Unreadable(Message(N_("金额最多两位小数")))
    whole = found[3].replace(",", "").lstrip("0")
    if len(whole) > _MOST_DIGITS or int(whole or 0) > MOST // 100:
        raise Unreadable(Message(N_("金额须在 100 亿元以内")))
    amount = int(whole or 0) * 100 + int(decimals.ljust(2, "0") or 0)
    return -amount if "-" in (found[1], found[2]) else amount


def fen_or_nothing(cell: str) -> int:
    """The same, an empty cell being zero."""
    return fen(cell) if something(cell) else 0


def day(cell: str) -> date:
    """A day, with or without a time behind it. Raises Unreadable."""
    text = unicodedata.normalize("NFKC", plain(cell))
    found = _DAY.match(text)
    try:
        if found is None or (text[found.end() :] and text[found.end()] not in " T\t"):
            raise ValueError
        year, month, of_month = (int(part) for part in found.groups() if part is not None)
        read = date(year, month, of_month)
        if not is_bookable(read):
            raise ValueError
        return read
    except ValueError:
        raise Unreadable(Message(N_("须为 2000 年以后的日期，如 2026-11-22"))) from None


def clock(cell: str) -> time | None:
    """The time of day in a cell that holds a time, or a day and a time; None where it has none. Raises Unreadable."""
    text = unicodedata.normalize("NFKC", plain(cell))
    if found := _DAY.match(text):
        text = text[found.end() :].strip(" T\t")
    if not text:
        return None
    parts = _CLOCK.fullmatch(text)
    try:
        if parts is None:
            raise ValueError
        return time(int(parts[1]), int(parts[2]), int(parts[3] or 0))
    except ValueError:
        raise Unreadable(Message(N_("须为时间，如 09:30:00"))) from None


def reference(cell: str) -> str:
    """An id. One that a spreadsheet turned into 1.016E13 has lost digits and is refused. Raises Unreadable."""
    text = something(cell)
    # WeChat Pay writes a zero where there was no refund.
    if text == "0":
        return ""
    if _LOST.fullmatch(text):
        raise Unreadable(Message(N_("编号已被表格软件改成科学计数法而丢失数字，请从来源重新下载，不要用表格软件另存")))
    return text


def counterparty(cell: str) -> str:
    """Who stands opposite, long numbers (accounts, cards, phones) cut down to their last four digits."""
    return _LONG_NUMBER.sub("****", something(cell))


def remark(cell: str) -> str:
    """Free text without the phone numbers that people leave in it; longer numbers may be orders and stay."""
    return _PHONE.sub("****", something(cell))
