"""A merchant's month before it is issued: what the books hold, prepared by one and reviewed by another."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.reading_statements import statements_of_merchant, tickets_of
from anshou.finance.statements import (
    find_preparation,
    gathered_content,
    issue_statement,
    prepare_statement,
    review_statement,
)
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.reading import typed_by
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.query_values import identifier
from anshou.portal.statements.months import read_month
from anshou.portal.statements.places import PAGE, address_of, month_address, ticket_root
from anshou.portal.statements.views import place_asked
from billing.statements.errors import BooksMovedOn, EarlierStatementMissing, NotReviewed, StatementNotFound
from billing.statements.rows import StatementPreparation
from billing.statements.totals import Totals
from tenants.refusals import N_, Refusal


@get("/statements/months/{month:str}/{merchant_id:uuid}")
async def preparation_page(
    month: FromPath[str], merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """What would be stated; once it is issued, the statement itself."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    return await _show(request, visit, merchant_id, _month(month))


@post("/statements/months/{month:str}/{merchant_id:uuid}/prepare", status_code=303)
async def prepare(
    month: FromPath[str], merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Prepare it as the books stand now."""
    authorize_at_desk(visit.person, Permission.ISSUE_STATEMENTS)
    first = _month(month)
    try:
        async with visit.session.begin_nested():
            await prepare_statement(visit.session, merchant_id, first, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _show(request, visit, merchant_id, first, refusal)
    said = language_of(request).say(N_("已编制，等待另一位财务人员复核。"))
    return go_to(request, month_address(first, merchant_id), Notice(said))


@post("/statements/months/{month:str}/{merchant_id:uuid}/review", status_code=303)
async def review(
    month: FromPath[str], merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Approve what the page showed."""
    authorize_at_desk(visit.person, Permission.ISSUE_STATEMENTS)
    first = _month(month)
    try:
        await _with_shown(request, visit, merchant_id, first, review_statement)
    except Refusal as refusal:
        return await _show(request, visit, merchant_id, first, refusal)
    said = language_of(request).say(N_("已复核，可以出具。"))
    return go_to(request, month_address(first, merchant_id), Notice(said))


@post("/statements/months/{month:str}/{merchant_id:uuid}/issue", status_code=303)
async def issue(
    month: FromPath[str], merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Issue what was reviewed, and go to the statement."""
    authorize_at_desk(visit.person, Permission.ISSUE_STATEMENTS)
    first = _month(month)
    try:
        statement = await _with_shown(request, visit, merchant_id, first, issue_statement)
    except Refusal as refusal:
        return await _show(request, visit, merchant_id, first, refusal)
    said = language_of(request).say(N_("对账单已出具，商家会收到通知。"))
    return go_to(request, address_of(statement.number), Notice(said))


async def _with_shown(
    request: Asked, visit: Visit, merchant_id: UUID, month: date, deed: Callable[..., Awaitable[Any]]
) -> Any:
    """Do it with the preparation that the page showed, and with no other that somebody made since.

    Raises what the deed raises, NotReviewed when nothing is prepared, BooksMovedOn for another preparation.
    """
    wanted = identifier((await typed_by(request)).one("prepared"))
    prepared = await find_preparation(visit.session, merchant_id, month, by=visit.person)
    if prepared is None:
        raise NotReviewed
    if prepared.id != wanted:
        raise BooksMovedOn
    async with visit.session.begin_nested():
        return await deed(visit.session, prepared, by=visit.person, at=visit.at)


async def _show(
    request: Asked, visit: Visit, merchant_id: UUID, month: date, wrong: Refusal | None = None
) -> Response[str]:
    session, person, language = visit.session, visit.person, language_of(request)
    merchant = await visible_merchant(session, merchant_id)
    content = await gathered_content(session, merchant_id, month, by=person)
    issued = await statements_of_merchant(session, merchant_id, by=person)
    stated = next((one for one in issued if (one.month, one.currency) == (month, content.currency)), None)
    if stated is not None and wrong is None:
        return go_to(request, address_of(stated.number))
    later = next((one.month for one in issued if one.month > month and one.currency == content.currency), None)
    if later is not None and wrong is None:
        wrong = EarlierStatementMissing(later)
    prepared = await find_preparation(session, merchant_id, month, by=person)
    after = place_asked(request)
    lines = list(enumerate(content.lines, start=1))[after : after + PAGE]
    here = month_address(month, merchant_id)
    paid = -sum(line.fen for line in content.lines if line.sort.value == "payment")
    return page(
        request,
        "statements/preparation.html",
        status_code=status_of(wrong) if wrong and later is None else 200,
        merchant=merchant,
        month=month,
        content=content,
        totals=Totals(content.closing_fen - content.opening_fen + paid, paid),
        lines=lines,
        here=here,
        tickets=await tickets_of(session, merchant_id, {line.ticket_id for _, line in lines}),
        ticket_root=ticket_root(person),
        first=here if after else "",
        following=f"{here}?after={after + PAGE}" if after + PAGE < len(content.lines) else "",
        prepared=prepared,
        is_past=later is not None,
        has_moved=prepared is not None and prepared.content_hash != content.digest,
        people=await names_of(session, _people(prepared)),
        may_issue=later is None and allows(person, Permission.ISSUE_STATEMENTS),
        may_review=prepared is not None and prepared.prepared_by != person.id,
        wrong=language.refusal(wrong) if wrong else "",
    )


def _people(prepared: StatementPreparation | None) -> set[UUID]:
    return {one for one in (prepared.prepared_by, prepared.reviewed_by) if one} if prepared else set()


def _month(text: str) -> date:
    month = read_month(text)
    if month is None:
        raise StatementNotFound
    return month
