"""What goes over into the next month as one is closed, and how many papers belong to an exported voucher."""

from alembic import op

from anshou.tickets.ddl import one_of, who_when
from tenants.ddl import fence_by_scope, grant, refuse_changes

revision = "0032_carried_over"
down_revision = "0031_invoices"

MATTERS = "'unverified', 'unallocated', 'undetermined', 'unreconciled', 'difference', 'disputed', 'contested'"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE carried_over (
            id uuid CONSTRAINT pk_carried_over PRIMARY KEY,
            month date NOT NULL CONSTRAINT fk_carried_over_month REFERENCES ledger_period,
            {one_of("matter", MATTERS)},
            subject_id uuid NOT NULL,
            fen bigint NOT NULL,
            currency text NOT NULL CHECK (currency ~ '^[A-Z]{{3}}$'),
            reason text NOT NULL CHECK (reason <> ''),
            {who_when("carried")},
            CONSTRAINT uq_carried_over_month_matter_subject_id UNIQUE (month, matter, subject_id)
        );
        COMMENT ON TABLE carried_over IS
            'what was open as the month was closed and goes over into the next, with the reason; decided per month';

        -- Closing waits for whoever holds the month, so nothing is said of a closed one afterwards.
        CREATE FUNCTION carry_over_in_open_month() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM hold_month_open(month) FROM (SELECT DISTINCT month FROM written ORDER BY 1) AS months;
            RETURN NULL;
        END $$;
        CREATE TRIGGER carried_over_is_of_an_open_month AFTER INSERT ON carried_over
            REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION carry_over_in_open_month();

        ALTER TABLE voucher_export_item ADD COLUMN attachments integer NOT NULL DEFAULT 0
            CONSTRAINT ck_voucher_export_item_attachments CHECK (attachments >= 0);
        COMMENT ON COLUMN voucher_export_item.attachments IS
            'pieces of evidence as the voucher went out: the file can be made again to the byte';
        """
    )
    op.execute(fence_by_scope("carried_over", "agency") + grant("carried_over", "select, insert"))
    op.execute(refuse_changes("carried_over"))
