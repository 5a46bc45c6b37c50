"""The words of older tickets are read again: they lack the marks of their merchant's months.

Noted as of the beginning of time, they come after whatever is written now; until the last of them is read,
`control.search_tickets` does without these marks: docs/decisions/0100-search.md.
"""

from alembic import op

revision = "0055_merchant_months"
down_revision = "0054_decided"


def upgrade() -> None:
    op.execute(
        "INSERT INTO words_due (merchant_id, ticket_id, id, noted_at) "
        "SELECT merchant_id, id, gen_random_uuid(), '-infinity' FROM ticket"
    )
