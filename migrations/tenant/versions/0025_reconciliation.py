"""Reconciliation: files and lines from outside, matches with one claim per line, undo, write-off, rules."""

from alembic import op

from tenants.ddl import fence_by_scope, grant, refuse_changes

revision = "0025_reconciliation"
down_revision = "0024_attribution"

STAGES = "'reference', 'window', 'tolerance', 'one_to_many', 'many_to_one', 'subset', 'by_hand', 'explained', 'divided'"
MOST_FEN = 10**12


def upgrade() -> None:
    arrivals()
    matches()
    writing_off()
    rules()


def arrivals() -> None:
    op.execute(
        f"""
        CREATE TABLE import_batch (
            id uuid CONSTRAINT pk_import_batch PRIMARY KEY,
            sha256 bytea NOT NULL CONSTRAINT uq_import_batch_sha256 UNIQUE
                CONSTRAINT ck_import_batch_sha256 CHECK (length(sha256) = 32),
            name text NOT NULL,
            source text NOT NULL CONSTRAINT ck_import_batch_source CHECK (source <> ''),
            account text NOT NULL,
            first_on date NOT NULL,
            last_on date NOT NULL,
            lines integer NOT NULL,
            fen_in bigint NOT NULL CONSTRAINT ck_import_batch_in CHECK (fen_in >= 0),
            fen_out bigint NOT NULL CONSTRAINT ck_import_batch_out CHECK (fen_out <= 0),
            known_lines integer NOT NULL CONSTRAINT ck_import_batch_known CHECK (known_lines BETWEEN 0 AND lines),
            known_fen bigint NOT NULL,
            imported_at timestamptz NOT NULL,
            imported_by uuid NOT NULL,
            CONSTRAINT ck_import_batch_period CHECK (first_on <= last_on)
        );
        COMMENT ON COLUMN import_batch.known_lines IS 'lines of the file that an earlier file had brought already';

        CREATE TABLE external_line (
            id uuid CONSTRAINT pk_external_line PRIMARY KEY,
            batch_id uuid NOT NULL CONSTRAINT fk_external_line_batch_id REFERENCES import_batch,
            derived_by uuid,
            source text NOT NULL,
            account text NOT NULL,
            number integer NOT NULL,
            booked_on date NOT NULL,
            fen bigint NOT NULL CONSTRAINT ck_external_line_fen CHECK (fen BETWEEN -{MOST_FEN} AND {MOST_FEN}),
            currency text NOT NULL CONSTRAINT ck_external_line_currency CHECK (currency ~ '^[A-Z]{{3}}$'),
            refs text[] NOT NULL CONSTRAINT ck_external_line_refs CHECK (cardinality(refs) <= 6),
            counterparty text NOT NULL,
            text text NOT NULL,
            natural_key text NOT NULL CONSTRAINT ck_external_line_natural_key CHECK (natural_key <> ''),
            CONSTRAINT uq_external_line_source_account_natural_key UNIQUE (source, account, natural_key)
        );
        COMMENT ON COLUMN external_line.natural_key IS
            'what names the movement in every file that brings it; of a derived line its id';
        COMMENT ON COLUMN external_line.derived_by IS 'the division that made this line of others';
        CREATE INDEX ix_external_line_batch_id ON external_line (batch_id);
        CREATE INDEX ix_external_line_source_booked_on ON external_line (source, booked_on, id);
        CREATE INDEX ix_external_line_derived_by ON external_line (derived_by) WHERE derived_by IS NOT NULL;
        """
        + _kept("import_batch")
        + _kept("external_line")
    )


