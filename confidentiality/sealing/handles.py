"""What the ORM holds in place of a confidential text: a handle with ciphertext and place, and nothing to read."""

from typing import Any, Final, Generic, NoReturn, TypeVar
from uuid import UUID

from msgspec import Struct

T = TypeVar("T")

# No serializer knows an object of this kind, so a handle is never sent anywhere by mistake.
NOWHERE: Final[Any] = object()


# A struct, because a page makes hundreds of them and nothing else is as fast; without references to itself.
class Sealed(Struct, Generic[T], frozen=True, eq=False, gc=False):
    """Sealed bytes and, once they are known, the field, row and owner that they were sealed for.

    Immutable; shows nothing of the text, not even its length; is never pickled or serialized. `owner` is None in tables
    without a merchant: they are the agency's own. Two handles are equal if their bytes are: sealing twice gives
    different bytes, so equality says nothing of the texts.
    """

    ciphertext: bytes
    field: Any = NOWHERE
    row: UUID | None = None
    owner: UUID | None = None
    seal_version: int = 0

    def __repr__(self) -> str:
        return "Sealed(…)"

    __str__ = __repr__

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []

    def __format__(self, spec: str) -> str:
        return "Sealed(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.ciphertext == other.ciphertext

    def __hash__(self) -> int:
        return hash(self.ciphertext)

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
