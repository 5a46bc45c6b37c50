"""Courses owed: tickets that came in bulk and are counted behind the pages."""

from alembic import op

from tenants.ddl import fence_by_merchant, grant

revision = "0052_course_owed"
down_revision = "0051_replies"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE course_owed (
            merchant_id uuid NOT NULL,
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            tickets uuid[] NOT NULL,
            CONSTRAINT pk_course_owed PRIMARY KEY (merchant_id, id),
            CONSTRAINT fk_course_owed_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant (id) ON DELETE CASCADE
        );
        COMMENT ON TABLE course_owed IS 'tickets whose courses a job has yet to make; without tickets: only compared';
        """
        + fence_by_merchant("course_owed")
        + grant("course_owed", "select, insert, delete")
    )
