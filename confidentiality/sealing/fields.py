"""Declaring a confidential field on a model.

    class Consumer(MerchantRow, SealedRow, Base):
        phone: Mapped[Sealed[str]] = sealed(find=(exact(), last(4)), mask=masks.phone, label=N_("电话"))

makes the column `phone` of sealed bytes, the columns `phone_exact` and `phone_last4` of its blind indexes, and one
index over the owner and them. Only `KeyRing.seal` writes them, all sealed fields of a row at once, in a new
`seal_version`.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Index as TableIndex
from sqlalchemy import Integer
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from confidentiality.sealing import masks
from confidentiality.sealing.attributes import SealedAttribute
from confidentiality.sealing.columns import BlindBytes, SealedBytes
from confidentiality.sealing.finding import Find, Index, plan
from confidentiality.sealing.masks import Mask
from confidentiality.sealing.padding import SMALLEST


@dataclass(frozen=True, slots=True, eq=False)
class SealedField:
    """A sealed field of a model: what it is called, how it is shown, by what it is found."""

    table: str
    name: str
    kind: type
    mask: Mask
    label: str
    pad: int
    indexes: tuple[Index, ...]
    has_merchant: bool

    def index_column(self, index: Index) -> str:
        """The column of one of its blind indexes."""
        return f"{self.name}_{index.name}"


@dataclass(frozen=True, slots=True)
class _Declaration:
    kind: type
    mask: Mask
    label: str
    pad: int
    indexes: tuple[Index, ...]


def sealed(
    kind: type[Any] = str,
    *,
    find: Sequence[Find] = (),
    mask: Mask = masks.text,
    label: str = "",
    pad: int = SMALLEST,
) -> Any:
    """A sealed field of text, whole numbers or bytes.

    `find`: by what it can be found. `mask`: how it shows, and how writings of it are compared. `label`: its Chinese
    name. `pad`: its smallest bucket in bytes, a power of two; what is shorter looks alike. May be NULL if the
    annotation says `Mapped[Sealed[str] | None]`.

    Raises TypeError for a kind that cannot be sealed and for a blind index on bytes, truth values or enumerations: few
    values make an index that tells them apart by how often they occur.
    """
    if pad < SMALLEST or pad & (pad - 1):
        raise ValueError(f"the smallest bucket is a power of two from {SMALLEST} bytes on")
    few = kind is bool or issubclass(kind, enum.Enum)
    if find and (few or kind is bytes):
        raise TypeError(f"{kind.__name__} has too few values to be found by a blind index, or no text to compare")
    if few or kind not in (str, int, bytes):
        raise TypeError(f"{kind.__name__} is not sealed as a field: seal its text")
    return _Declaration(kind, mask, label, pad, plan(find) if find else ())


class SealedRow:
    """A row with sealed fields. Stands before the declarative base among the bases.

    `seal_version` rises with every write of sealed fields and is part of what each of them is bound to, so a single old
    cell put back does not open. It is the mapper's version too: of two writers who read the same version one fails with
    StaleDataError, which the edge makes ChangedMeanwhile, instead of taking the other's fields back.
    """

    __sealed_fields__: ClassVar[Mapping[str, SealedField]] = {}

    seal_version: Mapped[int] = mapped_column(Integer, default=0)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        # SQLAlchemy hands the class in; the table's column of that name is not made yet when this is asked.
        return {"version_id_col": cls.__table__.c.seal_version, "version_id_generator": False}  # type: ignore[attr-defined]

    def __init_subclass__(cls, **arguments: Any) -> None:
        declared = {
            name: declaration
            for owner in reversed(cls.__mro__)
            for name, declaration in vars(owner).items()
            if isinstance(declaration, _Declaration)
        }
        for name, declaration in declared.items():
            _add_columns(cls, name, declaration)
        super().__init_subclass__(**arguments)
        table = getattr(cls, "__table__", None)
        if table is None:
            return
        has_merchant = "merchant_id" in table.c
        fields = {
            name: SealedField(
                table.name,
                name,
                declaration.kind,
                declaration.mask,
                declaration.label,
                declaration.pad,
                declaration.indexes,
                has_merchant,
            )
            for name, declaration in declared.items()
        }
        for name, field in fields.items():
            attribute = vars(cls)[name]
            # The same layout with another __get__ and __set__: SQLAlchemy has no place to name an attribute's class.
            attribute.__class__ = SealedAttribute
            attribute.property.info["sealed"] = field
            if field.indexes:
                columns = [field.index_column(index) for index in field.indexes]
                owner = ["merchant_id"] if has_merchant else []
                TableIndex(f"ix_{table.name}_{name}_blind", *(table.c[column] for column in owner + columns))
        cls.__sealed_fields__ = fields


def _add_columns(cls: type, name: str, declaration: _Declaration) -> None:
    setattr(cls, name, mapped_column(name, SealedBytes()))
    for index in declaration.indexes:
        # Empty texts and NULL are not in the index, or all rows without a phone would be found together.
        setattr(cls, f"{name}_{index.name}", mapped_column(BlindBytes(), nullable=True, deferred=True))


def sealed_fields(model: type) -> Mapping[str, SealedField]:
    """The model's sealed fields by name; none if it has none."""
    found: Mapping[str, SealedField] = getattr(model, "__sealed_fields__", {})
    return found


def all_sealed_models(base: type[DeclarativeBase]) -> list[type]:
    """Every model of the base that has sealed fields, by table name."""
    found = [mapper.class_ for mapper in base.registry.mappers if sealed_fields(mapper.class_)]
    return sorted(found, key=lambda model: str(model.__tablename__))
