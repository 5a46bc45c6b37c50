"""Requests of people about their personal information (PIPL arts. 44-47): what is asked, its steps, its clock."""

from alembic import op

from anshou.tickets.ddl import CHANNELS, one_of, who_when
from confidentiality.sealing.ddl import SEAL_VERSION, sealed_columns
from tenants.ddl import fence_by_merchant, grant, refuse_changes

revision = "0014_requests"
down_revision = "0013_key_keeping"

RIGHTS = "'access', 'copy', 'correct', 'erase', 'withdraw'"
STATES = "'received', 'identified', 'decided', 'executed', 'answered'"
DECISIONS = "'granted', 'partly', 'refused'"
GROUNDS = "'retention_by_law', 'legal_hold', 'not_identified', 'nothing_held', 'others_rights', 'technically_hard'"
PROOFS = "'order_details', 'phone_code', 'document', 'platform_account', 'by_merchant'"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE subject_request (
            id uuid CONSTRAINT pk_subject_request PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_subject_request_merchant_id REFERENCES merchant,
            number text NOT NULL,
            {one_of("asks_for", RIGHTS)},
            {one_of("channel", CHANNELS)},
            {one_of("through", "'agency', 'merchant'")},
            {one_of("state", STATES)},
            {who_when("received")},
            warn_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL,
            warned_at timestamptz,
            breached_at timestamptz,
            {one_of("identified_through", PROOFS, null=True)},
            {one_of("decision", DECISIONS, null=True)},
            {one_of("ground", GROUNDS, null=True)},
            erasure_run uuid,
            answered_at timestamptz,
            {SEAL_VERSION},
            {sealed_columns("asker", nullable=True)},
            {sealed_columns("contact", nullable=True)},
            {sealed_columns("wish", nullable=True)},
            {sealed_columns("explanation", nullable=True)},
            {sealed_columns("answer", nullable=True)},
            CONSTRAINT uq_subject_request_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT uq_subject_request_merchant_id_number UNIQUE (merchant_id, number),
            CONSTRAINT ck_subject_request_ground CHECK ((decision IN ('partly', 'refused')) = (ground IS NOT NULL)),
            CONSTRAINT ck_subject_request_answered CHECK ((state = 'answered') = (answered_at IS NOT NULL))
        );
        CREATE INDEX ix_subject_request_due_at ON subject_request (due_at, id) WHERE answered_at IS NULL;
        CREATE INDEX ix_subject_request_merchant_id_received_at ON subject_request (merchant_id, received_at DESC, id);
        CREATE TABLE subject_request_step (
            id uuid CONSTRAINT pk_subject_request_step PRIMARY KEY,
            merchant_id uuid NOT NULL,
            request_id uuid NOT NULL,
            {
            one_of(
                "step",
                "'received', 'matched', 'unmatched', 'identified', 'decided', 'executed', 'copied', "
                "'answered', 'warned', 'breached'",
            )
        },
            at timestamptz NOT NULL,
            by_id uuid NOT NULL,
            by_name text NOT NULL,
            detail text NOT NULL,
            CONSTRAINT fk_subject_request_step_merchant_id_request_id
                FOREIGN KEY (merchant_id, request_id) REFERENCES subject_request (merchant_id, id)
        );
        COMMENT ON COLUMN subject_request_step.detail IS 'a code or a number of ours, never what somebody wrote';
        CREATE INDEX ix_subject_request_step_merchant_id_request_id
            ON subject_request_step (merchant_id, request_id, at, id);
        CREATE TABLE subject_request_record (
            id uuid CONSTRAINT pk_subject_request_record PRIMARY KEY,
            merchant_id uuid NOT NULL,
            request_id uuid NOT NULL,
            origin_id uuid NOT NULL,
            ticket_id uuid NOT NULL,
            matched_at timestamptz NOT NULL,
            matched_by uuid NOT NULL,
            CONSTRAINT fk_subject_request_record_merchant_id_request_id
                FOREIGN KEY (merchant_id, request_id) REFERENCES subject_request (merchant_id, id),
            CONSTRAINT uq_subject_request_record_merchant_id_request_id_origin_id
                UNIQUE (merchant_id, request_id, origin_id)
        );
        """
        + fence_by_merchant("subject_request")
        + grant("subject_request", "select, insert, update")
        + fence_by_merchant("subject_request_step")
        + grant("subject_request_step", "select, insert")
        + refuse_changes("subject_request_step")
        + fence_by_merchant("subject_request_record")
        + grant("subject_request_record", "select, insert, delete")
    )
