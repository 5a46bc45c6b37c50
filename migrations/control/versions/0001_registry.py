"""The registry of tenants, the migration ledger and the keys of the context.

`"{control}"` stands for the login of web and worker processes.
"""

from alembic import op

revision = "0001_registry"
down_revision = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE control.tenant (
            id uuid PRIMARY KEY,
            code text NOT NULL UNIQUE,
            name text NOT NULL,
            schema_name text NOT NULL UNIQUE,
            role_name text NOT NULL UNIQUE,
            password_epoch integer NOT NULL DEFAULT 1,
            cluster text NOT NULL DEFAULT 'main',
            revision text,
            state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
            state_reason text,
            state_changed_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL
        );
        COMMENT ON COLUMN control.tenant.revision IS
            'the last tenant migration applied; written in the transaction that applies it';
        GRANT SELECT ON control.tenant TO "{control}";

        CREATE TABLE control.tenant_migration (
            tenant_id uuid NOT NULL REFERENCES control.tenant ON DELETE CASCADE,
            to_revision text NOT NULL,
            from_revision text,
            state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'failed')),
            attempt integer NOT NULL DEFAULT 0,
            error text,
            started_at timestamptz,
            finished_at timestamptz,
            PRIMARY KEY (tenant_id, to_revision)
        );
        CREATE INDEX tenant_migration_unfinished ON control.tenant_migration (state) WHERE state <> 'done';
        GRANT SELECT ON control.tenant_migration TO "{control}";

        -- RFC 2104 pads of the key that signs contexts: no tenant's login may read them.
        CREATE TABLE control.context_key (
            one boolean PRIMARY KEY DEFAULT true CHECK (one),
            inner_pad bytea NOT NULL,
            outer_pad bytea NOT NULL
        );
        """
    )
