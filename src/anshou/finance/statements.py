"""Statements as finance makes them: prepared, reviewed by a colleague, issued; and payments that merchants made."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import (
    PAYMENT_RECORDED,
    STATEMENT_ISSUED,
    STATEMENT_PREPARED,
    STATEMENT_REMINDED,
    STATEMENT_REVIEWED,
)
from anshou.finance.telling import tell_of_issue, tell_of_reminder
from anshou.merchants.contracts import find_contract_in_force
from anshou.merchants.merchants import visible_merchant
from anshou.merchants.terms import SettlementClause
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.numbering import next_number
from billing.clauses import MOST
from billing.currencies import Currency
from billing.days import require_bookable
from billing.ledger.drafts import Draft, Posting
from billing.ledger.periods import first_month, month_after, open_day
from billing.ledger.posting import BOOKS_ZONE, Posted, post
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import standing_key
from billing.ledger.wording import PAYMENT_CAME_EARLIER, PAYMENT_CAME_IN
from billing.sources import PAYMENT
from billing.statements import answering, issuing
from billing.statements.errors import DisputeInvalid, StatementNotFound
from billing.statements.gathering import Content, gather
from billing.statements.rows import Statement, StatementPreparation
from confidentiality.audit.leaves import record
from tenants.refusals import N_, Message

PREFIX = "DZ"
# Where the contract says nothing: time enough to look, and silence means nothing.
UNAGREED = SettlementClause(number="—")


class Payment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a merchant paid. `reference` is the bank's number of it, by which the same payment is not booked twice."""

    fen: Annotated[int, Meta(ge=1, le=MOST, title=N_("付款金额"), extra={"widget": "money"})]
    paid_on: Annotated[date, Meta(title=N_("到账日期"))]
    reference: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\S", title=N_("银行流水号"))]

    def __post_init__(self) -> None:
        """Refuse a day that no books know."""
        require_bookable(self.paid_on, "paid_on")


async def prepare_statement(
    session: AsyncSession, merchant_id: UUID, month: date, *, by: Person, at: datetime
) -> StatementPreparation:
    """Prepare the merchant's statement of a month that is over, in the currency of its contract.

    Raises PermissionMissing, MerchantNotFound, MonthNotOver, StatementIssued, EarlierStatementMissing.
    """
    authorize(by, Permission.ISSUE_STATEMENTS)
    await visible_merchant(session, merchant_id)
    currency = await _currency(session, merchant_id, month)
    prepared = await issuing.prepare(session, merchant_id, month, currency, by=by.id, at=at)
    body = {"month": f"{month:%Y-%m}", "closing_fen": prepared.closing_fen, "sha256": prepared.content_hash.hex()}
    await record(
        session, STATEMENT_PREPARED, actor=by.actor(), at=at, owner=merchant_id, subject=prepared.id, body=body
    )
    return prepared


async def review_statement(session: AsyncSession, prepared: StatementPreparation, *, by: Person, at: datetime) -> None:
    """Approve what a colleague prepared. Raises PermissionMissing, ReviewedByAnother, BooksMovedOn."""
    authorize(by, Permission.ISSUE_STATEMENTS)
    await issuing.review(session, prepared, by=by.id, at=at)
    body = {"sha256": prepared.content_hash.hex()}
    owner = prepared.merchant_id
    await record(session, STATEMENT_REVIEWED, actor=by.actor(), at=at, owner=owner, subject=prepared.id, body=body)


async def issue_statement(
    session: AsyncSession, prepared: StatementPreparation, *, by: Person, at: datetime
) -> Statement:
    """Issue what was reviewed; from now on the merchant reads it.

    How long the merchant has to answer, and what silence means, is agreed in the contract that is in force at the end
    of the month. Raises PermissionMissing, NotReviewed, BooksMovedOn, StatementIssued, EarlierStatementMissing.
    """
    authorize(by, Permission.ISSUE_STATEMENTS)
    agreed = await _settlement(session, prepared.merchant_id, prepared.month)
    statement = await issuing.issue(
        session,
        prepared,
        number=await next_number(session, PREFIX, prepared.month),
        reply_by=at + timedelta(days=agreed.reply_days),
        silence_confirms=agreed.silence_confirms,
        silence_clause=agreed.number,
        by=by.id,
        at=at,
    )
    body = {"number": statement.number, "closing_fen": statement.closing_fen, "sha256": statement.content_hash.hex()}
    owner = statement.merchant_id
    await record(session, STATEMENT_ISSUED, actor=by.actor(), at=at, owner=owner, subject=statement.id, body=body)
    await tell_of_issue(session, statement)
    return statement


