"""Notices that wait for a person in the portal, and the letters that say so by mail.

Neither holds a word of what a ticket says: its number, and what kind of event it was.
"""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0005_notices"
down_revision = "0004_clocks"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE notice (
            id uuid CONSTRAINT pk_notice PRIMARY KEY,
            account_id uuid NOT NULL CONSTRAINT fk_notice_account_id REFERENCES account,
            acting_for uuid,
            event text NOT NULL,
            subject_id uuid NOT NULL,
            number text NOT NULL,
            left_at timestamptz NOT NULL,
            read_at timestamptz
        );
        COMMENT ON COLUMN notice.acting_for IS 'the merchant as whose person somebody is told';
        CREATE INDEX ix_notice_account_id_left_at ON notice (account_id, left_at DESC, id DESC);
        CREATE INDEX ix_notice_account_id_unread ON notice (account_id, subject_id) WHERE read_at IS NULL;
        CREATE INDEX ix_notice_left_at ON notice (left_at);
        """
        + fence_by_scope("notice", "agency", own="account_id")
        + grant("notice")
    )
    op.execute(
        """
        CREATE TABLE letter (
            id uuid CONSTRAINT pk_letter PRIMARY KEY,
            notice_id uuid NOT NULL CONSTRAINT fk_letter_notice_id REFERENCES notice ON DELETE CASCADE,
            account_id uuid NOT NULL,
            owed_at timestamptz NOT NULL,
            sent_at timestamptz,
            refused_at timestamptz,
            CONSTRAINT ck_letter_ended CHECK (sent_at IS NULL OR refused_at IS NULL)
        );
        COMMENT ON TABLE letter IS
            'one mail about one notice; its id follows from the notice''s and is the mail''s Message-ID';
        CREATE INDEX ix_letter_notice_id ON letter (notice_id);
        """
        + fence_by_scope("letter", "agency")
        + grant("letter")
    )
