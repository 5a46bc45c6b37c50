"""One line of my statement: confirmed, disputed, or taken further after a rejection."""

from collections.abc import Collection
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.finance.disputing_lines import ANSWER_DAYS, Objection, confirm_line, dispute_line, escalate_line
from anshou.finance.reading_statements import line_at, visible_statement
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.error_pages import status_of
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.kept_files import shown_kept
from anshou.portal.merchant.places import MY_TICKETS, acting_for, own_merchant
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from anshou.portal.statements.places import MY_STATEMENTS, line_address, my_address_of
from anshou.portal.statements.views import sent_file, shown_head, shown_line
from anshou.portal.uploads import received_files
from billing.statements.answering import AFTER
from billing.statements.rows import Statement, StatementLine, Word
from tenants.refusals import N_, Refusal

# What the merchant's people say themselves.
OWN_WORDS = frozenset({Word.CONFIRMED, Word.DISPUTED, Word.ESCALATED})


@get("/my/statements/{number:str}/lines/{place:int}")
async def my_line_page(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Everything about it, and what can be said of it now."""
    statement, line = await _line(visit, number, place, Permission.READ_STATEMENTS)
    return await _show(request, visit, statement, line)


@post("/my/statements/{number:str}/lines/{place:int}/confirm", status_code=303)
async def confirm(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Confirm it, and go back to the others."""
    statement, line = await _line(visit, number, place, Permission.CONFIRM_STATEMENTS)
    try:
        async with visit.session.begin_nested():
            await confirm_line(visit.session, statement, line, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _show(request, visit, statement, line, refusal)
    said = language_of(request).say(N_("第 %(place)s 行已确认。"), place=place)
    return go_to(request, my_address_of(number), Notice(said))


@get("/my/statements/{number:str}/lines/{place:int}/dispute")
async def dispute_page(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Why it is disputed."""
    await _line(visit, number, place, Permission.CONFIRM_STATEMENTS)
    return _dispute_form(request, number, place)


@post("/my/statements/{number:str}/lines/{place:int}/dispute", status_code=303)
async def submit_dispute(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Dispute it; what was typed stays on the form when that is refused."""
    statement, line = await _line(visit, number, place, Permission.CONFIRM_STATEMENTS)
    reading, files = read(Objection, await typed_by(request)), []
    wrong: Refusal | None = reading.refusal
    try:
        files = await received_files(request, visit, sealed_for=statement.merchant_id)
        if reading.value is not None:
            async with visit.session.begin_nested():
                await dispute_line(
                    visit.session, statement, line, reading.value, by=visit.person, at=visit.at, files=files
                )
    except Refusal as refusal:
        wrong = refusal
    if wrong is not None:
        return _dispute_form(request, number, place, reading.typed, wrong, shown_kept(request, visit, files))
    said = language_of(request).say(N_("异议已提交，代运营方财务会在时限内答复。"))
    return go_to(request, line_address(my_address_of(number), place), Notice(said))


@post("/my/statements/{number:str}/lines/{place:int}/escalate", status_code=303)
async def escalate(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Make it a contract dispute, and go to that."""
    statement, line = await _line(visit, number, place, Permission.CONFIRM_STATEMENTS)
    try:
        async with visit.session.begin_nested():
            storage = portal_of(request).storage
            ticket = await escalate_line(visit.session, storage, statement, line, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _show(request, visit, statement, line, refusal)
    said = language_of(request).say(N_("已转为合同争议 %(number)s。"), number=ticket.number)
    return go_to(request, MY_TICKETS.of(ticket), Notice(said))


@get("/my/statements/{number:str}/lines/{place:int}/files/{file_id:uuid}")
async def my_line_file(
    number: FromPath[str], place: FromPath[int], file_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Stream:
    """A file behind the line. It is recorded."""
    statement, line = await _line(visit, number, place, Permission.READ_STATEMENTS)
    return await sent_file(request, visit, statement, line, file_id)


async def _line(visit: Visit, number: str, place: int, needs: Permission) -> tuple[Statement, StatementLine]:
    own_merchant(visit.person, needs)
    statement = await visible_statement(visit.session, number, by=visit.person)
    return statement, await line_at(visit.session, statement, place)


async def _show(
    request: Asked, visit: Visit, statement: Statement, line: StatementLine, wrong: Refusal | None = None
) -> Response[str]:
    shown = await shown_line(visit, statement, line)
    last = shown["words"][-1].word if shown["words"] else None
    may = allows(visit.person, Permission.CONFIRM_STATEMENTS)
    return page(
        request,
        "merchant/statement_line.html",
        status_code=status_of(wrong) if wrong else 200,
        here=line_address(my_address_of(statement.number), line.place),
        open={word.value for word in AFTER[last] & OWN_WORDS} if may else set(),
        wrong=language_of(request).refusal(wrong) if wrong else "",
        **await shown_head(visit, statement),
        **shown,
        **await acting_for(visit, statement.merchant_id),
    )


def _dispute_form(
    request: Asked,
    number: str,
    place: int,
    typed: Typed = NOTHING,
    wrong: Refusal | None = None,
    kept: Collection[tuple[str, str]] = (),
) -> Response[str]:
    say, here = language_of(request).say, line_address(my_address_of(number), place)
    form = FormPage(
        heading=say(N_("提出异议")),
        action=f"{here}/dispute",
        back=here,
        button=say(N_("提交异议")),
        trail=(
            (say(N_("对账单")), MY_STATEMENTS),
            (number, my_address_of(number)),
            (say(N_("第 %(place)s 行"), place=place), here),
        ),
        intro=say(N_("写明这一行哪里不对、您认为应由谁承担。代运营方财务须在 %(days)s 天内答复。"), days=ANSWER_DAYS),
        files=say(N_("能说明问题的图片和文件，最多 8 个，加密保存；手机上可以直接拍照")),
    )
    return show_form(request, form, Objection, typed, wrong=wrong, kept=kept)
