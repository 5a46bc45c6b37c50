"""Opening balances (期初余额): what stood in the accounts before the books were kept here, in a voucher of its kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.drafts import Draft, Posting
from billing.ledger.errors import VoucherInvalid
from billing.ledger.periods import month_of
from billing.ledger.posting import Posted, post_all
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import Voucher, VoucherKind
from billing.ledger.wording import OPENING_BALANCES
from tenants.refusals import N_, Message

SOURCE = "opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningBalance:
    """What stands in an account when the books begin: `fen` on a side, of a merchant if the account is kept by them."""

    account: AccountUse | str
    side: Side
    fen: int
    currency: str = "CNY"
    merchant_id: UUID | None = None


async def post_opening(
    session: AsyncSession,
    month: date,
    balances: Sequence[OpeningBalance],
    *,
    idempotency_key: str,
    by: UUID,
    at: datetime,
) -> Posted:
    """Post the balances on the first day of the month with which the books begin.

    What debit and credit differ by stands in the account for openings until the next ones are posted. Raises
    VoucherInvalid when something is booked before that month, and what `post` raises.
    """
    first = month_of(month)
    earlier = select(Voucher.id).where(Voucher.booked_on < first).limit(1)
    if (await session.scalars(earlier)).one_or_none():
        raise VoucherInvalid("month", Message(N_("期初余额须在最早的会计期间录入")))
    postings = [
        Posting(account=one.account, side=one.side, fen=one.fen, currency=one.currency, merchant_id=one.merchant_id)
        for one in balances
    ]
    draft = Draft(
        booked_on=first,
        summary=OPENING_BALANCES,
        source=SOURCE,
        postings=(*postings, *_counterparts(postings)),
    )
    (posted,) = await post_all(session, {idempotency_key: draft}, by=by, at=at, kind=VoucherKind.OPENING)
    return posted


def _counterparts(postings: Sequence[Posting]) -> list[Posting]:
    difference: dict[str, int] = {}
    for posting in postings:
        signed = posting.fen if posting.side is Side.DEBIT else -posting.fen
        difference[posting.currency] = difference.get(posting.currency, 0) + signed
    return [
        Posting(
            account=AccountUse.OPENING,
            side=Side.CREDIT if fen > 0 else Side.DEBIT,
            fen=abs(fen),
            currency=currency,
        )
        for currency, fen in sorted(difference.items())
        if fen
    ]
