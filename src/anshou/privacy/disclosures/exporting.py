"""Handing out what a consent covers: checked, opened, written and recorded in one transaction.

The door commits it before it sends the bytes, so nothing leaves without its leaf; and because whoever withdraws waits
for the same lock, a consent that ended before the export began stops it, and one that ends later finds it recorded.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.disclosures import actions, telling
from anshou.privacy.disclosures.catalogue import find_source
from anshou.privacy.disclosures.consenting import hold
from anshou.privacy.disclosures.coverage import Allowed, Wanted, require_cover
from anshou.privacy.disclosures.documents import CoveredFile, read_document
from anshou.privacy.disclosures.errors import NotCovered, NothingToExport
from anshou.privacy.disclosures.kinds import Format
from anshou.privacy.disclosures.rows import Consent, Disclosure, DisclosureExport
from anshou.privacy.disclosures.sheets import MEDIA_TYPES, Mark, Sheet, write
from anshou.privacy.disclosures.sources import rows_by_id
from anshou.privacy.watching import Touch, look_for_decoys
from confidentiality.audit.leaves import record
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.ring import KeyRing
from tenants.refusals import N_, Message


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file on its way out. Its name says nothing of what is in it (domain.md 7.3)."""

    name: str
    media_type: str
    content: bytes


async def note_refusal(
    session: AsyncSession, disclosure: Disclosure, refusal: NotCovered, *, by: Person, at: datetime
) -> None:
    """Record that an export was refused for want of a consent; in a transaction that commits, unlike the export's."""
    await record(
        session,
        actions.REFUSED_EXPORT,
        actor=by.actor(),
        at=at,
        owner=disclosure.merchant_id,
        subject=disclosure.id,
        body={"number": disclosure.number, "missing": len(refusal.missing)},
    )


async def export(
    session: AsyncSession, disclosure: Disclosure, wanted: Wanted, kind: Format, *, by: Person, at: datetime
) -> ExportedFile:
    """The file with what is wanted, if all of it is covered. Raises NotCovered, NothingToExport, KeyDestroyed.

    Sensitive cells without the separate consent are left out. Commit before the bytes are sent.
    """
    authorize(by, Permission.EXPORT_CONFIDENTIAL)
    consent = await hold(session, disclosure)
    allowed = require_cover(consent, wanted, at=at)
    ring = await open_keys(session, disclosure.merchant_id)
    sheets = [
        sheet
        for one in allowed
        if (sheet := await _sheet(session, disclosure.merchant_id, one, ring, by=by, at=at)).rows
    ]
    if not sheets:
        raise NothingToExport
    mark = Mark(
        recipient=disclosure.recipient_name,
        purpose=disclosure.purpose,
        consent=disclosure.number,
        exported_by=by.name,
        exported_at=at,
    )
    content = write(kind, mark, sheets)
    kept = await _keep(
        session,
        consent,
        kind,
        fields=[f"{sheet.table}.{name}" for sheet in sheets for name, _ in sheet.columns],
        row_count=sum(len(sheet.rows) for sheet in sheets),
        left_out=_wanted(allowed) - sum(len(values) for sheet in sheets for *_, values in sheet.rows),
        size=len(content),
        digest=sha256(content).hexdigest(),
        by=by,
        at=at,
    )
    return ExportedFile(kept.file_name, MEDIA_TYPES[kind], content)


async def release_file(
    session: AsyncSession, disclosure: Disclosure, attachment_id: UUID, *, by: Person, at: datetime
) -> tuple[CoveredFile, DisclosureExport]:
    """Let one attachment go out as it is. Raises NotCovered.

    The door sends it under the discreet name of the answer, from the storage, after the commit.
    """
    authorize(by, Permission.EXPORT_CONFIDENTIAL)
    consent = await hold(session, disclosure)
    document = read_document(disclosure)
    wanted = Wanted(recipient=document.recipient.name, purpose=document.purpose, files=frozenset({attachment_id}))
    require_cover(consent, wanted, at=at)
    file = next(one for one in document.files if one.id == attachment_id)
    if file.sensitive and not consent.covers_sensitive(at):
        raise NotCovered([Message(N_("敏感个人信息的单独同意"))])
    kept = await _keep(
        session,
        consent,
        Format.FILE,
        fields=[],
        row_count=0,
        left_out=0,
        size=file.size,
        digest=file.sha256,
        attachment_id=attachment_id,
        by=by,
        at=at,
    )
    return file, kept


