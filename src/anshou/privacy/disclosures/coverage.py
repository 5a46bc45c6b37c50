"""What a consent covers, cell by cell; and what of an export it does not. Pure: no database, no clock of its own.

A cell is one field of one record. It may be handed out when its field and its record stand in the signed text and,
where either is sensitive, the separate consent is in force too (PIPL arts. 28-30).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from anshou.privacy.disclosures.documents import CoveredTable, Document, read_document
from anshou.privacy.disclosures.errors import NotCovered
from anshou.privacy.disclosures.kinds import Standing
from anshou.privacy.disclosures.rows import Consent
from tenants.refusals import N_, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody would hand out: to whom, for what, which fields and records of which tables, which attachments.

    `fields` and `rows` are by table. An empty mapping wants nothing of tables.
    """

    recipient: str
    purpose: str
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rows: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    files: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which cells of one table leave: by record, the columns that may be filled. The others of it are withheld."""

    table: CoveredTable
    columns: tuple[str, ...]
    cells: Mapping[UUID, frozenset[str]]

    @property
    def wanted(self) -> int:
        """How many cells were asked for."""
        return len(self.columns) * len(self.cells)


def require_cover(consent: Consent, wanted: Wanted, *, at: datetime) -> tuple[Allowed, ...]:
    """What of the wanted may leave at this instant. Raises NotCovered, which names everything that is missing.

    Sensitive cells without the separate consent are no reason to refuse the rest: they are left out and counted. Only
    where nothing else would remain the export is refused for them.
    """
    document = read_document(consent.disclosure)
    missing = list(_missing(consent, document, wanted, at))
    if missing:
        raise NotCovered(missing)
    sensitive = consent.covers_sensitive(at)
    allowed = tuple(_allowed(table, wanted, sensitive) for table in document.tables if wanted.rows.get(table.table))
    if allowed and not wanted.files and not any(any(one.cells.values()) for one in allowed):
        raise NotCovered([Message(N_("敏感个人信息的单独同意"))])
    return allowed


def everything(document: Document) -> Wanted:
    """All that a signed text covers but its attachments."""
    return Wanted(
        recipient=document.recipient.name,
        purpose=document.purpose,
        fields={table.table: frozenset(one.column for one in table.fields) for table in document.tables},
        rows={table.table: frozenset(one.id for one in table.rows) for table in document.tables},
    )


def _missing(consent: Consent, document: Document, wanted: Wanted, at: datetime) -> Iterator[Message]:
    standing = consent.standing(at)
    if standing is not Standing.IN_FORCE:
        yield Message(N_("有效的同意（目前为“%(standing)s”）"), standing=standing)
    if wanted.recipient.strip() != document.recipient.name:
        yield Message(N_("对该接收方的同意"))
    if wanted.purpose.strip() != document.purpose:
        yield Message(N_("对该目的的同意"))
    tables = {table.table: table for table in document.tables}
    fields = sum(len(columns - _columns(tables.get(name))) for name, columns in wanted.fields.items())
    rows = sum(len(ids - _ids(tables.get(name))) for name, ids in wanted.rows.items())
    files = len(wanted.files - {one.id for one in document.files})
    if fields:
        yield Message(N_("对 %(count)s 个字段的同意"), count=fields)
    if rows:
        yield Message(N_("对 %(count)s 条记录的同意"), count=rows)
    if files:
        yield Message(N_("对 %(count)s 个附件的同意"), count=files)


def _allowed(table: CoveredTable, wanted: Wanted, sensitive: bool) -> Allowed:
    asked = wanted.fields.get(table.table, frozenset())
    fields = [one for one in table.fields if one.column in asked]
    plain = frozenset(one.column for one in fields if not one.sensitive)
    every = frozenset(one.column for one in fields)
    cells = {
        row.id: every if sensitive else frozenset() if row.sensitive else plain
        for row in table.rows
        if row.id in wanted.rows[table.table]
    }
    return Allowed(table, tuple(one.column for one in fields), cells)


def _columns(table: CoveredTable | None) -> frozenset[str]:
    return frozenset(one.column for one in table.fields) if table else frozenset()


def _ids(table: CoveredTable | None) -> frozenset[UUID]:
    return frozenset(one.id for one in table.rows) if table else frozenset()
