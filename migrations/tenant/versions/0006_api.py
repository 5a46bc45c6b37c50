"""The JSON door: answers kept beside idempotency keys; webhook endpoints and what became of each delivery."""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0006_api"
down_revision = "0005_notices"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE kept_answer (
            id uuid CONSTRAINT pk_kept_answer PRIMARY KEY,
            account_id uuid NOT NULL,
            key text NOT NULL,
            fingerprint bytea NOT NULL,
            status integer NOT NULL,
            headers jsonb NOT NULL,
            sealed_body bytea NOT NULL,
            answered_at timestamptz NOT NULL,
            CONSTRAINT uq_kept_answer_account_id_key UNIQUE (account_id, key)
        );
        CREATE INDEX ix_kept_answer_answered_at ON kept_answer (answered_at);
        """
        + fence_by_scope("kept_answer", "agency", own="account_id")
        + grant("kept_answer", "select, insert, delete")
    )
    op.execute(
        """
        CREATE TABLE webhook_endpoint (
            id uuid CONSTRAINT pk_webhook_endpoint PRIMARY KEY,
            url text NOT NULL,
            events jsonb NOT NULL,
            description text NOT NULL,
            sealed_secret bytea NOT NULL,
            sealed_previous bytea,
            previous_until timestamptz,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL CONSTRAINT fk_webhook_endpoint_created_by REFERENCES account,
            stopped text CONSTRAINT ck_webhook_endpoint_stopped CHECK (stopped IN ('by_person', 'gone', 'failing')),
            stopped_at timestamptz,
            failing_since timestamptz,
            CONSTRAINT ck_webhook_endpoint_stopped_at CHECK ((stopped IS NULL) = (stopped_at IS NULL)),
            CONSTRAINT ck_webhook_endpoint_previous CHECK ((sealed_previous IS NULL) = (previous_until IS NULL))
        );
        """
        + fence_by_scope("webhook_endpoint", "agency")
        + grant("webhook_endpoint")
    )
    op.execute(
        """
        CREATE TABLE webhook_delivery (
            id uuid CONSTRAINT pk_webhook_delivery PRIMARY KEY,
            endpoint_id uuid NOT NULL CONSTRAINT fk_webhook_delivery_endpoint_id
                REFERENCES webhook_endpoint ON DELETE CASCADE,
            event_id uuid NOT NULL,
            event_type text NOT NULL,
            occurred_at timestamptz NOT NULL,
            ticket_id uuid,
            number text,
            kind text,
            of_merchant uuid,
            state text NOT NULL CONSTRAINT ck_webhook_delivery_state
                CHECK (state IN ('pending', 'delivered', 'failed')),
            attempts integer NOT NULL,
            created_at timestamptz NOT NULL,
            last_attempt_at timestamptz,
            next_attempt_at timestamptz,
            last_status integer,
            last_failure text,
            last_milliseconds integer,
            CONSTRAINT uq_webhook_delivery_endpoint_id_event_id UNIQUE (endpoint_id, event_id)
        );
        CREATE INDEX ix_webhook_delivery_endpoint_id_id ON webhook_delivery (endpoint_id, id DESC);
        CREATE INDEX ix_webhook_delivery_created_at ON webhook_delivery (created_at);
        """
        + fence_by_scope("webhook_delivery", "agency")
        + grant("webhook_delivery")
    )
