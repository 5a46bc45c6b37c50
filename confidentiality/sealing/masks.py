"""How a confidential text is shown to whoever has not revealed it, and how it is written for comparing.

Masks are computed from the opened text and never stored: 138****1234 leaves ten thousand possibilities.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

HIDDEN = "****"


@dataclass(frozen=True, slots=True)
class Mask:
    """`show` masks a text; `normal` gives the form in which two writings of the same thing are equal.

    `stem` gives the part of a normal form whose last characters people search by: of a phone what stands before the
    extension, as it shows.
    """

    name: str
    show: Callable[[str], str]
    normal: Callable[[str], str]
    stem: Callable[[str], str] = str


def normal_text(text: str) -> str:
    """Compatibility forms made one (full-width digits and letters too), case folded, outer and double spaces gone."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_NOT_IN_NUMBERS = re.compile(r"[^0-9a-z]")
_NOT_IN_PHONES = re.compile(r"[^0-9x]")
_EXTENSION = re.compile(r"(?:转|轉|分机|ext\.?|x|#|,)\s*(?=\d+$)")
_COUNTRY = re.compile(r"^(?:00)?86(?=1\d{10}(?:x|$)|0\d{9,11}(?:x|$))")
# The platforms' privacy numbers: a mobile number and an extension behind a hyphen.
_PRIVACY_NUMBER = re.compile(r"^(\+?(?:00)?(?:86)?[\s-]*1(?:[\s-]*\d){10})\s*-\s*(\d{1,6})$")


def normal_phone(text: str) -> str:
    """The digits, without China's country code; an extension behind an `x`.

    `+86 138-1234-1234`, `１３８１２３４１２３４` and `13812341234` are the same.
    """
    if len(text) == 11 and text.isascii() and text.isdigit() and text[0] == "1":
        # As nearly all are written; a search through candidates asks a hundred times.
        return text
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    text = _PRIVACY_NUMBER.sub(r"\1x\2", text)
    digits = _NOT_IN_PHONES.sub("", _EXTENSION.sub("x", text))
    return _COUNTRY.sub("", digits)


def _without_extension(normal: str) -> str:
    return normal.partition("x")[0]


def normal_number(text: str) -> str:
    """Letters and digits only, letters small: order numbers, bank accounts, identity numbers."""
    return _NOT_IN_NUMBERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _show_phone(text: str) -> str:
    if len(text) == 11 and text.isascii() and text.isdigit():
        return f"{text[:3]}****{text[7:]}"
    digits = text if text.isascii() and text.isdigit() else _without_extension(normal_phone(text))
    if len(digits) >= 11:
        return f"{digits[:3]}{HIDDEN}{digits[-4:]}"
    return HIDDEN + digits[-2:] if len(digits) >= 7 else HIDDEN


def _show_name(text: str) -> str:
    # One star whatever the length: two characters or four is part of what is hidden.
    return text[0] + "*" if len(text) > 1 else "*"


_CITY = r"[^省市区县]{2,10}?(?:市|自治州|地区|盟)"
_PROVINCE_AND_CITY = re.compile(
    rf"^(?:中国)?((?:[^省市区县]{{2,3}}省|[^省市区县]{{2,8}}(?:自治区|特别行政区))(?:{_CITY})?"
    # Without a province only what a district follows is a city: a street's 超市 is none.
    rf"|{_CITY}(?=[^省市区县]{{1,8}}[区县市旗]))"
)


def _show_address(text: str) -> str:
    shown = _PROVINCE_AND_CITY.match(text.strip())
    return (shown[1] if shown else "") + HIDDEN


def _show_tail(text: str) -> str:
    return HIDDEN + text[-4:] if len(text) >= 10 else HIDDEN


def _show_identity(text: str) -> str:
    return f"{text[0]}{HIDDEN}{text[-1]}" if len(text) >= 15 else HIDDEN


def _show_nothing(text: str) -> str:
    return HIDDEN


phone = Mask("phone", _show_phone, normal_phone, _without_extension)
"""138****1234"""

name = Mask("name", _show_name, normal_text)
"""张*"""

address = Mask("address", _show_address, normal_text)
"""广东省深圳市****"""

order_number = Mask("order_number", _show_tail, normal_number)
"""****5678"""

bank_account = Mask("bank_account", _show_tail, normal_number)
"""****0019"""

identity_number = Mask("identity_number", _show_identity, normal_number)
"""4****X"""

text = Mask("text", _show_nothing, normal_text)
"""****"""
