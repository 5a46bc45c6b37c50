"""What lists among a million tickets need besides: closed ones by owner and department, and who goes with whom.

The statistics tell PostgreSQL which kinds, departments and statuses occur together: without them it takes a combination
that hardly occurs for a common one and reads the whole list in search of a page (decision record 0104).
"""

from alembic import op

revision = "0047_hot_lists"
down_revision = "0046_first_steps"


def upgrade() -> None:
    op.execute(
        """
        CREATE INDEX ix_ticket_owner_id_closed_at ON ticket (owner_id, closed_at DESC, id DESC)
            WHERE closed_at IS NOT NULL;
        CREATE INDEX ix_ticket_department_closed_at ON ticket (department, closed_at DESC, id DESC)
            WHERE closed_at IS NOT NULL;
        CREATE INDEX ix_ticket_department_opened_at ON ticket (department, opened_at, id);
        CREATE STATISTICS st_ticket_sorts (mcv) ON kind, department, status, urgency FROM ticket;
        ALTER STATISTICS st_ticket_sorts SET STATISTICS 1000;
        """
    )
