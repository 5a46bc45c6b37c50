"""Vouchers that went out to accounting programs: settings per target, exports, and the vouchers of each."""

from alembic import op

from anshou.tickets.ddl import one_of, who_when
from tenants.ddl import fence_by_scope, grant, refuse_changes

revision = "0027_voucher_exports"
down_revision = "0026_reconciliation_rules"

TARGETS = "'jingdouyun', 'k3', 'u8'"
TABLES = ("voucher_export_setting", "voucher_export", "voucher_export_item")


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE voucher_export_setting (
            id uuid CONSTRAINT pk_voucher_export_setting PRIMARY KEY,
            {one_of("target", TARGETS)},
            version integer NOT NULL CHECK (version > 0),
            content jsonb NOT NULL,
            {who_when("set")},
            CONSTRAINT uq_voucher_export_setting_target_version UNIQUE (target, version),
            CONSTRAINT uq_voucher_export_setting_id_target UNIQUE (id, target)
        );

        CREATE TABLE voucher_export (
            id uuid CONSTRAINT pk_voucher_export PRIMARY KEY,
            {one_of("target", TARGETS)},
            month date NOT NULL CONSTRAINT fk_voucher_export_month REFERENCES ledger_period,
            setting_id uuid NOT NULL,
            vouchers integer NOT NULL CHECK (vouchers > 0),
            sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
            {who_when("exported")},
            CONSTRAINT uq_voucher_export_id_target UNIQUE (id, target),
            CONSTRAINT fk_voucher_export_setting_id_target
                FOREIGN KEY (setting_id, target) REFERENCES voucher_export_setting (id, target)
        );
        CREATE INDEX ix_voucher_export_month ON voucher_export (month, id);

        CREATE TABLE voucher_export_item (
            target text NOT NULL,
            voucher_id uuid NOT NULL CONSTRAINT fk_voucher_export_item_voucher_id REFERENCES ledger_number,
            export_id uuid NOT NULL,
            CONSTRAINT pk_voucher_export_item PRIMARY KEY (target, voucher_id),
            CONSTRAINT fk_voucher_export_item_export_id_target
                FOREIGN KEY (export_id, target) REFERENCES voucher_export (id, target)
        );
        COMMENT ON CONSTRAINT pk_voucher_export_item ON voucher_export_item IS
            'a voucher goes out to a target once';
        CREATE INDEX ix_voucher_export_item_export_id ON voucher_export_item (export_id);

        -- FOR SHARE, so that the month stays closed until the export is kept.
        CREATE FUNCTION voucher_export_is_of_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM ledger_period WHERE month = NEW.month AND state = 'closed' FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'only vouchers of a closed month go out'
                    USING ERRCODE = 'check_violation', TABLE = 'voucher_export';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER voucher_export_is_of_closed_month BEFORE INSERT ON voucher_export
            FOR EACH ROW EXECUTE FUNCTION voucher_export_is_of_closed_month();

        CREATE FUNCTION voucher_export_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (SELECT count(*) FROM voucher_export_item WHERE export_id = NEW.id) <> NEW.vouchers THEN
                RAISE EXCEPTION 'an export has all of its vouchers'
                    USING ERRCODE = 'check_violation', TABLE = 'voucher_export';
            END IF;
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER voucher_export_is_whole AFTER INSERT ON voucher_export
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION voucher_export_is_whole();

        -- One look per statement; what comes later than its export is too many.
        CREATE FUNCTION voucher_export_stays_whole() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM (SELECT DISTINCT export_id FROM added) AS touched
                JOIN voucher_export AS export ON export.id = touched.export_id
                WHERE (SELECT count(*) FROM voucher_export_item AS item WHERE item.export_id = export.id)
                    > export.vouchers
            ) OR EXISTS (
                SELECT FROM added JOIN voucher_export AS export ON export.id = added.export_id
                JOIN ledger_number AS numbered ON numbered.voucher_id = added.voucher_id
                WHERE numbered.month <> export.month
            ) THEN
                RAISE EXCEPTION 'an export keeps the vouchers that it went out with, all of its month'
                    USING ERRCODE = 'check_violation', TABLE = 'voucher_export_item';
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER voucher_export_stays_whole AFTER INSERT ON voucher_export_item REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION voucher_export_stays_whole();
        """
    )
    for table in TABLES:
        op.execute(fence_by_scope(table, "agency") + grant(table, "select, insert") + refuse_changes(table))
