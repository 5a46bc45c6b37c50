"""Destroying keys by two people, and how far re-sealing under a new data key has come."""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0013_key_keeping"
down_revision = "0012_consumers"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE key_destruction (
            id uuid CONSTRAINT pk_key_destruction PRIMARY KEY,
            owner_id uuid NOT NULL
                CONSTRAINT fk_key_destruction_owner_id REFERENCES merchant_key (owner_id),
            reason text NOT NULL,
            proposed_by uuid NOT NULL CONSTRAINT fk_key_destruction_proposed_by REFERENCES account,
            proposed_at timestamptz NOT NULL,
            approved_by uuid CONSTRAINT fk_key_destruction_approved_by REFERENCES account,
            approved_at timestamptz,
            due_at timestamptz,
            cancelled_by uuid CONSTRAINT fk_key_destruction_cancelled_by REFERENCES account,
            cancelled_at timestamptz,
            begun_at timestamptz,
            done_at timestamptz,
            CONSTRAINT ck_key_destruction_two_people CHECK (approved_by <> proposed_by),
            CONSTRAINT ck_key_destruction_waits CHECK (due_at >= approved_at + interval '1 day'),
            CONSTRAINT ck_key_destruction_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)
                AND (approved_at IS NULL) = (due_at IS NULL)),
            CONSTRAINT ck_key_destruction_cancelled CHECK ((cancelled_by IS NULL) = (cancelled_at IS NULL)),
            CONSTRAINT ck_key_destruction_begun
                CHECK (begun_at IS NULL OR (begun_at >= due_at AND cancelled_at IS NULL)),
            CONSTRAINT ck_key_destruction_done CHECK (done_at IS NULL OR begun_at IS NOT NULL)
        );
        CREATE UNIQUE INDEX uq_key_destruction_open ON key_destruction (owner_id)
            WHERE cancelled_at IS NULL AND done_at IS NULL;
        """
        + fence_by_scope("key_destruction", "agency")
        + grant("key_destruction", "select, insert, update")
    )
    op.execute(
        """
        CREATE TABLE resealing (
            owner_id uuid CONSTRAINT pk_resealing PRIMARY KEY
                CONSTRAINT fk_resealing_owner_id REFERENCES merchant_key (owner_id),
            version integer NOT NULL,
            round integer NOT NULL,
            at_table text,
            after_id uuid,
            rows_done bigint NOT NULL,
            started_at timestamptz NOT NULL,
            finished_at timestamptz
        );
        """
        + fence_by_scope("resealing", "agency")
        + grant("resealing", "select, insert, update")
    )
