"""What a person put away; and indexes for the team board and for somebody's day."""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0046_first_steps"
down_revision = "0045_canned_answers"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE dismissal (
            account_id uuid NOT NULL CONSTRAINT fk_dismissal_account_id REFERENCES account,
            shown text NOT NULL CONSTRAINT ck_dismissal_shown CHECK (shown IN ('first_steps')),
            at timestamptz NOT NULL,
            CONSTRAINT pk_dismissal PRIMARY KEY (account_id, shown)
        );
        COMMENT ON TABLE dismissal IS 'what a person does not want to be shown any more';
        """
        + fence_by_scope("dismissal", "agency", own="account_id")
        + grant("dismissal", "select, insert, delete")
    )
    op.execute(
        # The cards of one person's column of a team board, and what has come to a step that waits for somebody.
        """
        CREATE INDEX ix_ticket_department_owner_due
            ON ticket (department, owner_id, (COALESCE(next_due_at, 'infinity'::timestamptz)), id)
            WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_step ON ticket (step, department) WHERE closed_at IS NULL;
        """
    )
    op.execute("CREATE INDEX ix_cost_item_returned ON cost_item (claimed_by, id) WHERE state = 'returned'")
