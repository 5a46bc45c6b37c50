"""Which sealed cells a session has written, for whoever records them.

A single old cell does not open, but a whole row put back to an older state does: nothing inside the row can tell. So
the digest of every cell written is noted here and goes into the audit trail in the same transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import compress, repeat
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, SessionTransaction, object_session

from confidentiality.sealing.fields import SealedField, SealedRow, sealed_fields
from confidentiality.sealing.handles import Sealed

NOTED = "sealed_cells"
"""The key in `session.info` with a list of SealedCell, in the order of writing."""

GONE = b""
"""The digest of a cell that holds nothing any more."""

# By savepoint, how many cells had been noted before it.
_BEFORE = "sealed_cells_before"


class SealedCell(NamedTuple):
    """One cell as it was written; `digest` is the SHA-256 of its bytes, empty if the cell or its row was taken away.

    `owner` is None where there is no merchant.
    """

    table: str
    row: UUID
    column: str
    seal_version: int
    digest: bytes
    owner: UUID | None


# Without the call of a function written in Python for each of a million cells, which `_make` is too.
_cell_of: Callable[[tuple[Any, ...]], SealedCell] = partial(tuple.__new__, SealedCell)


def note_rows(session: Session, model: type, rows: Iterable[Mapping[str, Any]]) -> None:
    """Note what a Core statement writes, which no flush sees: the rows of `KeyRing.seal_rows`."""
    for row in rows:
        _note(session, model, row, row["id"], row["seal_version"], row.get("merchant_id"))


def note_column(
    session: Session,
    field: SealedField,
    ids: Sequence[UUID],
    versions: Sequence[int],
    ciphertexts: Sequence[bytes | None],
    owner: UUID | None,
) -> None:
    """Note one column of many rows that a statement of another shape writes, as re-sealing does; NULL is no cell."""
    noted: list[SealedCell] = session.info.setdefault(NOTED, [])
    if None in ciphertexts:
        written = [ciphertext is not None for ciphertext in ciphertexts]
        ids, versions = list(compress(ids, written)), list(compress(versions, written))
    digests = [sha256(ciphertext).digest() for ciphertext in ciphertexts if ciphertext is not None]
    count = len(digests)
    whole = (repeat(field.table, count), ids, repeat(field.name, count), versions, digests, repeat(owner, count))
    noted += map(_cell_of, zip(*whole, strict=True))


def note_gone(session: Session, model: type, rows: Iterable[Any], fields: Iterable[str] | None = None) -> None:
    """Note cells that a statement takes away which no flush sees: of rows with id, seal_version and merchant_id."""
    names = tuple(sealed_fields(model) if fields is None else fields)
    for row in rows:
        _note_cleared(session, model, row.id, row.seal_version, row.merchant_id, names)


def take_noted(session: Session) -> list[SealedCell]:
    """The cells written since the last call."""
    noted: list[SealedCell] = session.info.pop(NOTED, [])
    return noted


@event.listens_for(SealedRow, "after_insert", propagate=True)
def _note_inserted(mapper: Any, connection: Any, row: Any) -> None:
    session = object_session(row)
    if session is not None:
        _note(session, type(row), vars(row), row.id, row.seal_version, vars(row).get("merchant_id"))


@event.listens_for(SealedRow, "after_update", propagate=True)
def _note_updated(mapper: Any, connection: Any, row: Any) -> None:
    session = object_session(row)
    attributes = inspect(row).attrs
    added = {name: attributes[name].history.added for name in sealed_fields(type(row))}
    if session is None or not any(added.values()):
        return
    merchant = vars(row).get("merchant_id")
    _note(session, type(row), vars(row), row.id, row.seal_version, merchant)
    # Perhaps they held nothing before: to say so again does no harm.
    cleared = [name for name, values in added.items() if values and values[0] is None]
    _note_cleared(session, type(row), row.id, row.seal_version, merchant, cleared)


@event.listens_for(SealedRow, "after_delete", propagate=True)
def _note_deleted(mapper: Any, connection: Any, row: Any) -> None:
    session = object_session(row)
    if session is not None:
        merchant = vars(row).get("merchant_id")
        _note_cleared(session, type(row), row.id, row.seal_version, merchant, sealed_fields(type(row)))


@event.listens_for(Session, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_BEFORE, WeakKeyDictionary())[transaction] = len(session.info.get(NOTED, ()))


@event.listens_for(Session, "after_soft_rollback")
def _take_back(session: Session, transaction: SessionTransaction) -> None:
    # What a savepoint takes back was never written, or never taken away.
    before = session.info.get(_BEFORE, {}).pop(transaction, None)
    if before is not None:
        del session.info.get(NOTED, [])[before:]


def _note(
    session: Session, model: type, values: Mapping[str, Any], row: UUID, version: int, owner: UUID | None
) -> None:
    noted: list[SealedCell] = session.info.setdefault(NOTED, [])
    for name, field in sealed_fields(model).items():
        value = values.get(name)
        if isinstance(value, Sealed):
            noted.append(SealedCell(field.table, row, name, version, sha256(value.ciphertext).digest(), owner))


def _note_cleared(
    session: Session, model: type, row: UUID, version: int, owner: UUID | None, names: Iterable[str]
) -> None:
    noted: list[SealedCell] = session.info.setdefault(NOTED, [])
    fields = sealed_fields(model)
    noted += [SealedCell(fields[name].table, row, name, version, GONE, owner) for name in names]
