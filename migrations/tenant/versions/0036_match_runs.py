"""Runs of matching that go on behind the pages: who asked for which desk, how far it is, what came of it."""

from alembic import op

from anshou.tickets.ddl import one_of, who_when
from tenants.ddl import fence_by_scope, grant

revision = "0036_match_runs"
down_revision = "0035_live"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE match_run (
            id uuid CONSTRAINT pk_match_run PRIMARY KEY,
            source text NOT NULL,
            account text NOT NULL,
            first_on date NOT NULL,
            last_on date NOT NULL,
            {who_when("asked")},
            {one_of("step", "'waiting', 'reading', 'matching', 'storing', 'done', 'refused'")},
            stored integer NOT NULL DEFAULT 0,
            found integer NOT NULL DEFAULT 0,
            offered integer NOT NULL DEFAULT 0,
            refusal text NOT NULL DEFAULT '',
            ended_at timestamptz,
            CONSTRAINT ck_match_run_ended CHECK ((ended_at IS NOT NULL) = (step IN ('done', 'refused')))
        );
        COMMENT ON COLUMN match_run.found IS 'certain matches; stored: how many of them are kept so far';
        CREATE INDEX ix_match_run_source_account ON match_run (source, account, id);
        """
        + fence_by_scope("match_run", "agency")
        + grant("match_run", "select, insert, update")
    )
