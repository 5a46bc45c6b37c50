"""Vouchers for the tests of the ledger, and the books as a test sees them."""

from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg

from billing.ledger.drafts import Draft, Posting
from billing.ledger.uses import AccountUse, Side
from billing.parties import Party

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
NOVEMBER, OCTOBER, DECEMBER = date(2026, 11, 1), date(2026, 10, 1), date(2026, 12, 1)
FINANCE, COLLEAGUE = UUID(int=0xF1), UUID(int=0xF2)
MERCHANT, TICKET = UUID(int=0xA1), UUID(int=0xB1)

PENDING, PAYABLE = AccountUse.PENDING_DETERMINATION, AccountUse.PAYABLE_TO_CLAIMANT
BORNE, RECEIVABLE = AccountUse.BORNE_BY_AGENCY, AccountUse.RECEIVABLE_FROM_MERCHANT


def debit(account: AccountUse | str, fen: int, **of: object) -> Posting:
    """An entry in the debit."""
    return Posting(account=account, side=Side.DEBIT, fen=fen, **of)  # type: ignore[arg-type]


def credit(account: AccountUse | str, fen: int, **of: object) -> Posting:
    """An entry in the credit."""
    return Posting(account=account, side=Side.CREDIT, fen=fen, **of)  # type: ignore[arg-type]


def cost(fen: int = 12_345, *, on: date = TODAY, summary: str = "垫付运费") -> Draft:
    """A verified cost whose bearer is not decided yet."""
    return Draft(
        booked_on=on,
        summary=summary,
        source="cost_item",
        postings=(debit(PENDING, fen, merchant_id=MERCHANT, ticket_id=TICKET), credit(PAYABLE, fen, ticket_id=TICKET)),
    )


def allocation(agency: int, merchant: int, *, on: date = TODAY) -> Draft:
    """A cost shared by agency and merchant, in fen."""
    return Draft(
        booked_on=on,
        summary="费用归属",
        source="allocation",
        postings=(
            debit(BORNE, agency, party=Party.AGENCY, merchant_id=MERCHANT, department="operations"),
            debit(RECEIVABLE, merchant, party=Party.MERCHANT, merchant_id=MERCHANT, clause="8.1"),
            credit(PENDING, agency + merchant, merchant_id=MERCHANT, ticket_id=TICKET),
        ),
    )


async def movements(connection: asyncpg.Connection) -> dict[str, int]:
    """Debit less credit of every account that moved, summed from the entries."""
    rows = await connection.fetch(
        "SELECT code, sum(CASE side WHEN 'debit' THEN fen ELSE -fen END)::bigint AS fen FROM ledger_entry "
        "JOIN ledger_account ON ledger_account.id = account_id GROUP BY code"
    )
    return {row["code"]: row["fen"] for row in rows}
