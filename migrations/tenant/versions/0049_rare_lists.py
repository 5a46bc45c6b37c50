"""What few tickets have is found without looking through all of them: filters of the queue that hold of few.

Where many have it, the index of the order serves, and the first page is full after a few rows.
"""

from alembic import op

revision = "0049_rare_lists"
down_revision = "0048_months"


def upgrade() -> None:
    op.execute(
        """
        CREATE INDEX ix_ticket_clock_clock ON ticket_clock (clock, ticket_id);
        CREATE INDEX ix_ticket_kind_opened_at ON ticket (kind, opened_at, id);
        CREATE INDEX ix_ticket_category_opened_at ON ticket (category, opened_at, id);
        CREATE INDEX ix_ticket_channel_opened_at ON ticket (channel, opened_at, id);
        CREATE INDEX ix_ticket_outcome_closed_at ON ticket (outcome, closed_at DESC, id DESC)
            WHERE closed_at IS NOT NULL;
        CREATE INDEX ix_ticket_again ON ticket (opened_at, id) WHERE round > 1;
        CREATE INDEX ix_ticket_confidential ON ticket (opened_at, id) WHERE is_confidential;
        """
    )
