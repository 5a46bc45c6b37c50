"""Phone numbers as people write them: what one must look like, and when only its end is known.

How two writings of one number are compared is the field's own affair: `confidentiality.sealing.masks.phone`.
"""

import re

from confidentiality.sealing import masks

LAST = 4

# Four digits at least: hotlines have five, and nobody is called on fewer.
_PHONE = re.compile(r"\d{4,15}(?:x\d{1,8})?")


def is_phone(written: str) -> bool:
    """Whether it is a number that somebody can be called on: 4 to 15 digits, perhaps with an extension."""
    return _PHONE.fullmatch(masks.phone.normal(written)) is not None


def is_last_digits(written: str) -> bool:
    """Whether it is only the end of a phone number: four digits."""
    normal = masks.phone.normal(written)
    return len(normal) == LAST and normal.isdecimal()
