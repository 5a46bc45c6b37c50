"""Layouts of bills that the tenant described itself, and what a line is about as its sender says."""

from alembic import op

from anshou.tickets.ddl import who_when
from tenants.ddl import fence_by_scope, grant, refuse_changes

revision = "0030_bill_mappings"
down_revision = "0029_statement_lines"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE bill_mapping (
            id uuid CONSTRAINT pk_bill_mapping PRIMARY KEY,
            name text NOT NULL CONSTRAINT ck_bill_mapping_name CHECK (name ~ '\\S' AND length(name) <= 60),
            headings text[] NOT NULL CONSTRAINT ck_bill_mapping_headings CHECK (cardinality(headings) > 0),
            mapping jsonb NOT NULL,
            is_retired boolean NOT NULL,
            {who_when("set")}
        );
        COMMENT ON TABLE bill_mapping IS 'the latest row of a name is in force; the name is the source of its lines';
        CREATE INDEX ix_bill_mapping_name ON bill_mapping (name, id);
        ALTER TABLE external_line ADD COLUMN nature text NOT NULL DEFAULT '';
        COMMENT ON COLUMN external_line.nature IS 'billing.bills.shapes.Nature; empty in lines from before it was kept';
        """
        + fence_by_scope("bill_mapping", "agency")
        + grant("bill_mapping", "select, insert")
        + refuse_changes("bill_mapping")
    )
