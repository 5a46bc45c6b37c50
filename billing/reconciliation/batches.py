"""What arrived from outside: files with their control totals, and their lines, each once whatever file brings it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, BigInteger, Text, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.ledger.posting import BOOKS_ZONE
from billing.reconciliation.bulk import insert_rows
from billing.reconciliation.errors import FileImportedAlready, ImportInvalid
from billing.reconciliation.lines import ExternalLine
from tenants.base import Base, Row, new_id
from tenants.refusals import N_, Message

_AT_A_TIME = 2_000


class ImportBatch(Row, Base):
    """A file that was imported: what it comes to, and what of that earlier files had brought. Never edited.

    `fen_in` and `fen_out` (not positive) are the totals of all its lines.
    """

    __tablename__ = "import_batch"

    sha256: Mapped[bytes]
    name: Mapped[str]
    source: Mapped[str]
    account: Mapped[str]
    first_on: Mapped[date]
    last_on: Mapped[date]
    lines: Mapped[int]
    fen_in: Mapped[int] = mapped_column(BigInteger)
    fen_out: Mapped[int] = mapped_column(BigInteger)
    known_lines: Mapped[int]
    known_fen: Mapped[int] = mapped_column(BigInteger)
    imported_at: Mapped[datetime]
    imported_by: Mapped[UUID]


class ExternalLineRow(Row, Base):
    """A line of a file, or one that a division made. Never edited; `as_line` is what is matched.

    `nature` is what the sender says that the line is about (`billing.bills.shapes.Nature`), "" where that is not known.
    """

    __tablename__ = "external_line"

    batch_id: Mapped[UUID]
    derived_by: Mapped[UUID | None]
    source: Mapped[str]
    account: Mapped[str]
    number: Mapped[int]
    booked_on: Mapped[date]
    fen: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    refs: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    counterparty: Mapped[str]
    text: Mapped[str]
    natural_key: Mapped[str]
    nature: Mapped[str]

    def as_line(self) -> ExternalLine:
        """The value that is matched."""
        return ExternalLine(
            id=self.id,
            source=self.source,
            booked_on=self.booked_on,
            fen=self.fen,
            currency=self.currency,
            references=tuple(self.refs),
            counterparty=self.counterparty,
            text=self.text,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A line as a file says it, before it has an id.

    `key` names the movement in every file that brings it, for instance the platform's own number of it. Where there is
    none it is "", and what the line says is its key: the second line of a file that says the same is then the second
    in every file that covers the day. `nature` is a word of the reader's, "" where it has none.
    """

    number: int
    booked_on: date
    fen: int
    currency: str = "CNY"
    references: tuple[str, ...] = ()
    counterparty: str = ""
    text: str = ""
    key: str = ""
    nature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that was read: its digest, what it calls itself, and the account that it is of."""

    sha256: bytes
    name: str
    source: str
    account: str
    lines: tuple[Arrived, ...]


async def import_lines(session: AsyncSession, arrival: Arrival, *, by: UUID, at: datetime) -> ImportBatch:
    """Keep the file and those of its lines that are not kept yet.

    Raises FileImportedAlready, also where somebody else has just imported it, and ImportInvalid.
    """
    if not arrival.lines:
        raise ImportInvalid(Message(N_("文件中没有可导入的行")))
    batch_id = new_id()
    rows = [_row(arrival, batch_id, each, key) for each, key in zip(arrival.lines, natural_keys(arrival), strict=True)]
    await _begin(session, arrival)
    known = await _known(session, arrival, [str(row["natural_key"]) for row in rows])
    new = [row for row in rows if row["natural_key"] not in known]
    fen = [each.fen for each in arrival.lines]
    batch = ImportBatch(
        id=batch_id,
        sha256=arrival.sha256,
        name=arrival.name,
        source=arrival.source,
        account=arrival.account,
        first_on=min(each.booked_on for each in arrival.lines),
        last_on=max(each.booked_on for each in arrival.lines),
        lines=len(rows),
        fen_in=sum(each for each in fen if each > 0),
        fen_out=sum(each for each in fen if each < 0),
        known_lines=len(rows) - len(new),
        known_fen=sum(each.fen for each, row in zip(arrival.lines, rows, strict=True) if row["natural_key"] in known),
        imported_at=at,
        imported_by=by,
    )
    session.add(batch)
    await session.flush()
    await insert_rows(session, ExternalLineRow, new)
    return batch


async def find_external(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[ExternalLineRow]:
    """Those of the lines that there are, by day."""
    asked = select(ExternalLineRow).where(ExternalLineRow.id.in_(ids))
    return (await session.scalars(asked.order_by(ExternalLineRow.booked_on, ExternalLineRow.id))).all()


def natural_keys(arrival: Arrival) -> list[str]:
    """What names each line within its source and account. Raises ImportInvalid where a file uses a key twice."""
    seen: Counter[str] = Counter()
    keys = []
    for each in arrival.lines:
        if each.key:
            key = f"key:{each.key}"
            if seen[key]:
                raise ImportInvalid(Message(N_("第 %(number)s 行的流水号在文件中重复"), number=each.number))
        else:
            said = (each.booked_on, each.fen, each.currency, sorted(each.references), each.counterparty, each.text)
            digest = hashlib.sha256(msgspec.json.encode(said)).hexdigest()
            key = f"said:{digest}:{seen[digest]}"
            seen[digest] += 1
        seen[key] += 1
        keys.append(key)
    return keys


def _row(arrival: Arrival, batch_id: UUID, line: Arrived, key: str) -> dict[str, object]:
    # The value refuses what could not be compared.
    made = ExternalLine(
        id=new_id(),
        source=arrival.source,
        booked_on=line.booked_on,
        fen=line.fen,
        currency=line.currency,
        references=tuple(dict.fromkeys(line.references)),
        counterparty=line.counterparty,
        text=line.text,
    )
    said = {
        name: getattr(made, name) for name in ("id", "source", "booked_on", "fen", "currency", "counterparty", "text")
    }
    return said | {
        "batch_id": batch_id,
        "derived_by": None,
        "account": arrival.account,
        "number": line.number,
        "refs": list(made.references),
        "natural_key": key,
        "nature": line.nature,
    }


async def _begin(session: AsyncSession, arrival: Arrival) -> None:
    """Two imports into one account come one after the other, so that what overlaps is found."""
    place = f"import:{arrival.source}:{arrival.account}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(place, 0))))
    standing = select(ImportBatch.imported_at).where(ImportBatch.sha256 == arrival.sha256)
    if (imported_at := (await session.scalars(standing)).one_or_none()) is not None:
        raise FileImportedAlready(imported_at.astimezone(BOOKS_ZONE).date())


async def _known(session: AsyncSession, arrival: Arrival, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), _AT_A_TIME):
        asked = select(ExternalLineRow.natural_key).where(
            ExternalLineRow.source == arrival.source,
            ExternalLineRow.account == arrival.account,
            ExternalLineRow.natural_key.in_(keys[start : start + _AT_A_TIME]),
        )
        found.update(await session.scalars(asked))
    return found
