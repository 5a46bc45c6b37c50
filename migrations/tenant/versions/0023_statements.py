"""Statements of merchants: prepared and reviewed within the agency, issued as snapshots, answered line by line."""

from alembic import op

from anshou.tickets.ddl import one_of, who_when
from tenants.ddl import fence_by_merchant, grant, refuse_changes

revision = "0023_statements"
down_revision = "0022_file_places"

CURRENCIES = "'CNY', 'HKD', 'USD', 'EUR'"
SORTS = "'cost', 'credit', 'payment', 'other'"
WORDS = "'confirmed', 'deemed_confirmed', 'reminded', 'disputed', 'accepted', 'rejected', 'escalated'"
FIRST_DAY = "month date NOT NULL CHECK (extract(day FROM month) = 1)"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE statement_preparation (
            id uuid CONSTRAINT pk_statement_preparation PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_statement_preparation_merchant_id REFERENCES merchant,
            {FIRST_DAY},
            {one_of("currency", CURRENCIES)},
            opening_fen bigint NOT NULL,
            closing_fen bigint NOT NULL,
            line_count integer NOT NULL CHECK (line_count >= 0),
            content_hash bytea NOT NULL CHECK (length(content_hash) = 32),
            {who_when("prepared")},
            {who_when("reviewed", null=True)},
            CONSTRAINT ck_statement_preparation_two_people CHECK (reviewed_by IS DISTINCT FROM prepared_by)
        );
        CREATE INDEX ix_statement_preparation_merchant_id_month
            ON statement_preparation (merchant_id, month, currency, id DESC);
        CREATE INDEX ix_statement_preparation_month ON statement_preparation (month, currency);

        CREATE TABLE statement (
            id uuid CONSTRAINT pk_statement PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_statement_merchant_id REFERENCES merchant,
            number text NOT NULL,
            {FIRST_DAY},
            {one_of("currency", CURRENCIES)},
            opening_fen bigint NOT NULL,
            closing_fen bigint NOT NULL,
            line_count integer NOT NULL CHECK (line_count >= 0),
            content_hash bytea NOT NULL CHECK (length(content_hash) = 32),
            reply_by timestamptz NOT NULL,
            silence_confirms boolean NOT NULL,
            silence_clause text NOT NULL,
            prepared_by uuid NOT NULL,
            reviewed_by uuid NOT NULL CONSTRAINT ck_statement_two_people CHECK (reviewed_by <> prepared_by),
            {who_when("issued")},
            CONSTRAINT uq_statement_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT uq_statement_merchant_id_number UNIQUE (merchant_id, number),
            CONSTRAINT uq_statement_merchant_id_month UNIQUE (merchant_id, month, currency)
        );
        CREATE INDEX ix_statement_month ON statement (month, merchant_id);
        CREATE INDEX ix_statement_reply_by ON statement (reply_by, id);

        CREATE TABLE statement_line (
            id uuid CONSTRAINT pk_statement_line PRIMARY KEY,
            merchant_id uuid NOT NULL,
            statement_id uuid NOT NULL,
            place integer NOT NULL CHECK (place > 0),
            voucher_id uuid NOT NULL,
            entry_line integer NOT NULL,
            booked_on date NOT NULL,
            {one_of("sort", SORTS)},
            fen bigint NOT NULL CHECK (fen <> 0),
            text text NOT NULL,
            ticket_id uuid,
            cost_item_id uuid,
            version_id uuid,
            clause text,
            CONSTRAINT fk_statement_line_merchant_id_statement_id
                FOREIGN KEY (merchant_id, statement_id) REFERENCES statement (merchant_id, id),
            CONSTRAINT uq_statement_line_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT uq_statement_line_place UNIQUE (merchant_id, statement_id, place),
            CONSTRAINT uq_statement_line_merchant_id_voucher_id UNIQUE (merchant_id, voucher_id, entry_line)
        );
        COMMENT ON CONSTRAINT uq_statement_line_merchant_id_voucher_id ON statement_line IS
            'a posting is on one statement and on no other';

        CREATE TABLE statement_word (
            id uuid CONSTRAINT pk_statement_word PRIMARY KEY,
            merchant_id uuid NOT NULL,
            statement_id uuid NOT NULL,
            line_id uuid,
            step integer NOT NULL CHECK (step > 0),
            {one_of("word", WORDS)},
            reason text NOT NULL,
            fen bigint,
            voucher_id uuid,
            ticket_id uuid,
            answer_by timestamptz,
            {who_when("said")},
            CONSTRAINT fk_statement_word_merchant_id_statement_id
                FOREIGN KEY (merchant_id, statement_id) REFERENCES statement (merchant_id, id),
            CONSTRAINT fk_statement_word_merchant_id_line_id
                FOREIGN KEY (merchant_id, line_id) REFERENCES statement_line (merchant_id, id),
            CONSTRAINT uq_statement_word_step UNIQUE NULLS NOT DISTINCT (merchant_id, statement_id, line_id, step),
            CONSTRAINT ck_statement_word_reason CHECK (word NOT IN ('disputed', 'rejected') OR reason <> ''),
            CONSTRAINT ck_statement_word_whole CHECK ((line_id IS NULL) = (word = 'reminded')),
            CONSTRAINT ck_statement_word_accepted CHECK (
                (word = 'accepted') = (fen IS NOT NULL) AND (word = 'accepted') = (voucher_id IS NOT NULL)
            ),
            CONSTRAINT ck_statement_word_escalated CHECK ((word = 'escalated') = (ticket_id IS NOT NULL))
        );
        CREATE INDEX ix_statement_word_answer_by ON statement_word (answer_by, id) WHERE answer_by IS NOT NULL;

        CREATE FUNCTION statement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            total bigint;
            lines bigint;
        BEGIN
            SELECT coalesce(sum(fen), 0), count(*) INTO total, lines FROM statement_line
                WHERE merchant_id = NEW.merchant_id AND statement_id = NEW.id;
            IF NEW.opening_fen + total <> NEW.closing_fen OR lines <> NEW.line_count THEN
                RAISE EXCEPTION 'the lines of a statement make up its balance'
                    USING ERRCODE = 'check_violation', TABLE = 'statement';
            END IF;
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER statement_adds_up AFTER INSERT ON statement
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION statement_adds_up();

        -- A line that came later would change what was issued; the one before says how many there are.
        CREATE FUNCTION statement_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM added JOIN statement AS s ON s.merchant_id = added.merchant_id AND s.id = added.statement_id
                WHERE added.place > s.line_count
            ) THEN
                RAISE EXCEPTION 'a statement keeps the lines that it was issued with'
                    USING ERRCODE = 'restrict_violation', TABLE = 'statement_line';
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER statement_is_whole AFTER INSERT ON statement_line REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION statement_is_whole();
        COMMENT ON COLUMN statement_line.fen IS 'what the posting adds to what the merchant owes';
        """
        + fence_by_merchant("statement_preparation")
        + """
        CREATE POLICY statement_preparation_inside ON statement_preparation AS RESTRICTIVE
            USING ((SELECT control.ctx_scope()) <> 'merchant');
        """
        + grant("statement_preparation", "select, insert, update")
    )
    for table in ("statement", "statement_line", "statement_word"):
        op.execute(fence_by_merchant(table) + grant(table, "select, insert") + refuse_changes(table))
