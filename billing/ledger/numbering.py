"""Numbers of vouchers (凭证号): consecutive within a month, given as it is closed.

Given while posting they would make every poster wait for the one before, and a refused transaction would leave a gap,
which accounting does not allow (《会计基础工作规范》 art. 51). What is posted after a reopening is numbered on.
"""

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_NUMBER = text(
    """
    INSERT INTO ledger_number (voucher_id, month, number)
    SELECT voucher.id, :month, row_number() OVER (ORDER BY booked_on, voucher.id)
        + (SELECT coalesce(max(number), 0) FROM ledger_number WHERE month = :month)
    FROM ledger_voucher AS voucher LEFT JOIN ledger_number AS numbered ON numbered.voucher_id = voucher.id
    WHERE booked_on >= :month AND booked_on < CAST(:month AS date) + interval '1 month'
        AND numbered.voucher_id IS NULL
    """
)


async def number_vouchers(session: AsyncSession, month: date) -> None:
    """Number what has no number yet, by day and order of posting. The month must be closed: the database asks."""
    await session.execute(_NUMBER, {"month": month})
