"""What narrows a question, as conditions on rows that carry what a ticket is told apart by."""

from typing import Any

from sqlalchemy import ColumnElement, false

from anshou.performance.asking import By, Narrowed
from anshou.performance.sight import Sight
from anshou.tickets.courses.rows import Course, DecidedLimit
from anshou.tickets.tickets import Ticket

Row = Course | Ticket | DecidedLimit

_NAMES = {
    By.MERCHANT: "merchant_id",
    By.SHOP: "shop_id",
    By.KIND: "kind",
    By.CATEGORY: "category",
    By.DEPARTMENT: "department",
    By.PERSON: "owner_id",
}


def key(row: type[Row], by: By) -> ColumnElement[Any]:
    """The column that lines by this are told apart by."""
    column: ColumnElement[Any] = getattr(row, _NAMES[by]).expression
    return column


def narrowing(row: type[Row], narrowed: Narrowed, sight: Sight) -> list[ColumnElement[bool]]:
    """The conditions of what narrows, and of what the person sees.

    Whoever asks for a person, shop or department that they may not ask for gets nothing.
    """
    conditions = sight.reached(row)
    for by in _NAMES:
        wanted = getattr(narrowed, by.value)
        if (wanted is not None or by in narrowed.unknown) and not _may_ask(by, wanted, sight):
            return [false()]
        if by in narrowed.unknown:
            conditions.append(key(row, by).is_(None))
        elif wanted is not None:
            conditions.append(key(row, by) == wanted)
    return conditions


def _may_ask(by: By, wanted: Any, sight: Sight) -> bool:
    if by is By.MERCHANT and sight.is_merchant:
        return bool(wanted == sight.person.merchant_id)
    if by is By.PERSON:
        return sight.people is None if wanted is None else sight.sees(wanted)
    return by in sight.dimensions
