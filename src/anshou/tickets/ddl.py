"""SQL text for the migrations of this room: tables whose rows belong to a ticket, and who reads them.

Every such table carries `merchant_id` and refers to its ticket by `(merchant_id, ticket_id)`. There are three kinds of
readers: both sides; both or the agency, as each row says in `audience`; the agency alone. For the last two a second,
restrictive policy holds whatever a query on behalf of a merchant asks.
"""

from typing import Literal

from tenants.ddl import fence_by_merchant, grant, refuse_changes

Readers = Literal["both", "audience", "agency"]

SIDES = "'agency', 'merchant'"
CHANNELS = "'phone', 'email', 'online_chat', 'instant_messaging', 'portal', 'platform_message', 'meeting'"
DEPARTMENTS = (
    "'after_sales_service', 'operations', 'technical_support', 'quality', 'logistics', 'operations_management', "
    "'finance', 'management'"
)


def of_ticket(
    table: str, *columns: str, readers: Readers = "both", unique: str | None = None, changing: bool = False
) -> str:
    """A table of rows that belong to a ticket, found by it in the order in which they were made.

    Rows of a table that is not `changing` are neither changed nor deleted by anybody, its owner included.
    """
    constraints = [
        f"CONSTRAINT pk_{table} PRIMARY KEY (id)",
        f"CONSTRAINT fk_{table}_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) "
        "REFERENCES ticket (merchant_id, id)",
        f"CONSTRAINT uq_{table}_merchant_id_id UNIQUE (merchant_id, id)",
    ]
    if unique:
        constraints.append(f"CONSTRAINT uq_{table}_{unique.replace(', ', '_')} UNIQUE ({unique})")
    if readers == "audience":
        columns = (one_of("audience", SIDES), *columns)
    held = ["id uuid NOT NULL", "merchant_id uuid NOT NULL", "ticket_id uuid NOT NULL", *columns, *constraints]
    listed = ",\n    ".join(held)
    return (
        f"CREATE TABLE {table} (\n    {listed}\n);\n"
        f"CREATE INDEX ix_{table}_merchant_id_ticket_id ON {table} (merchant_id, ticket_id, id);\n"
    ) + guard(table, readers=readers, changing=changing)


def guard(table: str, *, readers: Readers, changing: bool) -> str:
    """Policies and privileges of a ticket's table, and the refusal of changes where there are none."""
    sql = fence_by_merchant(table) + grant(table, "select, insert, update" if changing else "select, insert")
    if not changing:
        sql += refuse_changes(table)
    if readers != "both":
        unless = "audience = 'merchant' OR " if readers == "audience" else ""
        # A merchant's move may leave such a row behind, e.g. the system's note that it ended a hold.
        sql += (
            f"CREATE POLICY {table}_inside ON {table} AS RESTRICTIVE "
            f"USING ({unless}(SELECT control.ctx_scope()) <> 'merchant') WITH CHECK (true);\n"
        )
    return sql


def one_of(column: str, values: str, *, null: bool = False) -> str:
    """A text column that holds one of the values."""
    return f"{column} text{'' if null else ' NOT NULL'} CHECK ({column} IN ({values}))"


def who_when(verb: str, *, null: bool = False) -> str:
    """Who did it and when; both or neither where `null`."""
    if null:
        return f"{verb}_by uuid, {verb}_at timestamptz, CHECK (({verb}_by IS NULL) = ({verb}_at IS NULL))"
    return f"{verb}_by uuid NOT NULL, {verb}_at timestamptz NOT NULL"


def reference(table: str, column: str, parent: str, *, null: bool = False) -> str:
    """A column that names a row of the same merchant."""
    return (
        f"{column} uuid{'' if null else ' NOT NULL'}, CONSTRAINT fk_{table}_merchant_id_{column} "
        f"FOREIGN KEY (merchant_id, {column}) REFERENCES {parent} (merchant_id, id)"
    )


def basis_points() -> str:
    """A share of a whole; 10000 is all of it."""
    return "basis_points integer NOT NULL CHECK (basis_points BETWEEN 1 AND 10000)"