async def _sheet(
    session: AsyncSession, merchant_id: UUID, allowed: Allowed, ring: KeyRing, *, by: Person, at: datetime
) -> Sheet:
    source = find_source(allowed.table.table)
    if source is None:
        raise NothingToExport
    signed = {row.id: row for row in allowed.table.rows}
    fields = {one.column: one for one in allowed.table.fields}
    rows = {source.record_of(row): row for row in await rows_by_id(session, source, merchant_id, allowed.cells)}
    # A decoy that is handed out raises its alarm like one that is looked at.
    touched = {row.id for row in rows.values()} | rows.keys()
    await look_for_decoys(session, source.table, touched, Touch.REVEALED, by=by, at=at)
    # What has become sensitive since the text was signed was not signed as that.
    columns = [name for name in allowed.columns if fields[name].sensitive or name not in source.sensitive]
    return Sheet(
        table=source.table,
        label=allowed.table.label,
        columns=[(column, fields[column].label) for column in columns],
        rows=[
            (signed[record_id].ticket, record_id, _opened(row, columns, allowed.cells[record_id], ring))
            for record_id, row in rows.items()
            # A record of which nothing may be told is not mentioned either.
            if allowed.cells[record_id] and (signed[record_id].sensitive or not source.is_sensitive(row))
        ],
    )


def _opened(row: object, columns: Sequence[str], allowed: Collection[str], ring: KeyRing) -> Mapping[str, str | None]:
    handles = {column: getattr(row, column) for column in columns if column in allowed}
    return {column: None if handle is None else ring.open(handle) for column, handle in handles.items()}


def _wanted(allowed: Sequence[Allowed]) -> int:
    return sum(one.wanted for one in allowed)


async def _keep(
    session: AsyncSession,
    consent: Consent,
    kind: Format,
    *,
    fields: Sequence[str],
    row_count: int,
    left_out: int,
    size: int,
    digest: str,
    attachment_id: UUID | None = None,
    by: Person,
    at: datetime,
) -> DisclosureExport:
    disclosure = consent.disclosure
    counted = select(func.count()).where(
        DisclosureExport.merchant_id == disclosure.merchant_id, DisclosureExport.disclosure_id == disclosure.id
    )
    sequence = (await session.scalars(counted)).one() + 1
    name = f"{disclosure.number}-{sequence:02}" + ("" if kind is Format.FILE else f".{kind.value}")
    receipt = await record(
        session,
        actions.EXPORTED,
        actor=by.actor(),
        at=at,
        owner=disclosure.merchant_id,
        subject=disclosure.id,
        body={
            "number": disclosure.number,
            "recipient": disclosure.recipient_name,
            "format": kind.value,
            "fields": list(fields),
            "rows": row_count,
            "left_out": left_out,
            "sha256": digest,
        },
    )
    kept = DisclosureExport(
        merchant_id=disclosure.merchant_id,
        disclosure_id=disclosure.id,
        sequence=sequence,
        format=kind,
        fields=list(fields),
        row_count=row_count,
        left_out=left_out,
        attachment_id=attachment_id,
        file_name=name,
        size=size,
        sha256=digest,
        leaf_hash=receipt.leaf_hash,
        exported_by=by.id,
        exported_at=at,
    )
    session.add(kept)
    await session.flush()
    await telling.tell_merchant(session, disclosure, telling.EXPORTED)
    return kept