def matches() -> None:
    op.execute(
        f"""
        CREATE TABLE line_match (
            id uuid CONSTRAINT pk_line_match PRIMARY KEY,
            stage text NOT NULL CONSTRAINT ck_line_match_stage CHECK (stage IN ({STAGES})),
            is_automatic boolean NOT NULL,
            score smallint NOT NULL CONSTRAINT ck_line_match_score CHECK (score BETWEEN 0 AND 100),
            days integer NOT NULL,
            lines integer NOT NULL CONSTRAINT ck_line_match_lines CHECK (lines >= 1),
            derived_lines integer NOT NULL,
            fen bigint NOT NULL,
            currency text NOT NULL,
            booked_on date NOT NULL,
            note text NOT NULL,
            made_at timestamptz NOT NULL,
            made_by uuid NOT NULL,
            CONSTRAINT ck_line_match_automatic
                CHECK (NOT is_automatic OR stage NOT IN ('by_hand', 'explained', 'divided')),
            CONSTRAINT ck_line_match_note CHECK (stage <> 'explained' OR note ~ '\\S'),
            CONSTRAINT ck_line_match_divided
                CHECK ((stage = 'divided') = (derived_lines > 0) AND (stage <> 'divided' OR fen = 0))
        );
        COMMENT ON COLUMN line_match.fen IS 'external less internal: the difference, or the whole of what is explained';
        COMMENT ON COLUMN line_match.booked_on IS 'the day, and so the month, in which the match counts';
        CREATE INDEX ix_line_match_booked_on ON line_match (booked_on, id);
        ALTER TABLE external_line ADD CONSTRAINT fk_external_line_derived_by
            FOREIGN KEY (derived_by) REFERENCES line_match DEFERRABLE INITIALLY DEFERRED;

        CREATE TABLE line_match_line (
            match_id uuid NOT NULL CONSTRAINT fk_line_match_line_match_id REFERENCES line_match,
            line_id uuid NOT NULL,
            side text NOT NULL CONSTRAINT ck_line_match_line_side CHECK (side IN ('external', 'internal')),
            source text NOT NULL,
            booked_on date NOT NULL,
            fen bigint NOT NULL,
            currency text NOT NULL,
            CONSTRAINT pk_line_match_line PRIMARY KEY (match_id, line_id)
        );
        CREATE INDEX ix_line_match_line_line_id ON line_match_line (line_id);

        CREATE TABLE line_claim (
            line_id uuid CONSTRAINT pk_line_claim PRIMARY KEY,
            match_id uuid NOT NULL CONSTRAINT fk_line_claim_match_id REFERENCES line_match
        );
        COMMENT ON TABLE line_claim IS
            'which live match a line belongs to: its key is why no line can be in two. Only triggers write';
        CREATE INDEX ix_line_claim_match_id ON line_claim (match_id);

        CREATE TABLE line_match_undo (
            match_id uuid CONSTRAINT pk_line_match_undo PRIMARY KEY
                CONSTRAINT fk_line_match_undo_match_id REFERENCES line_match,
            reason text NOT NULL CONSTRAINT ck_line_match_undo_reason CHECK (reason ~ '\\S'),
            undone_at timestamptz NOT NULL,
            undone_by uuid NOT NULL
        );
        """
        + _kept("line_match")
        + _kept("line_match_line")
        + _kept("line_match_undo")
        + fence_by_scope("line_claim", "agency")
        + grant("line_claim", "select, insert, delete")
    )


def writing_off() -> None:
    op.execute(
        """
        CREATE TABLE match_write_off (
            match_id uuid CONSTRAINT pk_match_write_off PRIMARY KEY
                CONSTRAINT fk_match_write_off_match_id REFERENCES line_match,
            voucher_id uuid NOT NULL CONSTRAINT uq_match_write_off_voucher_id UNIQUE
                CONSTRAINT fk_match_write_off_voucher_id REFERENCES ledger_voucher,
            fen bigint NOT NULL CONSTRAINT ck_match_write_off_fen CHECK (fen <> 0),
            written_at timestamptz NOT NULL,
            written_by uuid NOT NULL
        );
        """
        + _kept("match_write_off")
    )


def rules() -> None:
    op.execute(
        """
        CREATE TABLE match_rule (
            id uuid CONSTRAINT pk_match_rule PRIMARY KEY,
            source text NOT NULL,
            against text NOT NULL,
            rule jsonb NOT NULL,
            write_off_fen bigint NOT NULL CONSTRAINT ck_match_rule_write_off_fen CHECK (write_off_fen >= 0),
            is_retired boolean NOT NULL,
            set_at timestamptz NOT NULL,
            set_by uuid NOT NULL
        );
        COMMENT ON TABLE match_rule IS 'the latest row of a source and what it is matched against is in force';
        CREATE INDEX ix_match_rule_source_against ON match_rule (source, against, id);
        """
        + _kept("match_rule")
    )


def _kept(table: str) -> str:
    return fence_by_scope(table, "agency") + grant(table, "select, insert") + refuse_changes(table)
