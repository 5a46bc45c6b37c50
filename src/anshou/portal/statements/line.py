"""One line: what it rests on, everything said of it, and finance's answer to a dispute."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from anshou.finance.answering_disputes import (
    Acceptance,
    Acknowledgement,
    Rejection,
    accept_dispute,
    acknowledge_dispute,
    reject_dispute,
    reversal_of_line,
)
from anshou.finance.reading_statements import line_at, visible_statement
from anshou.finance.tracing_lines import trace_of
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.kept_files import shown_kept
from anshou.portal.ledger.places import voucher_address
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.statements.places import STATEMENTS, address_of, line_address, trail_of
from anshou.portal.statements.views import sent_file, shown_head, shown_line
from anshou.portal.uploads import received_files
from billing.statements.rows import LineSort, Statement, StatementLine, Word
from tenants.refusals import N_, Refusal

Files = Collection[tuple[str, str]]
"""Files that an earlier sending of a form has brought, for its template."""


@get("/statements/{number:str}/lines/{place:int}")
async def line_page(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Everything about it."""
    statement, line = await _line(visit, number, place, Permission.READ_DISPUTES)
    shown = await shown_line(visit, statement, line)
    disputed = bool(shown["words"]) and shown["words"][-1].word is Word.DISPUTED
    # The books are the agency's as a whole: whoever serves some merchants follows what is said, not the postings.
    reads_books = allows(visit.person, Permission.READ_STATEMENTS)
    trace = await trace_of(visit.session, line, by=visit.person) if reads_books else None
    answering = disputed and allows(visit.person, Permission.ISSUE_STATEMENTS)
    return page(
        request,
        "statements/line.html",
        here=line_address(address_of(number), place),
        above=trail_of(statement, visit.person),
        trace=trace,
        in_the_books=voucher_address(trace.voucher.id) if trace and allows(visit.person, Permission.READ_BOOKS) else "",
        answering=answering,
        may_accept=answering and line.sort is LineSort.COST,
        **await shown_head(visit, statement),
        **shown,
    )


@get("/statements/{number:str}/lines/{place:int}/accept")
async def accept_page(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """How much is taken off; the whole line unless said otherwise. Nothing where it was taken back already."""
    _, line = await _line(visit, number, place, Permission.ISSUE_STATEMENTS)
    if await reversal_of_line(visit.session, line) is not None:
        return _acknowledge_form(request, number, place)
    return _accept_form(request, number, place, prefilled(Acceptance(fen=max(line.fen, 1))))


@post("/statements/{number:str}/lines/{place:int}/accept", status_code=303)
async def submit_acceptance(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Take it off."""
    said = N_("异议成立，冲减金额列入下一期对账单。")
    return await _answer(request, visit, number, place, Acceptance, accept_dispute, _accept_form, said)


@post("/statements/{number:str}/lines/{place:int}/acknowledge", status_code=303)
async def submit_acknowledgement(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Accept it; what took the line back has lessened the debt."""
    said = N_("异议成立，金额已随冲销扣减，没有重复冲减。")
    return await _answer(request, visit, number, place, Acknowledgement, acknowledge_dispute, _acknowledge_form, said)


@get("/statements/{number:str}/lines/{place:int}/reject")
async def reject_page(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Why it is not accepted."""
    await _line(visit, number, place, Permission.ISSUE_STATEMENTS)
    return _reject_form(request, number, place)


@post("/statements/{number:str}/lines/{place:int}/reject", status_code=303)
async def submit_rejection(
    number: FromPath[str], place: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Keep to the line."""
    said = N_("已答复，商家会收到通知。")
    return await _answer(request, visit, number, place, Rejection, reject_dispute, _reject_form, said)


@get("/statements/{number:str}/lines/{place:int}/files/{file_id:uuid}")
async def hand_out(
    number: FromPath[str], place: FromPath[int], file_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Stream:
    """A file behind the line. It is recorded."""
    statement, line = await _line(visit, number, place, Permission.READ_DISPUTES)
    return await sent_file(request, visit, statement, line, file_id)


async def _line(visit: Visit, number: str, place: int, needs: Permission) -> tuple[Statement, StatementLine]:
    authorize_at_desk(visit.person, needs)
    statement = await visible_statement(visit.session, number, by=visit.person)
    return statement, await line_at(visit.session, statement, place)


async def _answer(
    request: Asked,
    visit: Visit,
    number: str,
    place: int,
    shape: type[Struct],
    deed: Callable[..., Awaitable[Any]],
    form: Callable[..., Response[str]],
    said: str,
) -> Response[str]:
    statement, line = await _line(visit, number, place, Permission.ISSUE_STATEMENTS)
    reading, files = read(shape, await typed_by(request)), []
    try:
        files = await received_files(request, visit, sealed_for=statement.merchant_id)
        if reading.value is not None:
            async with visit.session.begin_nested():
                await deed(visit.session, statement, line, reading.value, by=visit.person, at=visit.at, files=files)
            return go_to(request, line_address(address_of(number), place), Notice(language_of(request).say(said)))
        wrong: Refusal | None = reading.refusal
    except Refusal as refusal:
        wrong = refusal
    return form(request, number, place, reading.typed, wrong, shown_kept(request, visit, files))


def _accept_form(
    request: Asked, number: str, place: int, typed: Typed = NOTHING, wrong: Refusal | None = None, kept: Files = ()
) -> Response[str]:
    say = language_of(request).say
    intro = say(
        N_(
            "冲减部分由代运营方承担，记入当前开放的月份，并列入下一期对账单。"
            "其后如责任改判，冲减自动撤回，以新的归属为准。"
        )
    )
    form = _form(request, number, place, "accept", N_("异议成立"), intro)
    return show_form(request, form, Acceptance, typed, wrong=wrong, kept=kept)


def _acknowledge_form(
    request: Asked, number: str, place: int, typed: Typed = NOTHING, wrong: Refusal | None = None, kept: Files = ()
) -> Response[str]:
    say = language_of(request).say
    intro = say(N_("这一行所依据的凭证已冲销（责任改判或更正），应收已减少。这里只答复商家，不再冲减。"))
    form = _form(request, number, place, "acknowledge", N_("异议成立"), intro)
    return show_form(request, form, Acknowledgement, typed, wrong=wrong, kept=kept)


def _reject_form(
    request: Asked, number: str, place: int, typed: Typed = NOTHING, wrong: Refusal | None = None, kept: Files = ()
) -> Response[str]:
    say = language_of(request).say
    intro = say(N_("商家会看到理由，可以确认这一行，或转为合同争议。"))
    form = _form(request, number, place, "reject", N_("异议不成立"), intro)
    return show_form(request, form, Rejection, typed, wrong=wrong, kept=kept)


def _form(request: Asked, number: str, place: int, deed: str, button: str, intro: str) -> FormPage:
    say, here = language_of(request).say, line_address(address_of(number), place)
    return FormPage(
        heading=say(button),
        action=f"{here}/{deed}",
        back=here,
        button=say(button),
        trail=(
            (say(N_("对账单")), STATEMENTS),
            (number, address_of(number)),
            (say(N_("第 %(place)s 行"), place=place), here),
        ),
        intro=intro,
        files=say(N_("发票、收据、付款回单等，最多 8 个，加密保存，商家可以查看")),
    )
