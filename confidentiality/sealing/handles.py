"""What the ORM holds in place of a confidential text: a handle with ciphertext and place, and nothing to read."""

from typing import Any, Generic, NoReturn, TypeVar
from uuid import UUID

T = TypeVar("T")


class Sealed(Generic[T]):
    """Sealed bytes and, once they are known, the field, row and owner that they were sealed for.

    Immutable; shows nothing of the text, not even its length; is never pickled. Two handles are equal if their bytes
    are: sealing twice gives different bytes, so equality says nothing of the texts.
    """

    __slots__ = ("ciphertext", "field", "owner", "row", "seal_version")

    ciphertext: bytes
    field: Any
    row: UUID | None
    owner: UUID | None
    seal_version: int

    def __init__(
        self,
        ciphertext: bytes,
        field: object = None,
        row: UUID | None = None,
        owner: UUID | None = None,
        seal_version: int = 0,
    ) -> None:
        """Hold the bytes. `owner` is None in tables without a merchant: they are the agency's own."""
        _ciphertext(self, ciphertext)
        _field(self, field)
        _row(self, row)
        _owner(self, owner)
        _seal_version(self, seal_version)

    def __repr__(self) -> str:
        return "Sealed(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "Sealed(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.ciphertext == other.ciphertext

    def __hash__(self) -> int:
        return hash(self.ciphertext)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a sealed value never changes")

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __copy__(self) -> "Sealed[T]":
        return self

    def __deepcopy__(self, memo: object) -> "Sealed[T]":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealed value is never pickled: pass the row's id and load it there")

    def __bool__(self) -> NoReturn:
        # `if consumer.phone` would be true for a sealed empty text: ask `is None` instead.
        raise TypeError("a sealed value is neither true nor false")


class BlindValue:
    """A value of a blind index: the truncated keyed hash of a normalised text. Only a key ring makes one."""

    __slots__ = ("_bytes",)

    def __init__(self, value: bytes) -> None:
        self._bytes = value

    def __bytes__(self) -> bytes:
        return self._bytes

    def __repr__(self) -> str:
        return "BlindValue(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BlindValue) and self._bytes == other._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an index value is never pickled")


# The slots' own setters pass by __setattr__, and are the fastest way: a page of handles is made of these.
_SLOTS: dict[str, Any] = dict(vars(Sealed))
_ciphertext = _SLOTS["ciphertext"].__set__
_field = _SLOTS["field"].__set__
_row = _SLOTS["row"].__set__
_owner = _SLOTS["owner"].__set__
_seal_version = _SLOTS["seal_version"].__set__
