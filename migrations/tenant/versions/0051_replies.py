"""The agency's mailbox for replies, and one row for each mail that came: what became of it, never what it said."""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0051_replies"
down_revision = "0050_sealed_at_a_glance"

OUTCOMES = (
    "'message', 'note', 'automatic', 'unknown', 'stranger', 'forged', 'closed', 'confidential', 'out_of_reach', "
    "'empty', 'files', 'too_large'"
)


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE reply_mailbox (
            id uuid CONSTRAINT pk_reply_mailbox PRIMARY KEY,
            one boolean NOT NULL DEFAULT true
                CONSTRAINT uq_reply_mailbox_one UNIQUE CONSTRAINT ck_reply_mailbox_one CHECK (one),
            host text NOT NULL,
            port integer NOT NULL,
            security text NOT NULL CONSTRAINT ck_reply_mailbox_security CHECK (security IN ('tls', 'starttls', 'none')),
            username text NOT NULL,
            sealed_password bytea NOT NULL,
            folder text NOT NULL,
            address text NOT NULL,
            tagged boolean NOT NULL,
            authority text NOT NULL,
            active boolean NOT NULL,
            generation integer NOT NULL,
            uid_validity bigint,
            seen_uid bigint,
            looked_at timestamptz,
            failure text,
            failing_since timestamptz,
            CONSTRAINT ck_reply_mailbox_failing CHECK ((failure IS NULL) = (failing_since IS NULL))
        );
        """
        + fence_by_scope("reply_mailbox", "agency")
        + grant("reply_mailbox", "select, insert, update")
    )
    op.execute(
        f"""
        CREATE TABLE incoming_mail (
            id uuid CONSTRAINT pk_incoming_mail PRIMARY KEY,
            mark text NOT NULL CONSTRAINT uq_incoming_mail_mark UNIQUE,
            account_id uuid CONSTRAINT fk_incoming_mail_account_id REFERENCES account,
            number text NOT NULL,
            outcome text NOT NULL CONSTRAINT ck_incoming_mail_outcome CHECK (outcome IN ({OUTCOMES})),
            came_at timestamptz NOT NULL
        );
        COMMENT ON COLUMN incoming_mail.mark IS 'recognises the Message-ID again without keeping it';
        CREATE INDEX ix_incoming_mail_came_at ON incoming_mail (came_at DESC, id DESC);
        """
        + fence_by_scope("incoming_mail", "agency", own="account_id")
        + grant("incoming_mail", "select, insert, delete")
    )
