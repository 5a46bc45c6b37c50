"""What the worker keeps for itself: what can be cleared away, schedules, and the sign that jobs come through."""

from alembic import op

revision = "0004_upkeep"
down_revision = "0003_work"


def upgrade() -> None:
    op.execute(
        """
        CREATE INDEX job_over ON control.job (finished_at) WHERE state IN ('done', 'discarded');
        CREATE INDEX timer_over ON control.timer (fired_at) WHERE fired_at IS NOT NULL;

        CREATE TABLE control.schedule (
            name text PRIMARY KEY,
            next_at timestamptz NOT NULL
        );
        COMMENT ON TABLE control.schedule IS
            'what recurs for every tenant; the worker that moves next_at on leaves the jobs in the same transaction';
        GRANT SELECT, INSERT, UPDATE, DELETE ON control.schedule TO "{control}";

        CREATE TABLE control.canary (
            one boolean PRIMARY KEY DEFAULT true CHECK (one),
            sent_at timestamptz NOT NULL,
            consumed_at timestamptz
        );
        COMMENT ON TABLE control.canary IS
            'the last message sent through the broker only to see that it comes out at the other end';
        GRANT SELECT, INSERT, UPDATE, DELETE ON control.canary TO "{control}";
        """
    )
