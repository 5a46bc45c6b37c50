"""Months: what measures of the whole agency come to, a row for each month and each thing it is told apart by."""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0048_months"
down_revision = "0047_hot_lists"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE measured_month (
            month date NOT NULL,
            by text NOT NULL,
            key text NOT NULL,
            figures jsonb NOT NULL,
            CONSTRAINT pk_measured_month PRIMARY KEY (month, by, key)
        );
        CREATE TABLE measured_times (
            month date NOT NULL,
            by text NOT NULL,
            key text NOT NULL,
            spread text NOT NULL,
            minutes integer[] NOT NULL,
            times integer[] NOT NULL,
            CONSTRAINT pk_measured_times PRIMARY KEY (month, by, key, spread),
            CONSTRAINT ck_measured_times_pairs CHECK (cardinality(minutes) = cardinality(times))
        );
        CREATE TABLE measured_state (
            month date CONSTRAINT pk_measured_state PRIMARY KEY,
            basis text NOT NULL,
            measured_at timestamptz NOT NULL
        );
        COMMENT ON TABLE measured_month IS 'numbers of a month, of the whole agency (by all) and by one thing each';
        COMMENT ON TABLE measured_times IS 'how often each whole minute occurred: what percentiles are exact from';
        COMMENT ON COLUMN measured_state.basis IS 'the settings that the numbers were counted under';
        CREATE TABLE stale_month (
            id uuid CONSTRAINT pk_stale_month PRIMARY KEY DEFAULT gen_random_uuid(),
            month date NOT NULL
        );
        CREATE INDEX ix_stale_month_month ON stale_month (month);
        COMMENT ON TABLE stale_month IS 'months in which something has changed since they were measured';
        """
        + "".join(
            fence_by_scope(table, "agency") + grant(table)
            for table in ("measured_month", "measured_times", "measured_state")
        )
        + fence_by_scope("stale_month", "agency")
        # Whoever's move changes a month says so; nobody else reads or takes back what was said.
        + """
        CREATE POLICY stale_month_marked ON stale_month FOR INSERT
            WITH CHECK ((SELECT control.ctx_scope()) IN ('staff', 'merchant'));
        """
        + grant("stale_month", "select, insert, delete")
    )
