"""Finance reconciles what others sent against the books (domain.md section 6): imports, matches, explains, undoes.

Whatever is certain is matched by `reconcile`, whatever is not is offered; a person decides. Who may: KEEP_BOOKS.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.bill_numbers import references_of
from anshou.finance.errors import DifferenceMisplaced
from anshou.finance.matches import accounts_for_differences
from anshou.finance.paying import book_payments, difference_stands_on, take_back_payment
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.bills.shapes import Bill, Nature
from billing.ledger.uses import AccountUse
from billing.reconciliation import books, claims, dividing, kept_rules, write_offs
from billing.reconciliation.batches import Arrival, Arrived, ExternalLineRow, ImportBatch, find_external, import_lines
from billing.reconciliation.claims import Confirmation, LineClaim, MatchUndo, confirm_all, get_match
from billing.reconciliation.dividing import Part
from billing.reconciliation.errors import LineNotFound
from billing.reconciliation.findings import Match
from billing.reconciliation.kept_rules import KeptRule, rules_in_force
from billing.reconciliation.lines import ExternalLine, InternalLine, Line
from billing.reconciliation.matching import match
from billing.reconciliation.rules import MatchRule
from billing.reconciliation.runs import Step
from billing.reconciliation.stages import Stage
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_

IMPORTED = action("reconciliation.imported", N_("导入对账文件"))
RECONCILED = action("reconciliation.reconciled", N_("自动对账"))
MATCHED = action("reconciliation.matched", N_("人工匹配"))
EXPLAINED = action("reconciliation.explained", N_("说明对账行"))
UNDONE = action("reconciliation.undone", N_("撤销匹配"))
DIVIDED = action("reconciliation.divided", N_("拆分或合并对账行"))
WRITTEN_OFF = action("reconciliation.written_off", N_("核销对账差额"))
RULE_SET = action("reconciliation.rule_set", N_("设置对账规则"))

_NEAR = timedelta(days=62)

# Matches that are stored before it is said how many are.
_AT_A_TIME = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What a run did: the matches that it confirmed, what it offers, and lines that a side carries more than once."""

    matched: tuple[UUID, ...]
    suggestions: tuple[Match, ...]
    repeated_external: tuple[tuple[UUID, ...], ...]
    repeated_internal: tuple[tuple[UUID, ...], ...]


async def import_bill(
    session: AsyncSession, bill: Bill, *, sha256: bytes, name: str, account: str, by: Person, at: datetime
) -> ImportBatch:
    """Keep a bill that was read. Raises PermissionMissing, FileImportedAlready, ImportInvalid."""
    authorize(by, Permission.KEEP_BOOKS)
    lines = tuple(
        Arrived(
            number=line.number,
            booked_on=line.on,
            fen=line.fen,
            currency=line.currency,
            references=references_of(line),
            counterparty=line.counterparty,
            text=line.text,
            key=line.key,
            nature=line.nature.value,
        )
        for line in bill.lines
    )
    arrival = Arrival(sha256=sha256, name=name, source=bill.layout, account=account, lines=lines)
    batch = await import_lines(session, arrival, by=by.id, at=at)
    body = {"lines": batch.lines, "known_lines": batch.known_lines}
    await record(session, IMPORTED, actor=by.actor(), at=at, subject=batch.id, body=body)
    return batch


