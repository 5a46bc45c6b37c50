"""One import: how far it is, what is found in it and decided about it, the import itself, and undoing it."""

import re
from typing import TypeVar
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.consumers.private_products import private_words
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.typed import Typed, typed_in
from anshou.portal.imports.places import IMPORTS, address_of, columns_of_import, values_of_import
from anshou.portal.pages import Notice, fragment, go_to, language_of, page, portal_of
from anshou.portal.query_values import identifier
from anshou.tickets.importing.batches import Step, TicketImport, visible_import
from anshou.tickets.importing.carrying_out import ask_for_import
from anshou.tickets.importing.dates import Rule
from anshou.tickets.importing.deciding import accept, retype, skip
from anshou.tickets.importing.fields import Field
from anshou.tickets.importing.found import Equal, Tally, count_open, each_of, equals_of, lines_alike, tallies_of
from anshou.tickets.importing.intake import table_of
from anshou.tickets.importing.lines import SKIPPING, Weight
from anshou.tickets.importing.reading import imported_tickets
from anshou.tickets.importing.undoing import touched_numbers, undo_import
from tenants.labels import Labelled
from tenants.refusals import N_, Refusal

Member = TypeVar("Member", bound=Labelled)

# Different values of one column and rule on the page; all of them on a page of their own.
_FEW, _MANY = 8, 300

_RANGE = re.compile(r"(\d{1,6})(?:\s*[-–~至]\s*(\d{1,6}))?", re.ASCII)
_MOST_LINES = 60_000

_TICKETS_SHOWN = 100


