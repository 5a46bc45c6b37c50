"""The attribute of a sealed field: on a row a handle that knows its place, on the model conditions to find rows by."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false
from sqlalchemy.orm import InstrumentedAttribute

from confidentiality.errors import PlaintextRefused, SealMisplaced
from confidentiality.sealing.finding import Last
from confidentiality.sealing.handles import Sealed

if TYPE_CHECKING:
    from confidentiality.sealing.fields import SealedField
    from confidentiality.sealing.ring import KeyRing


class SealedAttribute(InstrumentedAttribute[Any]):
    """Reads as `Sealed` handles bound to their row, takes nothing else."""

    __slots__ = ()
    inherit_cache = True

    @property
    def field(self) -> "SealedField":
        """What was declared."""
        found: SealedField = self.property.info["sealed"]
        return found

    def __get__(self, instance: Any, owner: Any) -> Any:
        held = super().__get__(instance, owner)
        if instance is None or held is None or held.row is not None:
            return held
        merchant = instance.merchant_id if self.field.has_merchant else None
        return Sealed(held.ciphertext, self.field, instance.id, merchant, instance.seal_version)

    def __set__(self, instance: Any, value: Any) -> None:
        if value is not None:
            if type(value) is not Sealed:
                del value
                raise PlaintextRefused
            if value.row is not None and (value.row != instance.id or value.field is not self.field):
                raise SealMisplaced
        super().__set__(instance, value)

    def matches(self, ring: "KeyRing", text: str) -> ColumnElement[bool]:
        """Rows of the ring's owner that may hold this text, by all indexes of the field together.

        Candidates: `ring.confirms` says which really do. Nothing matches an empty text. Raises ValueError if the field
        cannot be found by its whole text.
        """
        return self._indexed(ring, ring.index_values(self.field, text))

    def matches_last(self, ring: "KeyRing", text: str) -> ColumnElement[bool]:
        """Rows of the ring's owner that may end in this text, which has as many characters as `last(n)` says.

        Raises ValueError if there is no such index.
        """
        normal = self.field.mask.normal(text)
        for index in self.field.indexes:
            if isinstance(index.find, Last) and index.find.length == len(normal):
                name = self.field.index_column(index)
                return self._indexed(ring, {name: ring.index_values(self.field, normal)[name]})
        del text, normal
        raise ValueError(f"{self.field.name} has no index over so many last characters")

    def _indexed(self, ring: "KeyRing", values: dict[str, Any]) -> ColumnElement[bool]:
        if not values or None in values.values():
            return false()
        conditions = [getattr(self.class_, column) == value for column, value in values.items()]
        if self.field.has_merchant:
            of_owner = self.class_.merchant_id
            conditions.insert(0, of_owner == ring.owner if ring.owner != ring.tenant else of_owner.is_(None))
        return and_(*conditions)
