"""From a row and a mapping to a line: amount with its sign, references, nature, and the key that names it for good."""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import date

from billing.bills import values
from billing.bills.mapping import Directed, InOut, Mapping, Signed
from billing.bills.rows import Row
from billing.bills.shapes import BillLine, Nature
from tenants.refusals import N_, Message

# Said by the platforms themselves; the first that occurs decides. A refund of a fee is a fee.
_NATURES = (
    (Nature.FEE, ("手续费", "服务费", "佣金", "软件费", "技术费")),
    (Nature.REFUND, ("退款", "REFUND", "REVOKED", "退货")),
    (Nature.TRANSFER, ("提现", "充值", "转账到银行卡", "余额宝", "资金划拨", "保证金")),
    (Nature.PAYMENT, ("交易", "付款", "支付", "SUCCESS", "收款", "消费")),
)
_CURRENCIES = {"人民币": "CNY", "人民币元": "CNY", "RMB": "CNY", "CNY": "CNY", "": "CNY"}
_NO_DAY = date.min


class Keys:
    """The keys of one file's lines. Lines that say exactly the same are told apart by their order."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def key(self, *parts: object) -> str:
        """The key of a line that consists of these."""
        digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:32]
        self._seen[digest] += 1
        return digest if self._seen[digest] == 1 else f"{digest}-{self._seen[digest]}"


def nature(said: str) -> Nature:
    """What a line is about, by the word that its sender uses for it."""
    return next((kind for kind, words in _NATURES if any(word in said for word in words)), Nature.OTHER)


def line(row: Row, mapping: Mapping, keys: Keys, moved: Callable[[Row], int | None] | None = None) -> BillLine | None:
    """The line that the row says, or None where it moved nothing. Faults are noted with the row.

    `moved` reads the signed amount where the mapping's columns alone do not say it.
    """
    amount = (moved or (lambda each: _amount(each, mapping)))(row)
    if amount is None:
        return None
    on = row.read(mapping.on, values.day, _NO_DAY)
    at = row.read(mapping.time or mapping.on, values.clock, None)
    columns: dict[str, str] = {}
    for column in mapping.references:
        columns.setdefault(row.read(column, values.reference, ""), column)
    columns.pop("", None)
    references = tuple(columns)
    text = " ".join(filter(None, (values.remark(row.cell(column)) for column in mapping.text)))
    parts = [row.read(column, values.reference, "") for column in mapping.key]
    # A refund has the number of its payment, so the amount is part of what names a line.
    identity = [*parts, amount] if any(parts) else [on, at, amount, *references, text]
    return BillLine(
        number=row.number,
        on=on,
        at=at,
        fen=amount,
        fee_fen=row.read(mapping.fee, values.fen_or_nothing, 0) if mapping.fee else 0,
        currency=_currency(row, mapping),
        nature=nature(row.text(mapping.nature) if mapping.nature else text),
        references=references,
        numbered=tuple(columns.values()),
        counterparty=" ".join(filter(None, (values.counterparty(row.cell(column)) for column in mapping.counterparty))),
        text=text,
        key=keys.key(*identity),
    )


def _amount(row: Row, mapping: Mapping) -> int | None:
    match mapping.amount:
        case Signed(column=column, costs=costs):
            return -row.fen(column) if costs else row.fen(column)
        case InOut(received=received, paid=paid):
            came, went = (row.read(column, values.fen_or_nothing, 0) for column in (received, paid))
            if came and went:
                row.fault(paid, Message(N_("同一行不能既有收入又有支出")))
            if not (row.text(received) or row.text(paid)):
                row.fault(received, Message(N_("收入与支出至少填写一项")))
            # The column says that it was paid; senders differ in whether they write the sign as well.
            return came - abs(went)
        case Directed() as directed:
            word = row.text(directed.direction)
            if word in directed.neither:
                return None
            amount = abs(row.fen(directed.column))
            if word not in (*directed.received, *directed.paid):
                words = "、".join((*directed.received, *directed.paid, *directed.neither))
                row.fault(directed.direction, Message(N_("须为其中之一：%(words)s"), words=words))
            return amount if word in directed.received else -amount


def _currency(row: Row, mapping: Mapping) -> str:
    said = row.text(mapping.currency).upper() if mapping.currency else ""
    code = _CURRENCIES.get(said, said)
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        row.fault(mapping.currency or "", Message(N_("须为币种，如 人民币 或 CNY")))
        return "CNY"
    return code
