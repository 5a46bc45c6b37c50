"""Which tenants have audit leaves that are not in the tree yet, and who seals them now."""

from alembic import op

revision = "0005_audit"
down_revision = "0004_upkeep"

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"


def upgrade() -> None:
    op.execute(
        f"""
        -- A row for each statement that leaves leaves, never updated: one row per tenant would make its writers wait
        -- for each other. No foreign key, whose check would lock the tenant's row in every transaction.
        CREATE TABLE control.audit_hint (
            tenant_id uuid NOT NULL,
            xid bigint NOT NULL,
            noted_at timestamptz NOT NULL
        ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
        COMMENT ON TABLE control.audit_hint IS
            'this tenant''s transaction left audit leaves; deleted when they are sealed';
        CREATE INDEX audit_hint_tenant ON control.audit_hint (tenant_id, xid);
        GRANT SELECT, DELETE ON control.audit_hint TO "{{control}}";

        CREATE TABLE control.audit_sealing (
            tenant_id uuid PRIMARY KEY REFERENCES control.tenant ON DELETE CASCADE,
            size bigint NOT NULL DEFAULT 0,
            sealed_at timestamptz,
            failed_at timestamptz,
            failure text
        );
        COMMENT ON TABLE control.audit_sealing IS
            'one row per tenant, locked by its sealer while it works; only sealers touch it';
        GRANT SELECT, INSERT, UPDATE, DELETE ON control.audit_sealing TO "{{control}}";

        -- Of the schema that was written to, not of the login: a restore or the owner leaves a hint as well.
        CREATE FUNCTION control.note_leaves() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
        BEGIN
            INSERT INTO control.audit_hint (tenant_id, xid, noted_at)
            SELECT id, pg_current_xact_id()::text::bigint, statement_timestamp() FROM control.tenant
            WHERE schema_name = TG_TABLE_SCHEMA;
            RETURN NULL;
        END $$;
        """
    )
