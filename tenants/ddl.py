"""SQL text for tenant migrations: policies and grants, the same for every table.

Every helper returns SQL for `op.execute`. Names are unqualified, the runner sets the search_path to the tenant's
schema; `"{role}"` stands for the tenant's login, the runner fills it in. Why the policies look as they do:
`docs/decisions/0001-isolation.md`.
"""

from tenants.context import Scope

ROLE = '"{role}"'
"""The tenant's login in SQL text; replaced when a revision is applied to a tenant."""

ASSIGNED = "SELECT unnest(assigned_merchants())"
"""The merchants assigned to the context's member of staff, for policies. A function, because the policies of the table
behind it would otherwise be set up in every statement, also in those that never ask; 0002_merchants makes it."""

_EVERYWHERE = "00000000-0000-0000-0000-000000000000"


def fence_by_merchant(table: str, *, own: str | None = None, scopes: tuple[Scope, ...] = (), many: bool = False) -> str:
    """Row-level security for a table with `merchant_id`: the agency sees all, a merchant its own, staff the assigned.

    `own` names a column with an account id whose rows that person sees instead of the assigned merchants' rows; the
    assignment table itself needs it, or its policy would ask itself. `scopes` see all rows besides the agency. `many`:
    its rows are read by the hundred thousand.
    """
    # One array, so that the context is checked once per statement. IN would become two comparisons with a check each,
    # and PostgreSQL would not read back what it prints for them.
    conditions = [f"(SELECT control.ctx_fence()) = ANY (ARRAY['{_EVERYWHERE}'::uuid, merchant_id])"]
    if many:
        # An array for each row takes as long as counting the row. The second check of the context is a merchant's only.
        conditions = [
            f"(SELECT control.ctx_fence()) = '{_EVERYWHERE}'::uuid",
            "merchant_id = (SELECT control.ctx_fence())",
        ]
    if own is None:
        conditions.append(f"merchant_id IN ({ASSIGNED})")
    else:
        conditions.append(f"{own} = (SELECT control.ctx_person())")
    if scopes:
        conditions.append(_scope_is(scopes))
    return _forced(table) + _policy(f"{table}_merchant", table, " OR ".join(conditions))


def fence_by_scope(table: str, *scopes: Scope, own: str | None = None, readable_by: tuple[Scope, ...] = ()) -> str:
    """Row-level security for a table without `merchant_id` (accounts, sessions, settings).

    `scopes` read and write all rows; a person reads and writes rows whose column `own` is their account id;
    `readable_by` may read all rows and write none.
    """
    conditions = [_scope_is(scopes)] if scopes else []
    if own is not None:
        conditions.append(f"{own} = (SELECT control.ctx_person())")
    if not conditions:
        raise ValueError(f"nobody could use {table}")
    sql = _forced(table) + _policy(f"{table}_scope", table, " OR ".join(conditions))
    if readable_by:
        sql += f"CREATE POLICY {table}_readable ON {table} FOR SELECT USING ({_scope_is(readable_by)});\n"
    return sql


def grant(table: str, privileges: str = "select, insert, update, delete") -> str:
    """What the tenant's login may do with the table; append-only tables get "select, insert"."""
    wanted = {word.strip().lower() for word in privileges.split(",")}
    if not wanted <= {"select", "insert", "update", "delete"}:
        raise ValueError(f"a tenant's login never gets {privileges!r}")
    return f"GRANT {privileges.upper()} ON {table} TO {ROLE};\n"


def refuse_changes(table: str) -> str:
    """Make the table append-only for everybody, its owner included: UPDATE, DELETE and TRUNCATE raise an error."""
    return (
        f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();\n"
    )


def _forced(table: str) -> str:
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"


def _policy(name: str, table: str, condition: str) -> str:
    return f"CREATE POLICY {name} ON {table} USING ({condition}) WITH CHECK ({condition});\n"


def _scope_is(scopes: tuple[Scope, ...]) -> str:
    listed = ", ".join(f"'{scope}'" for scope in scopes)
    return f"(SELECT control.ctx_scope()) IN ({listed})"