@get(IMPORTS + "/{import_id:uuid}")
async def import_page(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The import as it stands."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    if batch.step is Step.MAPPING:
        return go_to(request, columns_of_import(batch.id))
    return await _page(request, visit, batch)


@get(IMPORTS + "/{import_id:uuid}/state")
async def import_state(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """How far the job is; when it is over, to the import as it is now."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    shown = fragment(request, "imports/_state.html", batch=batch, at=visit.at, import_address=address_of(batch.id))
    if not batch.is_going(visit.at):
        shown.headers["hx-refresh"] = "true"
    return shown


@post(IMPORTS + "/{import_id:uuid}/decisions", status_code=303)
async def submit_decision(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Accept, type anew, leave out: what the pressed button says of one finding, of equal ones, or of a rule."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    typed = typed_in((await request.form()).multi_items())
    try:
        async with visit.session.begin_nested():
            await _decide(request, visit, batch, typed)
    except Refusal as refusal:
        return await _page(request, visit, batch, refusal)
    shown = "?" + typed.one("shown") if re.fullmatch(r"[\w=&-]{1,120}", typed.one("shown"), re.ASCII) else ""
    return go_to(request, address_of(batch.id) + shown)


@post(IMPORTS + "/{import_id:uuid}/run", status_code=303)
async def submit_import(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Import what is ready."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    try:
        async with visit.session.begin_nested():
            await ask_for_import(
                visit.session,
                portal_of(request).storage,
                batch,
                is_private=await private_words(visit.session),
                by=visit.person,
                at=visit.at,
            )
    except Refusal as refusal:
        await visit.session.refresh(batch)
        return await _page(request, visit, batch, refusal)
    return go_to(request, address_of(batch.id))


@post(IMPORTS + "/{import_id:uuid}/undoing", status_code=303)
async def submit_undoing(import_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take its tickets away again."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    batch = await visible_import(visit.session, import_id, by=visit.person)
    try:
        async with visit.session.begin_nested():
            await undo_import(visit.session, batch, by=visit.person, at=visit.at)
    except Refusal as refusal:
        await visit.session.refresh(batch)
        return await _page(request, visit, batch, refusal)
    return go_to(request, address_of(batch.id), Notice(language_of(request).say(N_("已撤销，导入的工单都已移除。"))))


async def _decide(request: Asked, visit: Visit, batch: TicketImport, typed: Typed) -> None:
    session, by, at = visit.session, visit.person, visit.at
    deed = typed.one("deed")
    field, rule = _member(Field, typed.one("field")), _member(Rule, typed.one("rule"))
    raw = typed.one("raw")
    one = identifier(typed.one("finding"))
    if deed == "accept_all":
        await accept(session, batch, by=by)
    elif deed == "accept_rule" and field and rule:
        await accept(session, batch, field=field, rule=rule, by=by)
    elif deed in ("accept", "keep") and one is not None:
        await accept(session, batch, finding=one, keep=deed == "keep", by=by)
    elif deed in ("accept", "keep") and field and rule:
        await accept(session, batch, field=field, rule=rule, raw=raw, keep=deed == "keep", by=by)
    elif deed in ("skip_lines", "take_lines"):
        table = await table_of(session, portal_of(request).storage, batch)
        lines = _lines(typed.one("lines"))
        await skip(session, batch, table, lines, back=deed == "take_lines", by=by, at=at)
    elif deed in ("retype", "skip") and field and rule:
        table = await table_of(session, portal_of(request).storage, batch)
        line = typed.one("line")
        lines = _lines(line) if line else set(await lines_alike(session, batch, field, rule, raw))
        if deed == "skip":
            await skip(session, batch, table, lines, by=by, at=at)
        else:
            await retype(session, batch, table, lines, field, typed.one("value"), by=by, at=at)


def _member(labelled: type[Member], value: str) -> Member | None:
    return labelled(value) if value in {one.value for one in labelled} else None


def _lines(said: str) -> set[int]:
    """Lines as people write them: 4, 9-12."""
    found: set[int] = set()
    for one in _RANGE.finditer(said):
        first, last = int(one[1]), int(one[2] or one[1])
        if first <= last < first + _MOST_LINES:
            found.update(range(first, last + 1))
    return found


async def _page(request: Asked, visit: Visit, batch: TicketImport, wrong: Refusal | None = None) -> Response[str]:
    language, asked = language_of(request), request.query_params
    session = visit.session
    field, rule = _member(Field, asked.get("field", "")), _member(Rule, asked.get("rule", ""))
    each = asked.get("each") == "yes"
    groups: list[tuple[Tally, list[Equal]]] = []
    tallies = await tallies_of(session, batch) if batch.step is Step.CHECKED else []
    for tally in tallies:
        if field and rule and (tally.field, tally.rule) != (field, rule):
            continue
        if not tally.open:
            groups.append((tally, []))
        elif field and rule and each:
            groups.append((tally, await each_of(session, batch, tally.field, tally.rule, limit=_MANY)))
        else:
            most = _MANY if field and rule else _FEW
            groups.append((tally, await equals_of(session, batch, tally.field, tally.rule, limit=most)))
    tickets = await imported_tickets(session, batch, limit=_TICKETS_SHOWN) if batch.step is Step.IMPORTED else []
    columns = {one: batch.chosen.place_of(one) for one in Field}
    return page(
        request,
        "imports/batch.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong else "",
        batch=batch,
        at=visit.at,
        import_address=address_of(batch.id),
        values_address=values_of_import(batch.id),
        columns_address=columns_of_import(batch.id),
        groups=groups,
        alone=bool(field and rule),
        each=each,
        shown=f"field={field.value}&rule={rule.value}" + ("&each=yes" if each else "") if field and rule else "",
        waiting=await count_open(session, batch),
        problems=sum(one.open for one in tallies if one.weight is Weight.PROBLEM),
        skipping=SKIPPING,
        columns=columns,
        tickets=tickets,
        reads_tickets=allows(visit.person, Permission.READ_TICKETS),
        touched=await touched_numbers(session, batch) if batch.step is Step.IMPORTED else [],
        names=await names_of(session, {one for one in (batch.asked_by, batch.undone_by) if one}),
        trail=[(language.say(N_("导入台账")), IMPORTS)],
    )
