"""The tables that an import writes, with the columns of each in the order in which `stretches` gives them."""

from tenants.columns import Insertion

_TICKET = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("kind", "text"),
    ("shop_id", "uuid"),
    ("contract_version_id", "uuid"),
    ("channel", "text"),
    ("title", "text"),
    ("description", "text"),
    ("request", "text"),
    ("urgency", "text"),
    ("owner_id", "uuid"),
    ("department", "text"),
    ("promised_at", "timestamptz"),
    ("step", "text"),
    ("step_since", "timestamptz"),
    ("status", "text"),
    ("round", "integer"),
    ("on_hold", "boolean"),
    ("awaiting_since", "timestamptz"),
    ("version", "integer"),
    ("occurred_on", "date"),
    ("opened_at", "timestamptz"),
    ("opened_by", "uuid"),
    ("closed_at", "timestamptz"),
    ("outcome", "text"),
    ("last_entry_at", "timestamptz"),
    ("is_confidential", "boolean"),
    ("next_due_at", "timestamptz"),
    # Given when the stretch is written.
    ("number", "text"),
)
_ENTRY = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("audience", "text"),
    ("at", "timestamptz"),
    ("sort", "text"),
    ("author_id", "uuid"),
    ("author_name", "text"),
    ("author_side", "text"),
    ("move", "text"),
    ("body", "text"),
    ("record", "jsonb"),
    ("changes", "jsonb"),
    ("round", "integer"),
    ("version", "integer"),
    ("part_of", "uuid"),
)
_DESK = (("id", "uuid"), ("merchant_id", "uuid"), ("ticket_id", "uuid"))
_CLOSURE = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("round", "integer"),
    ("outcome", "text"),
    ("closed_by", "uuid"),
    ("closed_at", "timestamptz"),
)
_ROW = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("import_id", "uuid"),
    ("line", "integer"),
    ("entries", "integer"),
    ("fingerprint", "bytea"),
    ("identity", "bytea"),
)
_CLOCK = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("clock", "text"),
    ("urgency", "text"),
    ("channels", "text"),
    ("department", "text"),
    ("clause", "jsonb"),
    ("started_at", "timestamptz"),
    ("limit_value", "integer"),
    ("limit_unit", "text"),
    ("calendar", "text"),
    ("source", "text"),
    ("due_at", "timestamptz"),
    ("warn_at", "timestamptz"),
    ("late_at", "timestamptz"),
    ("explanation", "jsonb"),
)
_HOLD = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("reason", "text"),
    ("held_by", "uuid"),
    ("held_at", "timestamptz"),
)
_STOP = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("since", "timestamptz"),
    ("reason", "text"),
)

# In this order: a row goes before those that refer to it. What is sealed comes after the first.
TICKET = "ticket"
AFTER_SEALED = ("ticket_desk", "entry", "closure", "ticket_import_row", "ticket_clock", "hold", "clock_stop")

INSERTIONS = {
    name: Insertion(name, columns)
    for name, columns in (
        ("ticket", _TICKET),
        ("entry", _ENTRY),
        ("ticket_desk", _DESK),
        ("closure", _CLOSURE),
        ("ticket_import_row", _ROW),
        ("ticket_clock", _CLOCK),
        ("hold", _HOLD),
        ("clock_stop", _STOP),
    )
}
