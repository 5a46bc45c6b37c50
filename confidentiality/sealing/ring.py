"""The keys of one owner at work: sealing, opening, masking and the values of blind indexes.

An owner is a merchant, or the agency itself for what belongs to no merchant; then its id is the tenant's.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from confidentiality.errors import KeyDestroyed, KeysClosed, SealBroken, SealMisplaced, TextUnfit
from confidentiality.sealing.attributes import SealedAttribute
from confidentiality.sealing.datakeys import Cell, DataKeys, Show
from confidentiality.sealing.fields import SealedField, sealed_fields
from confidentiality.sealing.handles import BlindValue, Sealed
from confidentiality.sealing.indexing import Indexer
from confidentiality.sealing.masks import Mask
from confidentiality.sealing.streams import open_chunks, seal_chunks
from confidentiality.sealing.suites import Suite
from confidentiality.sealing.wire import cell_suffix

T = TypeVar("T")
Row = TypeVar("Row")
Plain = str | int | bytes


class KeyRing:
    """Key material of one owner in memory. Never logged, never pickled; refuses once it is closed."""

    __slots__ = ("__weakref__", "_cells", "_indexer", "_keys", "_merchant", "current", "owner", "suite", "tenant")

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
        # What stands in a row's merchant_id; the agency's own rows have none.
        self._merchant = None if owner == tenant else owner
        self._cells: dict[SealedField, Cell] = {}
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
            written[name] = self.seal_cell(field, plain, row, version)
            if field.indexes:
                written |= self.index_values(field, str(plain))
        return written

    def seal_cell(self, field: SealedField, plain: Plain, row: UUID, version: int) -> Sealed[Any]:
        """One value for its place, without index values.

        Raises TypeError for another kind than the declared one, and TextUnfit for a text that UTF-8 has no bytes for.
        """
        if type(plain) is not field.kind and (isinstance(plain, bool) or not isinstance(plain, field.kind)):
            given = type(plain).__name__
            del plain
            raise TypeError(f"{field.name} holds {field.kind.__name__}, not {given}")
        if isinstance(plain, str):
            # Not refused by Python's own error, which would carry the text, even as the context of ours.
            text = plain.encode(errors="surrogatepass")
            if not plain.isascii() and _HALF.search(plain):
                del plain, text
                raise TextUnfit
        else:
            text = plain if isinstance(plain, bytes) else b"%d" % plain
        cell = self._cells.get(field) or self._cell(field)
        return Sealed(cell.seal(text, row, version), field, row, self._merchant, version)

    def open(self, handle: Sealed[T]) -> T:
        """The text of a handle that was read from a row.

        Raises SealBroken if it does not open here, KeysClosed or KeyDestroyed if there is no key any more.
        """
        row, merchant = handle.row, handle.owner
        if row is None:
            raise TypeError("a handle from a Core row has no place: open it by `open_rows`")
        if merchant is not self._merchant and merchant != self._merchant:
            raise SealBroken
        field: SealedField = handle.field
        cell = self._cells.get(field) or self._cell(field)
        return cell.open(handle.ciphertext, row, handle.seal_version)  # type: ignore[no-any-return]

    def masked(self, handle: Sealed[Any] | None) -> str:
        """The text masked as the field says; empty for NULL. Raises what `open` raises."""
        return "" if handle is None else str(handle.field.mask.show(str(self.open(handle))))

    def open_rows(self, rows: Iterable[Any], *fields: Any) -> list[tuple[Any, ...]]:
        """The texts of these fields of Core rows or ORM objects of the owner, in the order of the rows.

        A plain attribute among the fields gives its values as they are: turning the rows over takes it along, where a
        caller would ask each row once more. Core rows need `id`, `seal_version`, the fields and, where the table has
        one, `merchant_id`. Raises what `open` raises, for any of them.
        """
        return self._each(rows, fields, is_masked=False)

    def masked_rows(self, rows: Iterable[Any], *fields: Any) -> list[tuple[Any, ...]]:
        """Like `open_rows`, masked."""
        return self._each(rows, fields, is_masked=True)

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

    def reseal_columns(
        self, held: Mapping[str, Sequence[Any]], fields: Iterable[SealedField]
    ) -> dict[str, list[bytes | None]]:
        """The same texts of the rows of `turned`, in their cells and seal versions, sealed under the current data key.

        The rows hold bare ciphertexts. Blind indexes stay as they are. Raises SealBroken if one of them does not open.
        """
        ends = _ends(held.__getitem__)
        return {
            field.name: (self._cells.get(field) or self._cell(field)).reseal_all(held[field.name], ends)
            for field in fields
        }

    def index_values(self, field: SealedField, text: str) -> dict[str, BlindValue | None]:
        """The values of the field's index columns for this text; None for an empty one."""
        return self._indexer.values(field, text)

    def confirms(self, handle: Sealed[Any] | None, text: str) -> bool:
        """Whether a candidate really holds this text, both written normally."""
        return handle is not None and self._normal(handle) == handle.field.mask.normal(text)

    def confirms_last(self, handle: Sealed[Any] | None, text: str) -> bool:
        """Whether a candidate really ends in this text, both written normally."""
        if handle is None:
            return False
        mask: Mask = handle.field.mask
        return mask.stem(self._normal(handle)).endswith(mask.normal(text))

    def confirmed(self, rows: Iterable[Row], attribute: Any, text: str) -> list[Row]:
        """The candidates of `matches`, Core rows or ORM objects, that really hold this text."""
        mask: Mask = attribute.field.mask
        wanted = mask.normal(text)
        return self._candidates(rows, attribute, lambda held: mask.normal(held) == wanted)

    def confirmed_last(self, rows: Iterable[Row], attribute: Any, text: str) -> list[Row]:
        """The candidates of `matches_last`, Core rows or ORM objects, that really end in this text."""
        mask: Mask = attribute.field.mask
        wanted = mask.normal(text)
        return self._candidates(rows, attribute, lambda held: mask.stem(mask.normal(held)).endswith(wanted))

    def seal_bytes(self, plain: bytes, *, table: str, column: str, row: UUID, version: int = 1) -> bytes:
        """Seal what is in no declared field, e.g. the body of a record, for its place."""
        return self._keys.cell(table, column).seal(plain, row, version)

    def open_bytes(self, sealed: bytes, *, table: str, column: str, row: UUID, version: int = 1) -> bytes:
        """What `seal_bytes` was given for this place. Raises SealBroken."""
        opened: bytes = self._keys.cell(table, column).open(sealed, row, version)
        return opened

    def seal_stream(self, chunks: AsyncIterator[bytes], *, file: UUID) -> AsyncGenerator[bytes, None]:
        """A file in pieces of any size as a sealed stream for this file's id, in constant memory."""
        return seal_chunks(
            chunks,
            key=self._keys.key(self.current),
            suite=self.suite,
            key_version=self.current,
            tenant=self.tenant,
            owner=self.owner,
            file=file,
        )

    def open_stream(self, sealed: AsyncIterator[bytes], *, file: UUID) -> AsyncGenerator[bytes, None]:
        """The file's text in chunks, in constant memory.

        Raises SealBroken at the first chunk that is not the next one of this file, or at the end if the end is missing:
        until it has ended, what was given out may be incomplete.
        """
        return open_chunks(sealed, key_of=self._keys.key, tenant=self.tenant, owner=self.owner, file=file)

    def _candidates(self, rows: Iterable[Row], attribute: Any, is_right: Callable[[str], bool]) -> list[Row]:
        listed = list(rows)
        opened = self.open_rows(listed, attribute)
        return [row for row, (held,) in zip(listed, opened, strict=True) if held is not None and is_right(str(held))]

    def _normal(self, handle: Sealed[Any]) -> str:
        return str(handle.field.mask.normal(str(self.open(handle))))

    def _check_owner(self, merchant: UUID | None) -> None:
        if merchant != self._merchant:
            raise SealMisplaced

    def _each(self, rows: Iterable[Any], asked: Sequence[Any], *, is_masked: bool) -> list[tuple[Any, ...]]:
        listed = list(rows)
        if not listed or not asked:
            return [()] * len(listed)
        column = _columns(listed)
        sealed = [attribute.field if isinstance(attribute, SealedAttribute) else None for attribute in asked]
        if any(field is not None and field.has_merchant for field in sealed) and (
            set(column("merchant_id")) != {self._merchant}
        ):
            raise SealBroken
        ends = _ends(column)
        shown: list[Sequence[Any]] = []
        for attribute, field in zip(asked, sealed, strict=True):
            if field is None:
                shown.append(column(attribute.key))
                continue
            cell = self._cells.get(field) or self._cell(field)
            shown.append(cell.open_all(column(field.name), ends, _show(field) if is_masked else None))
        return list(zip(*shown, strict=True))

    def _cell(self, field: SealedField) -> Cell:
        cell = self._cells[field] = self._keys.cell(field.table, field.name, field.pad, _READ[field.kind])
        return cell


# Half a surrogate pair, which only a text that came from somewhere other than UTF-8 can hold.
_HALF = re.compile("[\ud800-\udfff]")
_READ: dict[type, Callable[[bytes], Any]] = {str: bytes.decode, int: int, bytes: bytes}


def _show(field: SealedField) -> Show:
    show = field.mask.show
    return show if field.kind is str else lambda value: show(str(value))


def _ends(column: Callable[[str], Sequence[Any]]) -> list[bytes]:
    return [row.bytes + cell_suffix(version) for row, version in zip(column("id"), column("seal_version"), strict=True)]


def _columns(rows: list[Any]) -> Callable[[str], Sequence[Any]]:
    """A column of the rows by its name. Core rows are turned over at once: asking each by name costs most of a page."""
    names = getattr(rows[0], "_fields", None)
    if names is None:
        return lambda name: [getattr(row, name) for row in rows]
    return turned(rows).__getitem__


def turned(rows: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """The columns of Core rows, of which there is one at least, by name."""
    return dict(zip(rows[0]._fields, zip(*rows, strict=True), strict=True))
