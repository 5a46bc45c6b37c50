"""A body whose shape depends on the kind of ticket that the address names."""

from typing import Any, ClassVar, TypeVar

from anshou.tickets.records import Record
from tenants.shapes import accept

R = TypeVar("R", bound=Record)


class OneOfRecords:
    """A JSON object that is one of `records`; which one is known once the ticket is."""

    records: ClassVar[tuple[type[Record], ...]] = ()

    __slots__ = ("_raw",)

    def __init__(self, raw: dict[str, Any]) -> None:
        self._raw = raw

    def read(self, record: type[R]) -> R:
        """The body as this record. Raises ShapeInvalid."""
        return accept(record, self._raw)
