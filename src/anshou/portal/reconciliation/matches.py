"""The page of one match: its lines, its difference and what becomes of it; and a line split into several."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.finance.matches import MatchRead, accounts_for_differences, read_external, read_match
from anshou.finance.reconciling import split, undo, write_off
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.formats import yuan
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.ledger.naming import account_choices
from anshou.portal.ledger.places import voucher_address
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.reconciliation.places import RECONCILIATION, bench_of, label_of, match_of
from billing.clauses import MOST
from billing.ledger.periods import month_of
from billing.reconciliation.batches import ExternalLineRow
from billing.reconciliation.dividing import Part
from billing.reconciliation.stages import yuan as in_yuan
from tenants.refusals import N_, Refusal


class PartGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the lines that a line is split into."""

    fen: Annotated[int, Meta(ge=-MOST, le=MOST, title=N_("金额"), extra={"widget": "money"})]
    text: Annotated[str, Meta(max_length=200, title=N_("摘要"))] = ""


class SplitGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a line is split into."""

    parts: Annotated[tuple[PartGiven, ...], Meta(min_length=2, max_length=50, title=N_("拆分为"))]


@get(f"{RECONCILIATION}/matches/{{match_id:uuid}}")
async def match_page(match_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The match with everything that was done to it."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    return await _page(request, visit, match_id)


@post(f"{RECONCILIATION}/matches/{{match_id:uuid}}/write-off", status_code=303)
async def submit_write_off(match_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Post the difference to the chosen account."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    account = str((await request.form()).get("account", ""))
    try:
        async with visit.session.begin_nested():
            await write_off(visit.session, match_id, account=account, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _page(request, visit, match_id, refusal, account=account)
    return go_to(request, match_of(match_id), Notice(language_of(request).say(N_("差额已核销，凭证已过账。"))))


@post(f"{RECONCILIATION}/matches/{{match_id:uuid}}/undo", status_code=303)
async def submit_undo(match_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Free the lines again, and go back to the desk where they are open."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    reason = str((await request.form()).get("reason", ""))
    try:
        async with visit.session.begin_nested():
            await undo(visit.session, match_id, reason=reason, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _page(request, visit, match_id, refusal, reason=reason)
    read_again = await read_match(visit.session, match_id, by=visit.person)
    return go_to(request, bench_of(*read_again.place), Notice(language_of(request).say(N_("已撤销，可重新匹配。"))))


@get(f"{RECONCILIATION}/lines/{{line_id:uuid}}/split")
async def split_page(line_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form, with the whole amount in its first part."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    line = await read_external(visit.session, line_id, by=visit.person)
    return _split_form(request, line, starting_with({"parts[0].fen": in_yuan(line.fen), "parts[1].fen": ""}))


@post(f"{RECONCILIATION}/lines/{{line_id:uuid}}/split", status_code=303)
async def submit_split(line_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Put the parts in the place of the line."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    line = await read_external(visit.session, line_id, by=visit.person)
    reading = read(SplitGiven, await typed_by(request))
    if reading.value is None:
        return _split_form(request, line, reading.typed, reading.refusal)
    parts = [Part(fen=part.fen, text=part.text) for part in reading.value.parts]
    try:
        async with visit.session.begin_nested():
            await split(visit.session, line_id, parts, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _split_form(request, line, reading.typed, refusal)
    said = language_of(request).say(N_("已拆分为 %(count)s 行。"), count=len(parts))
    return go_to(request, _bench(line), Notice(said))


def _split_form(request: Asked, line: ExternalLineRow, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("拆分账单行")),
        action=f"{RECONCILIATION}/lines/{line.id}/split",
        back=_bench(line),
        button=say(N_("拆分")),
        trail=((say(N_("对账")), RECONCILIATION), (f"{line.booked_on:%Y-%m}", _bench(line))),
        intro=say(
            N_("“%(text)s”（%(day)s，%(yuan)s）。各行合计须等于原金额，原行由拆出的各行代替；需要时可撤销。"),
            day=line.booked_on.isoformat(),
            text=line.text or line.counterparty or "—",
            yuan=yuan(line.fen),
        ),
    )
    return show_form(request, form, SplitGiven, typed, wrong=wrong)


def _bench(line: ExternalLineRow) -> str:
    return bench_of(line.source, line.account, month_of(line.booked_on))


async def _page(
    request: Asked, visit: Visit, match_id: UUID, wrong: Refusal | None = None, *, account: str = "", reason: str = ""
) -> Response[str]:
    language = language_of(request)
    shown: MatchRead = await read_match(visit.session, match_id, by=visit.person)
    accounts = []
    if shown.has_difference:
        currency = shown.match.currency
        accounts = await accounts_for_differences(visit.session, currency, by=visit.person, at=visit.at)
    source, owner, month = shown.place
    people = {shown.match.made_by} | ({shown.undo.undone_by} if shown.undo else set())
    return page(
        request,
        "reconciliation/match.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong else "",
        shown=shown,
        accounts=account_choices(accounts, language),
        account=account,
        reason=reason,
        why=shown.match.reason.text(language.translate),
        source_label=label_of(source),
        owner=owner,
        month=month,
        people=await names_of(visit.session, people),
        trail=[(language.say(N_("对账")), RECONCILIATION), (f"{month:%Y-%m}", bench_of(source, owner, month))],
        back=bench_of(source, owner, month),
        label_of=label_of,
        voucher_address=voucher_address,
    )
