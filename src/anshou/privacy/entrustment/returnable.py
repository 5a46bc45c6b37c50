"""One table of what is returned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Returnable:
    """A table of the package. Labels are Chinese, as the package is.

    `kind` is the code of the kind of data that it goes with. `columns` are what the erasure takes away, `beside` what
    stays and explains them. `only` narrows the rows. `written` names the column that says when a row was written,
    where some may still come after the return. `has_files` says that the storage holds a file for each row.
    """

    kind: str
    model: Any
    label: str
    columns: Mapping[str, str]
    beside: Mapping[str, str] = field(default_factory=dict)
    only: tuple[ColumnElement[bool], ...] = ()
    written: str = ""
    has_files: bool = False

    @property
    def table(self) -> str:
        """The table's name."""
        return str(self.model.__tablename__)

    @property
    def told(self) -> dict[str, str]:
        """Every column of the package with its label, what explains first."""
        return {**self.beside, **self.columns}

    @property
    def hangs_on_tickets(self) -> bool:
        """Whether a row belongs to a ticket, and not to the merchant as such."""
        return hasattr(self.model, "ticket_id") or self.table == "ticket"

    def of_merchant(self, merchant_id: UUID) -> tuple[ColumnElement[bool], ...]:
        """Which rows are the merchant's."""
        return (self.model.merchant_id == merchant_id, *self.only)
