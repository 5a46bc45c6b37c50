"""Which open page kept a draft: another one of the same person does not write over it unawares."""

from alembic import op

revision = "0062_pages_of_drafts"
down_revision = "0061_risen"


def upgrade() -> None:
    op.execute("ALTER TABLE ticket_draft ADD COLUMN page text NOT NULL DEFAULT ''")
