"""What a schema is made of, as the catalog tells it: to compare two schemas, and to assert about all tables."""

import asyncpg

# Each yields lines of text. `{schema}` in names and expressions is taken out afterwards, so that two tenants compare.
QUERIES = {
    "table": """
        SELECT format('%s %s rls=%s forced=%s persistence=%s acl=%s comment=%s', relkind, relname, relrowsecurity,
            relforcerowsecurity, relpersistence,
            (SELECT string_agg(acl::text, ',' ORDER BY acl::text) FROM unnest(relacl) AS acl), obj_description(oid))
        FROM pg_class WHERE relnamespace = $1 AND relkind NOT IN ('t', 'i')
    """,
    "column": """
        SELECT format('%s.%s %s %s notnull=%s default=%s identity=%s generated=%s collation=%s acl=%s comment=%s',
            relname, row_number() OVER (PARTITION BY attrelid ORDER BY attnum), attname,
            format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attidentity, attgenerated,
            attcollation::regcollation, attacl, col_description(attrelid, attnum))
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = $1 AND attnum > 0 AND NOT attisdropped AND relkind NOT IN ('i', 'S')
    """,
    "index": """
        SELECT format('%s valid=%s', pg_get_indexdef(indexrelid), indisvalid) FROM pg_index
        JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = $1
    """,
    "constraint": """
        SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = $1
    """,
    "policy": """
        SELECT format('%s %s %s %s %s using=%s check=%s', tablename, policyname, permissive, roles, cmd, qual,
            with_check)
        FROM pg_policies WHERE schemaname = $1::oid::regnamespace::text
    """,
    "trigger": """
        SELECT format('%s enabled=%s', pg_get_triggerdef(pg_trigger.oid), tgenabled) FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = $1 AND NOT tgisinternal
    """,
    "function": """
        SELECT format('%s acl=%s', pg_get_functiondef(oid), proacl) FROM pg_proc
        WHERE pronamespace = $1 AND prokind IN ('f', 'p')
    """,
    "sequence": """
        SELECT format('%s %s %s %s', sequencename, data_type, start_value, increment_by) FROM pg_sequences
        WHERE schemaname = $1::oid::regnamespace::text
    """,
    "view": """
        SELECT format('%s %s', viewname, definition) FROM pg_views WHERE schemaname = $1::oid::regnamespace::text
    """,
    "type": """
        SELECT format('%s %s', typtype, typname) FROM pg_type WHERE typnamespace = $1 AND typtype IN ('e', 'd', 'r')
    """,
}


async def describe(connection: asyncpg.Connection, schema: str) -> list[str]:
    """Everything in the schema, rows included, line by line, with the schema's own name taken out."""
    namespace = await connection.fetchval("SELECT oid FROM pg_namespace WHERE nspname = $1", schema)
    lines = []
    for kind, query in QUERIES.items():
        lines += [f"{kind}: {row[0]}" for row in await connection.fetch(query, namespace)]
    for table in await tables_of(connection, schema):
        rows = await connection.fetch(f'SELECT t::text FROM "{schema}"."{table}" AS t')
        lines += [f"row of {table}: {row[0]}" for row in rows]
    return sorted(line.replace(f"{schema}.", "").replace(schema, "(tenant)") for line in lines)


async def tables_of(connection: asyncpg.Connection, schema: str) -> list[str]:
    """The names of the schema's tables."""
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1", schema)
    return [row[0] for row in rows]
