"""Credits for disputed lines stand on what the lines were posted by: where that is taken back, they go with it.

Otherwise a line that was credited and is then reversed, because the responsibility was determined anew, would lessen
the debt twice (domain.md section 6: a later determination replaces an earlier one by reversal).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from billing.ledger.posting import Posted, reverse
from billing.ledger.vouchers import Voucher
from billing.ledger.wording import BASE_REVERSED
from billing.sources import DISPUTE
from billing.statements.rows import StatementLine


async def reverse_with_credits(
    session: AsyncSession, voucher_id: UUID, *, reason: str, by: UUID, at: datetime
) -> Posted:
    """Reverse a voucher and every credit that stands on its lines. Raises as `billing.ledger.posting.reverse`."""
    reversal = await reverse(session, voucher_id, reason=reason, by=by, at=at)
    for credit in await standing_credits(session, voucher_id):
        await reverse(session, credit.id, reason=BASE_REVERSED, by=by, at=at)
    return reversal


async def standing_credits(session: AsyncSession, voucher_id: UUID) -> Sequence[Voucher]:
    """The credits for lines that the voucher had posted, which nothing has reversed; the oldest first."""
    reversal = aliased(Voucher)
    asked = (
        select(Voucher)
        .join(StatementLine, StatementLine.id == Voucher.source_id)
        .where(
            Voucher.source == DISPUTE,
            StatementLine.voucher_id == voucher_id,
            Voucher.reverses_id.is_(None),
            ~exists().where(reversal.reverses_id == Voucher.id),
        )
    )
    return (await session.scalars(asked.order_by(Voucher.id))).all()
