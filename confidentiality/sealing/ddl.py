"""SQL text for migrations of tables with sealed fields, to stand inside and after CREATE TABLE.

    op.execute(f"CREATE TABLE consumer (…, {SEAL_VERSION}, {sealed_columns('phone', find=('exact', 'last4'))})")
    op.execute(sealed_indexes("consumer", "phone", find=("exact", "last4")))

The names are those that `confidentiality/sealing/fields.py` gives the same declaration; a migration repeats it instead
of asking the model, because it must stay as it was when the model changes.
"""

from collections.abc import Sequence

from confidentiality.sealing.finding import Index, named, plan
from confidentiality.sealing.wire import MAGIC, SHORTEST

SEAL_VERSION = "seal_version integer NOT NULL DEFAULT 0 CHECK (seal_version >= 0)"
"""The column of `SealedRow`."""


def sealed_columns(column: str, *, find: Sequence[str] = (), rows: int | None = None, nullable: bool = False) -> str:
    """The column of a sealed field and its index columns, without a comma at the end.

    Each has a CHECK, so that not even raw SQL writes a plain text: a sealed value begins with the magic and has the
    length of the shortest one at least, an index value has exactly the bytes of its plan.
    """
    lines = [
        f"{column} bytea {'NULL' if nullable else 'NOT NULL'} CONSTRAINT ck_{column}_sealed CHECK ({is_sealed(column)})"
    ]
    for index in _planned(find, rows):
        name = f"{column}_{index.name}"
        lines.append(f"{name} bytea NULL CONSTRAINT ck_{name}_blind CHECK (octet_length({name}) = {index.size})")
    return ",\n".join(lines)


def is_sealed(column: str) -> str:
    """The condition that a column's bytes look like a sealed value; holds for NULL."""
    return f"substr({column}, 1, {len(MAGIC)}) = '\\x{MAGIC.hex()}'::bytea AND octet_length({column}) >= {SHORTEST}"


def sealed_indexes(
    table: str, column: str, *, find: Sequence[str], rows: int | None = None, merchant: bool = True
) -> str:
    """One index over the owner and all blind indexes of the field; `merchant=False` for a table without merchants.

    The shorter part stands first: a search by it uses the index's beginning, a search by the whole text all of it.
    """
    columns = [f"{column}_{index.name}" for index in _planned(find, rows)]
    owner = ["merchant_id"] if merchant else []
    return f"CREATE INDEX ix_{table}_{column}_blind ON {table} ({', '.join(owner + columns)});\n"


def _planned(find: Sequence[str], rows: int | None) -> tuple[Index, ...]:
    return plan([named(each, rows) for each in find]) if find else ()
