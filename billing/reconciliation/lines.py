"""Lines in the one shape that is matched: of a bill from outside, and of the books inside."""

import unicodedata
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from billing.clauses import MOST
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

# More than any known bill gives: Alipay's five numbers of one transaction, and one of our own.
MOST_REFERENCES = 6
_LONGEST_REFERENCE = 120

# The kind of numbers of which nobody says what they number, as in bills: the same tells, different ones say nothing.
UNNAMED = "no"
# Of our own costs, which stand on claims and in remarks of payments.
COST = "cost"


class Line(Struct, frozen=True, kw_only=True):
    """One movement of money.

    `fen` is signed as the owner of the account sees it on both sides: money in is positive. `references` are made by
    `reference`: "kind:value", where two lines that carry a value of the same kind and share none contradict each other,
    but for the kind `UNNAMED`.
    `source` names where lines of a sort come from ("wechat_funds", "costs"), and is what rules are written for.
    """

    id: UUID
    source: Annotated[str, Meta(min_length=1, max_length=60)]
    booked_on: date
    fen: int
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "CNY"
    references: tuple[str, ...] = ()
    counterparty: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        if not -MOST <= self.fen <= MOST:
            raise Unfit(Message(N_("金额超出可处理的范围")), "fen")
        if len(self.references) > MOST_REFERENCES:
            raise Unfit(Message(N_("一行最多 %(most)s 个单号"), most=MOST_REFERENCES), "references")
        if any(not is_reference(each) for each in self.references):
            raise Unfit(Message(N_("单号须写作“类别:号码”")), "references")


class ExternalLine(Line, frozen=True, kw_only=True):
    """A line of what somebody else sent."""


class InternalLine(Line, frozen=True, kw_only=True):
    """A line of our own books."""


def reference(kind: str, value: str) -> str:
    """The reference as it is compared: half width, upper case, without the blanks, tabs and backticks of bills.

    Returns "" where nothing is left, as in a column that a bill leaves empty.
    """
    bare = "".join(unicodedata.normalize("NFKC", value).split()).strip("`'\"").upper()
    return f"{kind}:{bare}"[:_LONGEST_REFERENCE] if bare and set(bare) - set("-/0") else ""


def is_reference(text: str) -> bool:
    """Whether the text has a kind and a value."""
    kind, colon, value = text.partition(":")
    return bool(kind and colon and value) and len(text) <= _LONGEST_REFERENCE


def normal_name(counterparty: str) -> str:
    """A counterparty's name as it is compared: half width, without blanks, brackets all alike, lower case."""
    return "".join(unicodedata.normalize("NFKC", counterparty).split()).lower()
