"""Values of blind indexes: keyed hashes of normalised texts, cut to the planned bits."""

from collections.abc import Callable
from uuid import UUID

from confidentiality.associated import bind
from confidentiality.errors import KeysClosed
from confidentiality.sealing.fields import SealedField
from confidentiality.sealing.finding import Index, Last
from confidentiality.sealing.handles import BlindValue
from confidentiality.sealing.suites import KEY, Suite, derive, keyed_hash


class Indexer:
    """The index key of one owner. Each index of each field has a key of its own, derived from it."""

    __slots__ = ("_error", "_hashes", "_key", "_owner", "_suite", "_tenant")

    def __init__(self, *, tenant: UUID, owner: UUID, suite: Suite, index_key: bytes) -> None:
        """Raises ValueError for a key that has not 32 bytes."""
        if len(index_key) != KEY:
            raise ValueError(f"an index key has {KEY} bytes")
        self._tenant, self._owner, self._suite = tenant, owner, suite
        self._key = index_key
        self._error: type[Exception] = KeysClosed
        self._hashes: dict[tuple[str, str, str], Callable[[bytes], bytes]] = {}

    def forget(self, error: type[Exception]) -> None:
        """Let go of the key; from now on `error` is raised."""
        self._error = error
        self._key = b""
        self._hashes.clear()

    def values(self, field: SealedField, text: str) -> dict[str, BlindValue | None]:
        """The field's index columns for this text; None where its normal form is empty."""
        normal = field.mask.normal(text)
        return {
            field.index_column(index): self._value(field, index, normal) if normal else None for index in field.indexes
        }

    def _value(self, field: SealedField, index: Index, normal: str) -> BlindValue:
        part = index.find.part(field.mask.stem(normal) if isinstance(index.find, Last) else normal)
        # What cannot be sealed finds nothing, instead of raising an error that would carry it.
        digest = self._hash(field.table, field.name, index.name)(part.encode(errors="surrogatepass"))
        return BlindValue(index.cut(digest))

    def _hash(self, table: str, column: str, name: str) -> Callable[[bytes], bytes]:
        place = (table, column, name)
        ready = self._hashes.get(place)
        if ready is None:
            if not self._key:
                raise self._error
            parts = (bytes([self._suite.number]), self._tenant.bytes, self._owner.bytes, *map(str.encode, place))
            key = derive(self._suite, self._key, bind(b"anshou.index", *parts))
            ready = self._hashes[place] = keyed_hash(self._suite, key)
        return ready