async def remind_of_statement(session: AsyncSession, statement: Statement, *, by: Person, at: datetime) -> None:
    """Note that the merchant was reminded. Raises PermissionMissing."""
    authorize(by, Permission.ISSUE_STATEMENTS)
    await answering.remind(session, statement, by=by.id, at=at)
    owner = statement.merchant_id
    await record(session, STATEMENT_REMINDED, actor=by.actor(), at=at, owner=owner, subject=statement.id)
    await tell_of_reminder(session, statement)


async def record_payment(
    session: AsyncSession, merchant_id: UUID, payment: Payment, *, by: Person, at: datetime
) -> Posted:
    """Book what a merchant paid, the whole or a part; it stands on the next statement.

    The same reference with the same amount and day is the same payment, until its voucher is reversed: then it can be
    recorded anew. What came in a month that is closed is booked on the first open day. Raises PermissionMissing,
    MerchantNotFound, KeyUsedOtherwise, DisputeInvalid for a day to come or before the books.
    """
    authorize(by, Permission.ISSUE_STATEMENTS)
    merchant = await visible_merchant(session, merchant_id)
    today = at.astimezone(BOOKS_ZONE).date()
    if payment.paid_on > today:
        raise DisputeInvalid("paid_on", Message(N_("到账日期不能晚于今天")))
    if payment.paid_on < (first := await first_month(session, today)):
        raise DisputeInvalid("paid_on", Message(N_("到账日期不能早于账簿启用的 %(day)s"), day=str(first)))
    currency = await _currency(session, merchant_id, payment.paid_on)
    reference = payment.reference.strip()

    def side(account: AccountUse, on: Side) -> Posting:
        return Posting(account=account, side=on, fen=payment.fen, currency=currency, merchant_id=merchant.id)

    key, standing = await standing_key(session, f"payment:{merchant.id}:{reference}")
    # Where it stands already, on the day of then: months may have been closed since.
    booked_on = standing.booked_on if standing else await open_day(session, payment.paid_on)
    said = PAYMENT_CAME_IN if booked_on == payment.paid_on else PAYMENT_CAME_EARLIER
    draft = Draft(
        booked_on=booked_on,
        summary=said % {"reference": reference, "day": payment.paid_on},
        source=PAYMENT,
        postings=(side(AccountUse.BANK, Side.DEBIT), side(AccountUse.RECEIVABLE_FROM_MERCHANT, Side.CREDIT)),
    )
    posted = await post(session, draft, idempotency_key=key, by=by.id, at=at)
    if not posted.is_replay:
        body = {"fen": payment.fen, "voucher": str(posted.id)}
        owner = merchant.id
        await record(session, PAYMENT_RECORDED, actor=by.actor(), at=at, owner=owner, subject=posted.id, body=body)
    return posted


async def find_preparation(
    session: AsyncSession, merchant_id: UUID, month: date, *, by: Person
) -> StatementPreparation | None:
    """The preparation that counts for the merchant's month, or None. Raises PermissionMissing."""
    authorize(by, Permission.READ_STATEMENTS)
    if by.is_merchant:
        raise StatementNotFound
    currency = await _currency(session, merchant_id, month)
    return await issuing.latest_preparation(session, merchant_id, month.replace(day=1), currency)


async def gathered_content(session: AsyncSession, merchant_id: UUID, month: date, *, by: Person) -> Content:
    """What the merchant's statement of the month would say as the books stand. Raises PermissionMissing."""
    authorize(by, Permission.READ_STATEMENTS)
    if by.is_merchant:
        raise StatementNotFound
    currency = await _currency(session, merchant_id, month)
    return await gather(session, merchant_id, month.replace(day=1), currency)


async def _settlement(session: AsyncSession, merchant_id: UUID, month: date) -> SettlementClause:
    version = await find_contract_in_force(session, merchant_id, month_after(month) - timedelta(days=1))
    return (version.agreed.settlement if version else None) or UNAGREED


async def _currency(session: AsyncSession, merchant_id: UUID, month: date) -> Currency:
    last_day = month_after(month.replace(day=1)) - timedelta(days=1)
    version = await find_contract_in_force(session, merchant_id, last_day)
    return version.agreed.currency if version else Currency.CNY