async def set_match_rule(
    session: AsyncSession, rule: MatchRule, *, write_off_fen: int, retired: bool = False, by: Person, at: datetime
) -> KeptRule:
    """Let the rule be in force. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    kept = await kept_rules.set_rule(session, rule, write_off_fen=write_off_fen, retired=retired, by=by.id, at=at)
    body = {"source": rule.source, "against": rule.against, "retired": retired}
    await record(session, RULE_SET, actor=by.actor(), at=at, subject=kept.id, body=body)
    return kept


async def reconcile(
    session: AsyncSession,
    source: str,
    *,
    first: date,
    last: date,
    by: Person,
    at: datetime,
    account: str | None = None,
    tell: Callable[[Step, int, int], Awaitable[None]] | None = None,
) -> Reconciled:
    """Match the source's open lines of these days, of one account or all, by the rules; confirm what is certain, and
    book what is thereby paid.

    `tell` is called with each step, and with how many matches are stored of how many. Raises PermissionMissing, what
    posting raises, and LineTaken where somebody matches the same lines at this moment.
    """
    authorize(by, Permission.KEEP_BOOKS)
    told = tell or _nobody
    await told(Step.READING, 0, 0)
    rules = [kept.value for kept in await rules_in_force(session, source)]
    external = await open_external(session, source, first=first, last=last, account=account)
    internal: list[InternalLine] = []
    reach = timedelta(days=max((rule.window_days for rule in rules), default=0))
    for against in sorted({rule.against for rule in rules} & {book.source for book in books.books()}):
        internal += await books.open_lines(session, against, first=first - reach, last=last + reach)
    await told(Step.MATCHING, 0, 0)
    # Seconds, for many lines, in which others are served.
    found = await asyncio.to_thread(match, external, internal, rules)
    lines: dict[UUID, Line] = {line.id: line for line in (*external, *internal)}
    certain = [
        Confirmation(
            lines=tuple(lines[line] for line in (*each.external, *each.internal)),
            stage=each.stage,
            automatic=True,
            score=each.score,
        )
        for each in found.automatic
    ]
    matched: list[UUID] = []
    for start in range(0, len(certain), _AT_A_TIME):
        await told(Step.STORING, start, len(certain))
        some = certain[start : start + _AT_A_TIME]
        made = await confirm_all(session, some, by=by.id, at=at)
        await book_payments(session, dict(zip(made, some, strict=True)), by=by.id, at=at)
        matched += made
    body = {"source": source, "matched": len(matched), "suggestions": len(found.suggestions)}
    await record(session, RECONCILED, actor=by.actor(), at=at, body=body)
    return Reconciled(
        matched=tuple(matched),
        suggestions=found.suggestions,
        repeated_external=found.repeated_external,
        repeated_internal=found.repeated_internal,
    )


async def _nobody(step: Step, stored: int, found: int) -> None:
    """Nobody waits to be told."""


async def match_by_hand(
    session: AsyncSession, line_ids: Sequence[UUID], *, note: str = "", by: Person, at: datetime
) -> UUID:
    """Match lines that a person chose, at least one of either side, and book what is thereby paid; the match's id.

    Raises PermissionMissing, LineNotFound, LineTaken, MatchInvalid, MonthClosed, and what posting raises.
    """
    authorize(by, Permission.KEEP_BOOKS)
    chosen = Confirmation(lines=await _lines(session, line_ids), note=note)
    (made,) = await confirm_all(session, [chosen], by=by.id, at=at)
    await book_payments(session, {made: chosen}, by=by.id, at=at)
    await record(session, MATCHED, actor=by.actor(), at=at, subject=made)
    return made


async def explain(session: AsyncSession, line_ids: Sequence[UUID], *, why: str, by: Person, at: datetime) -> UUID:
    """Say of external lines why the books have nothing for them: a withdrawal, a deposit, a line that came twice.

    Raises PermissionMissing, LineNotFound, LineTaken, MatchInvalid, MonthClosed.
    """
    authorize(by, Permission.KEEP_BOOKS)
    chosen = Confirmation(lines=await _lines(session, line_ids), stage=Stage.EXPLAINED, note=why)
    (made,) = await confirm_all(session, [chosen], by=by.id, at=at)
    await record(session, EXPLAINED, actor=by.actor(), at=at, subject=made)
    return made


async def explain_transfers(
    session: AsyncSession, source: str, account: str, *, first: date, last: date, why: str, by: Person, at: datetime
) -> Sequence[UUID]:
    """Explain each open line of these days that moved money between own accounts: withdrawals, deposits, top-ups.

    Each by itself, so that each is undone by itself; the explanations' ids. Raises PermissionMissing, LineTaken,
    MatchInvalid, MonthClosed.
    """
    authorize(by, Permission.KEEP_BOOKS)
    lines = await open_external(session, source, first=first, last=last, account=account, nature=Nature.TRANSFER)
    chosen = [Confirmation(lines=(line,), stage=Stage.EXPLAINED, note=why) for line in lines]
    made = await confirm_all(session, chosen, by=by.id, at=at)
    for each in made:
        await record(session, EXPLAINED, actor=by.actor(), at=at, subject=each)
    return made


async def undo(session: AsyncSession, match_id: UUID, *, reason: str, by: Person, at: datetime) -> None:
    """Free the lines of a match, an explanation or a division; what it wrote off and paid is reversed first.

    Raises PermissionMissing, MatchNotFound, MatchUndone, MatchHeld, MatchInvalid, MonthClosed.
    """
    authorize(by, Permission.KEEP_BOOKS)
    match = await get_match(session, match_id)
    if reason.strip() and await claims.is_live(session, match_id):
        await write_offs.take_back(session, match_id, reason=reason, by=by.id, at=at)
        await take_back_payment(session, match, reason=reason, by=by.id, at=at)
    await claims.undo(session, match_id, reason=reason, by=by.id, at=at)
    await record(session, UNDONE, actor=by.actor(), at=at, subject=match_id)


async def split(
    session: AsyncSession, line_id: UUID, parts: Sequence[Part], *, by: Person, at: datetime
) -> list[ExternalLineRow]:
    """Put several lines in the place of one. Raises PermissionMissing, LineNotFound, LineTaken, MatchInvalid."""
    authorize(by, Permission.KEEP_BOOKS)
    made = await dividing.split(session, line_id, parts, by=by.id, at=at)
    await record(session, DIVIDED, actor=by.actor(), at=at, subject=made[0].derived_by)
    return made


async def merge(session: AsyncSession, line_ids: Sequence[UUID], *, by: Person, at: datetime) -> ExternalLineRow:
    """Put one line in the place of several. Raises PermissionMissing, LineNotFound, LineTaken, MatchInvalid."""
    authorize(by, Permission.KEEP_BOOKS)
    made = await dividing.merge(session, line_ids, by=by.id, at=at)
    await record(session, DIVIDED, actor=by.actor(), at=at, subject=made.derived_by)
    return made


async def write_off(
    session: AsyncSession, match_id: UUID, *, account: AccountUse | str, by: Person, at: datetime
) -> UUID:
    """Write the difference of a match off to an account; the voucher's id.

    Raises PermissionMissing, NothingToWriteOff, WriteOffTooLarge, MatchNotFound, MatchUndone, and DifferenceMisplaced
    for an account that takes no differences.
    """
    authorize(by, Permission.KEEP_BOOKS)
    match = await get_match(session, match_id)
    offered = await accounts_for_differences(session, match.currency, by=by, at=at)
    if account not in {name for one in offered for name in (one.code, one.use)}:
        raise DifferenceMisplaced
    held_on = await difference_stands_on(session, match)
    voucher = await write_offs.write_off(session, match_id, held_on=held_on, account=account, by=by.id, at=at)
    await record(session, WRITTEN_OFF, actor=by.actor(), at=at, subject=match_id)
    return voucher


async def open_external(
    session: AsyncSession,
    source: str,
    *,
    first: date,
    last: date,
    account: str | None = None,
    nature: Nature | None = None,
) -> list[ExternalLine]:
    """The source's lines of these days, of one account or all, that nothing claims and no undone division made."""
    asked = select(ExternalLineRow).where(
        ExternalLineRow.source == source,
        ExternalLineRow.booked_on.between(first, last),
        ~exists().where(LineClaim.line_id == ExternalLineRow.id),
        ~exists().where(MatchUndo.match_id == ExternalLineRow.derived_by),
    )
    if account is not None:
        asked = asked.where(ExternalLineRow.account == account)
    if nature is not None:
        asked = asked.where(ExternalLineRow.nature == nature.value)
    return [row.as_line() for row in await session.scalars(asked.order_by(ExternalLineRow.id))]


async def _lines(session: AsyncSession, ids: Sequence[UUID]) -> tuple[Line, ...]:
    """The lines that a person chose, of either side. Raises LineNotFound."""
    found: dict[UUID, Line] = {row.id: row.as_line() for row in await find_external(session, ids)}
    days = [line.booked_on for line in found.values()]
    # What stands on a desk lies near its bill; a line from elsewhere is looked for in all years.
    near = {"first": min(days) - _NEAR, "last": max(days) + _NEAR} if days else {}
    for within in (near, {}):
        left = [each for each in ids if each not in found]
        found |= {line.id: line for line in await books.find_lines(session, left, **within)}
    if found.keys() != set(ids) or not ids:
        raise LineNotFound
    return tuple(found[each] for each in dict.fromkeys(ids))
