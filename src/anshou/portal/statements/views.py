"""What the pages of a statement show on both desks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar.response import Stream

from anshou.consumers.discreet import Thing, discreet
from anshou.consumers.records import carries_private
from anshou.downloads import send_file
from anshou.finance.line_files import files_about, open_file, proof_of_line, ticket_of
from anshou.finance.owing import settled_of
from anshou.finance.reading_statements import Shown, TicketOfLine, lines_of, statement_before, tickets_of
from anshou.finance.statement_months import standing_of
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import visible_merchant
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.formats import yuan
from anshou.portal.pages import language_of, portal_of
from anshou.portal.statements.places import (
    MY_OWING,
    PAGE,
    TONES,
    WORD_TONES,
    address_of,
    line_address,
    my_address_of,
    owing_address,
    ticket_root,
)
from anshou.tickets.objections import under_objection
from billing.currencies import Currency
from billing.statements.answering import words_about
from billing.statements.files import files_of
from billing.statements.rows import Statement, StatementLine
from billing.statements.totals import Said, Totals, said_of, totals_of
from confidentiality.audit.actors import NOBODY
from tenants.files import SHOWN_INLINE, StoredFile
from tenants.refusals import N_


async def shown_head(visit: Visit, statement: Statement) -> dict[str, Any]:
    """Its figures and where it stands."""
    said = await said_of(visit.session, [statement])
    of_it = said.get(statement.id, Said())
    return {
        "statement": statement,
        "merchant": await visible_merchant(visit.session, statement.merchant_id),
        "standing": standing_of(statement, said),
        "settled": await settled_of(visit.session, statement, by=visit.person),
        "before": await _before(visit, statement),
        "owing": _owing(visit, statement),
        "unanswered": statement.line_count - of_it.settled - of_it.contested,
        "tones": TONES,
        "word_tones": WORD_TONES,
        "totals": (await totals_of(visit.session, [statement])).get(statement.id, Totals()),
        "reply_by": statement.reply_by.astimezone((await read_settings(visit.session)).zone).date(),
    }


async def _before(visit: Visit, statement: Statement) -> tuple[str, str] | None:
    """The number and the address of the statement that the opening balance comes from."""
    found = await statement_before(visit.session, statement)
    if found is None:
        return None
    return found.number, (my_address_of if visit.person.is_merchant else address_of)(found.number)


def _owing(visit: Visit, statement: Statement) -> str:
    if visit.person.is_merchant:
        return MY_OWING
    return owing_address(statement.merchant_id) if allows(visit.person, Permission.READ_STATEMENTS) else ""


async def shown_lines(request: Asked, visit: Visit, statement: Statement, here: str) -> dict[str, Any]:
    """A page of its lines: those behind the place that the address names."""
    after = place_asked(request)
    found = await lines_of(visit.session, statement, after=after, limit=PAGE + 1)
    lines = found[:PAGE]
    of_tickets = {shown.line.ticket_id for shown in lines if shown.line.ticket_id is not None}
    tickets = await tickets_of(visit.session, statement.merchant_id, of_tickets)
    return {
        "objected": await under_objection(visit.session, of_tickets),
        "here": here,
        "rows": _rows(language_of(request), visit, statement, lines, tickets, here),
        "first": here if after else "",
        "following": f"{here}?after={lines[-1].line.place}" if len(found) > PAGE else "",
    }


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line in the table of a statement. A hundred of them are most of the page, so they come in plain texts."""

    place: int
    address: str
    booked_on: str
    about: str
    text: str
    ticket: str
    ticket_address: str
    ticket_kind: str
    amount: str
    said: str
    tone: str
    ticket_id: UUID | None


def _rows(
    language: Language,
    visit: Visit,
    statement: Statement,
    lines: Sequence[Shown],
    tickets: Mapping[UUID, TicketOfLine],
    here: str,
) -> list[LineRow]:
    say, root = language.say, ticket_root(visit.person)
    rows = []
    for shown in lines:
        line, ticket = shown.line, tickets.get(shown.line.ticket_id) if shown.line.ticket_id else None
        about = say((line.category or line.sort).label)
        if line.incurred_on is not None:
            about += " · " + say(N_("%(day)s 发生"), day=line.incurred_on.isoformat())
        rows.append(
            LineRow(
                place=line.place,
                address=line_address(here, line.place),
                booked_on=line.booked_on.isoformat(),
                about=about,
                text=line.text,
                ticket=ticket.number if ticket else "",
                ticket_address=f"{root[0]}{ticket.number}{root[1]}" if ticket else "",
                ticket_kind=say(ticket.kind.label) if ticket else "",
                amount=amount_in(line.fen, statement.currency),
                said=say(shown.word.word.label if shown.word else N_("待确认")),
                tone=WORD_TONES[shown.word.word] if shown.word else "",
                ticket_id=line.ticket_id,
            )
        )
    return rows


def amount_in(fen: int, currency: str) -> str:
    """An amount with its currency where that is not yuan."""
    return yuan(fen) if currency == Currency.CNY else f"{yuan(fen).replace('¥', '')} {currency}"


async def shown_line(visit: Visit, statement: Statement, line: StatementLine) -> dict[str, Any]:
    """A line with everything that was said of it, and by whom."""
    words = await words_about(visit.session, line)
    ticket = await ticket_of(visit.session, line)
    tickets = {line.ticket_id, *(word.ticket_id for word in words)}
    return {
        "line": line,
        "words": words,
        "objected": await under_objection(visit.session, {line.ticket_id} if line.ticket_id else set()),
        "files": await files_of(visit.session, words),
        "proof": await proof_of_line(visit.session, line),
        "may_open": ticket is None or not ticket.is_confidential or allows(visit.person, Permission.REVEAL),
        "inline": SHOWN_INLINE,
        "people": await names_of(visit.session, {word.said_by for word in words} - {NOBODY.id}),
        "nobody": NOBODY.id,
        "tickets": await tickets_of(visit.session, statement.merchant_id, tickets),
        "ticket_root": ticket_root(visit.person),
    }


async def sent_file(request: Asked, visit: Visit, statement: Statement, line: StatementLine, file_id: UUID) -> Stream:
    """A file behind the line: shown if it is a picture and `show` is asked for, else handed over."""
    storage = portal_of(request).storage
    kept, opened = await open_file(visit.session, storage, statement, line, file_id, by=visit.person, at=visit.at)
    ticket = await ticket_of(visit.session, line)
    # A file's name is typed by whoever sent it, and may name a private product (domain.md 7.3).
    private = ticket is not None and await carries_private(visit.session, ticket)
    places = [one.id for one in await files_about(visit.session, line)]
    name = discreet(Thing.FILE, statement.number, places.index(kept.id) + 1, kept.name, private=private)
    file = StoredFile(kept.storage_key, name, kept.media_type, kept.size, kept.sha256)
    return await send_file(opened, file, inline="show" in request.query_params)


def place_asked(request: Asked) -> int:
    """Behind which line a page begins; whatever cannot be read means from the first."""
    text = request.query_params.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
