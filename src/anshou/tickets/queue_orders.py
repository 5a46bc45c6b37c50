"""In which order a queue comes, and where a page of it ended: keyset paging for every order.

Every order ends in the ticket's id, so that no two lines have one place; each has an index that serves it both ways.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, DateTime, Select, Uuid, bindparam, case, literal_column, tuple_

from anshou.tickets.errors import CursorInvalid
from anshou.tickets.tickets import Ticket
from tenants.labels import Labelled
from tenants.refusals import N_


class Sort(Labelled):
    """By which column a queue is sorted. Lines without one come after all others, or before them all when it falls."""

    DUE = "due", N_("时限")
    OPENED = "opened", N_("提交时间")
    UPDATED = "updated", N_("最近更新")
    SINCE = "since", N_("进入环节时间")
    PROMISED = "promised", N_("承诺处理时间")
    CLOSED = "closed", N_("关闭时间")


# A constant in the text, not a parameter: only so it matches the expression that the index is made of.
_NEVER: ColumnElement[Any] = literal_column("'infinity'::timestamptz", DateTime(timezone=True))


def _or_never(column: ColumnElement[Any]) -> ColumnElement[Any]:
    # Not COALESCE, which row-level security lets be no condition of an index (decision record 0111).
    return case((column.is_(None), _NEVER), else_=column)


# As the indexes of open tickets are sorted.
DUE: ColumnElement[Any] = _or_never(Ticket.next_due_at.expression)

_KEY: BindParameter[Any] = bindparam("after_key", type_=DateTime(timezone=True))
_ID: BindParameter[Any] = bindparam("after_id", type_=Uuid())

_COLUMNS: dict[Sort, tuple[str, ColumnElement[Any]]] = {
    Sort.DUE: ("next_due_at", DUE),
    Sort.OPENED: ("opened_at", Ticket.opened_at.expression),
    Sort.UPDATED: ("last_entry_at", Ticket.last_entry_at.expression),
    Sort.SINCE: ("step_since", Ticket.step_since.expression),
    Sort.PROMISED: ("promised_at", _or_never(Ticket.promised_at.expression)),
    Sort.CLOSED: ("closed_at", Ticket.closed_at.expression),
}


# What is asked for outside these years means nothing, and may not even be an instant in UTC.
FIRST, LAST = 1900, 2999


def is_of_our_time(at: datetime) -> bool:
    """Whether an instant lies in years that tickets have."""
    return FIRST <= at.year <= LAST


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the sort key of its last line, None for one that has none, and its id."""

    key: datetime | None
    id: UUID

    def __post_init__(self) -> None:
        """Refuse a key that no ticket has. Raises ValueError."""
        if self.key is not None and (self.key.tzinfo is None or not is_of_our_time(self.key)):
            raise ValueError("no instant of a ticket")

    def __str__(self) -> str:
        return f"{self.key.isoformat() if self.key else ''}~{self.id}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor of its text. Raises CursorInvalid."""
        key, _, ident = text.partition("~")
        try:
            at = datetime.fromisoformat(key) if key else None
            cursor = cls(at, UUID(ident))
        except ValueError:
            raise CursorInvalid from None
        return cursor


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, and which end of it comes first. In an address `due`, or `-opened` when it falls."""

    sort: Sort
    falling: bool = False

    def __str__(self) -> str:
        return f"-{self.sort.value}" if self.falling else self.sort.value

    @classmethod
    def find(cls, text: str) -> "Order | None":
        """The order of its text, or None."""
        try:
            return cls(Sort(text.removeprefix("-")), text.startswith("-"))
        except ValueError:
            return None

    def sorted(self, query: Select[Any], after: "Cursor | None") -> Select[Any]:
        """The query in this order, from where a page ended: `continuing` says where that was."""
        _, key = _COLUMNS[self.sort]
        if after is not None:
            place, reached = tuple_(key, Ticket.id), tuple_(_NEVER if after.key is None else _KEY, _ID)
            query = query.where(place < reached if self.falling else place > reached)
        ways = (key.desc(), Ticket.id.desc()) if self.falling else (key.asc(), Ticket.id.asc())
        return query.order_by(*ways)

    def cursor(self, line: Any) -> Cursor:
        """Where a page ends with this line."""
        return Cursor(getattr(line, self.column), line.id)

    @property
    def column(self) -> str:
        """The ticket's column that a page's cursor remembers of its last line."""
        return _COLUMNS[self.sort][0]


def continuing(after: Cursor | None) -> dict[str, Any]:
    """The parameters of an order that goes on after a page."""
    return {} if after is None else {"after_key": after.key, "after_id": after.id}


BY_DEADLINE = Order(Sort.DUE)
LATEST_CLOSED = Order(Sort.CLOSED, falling=True)
NEWEST = Order(Sort.OPENED, falling=True)

OF_OPEN = (Sort.DUE, Sort.OPENED, Sort.UPDATED, Sort.SINCE, Sort.PROMISED)
OF_CLOSED = (Sort.CLOSED, Sort.OPENED, Sort.UPDATED)
OF_ALL = (Sort.OPENED, Sort.UPDATED)
