"""Lists by deadline begin where they begin, and those of all tickets are found in their indexes alone as well.

To PostgreSQL coalesce could tell of rows that the policy hides, so it was no condition of an index: what is overdue was
found by reading all open tickets (0054). All tickets, open and closed, of one owner, department or kind were looked for
among their rows; `closed_at` says whether a ticket is closed (decision record 0111).
"""

from alembic import op

revision = "0058_lists_of_all"
down_revision = "0057_waiting_words"

# As 0056 has them.
_OPEN = (
    "merchant_id",
    "kind",
    "status",
    "step",
    "owner_id",
    "department",
    "urgency",
    "category",
    "channel",
    "shop_id",
    "on_hold",
    "is_confidential",
    "round",
    "opened_by",
    "opened_at",
    "step_since",
    "next_due_at",
    "promised_at",
    "last_entry_at",
)
_OFTEN = ("merchant_id", "kind", "owner_id", "department", "urgency", "opened_by", "closed_at")

# By the index's name: what stands before the deadline, or the instant of opening.
_OF_OPEN: dict[str, tuple[str, ...]] = {
    "due": (),
    "merchant_id_due": ("merchant_id",),
    "owner_id_due": ("owner_id",),
    "department_due": ("department",),
    "department_owner_due": ("department", "owner_id"),
    "status_due": ("status",),
    "shop_id_due": ("shop_id",),
}
_OF_ALL: dict[str, tuple[str, ...]] = {
    "opened_at": (),
    "merchant_id_opened_at": ("merchant_id",),
    "owner_id_opened_at": ("owner_id",),
    "department_opened_at": ("department",),
    "kind_opened_at": ("kind",),
}


def upgrade() -> None:
    for name, keys in _OF_OPEN.items():
        _renew(name, (*keys, _or_never("next_due_at"), "id"), _OPEN, "WHERE closed_at IS NULL")
    _renew("open_promised_at", (_or_never("promised_at"), "id"), _OPEN, "WHERE closed_at IS NULL")
    for name, keys in _OF_ALL.items():
        _renew(name, (*keys, "opened_at", "id"), _OFTEN)
    # Whether this one is escalated, where most lists of escalated tickets are full before all of those are read.
    op.execute(
        "CREATE INDEX ix_ticket_desk_ticket_id ON ticket_desk (ticket_id) INCLUDE (level, merchant_id) "
        "WHERE level IS NOT NULL"
    )


def _or_never(column: str) -> str:
    return f"(CASE WHEN {column} IS NULL THEN 'infinity'::timestamptz ELSE {column} END)"


def _renew(name: str, keys: tuple[str, ...], narrowing: tuple[str, ...], where: str = "") -> None:
    included = ", ".join(column for column in narrowing if column not in keys)
    op.execute(f"DROP INDEX ix_ticket_{name}")
    op.execute(f"CREATE INDEX ix_ticket_{name} ON ticket ({', '.join(keys)}) INCLUDE ({included}) {where}")
