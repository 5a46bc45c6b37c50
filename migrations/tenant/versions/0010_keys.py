"""Wrapped keys: one per owner (a merchant, or the tenant itself), and data keys by version below it.

Only the agency's context reaches them. An owner is no reference to a merchant: the row of a destroyed key stays for
good, so that no second key is ever made for its owner.
"""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0010_keys"
down_revision = "0009_reveals"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE merchant_key (
            id uuid CONSTRAINT pk_merchant_key PRIMARY KEY,
            owner_id uuid NOT NULL CONSTRAINT uq_merchant_key_owner_id UNIQUE,
            handle text NOT NULL CONSTRAINT uq_merchant_key_handle UNIQUE,
            kms text NOT NULL,
            suite text NOT NULL CONSTRAINT ck_merchant_key_suite CHECK (suite IN ('aes-256-gcm', 'sm4-gcm')),
            wrapped bytea,
            state text NOT NULL CONSTRAINT ck_merchant_key_state CHECK (state IN ('active', 'destroyed')),
            made_at timestamptz NOT NULL,
            wrapped_at timestamptz NOT NULL,
            destroyed_at timestamptz,
            CONSTRAINT ck_merchant_key_wrapped CHECK ((wrapped IS NULL) = (state = 'destroyed')),
            CONSTRAINT ck_merchant_key_destroyed_at CHECK ((destroyed_at IS NULL) = (state <> 'destroyed'))
        );
        """
        + fence_by_scope("merchant_key", "agency")
        + grant("merchant_key", "select, insert, update")
    )
    op.execute(
        """
        CREATE TABLE data_key (
            id uuid CONSTRAINT pk_data_key PRIMARY KEY,
            owner_id uuid NOT NULL
                CONSTRAINT fk_data_key_owner_id REFERENCES merchant_key (owner_id),
            purpose text NOT NULL CONSTRAINT ck_data_key_purpose CHECK (purpose IN ('data', 'index')),
            version integer NOT NULL CONSTRAINT ck_data_key_version CHECK (version > 0),
            wrapped bytea,
            state text NOT NULL
                CONSTRAINT ck_data_key_state CHECK (state IN ('current', 'opening', 'retired', 'destroyed')),
            made_at timestamptz NOT NULL,
            retired_at timestamptz,
            CONSTRAINT uq_data_key_owner_id_purpose_version UNIQUE (owner_id, purpose, version),
            CONSTRAINT ck_data_key_wrapped CHECK ((wrapped IS NULL) = (state = 'destroyed'))
        );
        CREATE UNIQUE INDEX uq_data_key_current ON data_key (owner_id, purpose) WHERE state = 'current';
        """
        + fence_by_scope("data_key", "agency")
        + grant("data_key", "select, insert, update")
    )
