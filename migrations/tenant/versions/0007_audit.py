"""The audit record: leaves as written, the order and the tree that the sealer gives them, its signed checkpoints."""

from alembic import op

from tenants.ddl import ASSIGNED, fence_by_scope, grant, refuse_changes

revision = "0007_audit"
down_revision = "0006_api"


def upgrade() -> None:
    leaves()
    tree()


def leaves() -> None:
    """Whoever acts leaves leaves; the agency reads all, a merchant those that are about it."""
    own = "(SELECT control.ctx_fence()) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])"
    op.execute(
        f"""
        CREATE TABLE audit_leaf (
            id uuid CONSTRAINT pk_audit_leaf PRIMARY KEY,
            xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
            at timestamptz NOT NULL,
            action text NOT NULL,
            actor_id uuid NOT NULL,
            actor_side text NOT NULL CONSTRAINT ck_audit_leaf_actor_side
                CHECK (actor_side IN ('agency', 'merchant', 'system')),
            merchant_id uuid,
            subject_id uuid,
            ticket_id uuid,
            sealed_for uuid,
            body bytea NOT NULL,
            leaf_hash bytea NOT NULL CONSTRAINT ck_audit_leaf_leaf_hash CHECK (octet_length(leaf_hash) = 32)
        );
        COMMENT ON COLUMN audit_leaf.xid IS 'the transaction that wrote it: by this and the id the sealer orders';
        COMMENT ON COLUMN audit_leaf.sealed_for IS
            'whose key the body is sealed with: the merchant''s or, by the tenant''s id, the agency''s; null: readable';
        CREATE INDEX ix_audit_leaf_xid_id ON audit_leaf (xid, id);
        CREATE INDEX ix_audit_leaf_merchant_id_id ON audit_leaf (merchant_id, id DESC) WHERE merchant_id IS NOT NULL;
        CREATE INDEX ix_audit_leaf_ticket_id_id ON audit_leaf (ticket_id, id DESC) WHERE ticket_id IS NOT NULL;

        ALTER TABLE audit_leaf ENABLE ROW LEVEL SECURITY;
        ALTER TABLE audit_leaf FORCE ROW LEVEL SECURITY;
        CREATE POLICY audit_leaf_read ON audit_leaf FOR SELECT USING ({own});
        CREATE POLICY audit_leaf_leave ON audit_leaf FOR INSERT WITH CHECK (
            {own} OR merchant_id IN ({ASSIGNED})
            OR merchant_id IS NULL AND (SELECT control.ctx_scope()) IS NOT NULL
        );
        CREATE TRIGGER audit_leaf_is_noted AFTER INSERT ON audit_leaf
            FOR EACH STATEMENT EXECUTE FUNCTION control.note_leaves();
        """
        + grant("audit_leaf", "select, insert")
        + refuse_changes("audit_leaf")
    )


def tree() -> None:
    """What the sealer writes. Merchants read hashes and checkpoints, to prove their own leaves, but no others' ids."""
    op.execute(
        """
        CREATE TABLE audit_sequence (
            seq bigint CONSTRAINT pk_audit_sequence PRIMARY KEY CONSTRAINT ck_audit_sequence_seq CHECK (seq >= 0),
            leaf_id uuid NOT NULL CONSTRAINT uq_audit_sequence_leaf_id UNIQUE
                CONSTRAINT fk_audit_sequence_leaf_id REFERENCES audit_leaf
        );
        CREATE TABLE audit_hash (
            height integer NOT NULL,
            position bigint NOT NULL,
            hash bytea NOT NULL CONSTRAINT ck_audit_hash_hash CHECK (octet_length(hash) = 32),
            CONSTRAINT pk_audit_hash PRIMARY KEY (height, position)
        );
        COMMENT ON TABLE audit_hash IS
            'roots of complete subtrees of 2^height leaves; only heights 0, 8, 16 … are kept, the rest is computed';
        CREATE TABLE audit_checkpoint (
            size bigint CONSTRAINT pk_audit_checkpoint PRIMARY KEY,
            root bytea NOT NULL,
            made_at timestamptz NOT NULL,
            note text NOT NULL,
            frontier bytea NOT NULL,
            CONSTRAINT ck_audit_checkpoint_root CHECK (octet_length(root) = 32)
        );
        COMMENT ON COLUMN audit_checkpoint.note IS 'the signed statement, as published; the other columns repeat it';
        COMMENT ON COLUMN audit_checkpoint.frontier IS
            'roots of the complete subtrees that make up the tree, largest first: what appending needs';
        """
    )
    op.execute(
        """
        ALTER TABLE audit_sequence ENABLE ROW LEVEL SECURITY;
        ALTER TABLE audit_sequence FORCE ROW LEVEL SECURITY;
        CREATE POLICY audit_sequence_scope ON audit_sequence
            USING ((SELECT control.ctx_scope()) = 'agency') WITH CHECK ((SELECT control.ctx_scope()) = 'agency');
        CREATE POLICY audit_sequence_own ON audit_sequence FOR SELECT USING (
            (SELECT control.ctx_scope()) = 'merchant' AND EXISTS (SELECT FROM audit_leaf WHERE id = leaf_id)
        );
        """
        + fence_by_scope("audit_hash", "agency", readable_by=("staff", "merchant"))
        + fence_by_scope("audit_checkpoint", "agency", readable_by=("staff", "merchant"))
    )
    for table in ("audit_sequence", "audit_hash", "audit_checkpoint"):
        op.execute(grant(table, "select, insert") + refuse_changes(table))
