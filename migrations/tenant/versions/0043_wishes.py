"""What people wish to be mailed and when; letters that wait, are tried again, and say why they failed."""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0043_wishes"
down_revision = "0042_courses"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE letter
            ADD COLUMN due_at timestamptz,
            ADD COLUMN attempts integer NOT NULL DEFAULT 0,
            ADD COLUMN last_attempt_at timestamptz,
            ADD COLUMN next_attempt_at timestamptz,
            ADD COLUMN dropped_at timestamptz,
            ADD COLUMN reason text,
            DROP CONSTRAINT ck_letter_ended,
            ADD CONSTRAINT ck_letter_ended CHECK (num_nonnulls(sent_at, refused_at, dropped_at) <= 1);
        COMMENT ON COLUMN letter.due_at IS 'when a gathered letter goes, with the others of its person';
        COMMENT ON TABLE letter IS 'one mail about one notice, by itself or gathered with others';
        CREATE INDEX ix_letter_account_id_owed_at ON letter (account_id, owed_at DESC, id DESC);
        CREATE INDEX ix_letter_owed_at ON letter (owed_at DESC, id DESC);
        CREATE INDEX ix_letter_gathered ON letter (account_id, due_at)
            WHERE due_at IS NOT NULL AND sent_at IS NULL AND refused_at IS NULL AND dropped_at IS NULL;
        CREATE POLICY letter_own ON letter FOR SELECT USING (account_id = (SELECT control.ctx_person()));
        """
    )
    op.execute(
        """
        CREATE TABLE notification_wishes (
            account_id uuid CONSTRAINT pk_notification_wishes PRIMARY KEY
                CONSTRAINT fk_notification_wishes_account_id REFERENCES account,
            wishes jsonb NOT NULL,
            changed_at timestamptz NOT NULL
        );
        """
        + fence_by_scope("notification_wishes", "agency", own="account_id")
        + grant("notification_wishes")
    )
    op.execute(
        """
        CREATE TABLE notification_default (
            role text CONSTRAINT pk_notification_default PRIMARY KEY,
            wishes jsonb NOT NULL,
            changed_at timestamptz NOT NULL,
            changed_by uuid NOT NULL
        );
        """
        + fence_by_scope("notification_default", "agency", readable_by=("staff", "merchant"))
        + grant("notification_default", "select, insert, update")
    )
