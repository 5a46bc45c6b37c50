"""How long what is kept, what was erased and why not, and what is kept for a dispute or a lawsuit.

`erasure` names the rows whose content is gone. Nobody writes it but `control.erase`, which takes the content away in
the same statement; `erasure_head` is how far the list outside the database was carried out here.
"""

from alembic import op

from anshou.tickets.ddl import guard, one_of, who_when
from tenants.ddl import fence_by_merchant, fence_by_scope, grant, refuse_changes

revision = "0008_retention"
down_revision = "0007_audit"

CAUSES = "'daily', 'merchant', 'request', 'restored'"


def upgrade() -> None:
    settings()
    holds()
    erased()
    runs()
    what_may_be_blanked()


def settings() -> None:
    op.execute(
        """
        CREATE TABLE retention_setting (
            id uuid CONSTRAINT pk_retention_setting PRIMARY KEY,
            kind text NOT NULL,
            value integer CONSTRAINT ck_retention_setting_value CHECK (value > 0),
            changed_at timestamptz NOT NULL,
            changed_by uuid NOT NULL
        );
        COMMENT ON TABLE retention_setting IS 'every setting there ever was; the latest of a kind holds';
        COMMENT ON COLUMN retention_setting.value IS 'in the unit of the kind; null: the default again';
        CREATE INDEX ix_retention_setting_kind ON retention_setting (kind, changed_at DESC, id DESC);
        """
        + fence_by_scope("retention_setting", "agency", readable_by=("door", "staff", "merchant"))
        + grant("retention_setting", "select, insert")
        + refuse_changes("retention_setting")
    )


def holds() -> None:
    op.execute(
        f"""
        CREATE TABLE legal_hold (
            id uuid CONSTRAINT pk_legal_hold PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_legal_hold_merchant_id REFERENCES merchant,
            {one_of("on_what", "'merchant', 'ticket', 'consumer'")},
            subject_id uuid NOT NULL,
            {one_of("cause", "'dispute', 'litigation', 'authority', 'other'")},
            reason text NOT NULL CHECK (reason <> ''),
            {who_when("placed")},
            {who_when("lifted", null=True)},
            lifted_because text,
            CONSTRAINT ck_legal_hold_lifted CHECK ((lifted_at IS NULL) = (lifted_because IS NULL))
        );
        COMMENT ON COLUMN legal_hold.subject_id IS 'the merchant, ticket or consumer record that is kept';
        CREATE UNIQUE INDEX uq_legal_hold_merchant_id_subject_id_running ON legal_hold (merchant_id, subject_id)
            WHERE lifted_at IS NULL;
        """
        + guard("legal_hold", readers="agency", changing=True)
    )


def erased() -> None:
    op.execute(
        """
        CREATE TABLE erasure_head (
            id uuid CONSTRAINT pk_erasure_head PRIMARY KEY,
            one boolean NOT NULL DEFAULT true CONSTRAINT uq_erasure_head_one UNIQUE
                CONSTRAINT ck_erasure_head_one CHECK (one),
            number bigint NOT NULL,
            mac text NOT NULL
        );
        COMMENT ON TABLE erasure_head IS
            'the last batch of the list outside the database that was carried out in this one';
        CREATE TABLE erasure (
            id uuid CONSTRAINT pk_erasure PRIMARY KEY,
            number bigint NOT NULL,
            run_id uuid NOT NULL,
            kind text NOT NULL,
            subject_table text NOT NULL,
            subject_id uuid NOT NULL,
            merchant_id uuid,
            at timestamptz NOT NULL
        );
        CREATE INDEX ix_erasure_subject_id_kind ON erasure (subject_id, kind);
        CREATE INDEX ix_erasure_run_id ON erasure (run_id);
        """
        + fence_by_scope("erasure_head", "agency")
        + grant("erasure_head", "select")
        + fence_by_merchant("erasure")
        + grant("erasure", "select")
    )


def runs() -> None:
    op.execute(
        f"""
        CREATE TABLE erasure_run (
            id uuid CONSTRAINT pk_erasure_run PRIMARY KEY,
            {one_of("cause", CAUSES)},
            of_merchant uuid CONSTRAINT fk_erasure_run_of_merchant REFERENCES merchant,
            subjects jsonb,
            started_at timestamptz NOT NULL,
            started_by uuid,
            finished_at timestamptz
        );
        COMMENT ON COLUMN erasure_run.of_merchant IS 'everything of this merchant is erased, whatever its period';
        COMMENT ON COLUMN erasure_run.subjects IS 'only these rows are erased, by kind, whatever their period';
        CREATE INDEX ix_erasure_run_started_at ON erasure_run (started_at DESC, id DESC);
        CREATE TABLE erasure_line (
            id uuid CONSTRAINT pk_erasure_line PRIMARY KEY,
            run_id uuid NOT NULL CONSTRAINT fk_erasure_line_run_id REFERENCES erasure_run,
            kind text NOT NULL,
            subjects integer NOT NULL,
            cells integer NOT NULL,
            files integer NOT NULL,
            CONSTRAINT uq_erasure_line_run_id_kind UNIQUE (run_id, kind)
        );
        COMMENT ON COLUMN erasure_line.cells IS 'rows of which content was blanked, or that were deleted';
        CREATE TABLE erasure_skip (
            id uuid CONSTRAINT pk_erasure_skip PRIMARY KEY,
            run_id uuid NOT NULL CONSTRAINT fk_erasure_skip_run_id REFERENCES erasure_run,
            kind text NOT NULL,
            reason text NOT NULL,
            rows integer NOT NULL,
            example text NOT NULL,
            CONSTRAINT uq_erasure_skip_run_id_kind_reason_example UNIQUE (run_id, kind, reason, example)
        );
        COMMENT ON COLUMN erasure_skip.example IS 'the number of the dispute or the id of the hold that keeps them';
        """
        + "".join(
            fence_by_scope(table, "agency") + grant(table, "select, insert, update")
            for table in ("erasure_run", "erasure_line", "erasure_skip")
        )
    )


def what_may_be_blanked() -> None:
    """An agreement whose text is gone keeps its hash, and a contract version what it was called and when it held."""
    op.execute(
        """
        ALTER TABLE agreement DROP CONSTRAINT agreement_check;
        ALTER TABLE agreement ADD CONSTRAINT ck_agreement_sha256
            CHECK (document = ''::bytea OR sha256 = encode(sha256(document), 'hex'));
        CREATE OR REPLACE FUNCTION keep_version_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND (OLD.ended_on IS NULL
                AND (NEW.id, NEW.merchant_id, NEW.contract_id, NEW.version) =
                    (OLD.id, OLD.merchant_id, OLD.contract_id, OLD.version)
                AND (NEW.valid_from, NEW.valid_until, NEW.terms, NEW.in_force_at) IS NOT DISTINCT FROM
                    (OLD.valid_from, OLD.valid_until, OLD.terms, OLD.in_force_at)
                OR control.erasing(TG_RELID))
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a contract version in force is kept as it was'
                USING ERRCODE = 'restrict_violation', TABLE = 'contract_version';
        END $$;
        """
    )
