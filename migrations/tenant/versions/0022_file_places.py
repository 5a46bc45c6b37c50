"""Where sealed files lie after a rotation of their key, and the objects that they have left."""

from alembic import op

from tenants.ddl import fence_by_merchant, grant

revision = "0022_file_places"
down_revision = "0021_ledger_rules"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE file_place (
            id uuid CONSTRAINT pk_file_place PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_file_place_merchant_id REFERENCES merchant,
            file_key text NOT NULL,
            storage_key text NOT NULL,
            key_version integer NOT NULL CONSTRAINT ck_file_place_key_version CHECK (key_version >= 0),
            next_key text,
            broken_at timestamptz,
            CONSTRAINT uq_file_place_merchant_id_file_key UNIQUE (merchant_id, file_key)
        );
        COMMENT ON TABLE file_place IS 'in which object a sealed file lies, and under which version of the data key';
        COMMENT ON COLUMN file_place.key_version IS '0 where nothing sealed lies';

        CREATE TABLE spent_object (
            id uuid CONSTRAINT pk_spent_object PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_spent_object_merchant_id REFERENCES merchant,
            file_key text NOT NULL,
            storage_key text NOT NULL,
            due_at timestamptz NOT NULL
        );
        CREATE INDEX ix_spent_object_merchant_id_file_key ON spent_object (merchant_id, file_key);
        CREATE INDEX ix_spent_object_due_at ON spent_object (due_at);
        COMMENT ON TABLE spent_object IS 'objects in the storage that no row names any more, until they are deleted';

        ALTER TABLE resealing ADD COLUMN files_done bigint NOT NULL DEFAULT 0;
        """
        + fence_by_merchant("file_place")
        + grant("file_place")
        + fence_by_merchant("spent_object")
        + grant("spent_object", "select, insert, delete")
    )
