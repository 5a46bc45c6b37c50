"""By which numbers a line of a bill is compared with the books."""

import re

from anshou.finance.claiming import PREFIX
from billing.bills.numbers import kind_of
from billing.bills.shapes import BillLine
from billing.reconciliation.lines import COST, MOST_REFERENCES, UNNAMED, reference

_COST_NUMBER = re.compile(rf"{PREFIX}\d{{4}}-\d{{5,}}")


def references_of(line: BillLine) -> tuple[str, ...]:
    """Numbers of costs of ours first, wherever they stand, then the line's own by what their columns number.

    Who pays a claim writes its number into the remark, or gives it to the platform as the merchant's order number.
    """
    found = [reference(COST, number) for number in _COST_NUMBER.findall(line.text.upper())]
    for number, column in zip(line.references, line.numbered, strict=True):
        is_ours = _COST_NUMBER.fullmatch(number.upper())
        found.append(reference(COST if is_ours else kind_of(column) or UNNAMED, number))
    return tuple(dict.fromkeys(filter(None, found)))[:MOST_REFERENCES]
