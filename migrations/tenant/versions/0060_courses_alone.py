"""Courses are counted from their indexes alone: each holds what is counted by its instant, and what tells lines apart.

Read row by row, a year of courses took a page for each: they lie in the order in which they were made (decision record
0109).
"""

from alembic import op

revision = "0060_courses_alone"
down_revision = "0059_decided_limits"

# What tickets are told apart by.
TOLD = "merchant_id, kind, category, department, shop_id, owner_id"

# By the index's name: the instant, what is counted by it, and of which courses.
INDEXES = {
    "started_at": ("started_at", "position, outcome, like_ended_at", ""),
    "ended_at": (
        "ended_at",
        "started_at, outcome, reopened, unsatisfied, handling_minutes, handling_open_minutes",
        "WHERE ended_at IS NOT NULL",
    ),
    "open": ("started_at", "ended_at", "WHERE ended_at IS NULL"),
    "responded_at": ("responded_at", "response_minutes, response_open_minutes", "WHERE responded_at IS NOT NULL"),
    "rated_at": ("rated_at", "score, satisfied", "WHERE rated_at IS NOT NULL"),
}


def upgrade() -> None:
    for name, (instant, counted, where) in INDEXES.items():
        op.execute(
            f"DROP INDEX ix_ticket_course_{name}; "
            f"CREATE INDEX ix_ticket_course_{name} ON ticket_course ({instant}) INCLUDE ({TOLD}, {counted}) {where}"
        )
