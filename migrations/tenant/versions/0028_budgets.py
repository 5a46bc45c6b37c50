"""Budgets: what each covers, the versions of its amount, and which thresholds were passed."""

from alembic import op

from anshou.tickets.ddl import DEPARTMENTS, one_of, who_when
from tenants.ddl import fence_by_scope, grant, refuse_changes

revision = "0028_budgets"
down_revision = "0027_voucher_exports"

CATEGORIES = (
    "'labour_overtime', 'labour_specialist', 'material_equipment', 'material_licence', 'communication', 'freight', "
    "'return_exchange', 'repair', 'compensation', 'inspection'"
)
# Fen: ten thousand million yuan, as billing.clauses.MOST.
MOST = 10**12


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE budget (
            id uuid CONSTRAINT pk_budget PRIMARY KEY,
            {one_of("department", DEPARTMENTS, null=True)},
            merchant_id uuid,
            {one_of("category", CATEGORIES, null=True)},
            {one_of("per", "'month', 'quarter', 'year'")},
            first_day date NOT NULL,
            {who_when("made")},
            CONSTRAINT uq_budget_scope
                UNIQUE NULLS NOT DISTINCT (per, first_day, department, merchant_id, category),
            CONSTRAINT ck_budget_scope CHECK (num_nonnulls(department, merchant_id, category) > 0),
            CONSTRAINT ck_budget_first_day CHECK (first_day = date_trunc(per, first_day::timestamp)::date)
        );
        CREATE TABLE budget_version (
            id uuid CONSTRAINT pk_budget_version PRIMARY KEY,
            budget_id uuid NOT NULL CONSTRAINT fk_budget_version_budget_id REFERENCES budget,
            version integer NOT NULL CONSTRAINT ck_budget_version_version CHECK (version > 0),
            fen bigint CONSTRAINT ck_budget_version_fen CHECK (fen BETWEEN 1 AND {MOST}),
            reason text NOT NULL,
            {who_when("set")},
            CONSTRAINT uq_budget_version_budget_id_version UNIQUE (budget_id, version),
            CONSTRAINT uq_budget_version_budget_id_id UNIQUE (budget_id, id),
            CONSTRAINT ck_budget_version_reason CHECK (fen IS NOT NULL OR reason <> '')
        );
        CREATE TABLE budget_passing (
            id uuid CONSTRAINT pk_budget_passing PRIMARY KEY,
            budget_id uuid NOT NULL,
            version_id uuid NOT NULL,
            {one_of("threshold", "'warned', 'flagged'")},
            used_fen bigint NOT NULL,
            passed_at timestamptz NOT NULL,
            CONSTRAINT fk_budget_passing_budget_id_version_id
                FOREIGN KEY (budget_id, version_id) REFERENCES budget_version (budget_id, id),
            CONSTRAINT uq_budget_passing_version_id_threshold UNIQUE (version_id, threshold)
        );
        CREATE INDEX ix_budget_passing_budget_id ON budget_passing (budget_id, id);
        CREATE INDEX ix_cost_item_incurred_on ON cost_item (incurred_on)
            WHERE state IN ('verified', 'allocated', 'submitted', 'countersigning');
        COMMENT ON TABLE budget IS 'what is budgeted; NULL covers any, and the same scope and period is one row';
        COMMENT ON COLUMN budget_version.fen IS 'the latest version counts; NULL: not in force any more';
        COMMENT ON TABLE budget_passing IS 'that a threshold was passed and told, once per version';
        """
        + "".join(
            fence_by_scope(table, "agency") + grant(table, "select, insert") + refuse_changes(table)
            for table in ("budget", "budget_version", "budget_passing")
        )
    )
