"""Lines of statements say what cost they charge, and carry files; a merchant reads what proves its own."""

from alembic import op

from anshou.tickets.ddl import one_of, who_when
from tenants.ddl import fence_by_merchant, grant, refuse_changes

revision = "0029_statement_lines"
down_revision = "0028_budgets"

CATEGORIES = (
    "'labour_overtime', 'labour_specialist', 'material_equipment', 'material_licence', 'communication', 'freight', "
    "'return_exchange', 'repair', 'compensation', 'inspection'"
)


def upgrade() -> None:
    lines()
    files()
    proof()


def lines() -> None:
    op.execute(
        f"""
        ALTER TABLE statement_line
            ADD COLUMN {one_of("category", CATEGORIES, null=True)},
            ADD COLUMN incurred_on date,
            ADD CONSTRAINT ck_statement_line_incurred_on CHECK ((category IS NULL) = (incurred_on IS NULL));
        CREATE INDEX ix_statement_line_cost_item_id ON statement_line (merchant_id, cost_item_id)
            WHERE cost_item_id IS NOT NULL;
        COMMENT ON COLUMN statement_line.text IS 'why the merchant bears it; nothing that a ticket says';
        """
    )


def files() -> None:
    op.execute(
        f"""
        ALTER TABLE statement_word ADD CONSTRAINT uq_statement_word_merchant_id_id UNIQUE (merchant_id, id);
        CREATE TABLE statement_file (
            id uuid CONSTRAINT pk_statement_file PRIMARY KEY,
            merchant_id uuid NOT NULL,
            statement_id uuid NOT NULL,
            word_id uuid NOT NULL,
            name text NOT NULL CONSTRAINT ck_statement_file_name CHECK (name <> ''),
            media_type text NOT NULL,
            size bigint NOT NULL CONSTRAINT ck_statement_file_size CHECK (size >= 0),
            sha256 text NOT NULL CONSTRAINT ck_statement_file_sha256 CHECK (length(sha256) = 64),
            storage_key text NOT NULL,
            {who_when("added")},
            CONSTRAINT fk_statement_file_merchant_id_statement_id
                FOREIGN KEY (merchant_id, statement_id) REFERENCES statement (merchant_id, id),
            CONSTRAINT fk_statement_file_merchant_id_word_id
                FOREIGN KEY (merchant_id, word_id) REFERENCES statement_word (merchant_id, id)
        );
        CREATE INDEX ix_statement_file_word_id ON statement_file (merchant_id, word_id, id);
        CREATE INDEX ix_statement_file_statement_id ON statement_file (merchant_id, statement_id);
        COMMENT ON TABLE statement_file IS 'what proves a dispute or its answer; sealed in the storage';
        """
        + fence_by_merchant("statement_file")
        + grant("statement_file", "select, insert")
        + refuse_changes("statement_file")
    )


def proof() -> None:
    # A merchant follows a line of its statement down to what proves the cost, and reads the files of no other cost.
    op.execute(
        """
        DROP POLICY cost_evidence_inside ON cost_evidence;
        CREATE POLICY cost_evidence_inside ON cost_evidence AS RESTRICTIVE
            USING (
                (SELECT control.ctx_scope()) <> 'merchant'
                OR EXISTS (
                    SELECT FROM statement_line AS l
                    WHERE l.merchant_id = cost_evidence.merchant_id AND l.cost_item_id = cost_evidence.item_id
                )
            )
            WITH CHECK (true);
        """
    )
