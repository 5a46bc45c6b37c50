"""Where the table of a file begins, and what each of its columns says."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.typed import typed_in
from anshou.portal.imports.places import IMPORTS, address_of, columns_of_import, values_of_import
from anshou.portal.pages import go_to, language_of, page, portal_of
from anshou.tickets.importing.batches import TicketImport, visible_import
from anshou.tickets.importing.columns import Column
from anshou.tickets.importing.dates import Habits, numbered_day
from anshou.tickets.importing.fields import DATES, NEEDED, Field
from anshou.tickets.importing.headers import LATEST_HEADER
from anshou.tickets.importing.intake import (
    Table,
    choose_columns,
    choose_place,
    columns_of,
    drop_import,
    reason_of,
    table_of,
)
from tenants.refusals import N_, Refusal

# Of a row that may be the header, in the list of those to choose from.
_SHOWN = 60


@get(IMPORTS + "/{import_id:uuid}/columns")
async def columns_page(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The columns with samples and suggestions."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    if batch.storage_key is None:
        return go_to(request, address_of(batch.id))
    return await _page(request, visit, batch, await _table(request, visit, batch))


@post(IMPORTS + "/{import_id:uuid}/place", status_code=303)
async def submit_place(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Read from another sheet or row."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    table = await _table(request, visit, batch)
    typed = typed_in((await request.form()).multi_items())
    sheet, _, line = typed.one("place").rpartition(":")
    try:
        async with visit.session.begin_nested():
            number = int(line) if line.isdecimal() and len(line) < 8 else 0
            await choose_place(visit.session, batch, table, sheet, number, by=visit.person)
    except Refusal as refusal:
        return await _page(request, visit, batch, table, refusal)
    return go_to(request, columns_of_import(batch.id))


@post(IMPORTS + "/{import_id:uuid}/columns", status_code=303)
async def submit_columns(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep what each column says; on to the values."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    table = await _table(request, visit, batch)
    typed = typed_in((await request.form()).multi_items())
    known = {field.value for field in Field}
    chosen = {
        place: Field(said) for place in range(len(table.headings)) if (said := typed.one(f"column.{place}")) in known
    }
    try:
        async with visit.session.begin_nested():
            await choose_columns(visit.session, batch, table, chosen, by=visit.person)
    except Refusal as refusal:
        return await _page(request, visit, batch, table, refusal, chosen)
    return go_to(request, values_of_import(batch.id))


@post(IMPORTS + "/{import_id:uuid}/dropping", status_code=303)
async def submit_dropping(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Give the import up."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    await drop_import(visit.session, portal_of(request).storage, batch, by=visit.person)
    return go_to(request, IMPORTS)


async def _table(request: Asked, visit: Visit, batch: TicketImport) -> Table:
    return await table_of(visit.session, portal_of(request).storage, batch)


async def _page(
    request: Asked,
    visit: Visit,
    batch: TicketImport,
    table: Table,
    wrong: Refusal | None = None,
    chosen: dict[int, Field] | None = None,
) -> Response[str]:
    language = language_of(request)
    columns = await columns_of(visit.session, batch, table)
    meant = {one.place: (chosen.get(one.place, Field.NONE) if chosen is not None else one.field) for one in columns}
    return page(
        request,
        "imports/columns.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong else "",
        batch=batch,
        table=table,
        reason=reason_of(table).text(language.translate),
        columns=columns,
        chosen=meant,
        samples={one.place: _samples(one, meant[one.place], table) for one in columns},
        fields=[(field.value, language.say(field.label), field in NEEDED) for field in Field],
        beginnings=_beginnings(table, language.say(N_("隐藏"))),
        begins=f"{table.page.name}:{table.line}",
        action=address_of(batch.id),
        trail=[(language.say(N_("导入台账")), IMPORTS)],
    )


def _samples(column: Column, field: Field, table: Table) -> list[tuple[str, str]]:
    """Cells as the file has them, with the day that a number among them will be proposed as."""
    habits = Habits(since_1904=table.book.since_1904)
    return [(cell, numbered_day(cell, habits) if field in DATES else "") for cell in column.samples]


def _beginnings(table: Table, hidden: str) -> list[tuple[str, str]]:
    """Rows that may be the header, of every sheet."""
    found = []
    for one in table.book.pages:
        name = one.name if one.is_visible else f"{one.name}（{hidden}）"
        for line, cells in one.rows[:LATEST_HEADER]:
            words = " | ".join(cell for cell in cells if cell.strip())
            shown = words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
            found.append((f"{one.name}:{line}", f"{name} · {line} · {shown}"))
    return found
