"""Numbers of people that slip into free text: mobile phones, identity numbers, bank cards.

Free text is read by everybody who reads the ticket, so a number belongs into a consumer record instead. This is a hint
and no proof: what looks like a number may be an order number, so a person decides.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tenants.labels import Labelled
from tenants.refusals import N_


class Slip(Labelled):
    """What a number in a text looks like."""

    MOBILE = "mobile", N_("手机号")
    IDENTITY = "identity", N_("身份证号")
    BANK_CARD = "bank_card", N_("银行卡号")


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text: what it looks like, and from where to where."""

    slip: Slip
    start: int
    end: int


# Blanks and dashes between digits are how people group them; letters and further digits beside a number make it
# part of something else, an order number for instance.
_GAP = r"[ \-\u2010-\u2015\u2212]{0,3}"
_MOBILE = re.compile(rf"(?<![0-9A-Za-z])(?:(?:\+|00)?86{_GAP})?(1[3-9]\d(?:{_GAP}\d){{8}})(?![0-9A-Za-z])")
_IDENTITY = re.compile(rf"(?<![0-9A-Za-z])([1-9](?:{_GAP}\d){{16}}{_GAP}[0-9Xx])(?![0-9A-Za-z])")
_BANK_CARD = re.compile(rf"(?<![0-9A-Za-z])([3-9](?:{_GAP}\d){{14,18}})(?![0-9A-Za-z])")
_UNION_PAY = re.compile(r"62\d{14,17}")

# GB 11643-1999: each digit's weight, and the check character for each remainder by 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def slips_in(text: str) -> list[Found]:
    """The numbers in the text, in their order. Pure.

    A mobile number is known by its form (1 and eleven digits), the other two also by their check digit.
    """
    found: list[Found] = []
    for one in sorted(_candidates(_plain(text)), key=lambda one: (one.start, -one.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def sure_slips_in(text: str) -> list[Found]:
    """Those for which a text may be refused where nobody is asked. Pure.

    One in ten order numbers has a bank card's check digit by chance, and some shops' begin as cards of other countries
    do: of cards only those count that begin as UnionPay's do (62).
    """
    plain = _plain(text)
    return [
        one
        for one in slips_in(text)
        if one.slip is not Slip.BANK_CARD or _UNION_PAY.fullmatch(_digits(plain[one.start : one.end]))
    ]


def masked(text: str) -> str:
    """The text with every such number masked: its first three and last four characters stay (138****1234)."""
    pieces, at = [], 0
    for one in slips_in(text):
        number = [place for place in range(one.start, one.end) if text[place].isalnum()]
        kept = {*number[:3], *number[-4:]}
        pieces.append(text[at : one.start])
        inside = range(one.start, one.end)
        pieces.append("".join(text[p] if p in kept or not text[p].isalnum() else "*" for p in inside))
        at = one.end
    return "".join(pieces) + text[at:]


def _plain(text: str) -> str:
    # Full-width digits are digits; a width that changes nothing else keeps every position.
    return "".join(narrow if len(narrow := unicodedata.normalize("NFKC", one)) == 1 else one for one in text)


def _candidates(plain: str) -> Iterator[Found]:
    for match in _IDENTITY.finditer(plain):
        if _is_identity(_digits(match[1])):
            yield Found(Slip.IDENTITY, match.start(1), match.end(1))
    for match in _BANK_CARD.finditer(plain):
        if _is_card(_digits(match[1])):
            yield Found(Slip.BANK_CARD, match.start(1), match.end(1))
    for match in _MOBILE.finditer(plain):
        yield Found(Slip.MOBILE, match.start(1), match.end(1))


def _digits(written: str) -> str:
    return re.sub(r"[^\dX]", "", written.upper())


def _is_identity(number: str) -> bool:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if not (1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECK[total % 11] == number[17]


def _is_card(number: str) -> bool:
    """The check digit of ISO/IEC 7812-1 (Luhn), for the lengths that Chinese banks give."""
    if len(number) not in (15, 16, 17, 18, 19) or len(set(number)) == 1:
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
