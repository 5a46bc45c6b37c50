"""Every order of a queue has its index, and so have the tabs and filters that find few tickets among many.

An index serves its order both ways. Those of open tickets stay small however many have been closed.
"""

from alembic import op

revision = "0039_queue_orders"
down_revision = "0038_saved_views"


def upgrade() -> None:
    op.execute(
        """
        CREATE INDEX ix_ticket_opened_at ON ticket (opened_at, id);
        CREATE INDEX ix_ticket_last_entry_at ON ticket (last_entry_at, id);
        CREATE INDEX ix_ticket_merchant_id_opened_at ON ticket (merchant_id, opened_at, id);
        CREATE INDEX ix_ticket_owner_id_opened_at ON ticket (owner_id, opened_at, id);
        CREATE INDEX ix_ticket_open_opened_at ON ticket (opened_at, id) WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_open_last_entry_at ON ticket (last_entry_at, id) WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_open_step_since ON ticket (step_since, id) WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_open_promised_at ON ticket ((coalesce(promised_at, 'infinity')), id)
            WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_status_due ON ticket (status, (coalesce(next_due_at, 'infinity')), id)
            WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_shop_id_due ON ticket (shop_id, (coalesce(next_due_at, 'infinity')), id)
            WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_desk_level ON ticket_desk (level, ticket_id) WHERE level IS NOT NULL;
        """
    )
