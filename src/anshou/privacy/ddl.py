"""SQL text for the migrations of this room: tables whose rows belong to a merchant or to the agency itself."""

from tenants.ddl import fence_by_merchant, grant, refuse_changes


def of_merchant(table: str, *columns: str, unique: tuple[str, ...] = (), lockable: bool = False) -> str:
    """A table of rows that belong to a merchant and are neither changed nor deleted by anybody, its owner included.

    `unique` lists columns beside `merchant_id`, each text one constraint. Rows of a `lockable` table can be waited for:
    PostgreSQL asks for the privilege to update before it locks a row, and the trigger still refuses every update.
    """
    held = [
        "id uuid NOT NULL",
        "merchant_id uuid NOT NULL",
        *columns,
        f"CONSTRAINT pk_{table} PRIMARY KEY (id)",
        f"CONSTRAINT fk_{table}_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant",
        f"CONSTRAINT uq_{table}_merchant_id_id UNIQUE (merchant_id, id)",
        *(
            f"CONSTRAINT uq_{table}_merchant_id_{names.replace(', ', '_')} UNIQUE (merchant_id, {names})"
            for names in unique
        ),
    ]
    listed = ",\n    ".join(held)
    sql = f"CREATE TABLE {table} (\n    {listed}\n);\n" + fence_by_merchant(table)
    return sql + grant(table, "select, insert, update" if lockable else "select, insert") + refuse_changes(table)


def hashed(column: str = "document") -> str:
    """A frozen text as the bytes that are shown, hashed and signed, with their hash that the database checks."""
    return f"{column} bytea NOT NULL, sha256 text NOT NULL CHECK (sha256 = encode(sha256({column}), 'hex'))"


def signed() -> str:
    """What makes a signature traceable: who, when, from which session and address, on which bytes."""
    return (
        "name text NOT NULL, address text NOT NULL, session_id uuid NOT NULL, second_factor boolean NOT NULL, "
        "sha256 text NOT NULL, signed_by uuid NOT NULL, signed_at timestamptz NOT NULL"
    )
