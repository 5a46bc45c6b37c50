"""The keys of one owner at work: sealing, opening, masking and the values of blind indexes.

An owner is a merchant, or the agency itself for what belongs to no merchant; then its id is the tenant's.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import aclosing
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from confidentiality.errors import KeyDestroyed, KeysClosed, SealBroken, SealMisplaced
from confidentiality.sealing.datakeys import DataKeys
from confidentiality.sealing.fields import SealedField, sealed_fields
from confidentiality.sealing.handles import BlindValue, Sealed
from confidentiality.sealing.indexing import Indexer
from confidentiality.sealing.streams import key_version_of, open_chunks, seal_chunks, split_header
from confidentiality.sealing.suites import Suite

T = TypeVar("T")
Plain = str | int | bytes


class KeyRing:
    """Key material of one owner in memory. Never logged, never pickled; refuses once it is closed."""

    __slots__ = ("_indexer", "_keys", "current", "owner", "suite", "tenant")

    def __init__(
        self,
        *,
        tenant: UUID,
        owner: UUID,
        suite: Suite,
        current: int,
        data_keys: Mapping[int, bytes],
        index_key: bytes,
    ) -> None:
        """Take keys of 32 random bytes each; new values are sealed under data key `current`."""
        self.tenant = tenant
        self.owner = owner
        self.suite = suite
        self.current = current
        self._keys = DataKeys(tenant=tenant, owner=owner, suite=suite, current=current, data_keys=data_keys)
        self._indexer = Indexer(tenant=tenant, owner=owner, suite=suite, index_key=index_key)

    def close(self, *, destroyed: bool = False) -> None:
        """Forget the keys: from now on everything raises KeysClosed, or KeyDestroyed if the key was destroyed."""
        error = KeyDestroyed if destroyed else KeysClosed
        self._keys.forget(error)
        self._indexer.forget(error)

    def __repr__(self) -> str:
        return f"KeyRing(owner={self.owner})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are never pickled")

    def seal(self, row: Any, **plaintexts: Plain | None) -> None:
        """Seal these fields of an ORM object, and its other sealed fields anew: all are bound to the new version.

        The row needs its id and, where its table has one, its merchant. Raises SealMisplaced for a row of another owner
        and SealBroken if a field that stays does not open.
        """
        fields = sealed_fields(type(row))
        if unknown := plaintexts.keys() - fields.keys():
            raise TypeError(f"{type(row).__name__} has no sealed {', '.join(sorted(unknown))}")
        self._check_owner(row.merchant_id if "merchant_id" in type(row).__mapper__.columns else None)
        held = {name: getattr(row, name) for name in fields.keys() - plaintexts.keys()}
        kept = {name: self.open(handle) for name, handle in held.items() if handle is not None}
        version = (row.seal_version or 0) + 1
        cells = self.cells(type(row), row.id, version, {**plaintexts, **kept})
        row.seal_version = version
        for name, value in cells.items():
            setattr(row, name, value)

    def cells(
        self, model: type, row: UUID, version: int, plaintexts: Mapping[str, Plain | None]
    ) -> dict[str, Sealed[Any] | BlindValue | None]:
        """The columns of these fields, sealed, with their index columns: what `seal` writes."""
        fields = sealed_fields(model)
        written: dict[str, Sealed[Any] | BlindValue | None] = {}
        for name, plain in plaintexts.items():
            field = fields[name]
            if plain is None:
                written[name] = None
                written |= dict.fromkeys(map(field.index_column, field.indexes))
                continue
            owner = self.owner if field.has_merchant and self.owner != self.tenant else None
            ciphertext = self._keys.seal(_encode(plain, field.kind), (field.table, field.name), row, version, field.pad)
            written[name] = Sealed(ciphertext, field, row, owner, version)
            if field.indexes:
                written |= self.index_values(field, str(plain))
        return written

    def open(self, handle: Sealed[T]) -> T:
        """The text of a handle that was read from a row.

        Raises SealBroken if it does not open here, KeysClosed or KeyDestroyed if there is no key any more.
        """
        field: SealedField | None = handle.field
        if field is None or handle.row is None or (handle.owner or self.tenant) != self.owner:
            raise SealBroken
        plain = self._keys.open(handle.ciphertext, (field.table, field.name), handle.row, handle.seal_version)
        return _decode(plain, field.kind)  # type: ignore[no-any-return]

    def masked(self, handle: Sealed[Any] | None) -> str:
        """The text masked as the field says; empty for NULL. Raises what `open` raises."""
        return "" if handle is None else str(handle.field.mask.show(str(self.open(handle))))

    def open_rows(self, rows: Iterable[Any], *fields: Any) -> list[tuple[Any, ...]]:
        """The texts of these fields of Core rows or ORM objects of the owner, in the order of the rows.

        Core rows need `id`, `seal_version`, the fields and, where the table has one, `merchant_id`. Raises what `open`
        raises, for any of them.
        """
        return self._each(rows, [attribute.field for attribute in fields], lambda field: None)

    def masked_rows(self, rows: Iterable[Any], *fields: Any) -> list[tuple[Any, ...]]:
        """Like `open_rows`, masked."""
        return self._each(rows, [attribute.field for attribute in fields], lambda field: field.mask.show)

    def seal_rows(self, model: type, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows for `insert(model)`: the same dicts with their sealed fields sealed, in version 1.

        Each needs its `id` and, where the table has one, the owner's `merchant_id`.
        """
        fields = sealed_fields(model)
        ready = []
        for row in rows:
            self._check_owner(row.get("merchant_id"))
            plaintexts = {name: row.get(name) for name in fields}
            ready.append({**row, **self.cells(model, row["id"], 1, plaintexts), "seal_version": 1})
        return ready

    def index_values(self, field: SealedField, text: str) -> dict[str, BlindValue | None]:
        """The values of the field's index columns for this text; None for an empty one."""
        return self._indexer.values(field, text)

    def confirms(self, handle: Sealed[Any] | None, text: str) -> bool:
        """Whether a candidate really holds this text, both written normally."""
        return handle is not None and self._normal(handle) == handle.field.mask.normal(text)

    def confirms_last(self, handle: Sealed[Any] | None, text: str) -> bool:
        """Whether a candidate really ends in this text, both written normally."""
        return handle is not None and bool(self._normal(handle).endswith(handle.field.mask.normal(text)))

    def seal_bytes(self, plain: bytes, *, table: str, column: str, row: UUID, version: int = 1) -> bytes:
        """Seal what is in no declared field, e.g. the body of a record, for its place."""
        return self._keys.seal(plain, (table, column), row, version)

    def open_bytes(self, sealed: bytes, *, table: str, column: str, row: UUID, version: int = 1) -> bytes:
        """What `seal_bytes` was given for this place. Raises SealBroken."""
        return self._keys.open(sealed, (table, column), row, version)

    async def seal_stream(self, chunks: AsyncIterator[bytes], *, file: UUID) -> AsyncIterator[bytes]:
        """A file in pieces of any size as a sealed stream for this file's id, in constant memory."""
        stream = seal_chunks(
            chunks,
            key=self._keys.key(self.current),
            suite=self.suite,
            key_version=self.current,
            tenant=self.tenant,
            owner=self.owner,
            file=file,
        )
        async with aclosing(stream):
            async for piece in stream:
                yield piece

    async def open_stream(self, sealed: AsyncIterator[bytes], *, file: UUID) -> AsyncIterator[bytes]:
        """The file's text in chunks, in constant memory.

        Raises SealBroken at the first chunk that is not the next one of this file, or at the end if the end is missing:
        until it has ended, what was given out may be incomplete.
        """
        header, rest = await split_header(sealed)
        key = self._keys.key(key_version_of(header))
        stream = open_chunks(rest, header=header, key=key, tenant=self.tenant, owner=self.owner, file=file)
        async with aclosing(stream):
            async for piece in stream:
                yield piece

    def _normal(self, handle: Sealed[Any]) -> str:
        return str(handle.field.mask.normal(str(self.open(handle))))

    def _check_owner(self, merchant: UUID | None) -> None:
        if (merchant or self.tenant) != self.owner:
            raise SealMisplaced

    def _each(
        self,
        rows: Iterable[Any],
        fields: list[SealedField],
        shown: Callable[[SealedField], Callable[[str], str] | None],
    ) -> list[tuple[Any, ...]]:
        asked = [(field, (field.table, field.name), field.kind, shown(field)) for field in fields]
        opened = []
        for row in rows:
            merchant = row.merchant_id if fields[0].has_merchant else None
            if (merchant or self.tenant) != self.owner:
                raise SealBroken
            cells: list[Any] = []
            for field, place, kind, show in asked:
                handle = getattr(row, field.name)
                if handle is None:
                    cells.append(None)
                    continue
                plain = _decode(self._keys.open(handle.ciphertext, place, row.id, row.seal_version), kind)
                cells.append(plain if show is None else show(str(plain)))
            opened.append(tuple(cells))
        return opened


def _encode(plain: Plain, kind: type) -> bytes:
    # A bool is an int to Python, and a str to nobody: exactly the declared kind, so that it opens as what it was.
    if type(plain) is not kind and not (kind is str and isinstance(plain, str)):
        kind_given = type(plain).__name__
        del plain
        raise TypeError(f"{kind.__name__} is sealed here, not {kind_given}")
    return plain if isinstance(plain, bytes) else str(plain).encode()


def _decode(plain: bytes, kind: type) -> Any:
    if kind is str:
        return plain.decode()
    return plain if kind is bytes else int(plain)
