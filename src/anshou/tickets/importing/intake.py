"""Taking a file in, and choosing what its columns and values mean. Who may: IMPORT_TICKETS.

What was read of the file lies in the storage, sealed with the agency's key, until it is imported or given up.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.importing.batches import ImportFinding, Step, TicketImport
from anshou.tickets.importing.books import Book, Page, read_book
from anshou.tickets.importing.columns import Column, below, missing_of, suggest_columns
from anshou.tickets.importing.errors import ChoiceInvalid, MappingIncomplete, SourceGone
from anshou.tickets.importing.fields import CHOSEN, NEVER_EMPTY, Field
from anshou.tickets.importing.grounds import known_to
from anshou.tickets.importing.headers import Place, chosen_header, find_header, headings_of, signature_of
from anshou.tickets.importing.lines import Choices
from anshou.tickets.importing.remembering import as_kept, recall, remember
from anshou.tickets.importing.surveying import values_of
from anshou.tickets.importing.wording import NOBODY, Known, suggest
from anshou.tickets.sealed_files import sealing_storage
from tenants.refusals import N_, Message
from tenants.registry import Tenant
from tenants.storage import ObjectMissing, ObjectStorage, new_key

LONGEST_NAME = 120

# Before columns are chosen anew nothing has been decided; afterwards the rows are checked anew.
OPEN_STEPS = (Step.MAPPING, Step.CHECKED, Step.REFUSED)


# Nothing has come of it. A job that died leaves its import at the step it was doing.
UNFINISHED = (*OPEN_STEPS, Step.CHECKING, Step.IMPORTING)


@dataclass(frozen=True, slots=True)
class Table:
    """A file's ledger as it was found or chosen: the sheet's rows under the header, and the header's names."""

    book: Book
    page: Page
    line: int
    headings: list[str]
    rows: list[tuple[int, list[str]]]

    @property
    def signature(self) -> str:
        """By what a file like this is known again."""
        return signature_of(self.headings)


async def begin_import(
    session: AsyncSession, storage: ObjectStorage, name: str, content: bytes, *, by: Person, at: datetime
) -> TicketImport:
    """Take a file in and suggest what its columns say. Raises PermissionMissing, SheetRefused."""
    authorize(by, Permission.IMPORT_TICKETS)
    book = await read_book(name, content)
    place = find_header(book) or _first_row(book)
    tenant: Tenant = session.info["tenant"]
    key = new_key(tenant.schema)
    await (await sealing_storage(session, storage, tenant.id)).put(key, _whole(book.packed()))
    begun = TicketImport(
        name=name[-LONGEST_NAME:],
        sha256=hashlib.sha256(content).hexdigest(),
        storage_key=key,
        asked_by=by.id,
        asked_at=at,
        step=Step.MAPPING,
        sheet=place.sheet,
        header_line=place.line,
        choices={},
        changes={},
        skipped=[],
        row_count=0,
        ready_count=0,
        there_count=0,
        there=[],
        done=0,
        ticket_count=0,
        refusal="",
    )
    session.add(begun)
    await session.flush()
    return begun


async def table_of(session: AsyncSession, storage: ObjectStorage, batch: TicketImport) -> Table:
    """The ledger of the import. Raises SourceGone."""
    tenant: Tenant = session.info["tenant"]
    if batch.storage_key is None:
        raise SourceGone
    held = await sealing_storage(session, storage, tenant.id, batch.storage_key)
    try:
        packed = b"".join([piece async for piece in held.read(batch.storage_key)])
    except ObjectMissing:
        raise SourceGone from None
    book = Book.unpacked(packed)
    page = book.page(batch.sheet)
    if page is None:
        raise SourceGone
    return Table(book, page, batch.header_line, headings_of(page, batch.header_line), below(page, batch.header_line))


def reason_of(table: Table) -> Message:
    """Why this header, or that a person chose it."""
    found = find_header(table.book)
    if found is not None and (found.sheet, found.line) == (table.page.name, table.line):
        return found.reason
    return Message(N_("没有自动认出表头，请核对")) if found is None else Message(N_("由您选定"))


async def columns_of(session: AsyncSession, batch: TicketImport, table: Table) -> list[Column]:
    """Each column with what was chosen for it, else with what is suggested."""
    chosen = batch.chosen.columns
    remembered = None if chosen else await recall(session, table.signature)
    return suggest_columns(
        table.headings,
        table.rows,
        await known_to(session),
        {place: Field(name) for place, name in (chosen or (remembered.columns if remembered else {})).items()} or None,
    )


async def choose_place(
    session: AsyncSession, batch: TicketImport, table: Table, sheet: str, line: int, *, by: Person
) -> None:
    """Read another sheet, or from another header. Raises PermissionMissing, NotThatFar, ChoiceInvalid."""
    authorize(by, Permission.IMPORT_TICKETS)
    batch.require(*OPEN_STEPS)
    if chosen_header(table.book, sheet, line) is None:
        raise ChoiceInvalid
    batch.sheet, batch.header_line = sheet, line
    await _start_over(session, batch)
    batch.choices = {}


