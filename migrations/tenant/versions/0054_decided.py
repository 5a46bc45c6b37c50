"""When a limit was decided, as an index that row-level security lets be used.

A condition is one of an index only where nothing in it could tell of rows that the policy hides, and to PostgreSQL
coalesce could: a month of limits was found by reading those of all years.
"""

from alembic import op

revision = "0054_decided"
down_revision = "0053_sealed_in_bulk"


def upgrade() -> None:
    op.execute(
        """
        DROP INDEX ix_ticket_clock_decided;
        CREATE INDEX ix_ticket_clock_decided
            ON ticket_clock ((CASE WHEN breached_at IS NULL THEN met_at ELSE breached_at END))
            INCLUDE (merchant_id, ticket_id, clock, breached_at, met_at)
            WHERE limit_value IS NOT NULL
                AND (CASE WHEN breached_at IS NULL THEN met_at ELSE breached_at END) IS NOT NULL;
        """
    )
