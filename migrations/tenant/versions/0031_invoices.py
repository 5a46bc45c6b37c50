"""Invoices (发票): who they are made out to, requests, what of which statement they bill, lines, files and deeds."""

from alembic import op

from anshou.tickets.ddl import one_of, reference, who_when
from confidentiality.sealing.ddl import SEAL_VERSION, sealed_columns
from tenants.ddl import fence_by_merchant, grant, refuse_changes

revision = "0031_invoices"
down_revision = "0030_bill_mappings"

STATES = "'requested', 'accepted', 'refused', 'cancelled', 'issued', 'delivered', 'red_lettered'"
CAUSES = "'error', 'returned', 'ended', 'allowance'"
RATES = "0, 1, 3, 5, 6, 9, 13"
# The letters of unified social credit codes (GB 32100-2015): no I, O, S, V and Z.
CREDIT_CODE = "^[0-9A-HJ-NP-RTUWXY]{18}$"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE invoice_buyer (
            id uuid CONSTRAINT pk_invoice_buyer PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_invoice_buyer_merchant_id REFERENCES merchant,
            name text NOT NULL CHECK (name <> ''),
            tax_number text CHECK (tax_number ~ '{CREDIT_CODE}'),
            address text NOT NULL,
            phone text NOT NULL,
            bank text NOT NULL,
            {SEAL_VERSION},
            {sealed_columns("account", nullable=True)},
            {who_when("kept")},
            {who_when("retired", null=True)},
            CONSTRAINT uq_invoice_buyer_merchant_id_id UNIQUE (merchant_id, id)
        );
        CREATE UNIQUE INDEX uq_invoice_buyer_current ON invoice_buyer (merchant_id) WHERE retired_at IS NULL;
        COMMENT ON INDEX uq_invoice_buyer_current IS 'one that holds; the earlier ones stay with their invoices';

        CREATE TABLE invoice_request (
            id uuid CONSTRAINT pk_invoice_request PRIMARY KEY,
            merchant_id uuid NOT NULL,
            number text NOT NULL,
            {reference("invoice_request", "buyer_id", "invoice_buyer")},
            {one_of("kind", "'special', 'ordinary'")},
            {reference("invoice_request", "corrects_id", "invoice_request", null=True)},
            {one_of("cause", CAUSES, null=True)},
            gross_fen bigint NOT NULL CHECK (gross_fen <> 0),
            net_fen bigint,
            tax_fen bigint,
            {one_of("state", STATES)},
            state_since timestamptz NOT NULL,
            issue_by timestamptz NOT NULL,
            invoice_number text CHECK (invoice_number ~ '^[0-9]{{20}}$'),
            issued_on date,
            confirmation text NOT NULL,
            {who_when("requested")},
            CONSTRAINT uq_invoice_request_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT uq_invoice_request_merchant_id_number UNIQUE (merchant_id, number),
            CONSTRAINT uq_invoice_request_merchant_id_invoice_number UNIQUE (merchant_id, invoice_number),
            CONSTRAINT ck_invoice_request_red
                CHECK ((corrects_id IS NULL) = (gross_fen > 0) AND (corrects_id IS NULL) = (cause IS NULL)),
            CONSTRAINT ck_invoice_request_sum CHECK (net_fen + tax_fen = gross_fen),
            CONSTRAINT ck_invoice_request_accepted CHECK (
                (net_fen IS NULL) = (tax_fen IS NULL)
                AND (net_fen IS NOT NULL OR state IN ('requested', 'refused', 'cancelled'))
            ),
            CONSTRAINT ck_invoice_request_issued CHECK (
                (invoice_number IS NOT NULL) = (state IN ('issued', 'delivered', 'red_lettered'))
                AND (invoice_number IS NULL) = (issued_on IS NULL)
            )
        );
        CREATE INDEX ix_invoice_request_state ON invoice_request (state, issue_by, id);
        CREATE INDEX ix_invoice_request_merchant_id_requested ON invoice_request (merchant_id, id DESC);
        CREATE UNIQUE INDEX uq_invoice_request_corrects ON invoice_request (merchant_id, corrects_id)
            WHERE state NOT IN ('refused', 'cancelled');
        COMMENT ON INDEX uq_invoice_request_corrects IS 'an invoice is red-lettered once, and whole';

        CREATE TABLE invoice_portion (
            id uuid CONSTRAINT pk_invoice_portion PRIMARY KEY,
            merchant_id uuid NOT NULL,
            {reference("invoice_portion", "request_id", "invoice_request")},
            {reference("invoice_portion", "statement_id", "statement")},
            fen bigint NOT NULL CHECK (fen <> 0),
            CONSTRAINT uq_invoice_portion_request_id UNIQUE (merchant_id, request_id, statement_id)
        );
        CREATE INDEX ix_invoice_portion_statement_id ON invoice_portion (merchant_id, statement_id);
        COMMENT ON TABLE invoice_portion IS 'how much of which statement a request bills, tax included';

        CREATE TABLE invoice_line (
            id uuid CONSTRAINT pk_invoice_line PRIMARY KEY,
            merchant_id uuid NOT NULL,
            {reference("invoice_line", "request_id", "invoice_request")},
            place integer NOT NULL CHECK (place > 0),
            item text NOT NULL,
            tax_code text NOT NULL CHECK (tax_code ~ '^([0-9]{{19}})?$'),
            rate integer NOT NULL CHECK (rate IN ({RATES})),
            net_fen bigint NOT NULL CHECK (net_fen <> 0),
            tax_fen bigint NOT NULL CHECK (sign(tax_fen) * sign(net_fen) >= 0 AND (rate > 0 OR tax_fen = 0)),
            CONSTRAINT uq_invoice_line_place UNIQUE (merchant_id, request_id, place)
        );
        COMMENT ON COLUMN invoice_line.rate IS 'in per cent';

        CREATE TABLE invoice_deed (
            id uuid CONSTRAINT pk_invoice_deed PRIMARY KEY,
            merchant_id uuid NOT NULL,
            {reference("invoice_deed", "request_id", "invoice_request")},
            {one_of("deed", STATES)},
            reason text NOT NULL,
            {who_when("done")},
            CONSTRAINT uq_invoice_deed_deed UNIQUE (merchant_id, request_id, deed),
            CONSTRAINT ck_invoice_deed_reason CHECK (reason <> '' OR deed NOT IN ('refused', 'cancelled'))
        );

        CREATE TABLE invoice_file (
            id uuid CONSTRAINT pk_invoice_file PRIMARY KEY,
            merchant_id uuid NOT NULL,
            {reference("invoice_file", "request_id", "invoice_request")},
            name text NOT NULL,
            media_type text NOT NULL,
            size bigint NOT NULL CHECK (size > 0),
            sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{{64}}$'),
            storage_key text NOT NULL,
            {who_when("added")},
            {who_when("removed", null=True)},
            CONSTRAINT uq_invoice_file_merchant_id_id UNIQUE (merchant_id, id)
        );
        CREATE INDEX ix_invoice_file_request_id ON invoice_file (merchant_id, request_id, id);
        CREATE INDEX ix_statement_word_voucher_id ON statement_word (merchant_id, voucher_id)
            WHERE voucher_id IS NOT NULL;
        """
        + FUNCTIONS
    )
    for table in ("invoice_buyer", "invoice_request", "invoice_file"):
        op.execute(fence_by_merchant(table) + grant(table, "select, insert, update"))
    for table in ("invoice_portion", "invoice_line", "invoice_deed"):
        op.execute(fence_by_merchant(table) + grant(table, "select, insert") + refuse_changes(table))
    # What stands on an invoice, and its file, are the agency's to write.
    for table in ("invoice_line", "invoice_file"):
        op.execute(
            f"CREATE POLICY {table}_by_agency ON {table} AS RESTRICTIVE FOR INSERT "
            "WITH CHECK ((SELECT control.ctx_scope()) <> 'merchant');"
        )


FUNCTIONS = """
        -- Costs as far as they are settled, less what was taken off them; a credit that is such a taking off would
        -- count twice. Payments are no supply, and what was carried over from earlier books was invoiced there.
        CREATE FUNCTION invoiceable_fen(of_merchant uuid, of_statement uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
            SELECT coalesce(sum(CASE
                WHEN line.sort = 'credit' THEN line.fen
                WHEN said.word IN ('confirmed', 'deemed_confirmed') THEN line.fen
                WHEN said.word = 'accepted' THEN line.fen - said.fen
                ELSE 0
            END), 0)::bigint
            FROM statement_line AS line LEFT JOIN LATERAL (
                SELECT word, fen FROM statement_word AS spoken
                WHERE spoken.merchant_id = line.merchant_id AND spoken.statement_id = line.statement_id
                    AND spoken.line_id = line.id
                ORDER BY step DESC LIMIT 1
            ) AS said ON true
            WHERE line.merchant_id = of_merchant AND line.statement_id = of_statement
                AND line.sort IN ('cost', 'credit')
                AND NOT EXISTS (
                    SELECT FROM statement_word AS taken
                    WHERE taken.merchant_id = line.merchant_id AND taken.voucher_id = line.voucher_id
                )
        $$;

        CREATE FUNCTION invoice_stays_within_statement() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            billed bigint;
            asked bigint;
        BEGIN
            -- One after the other: each sees what the one before asked for.
            PERFORM pg_advisory_xact_lock(hashtextextended('invoice:' || NEW.statement_id, 0));
            IF NOT EXISTS (
                SELECT FROM invoice_request
                WHERE merchant_id = NEW.merchant_id AND id = NEW.request_id AND state = 'requested'
                    AND corrects_id IS NULL
            ) OR NOT EXISTS (
                SELECT FROM statement
                WHERE merchant_id = NEW.merchant_id AND id = NEW.statement_id AND currency = 'CNY'
            ) THEN
                RAISE EXCEPTION 'only a new request bills a statement, in yuan'
                    USING ERRCODE = 'restrict_violation', TABLE = 'invoice_portion';
            END IF;
            SELECT invoiceable_fen(NEW.merchant_id, NEW.statement_id) INTO billed;
            SELECT coalesce(sum(portion.fen), 0) INTO asked
                FROM invoice_portion AS portion JOIN invoice_request AS request
                    ON request.merchant_id = portion.merchant_id AND request.id = portion.request_id
                WHERE portion.merchant_id = NEW.merchant_id AND portion.statement_id = NEW.statement_id
                    AND request.state NOT IN ('refused', 'cancelled', 'red_lettered');
            IF NEW.fen > 0 AND asked > greatest(billed, 0) OR NEW.fen < 0 AND asked < least(billed, 0) THEN
                RAISE EXCEPTION 'no more is invoiced than the statement bills'
                    USING ERRCODE = 'ANINV', TABLE = 'invoice_portion';
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER invoice_stays_within_statement AFTER INSERT ON invoice_portion
            FOR EACH ROW EXECUTE FUNCTION invoice_stays_within_statement();

        CREATE FUNCTION invoice_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            -- Each of the two triggers says which column names the request.
            of_request uuid := to_jsonb(NEW) ->> TG_ARGV[0];
        BEGIN
            IF NOT EXISTS (
                SELECT FROM invoice_request AS request
                WHERE request.merchant_id = NEW.merchant_id AND request.id = of_request AND request.gross_fen = (
                    CASE WHEN request.corrects_id IS NULL THEN (
                        SELECT coalesce(sum(fen), 0) FROM invoice_portion AS portion
                        WHERE portion.merchant_id = request.merchant_id AND portion.request_id = request.id
                    ) ELSE (
                        SELECT -first.gross_fen FROM invoice_request AS first
                        WHERE first.merchant_id = request.merchant_id AND first.id = request.corrects_id
                            AND first.buyer_id = request.buyer_id AND first.kind = request.kind
                            AND first.corrects_id IS NULL
                            AND first.state IN ('issued', 'delivered', 'red_lettered')
                    ) END
                )
            ) THEN
                RAISE EXCEPTION 'a request is the sum of what it bills, a red one all of what it corrects'
                    USING ERRCODE = 'check_violation', TABLE = 'invoice_request';
            END IF;
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER invoice_adds_up AFTER INSERT ON invoice_request
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION invoice_adds_up('id');
        CREATE CONSTRAINT TRIGGER invoice_adds_up AFTER INSERT ON invoice_portion
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION invoice_adds_up('request_id');

        CREATE FUNCTION invoice_line_comes_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT FROM invoice_request
                WHERE merchant_id = NEW.merchant_id AND id = NEW.request_id AND state = 'requested'
            ) THEN
                RAISE EXCEPTION 'an accepted request keeps its lines'
                    USING ERRCODE = 'restrict_violation', TABLE = 'invoice_line';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER invoice_line_comes_in_time BEFORE INSERT ON invoice_line
            FOR EACH ROW EXECUTE FUNCTION invoice_line_comes_in_time();

        CREATE FUNCTION invoice_request_moves() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            net bigint;
            tax bigint;
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.state <> 'requested' OR NEW.net_fen IS NOT NULL THEN
                    RAISE EXCEPTION 'an invoice begins with a request'
                        USING ERRCODE = 'restrict_violation', TABLE = 'invoice_request';
                END IF;
                RETURN NEW;
            END IF;
            IF (NEW.id, NEW.merchant_id, NEW.number, NEW.buyer_id, NEW.kind, NEW.corrects_id, NEW.cause, NEW.gross_fen,
                    NEW.issue_by, NEW.requested_by, NEW.requested_at)
                IS DISTINCT FROM (OLD.id, OLD.merchant_id, OLD.number, OLD.buyer_id, OLD.kind, OLD.corrects_id,
                    OLD.cause, OLD.gross_fen, OLD.issue_by, OLD.requested_by, OLD.requested_at)
                OR (NEW.net_fen, NEW.tax_fen) IS DISTINCT FROM (OLD.net_fen, OLD.tax_fen) AND NEW.state <> 'accepted'
                OR (NEW.invoice_number, NEW.issued_on, NEW.confirmation)
                    IS DISTINCT FROM (OLD.invoice_number, OLD.issued_on, OLD.confirmation) AND NEW.state <> 'issued'
                OR (OLD.state, NEW.state) NOT IN (
                    ('requested', 'accepted'), ('requested', 'refused'), ('requested', 'cancelled'),
                    ('accepted', 'cancelled'), ('accepted', 'issued'), ('issued', 'delivered'),
                    ('issued', 'red_lettered'), ('delivered', 'red_lettered')
                )
                OR NEW.state IN ('accepted', 'refused', 'issued') AND control.ctx_scope() = 'merchant'
            THEN
                RAISE EXCEPTION 'an invoice moves on from where it stands'
                    USING ERRCODE = 'restrict_violation', TABLE = 'invoice_request';
            END IF;
            IF NEW.state = 'accepted' THEN
                SELECT sum(net_fen), sum(tax_fen) INTO net, tax FROM invoice_line
                    WHERE merchant_id = NEW.merchant_id AND request_id = NEW.id;
                IF (net, tax) IS DISTINCT FROM (NEW.net_fen, NEW.tax_fen) THEN
                    RAISE EXCEPTION 'the lines of an invoice make up its amounts'
                        USING ERRCODE = 'check_violation', TABLE = 'invoice_request';
                END IF;
            END IF;
            IF NEW.state = 'red_lettered' AND NOT EXISTS (
                SELECT FROM invoice_request AS red
                WHERE red.merchant_id = NEW.merchant_id AND red.corrects_id = NEW.id
                    AND red.state IN ('issued', 'delivered')
            ) THEN
                RAISE EXCEPTION 'an invoice is red-lettered by another that was issued'
                    USING ERRCODE = 'restrict_violation', TABLE = 'invoice_request';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER invoice_request_moves BEFORE INSERT OR UPDATE ON invoice_request
            FOR EACH ROW EXECUTE FUNCTION invoice_request_moves();
"""
