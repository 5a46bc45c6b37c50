"""Amounts of money as people write them into a ledger. Pure."""

import re
import unicodedata

from anshou.tickets.importing.dates import Rule
from billing.bills import values

_PLAIN = re.compile(r"\d+(?:\.\d{1,2})?", re.ASCII)
_ABOUT = re.compile(r"^(?:约|大约|大概|近|差不多)|(?:左右|上下|多)$")
_TEN_THOUSANDS = re.compile(r"(\d+(?:\.\d{1,6})?)万元?", re.ASCII)


def read_amount(cell: str) -> tuple[int, Rule | None] | None:
    """Fen and what was added to read them; None if the cell holds no amount that is at least zero."""
    text = unicodedata.normalize("NFKC", values.plain(cell)).replace(" ", "")
    about = _ABOUT.sub("", text)
    rule = Rule.ABOUT if about != text else None
    try:
        if found := _TEN_THOUSANDS.fullmatch(about):
            whole, _, decimals = found[1].partition(".")
            fen = int(whole) * 1_000_000 + int(decimals.ljust(6, "0") or 0)
            return fen, Rule.TEN_THOUSANDS
        fen = values.fen(about)
    except values.Unreadable:
        return None
    if fen < 0:
        return None
    if rule is None and not _PLAIN.fullmatch(cell):
        rule = Rule.AMOUNT
    return fen, rule


def yuan(fen: int) -> str:
    """As it is proposed and as it can be typed."""
    return f"{fen // 100}.{fen % 100:02}"