async def choose_columns(
    session: AsyncSession, batch: TicketImport, table: Table, columns: Mapping[int, Field], *, by: Person
) -> None:
    """Say what each column holds. Raises PermissionMissing, NotThatFar, ChoiceInvalid, MappingIncomplete."""
    authorize(by, Permission.IMPORT_TICKETS)
    batch.require(*OPEN_STEPS)
    used = {place: field for place, field in columns.items() if field is not Field.NONE}
    if len(set(used.values())) != len(used) or any(place >= len(table.headings) for place in used):
        raise ChoiceInvalid
    missing = [] if Field.TITLE in used.values() else missing_of(list(used.values()))
    if Field.REGISTERED not in used.values() and Field.REGISTERED not in missing:
        missing.append(Field.REGISTERED)
    if missing:
        raise MappingIncomplete("、".join(field.label for field in missing))
    kept = {place: field.value for place, field in used.items()}
    if kept != batch.chosen.columns:
        await _start_over(session, batch)
        batch.choices = as_kept(Choices(columns=kept, values=batch.chosen.values, sealed=batch.chosen.sealed))


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a column: how often it stands there, what is chosen or suggested, and whether it was remembered."""

    key: str
    count: int
    meaning: str
    is_remembered: bool
    is_needed: bool


async def values_to_choose(
    session: AsyncSession, batch: TicketImport, table: Table, known: Known
) -> dict[Field, list[Value]]:
    """The values of each column whose values name something here."""
    remembered = await recall(session, table.signature)
    chosen = batch.chosen
    found: dict[Field, list[Value]] = {}
    for field, counted in values_of(table.rows, chosen).items():
        found[field] = []
        for key, count in counted.items():
            before = remembered.meaning(field, key) if remembered else None
            meaning = chosen.meaning(field, key) or before or suggest(field, key, known) or ""
            needed = field in NEVER_EMPTY
            if not meaning and not needed and field is not Field.OWNER:
                meaning = NOBODY
            found[field].append(Value(key, count, meaning, before is not None and before == meaning, needed))
    return found


async def choose_values(
    session: AsyncSession,
    batch: TicketImport,
    table: Table,
    values: Mapping[Field, Mapping[str, str]],
    sealed: list[UUID],
    *,
    by: Person,
    at: datetime,
) -> None:
    """Say what each value means, remember it for such files, and have the rows checked.

    Raises PermissionMissing, NotThatFar, MappingIncomplete.
    """
    authorize(by, Permission.IMPORT_TICKETS)
    batch.require(*OPEN_STEPS)
    wanted = values_of(table.rows, batch.chosen)
    lacking = [field for field in CHOSEN for key in wanted.get(field, {}) if not values.get(field, {}).get(key)]
    if lacking:
        raise MappingIncomplete("、".join(field.label for field in dict.fromkeys(lacking)))
    chosen = Choices(
        columns=batch.chosen.columns,
        values={field.value: dict(meant) for field, meant in values.items()},
        sealed=sealed,
    )
    batch.choices = as_kept(chosen)
    await remember(session, table.signature, chosen, by=by, at=at)


async def drop_import(session: AsyncSession, storage: ObjectStorage, batch: TicketImport, *, by: Person) -> None:
    """Give it up before anything came of it. Raises PermissionMissing, NotThatFar."""
    authorize(by, Permission.IMPORT_TICKETS)
    batch.require(*OPEN_STEPS, Step.CHECKING)
    batch.step = Step.DROPPED
    await forget_source(session, storage, batch)


async def drop_left(session: AsyncSession, storage: ObjectStorage, ids: Sequence[UUID]) -> None:
    """Give up imports that nobody has gone on with, in the agency's context. Those that came to an end stay."""
    query = select(TicketImport).where(TicketImport.id.in_(ids), TicketImport.step.in_(UNFINISHED))
    for batch in await session.scalars(query.with_for_update()):
        batch.step = Step.DROPPED
        await forget_source(session, storage, batch)


async def forget_source(session: AsyncSession, storage: ObjectStorage, batch: TicketImport) -> None:
    """Keep neither the file nor what was found in it any longer."""
    key, batch.storage_key = batch.storage_key, None
    batch.changes, batch.choices = {}, {}
    await session.execute(delete(ImportFinding).where(ImportFinding.import_id == batch.id))
    if key is not None:
        with suppress(ObjectMissing):
            await storage.delete(key)


async def _start_over(session: AsyncSession, batch: TicketImport) -> None:
    batch.step = Step.MAPPING
    batch.changes, batch.skipped, batch.refusal = {}, [], ""
    await session.execute(delete(ImportFinding).where(ImportFinding.import_id == batch.id))


def _first_row(book: Book) -> Place:
    page = next((one for one in book.pages if one.is_visible), book.pages[0])
    return Place(page.name, page.rows[0][0], Message(N_("没有自动认出表头，请核对")))


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 2**18):
        yield content[start : start + 2**18]
