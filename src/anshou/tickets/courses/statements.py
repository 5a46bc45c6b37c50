"""The statements behind courses: plain SQL, because they are run after every move and over a million tickets."""

# Only names of columns that stand here are put together.
# ruff: noqa: S608

from collections.abc import Iterable, Sequence


def _micros(column: str) -> str:
    """An instant as whole microseconds since 1970; exact, because PostgreSQL extracts a numeric."""
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


def _list(value: str, table: str, order: str, where: str = "") -> str:
    return (
        f"(SELECT jsonb_agg({value} ORDER BY {order})::text FROM {table} AS o "
        f"WHERE o.merchant_id = t.merchant_id AND o.ticket_id = t.id{where})"
    )


HISTORIES = f"""
SELECT t.merchant_id::text, t.id::text, t.kind, t.category, t.department, t.shop_id::text, t.owner_id::text,
    {_micros("t.opened_at")},
    {_list(f"jsonb_build_array({_micros('o.closed_at')}, o.outcome)", "closure", "o.closed_at, o.id")},
    {_list(_micros("o.reopened_at"), "reopening", "o.reopened_at, o.id")},
    (SELECT CASE WHEN o.met_at IS NOT NULL
        THEN jsonb_build_array({_micros("o.met_at")}, o.calendar, o.department)::text END
        FROM ticket_clock AS o
        WHERE o.merchant_id = t.merchant_id AND o.ticket_id = t.id AND o.clock = 'first_response'
        ORDER BY o.started_at, o.id LIMIT 1),
    {_list(f"jsonb_build_array({_micros('o.since')}, {_micros('o.until')})", "clock_stop", "o.since, o.id")},
    {_list(f"jsonb_build_array({_micros('o.rated_at')}, o.score, o.satisfied)", "rating", "o.rated_at, o.id")},
    {
    _list(
        _micros("o.at"),
        "entry",
        "o.at, o.id",
        " AND o.move IN ('reject_plan', 'ask_again') AND o.sort = 'move' AND o.part_of IS NULL",
    )
}
FROM ticket AS t WHERE t.id = ANY (string_to_array($1, ',')::uuid[])
"""

_TYPES = {
    "merchant_id": "uuid",
    "ticket_id": "uuid",
    "position": "smallint",
    "kind": "text",
    "category": "text",
    "department": "text",
    "shop_id": "uuid",
    "owner_id": "uuid",
    "started_at": "bigint",
    "ended_at": "bigint",
    "outcome": "text",
    "reopened": "boolean",
    "responded_at": "bigint",
    "response_minutes": "integer",
    "response_open_minutes": "integer",
    "handling_minutes": "integer",
    "handling_open_minutes": "integer",
    "rated_at": "bigint",
    "score": "smallint",
    "satisfied": "boolean",
    "unsatisfied": "smallint",
}
_KEY = ("merchant_id", "ticket_id", "position")


def _value(name: str) -> str:
    if _TYPES[name] == "bigint":
        return f"timestamptz 'epoch' + n.{name} * interval '1 microsecond'"
    return f"n.{name}"


def _unless_the_same(table: str, columns: Iterable[str], key: Sequence[str]) -> str:
    """What is there already is written over where it differs, and only then returned."""
    rest = [name for name in columns if name not in key]
    return (
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in rest)} "
        f"WHERE ({', '.join(f'{table}.{name}' for name in rest)}) "
        f"IS DISTINCT FROM ({', '.join(f'EXCLUDED.{name}' for name in rest)}) RETURNING 1"
    )


_COURSES = f"""
INSERT INTO ticket_course AS c ({", ".join(_TYPES)})
SELECT {", ".join(_value(name) for name in _TYPES)}
FROM jsonb_to_recordset($1::jsonb) AS n ({", ".join(f"{name} {kind}" for name, kind in _TYPES.items())})
{_unless_the_same("c", _TYPES, _KEY)}
"""

_LIMIT = {
    "merchant_id": "t.merchant_id",
    "ticket_id": "t.id",
    "clock_id": "o.id",
    "clock": "o.clock",
    "decided_at": "coalesce(o.breached_at, o.met_at)",
    "breached": "o.breached_at IS NOT NULL",
    **{name: f"t.{name}" for name in ("kind", "category", "department", "shop_id", "owner_id")},
}
_LIMIT_KEY = ("merchant_id", "ticket_id", "clock_id")

# What was decided stays decided: the database refuses to change it (0004), so no row has to go.
_LIMITS = f"""
INSERT INTO ticket_limit AS l ({", ".join(_LIMIT)})
SELECT {", ".join(_LIMIT.values())}
FROM ticket AS t JOIN ticket_clock AS o ON o.merchant_id = t.merchant_id AND o.ticket_id = t.id
WHERE t.id = ANY (string_to_array($2, ',')::uuid[]) AND o.limit_value IS NOT NULL
    AND coalesce(o.breached_at, o.met_at) IS NOT NULL
{_unless_the_same("l", _LIMIT, _LIMIT_KEY)}
"""

# Courses as they are given, limits as the clocks of these tickets say; a row for each that is not as it was.
KEEP = f"""
WITH courses AS ({_COURSES}), limits AS ({_LIMITS})
SELECT 1 FROM courses UNION ALL SELECT 1 FROM limits
"""

# The months in which something of these tickets is counted, in the agency's zone.
MONTHS = """
SELECT DISTINCT date_trunc('month', found.at AT TIME ZONE $2)::date FROM (
    SELECT unnest(ARRAY[c.started_at, c.ended_at, c.responded_at, c.rated_at]) AS at
    FROM ticket AS t JOIN ticket_course AS c ON c.merchant_id = t.merchant_id AND c.ticket_id = t.id
    WHERE t.id = ANY (string_to_array($1, ',')::uuid[])
    UNION ALL
    SELECT o.decided_at
    FROM ticket AS t JOIN ticket_limit AS o ON o.merchant_id = t.merchant_id AND o.ticket_id = t.id
    WHERE t.id = ANY (string_to_array($1, ',')::uuid[])
) AS found WHERE found.at IS NOT NULL
"""

MARK = """
INSERT INTO stale_month (id, month)
SELECT gen_random_uuid(), month::date FROM unnest(string_to_array($1, ',')) AS month
"""

# Beyond a year nobody calls it a repetition; the setting of the agency ends there too.
_LONGEST = "interval '366 days'"

# What was merged goes on in another ticket: its end is none.
_LIKE = f"""
, found AS (
    SELECT c.merchant_id, c.ticket_id, (
        SELECT max(o.ended_at) FROM ticket_course AS o
        WHERE o.merchant_id = c.merchant_id AND o.category = c.category AND o.ticket_id <> c.ticket_id
            AND o.outcome <> 'merged' AND o.ended_at <= c.started_at AND o.ended_at >= c.started_at - {_LONGEST}
    ) AS like_ended_at
    FROM touched JOIN ticket_course AS c USING (merchant_id, ticket_id) WHERE c.position = 0
)
UPDATE ticket_course AS c SET like_ended_at = found.like_ended_at FROM found
WHERE c.merchant_id = found.merchant_id AND c.ticket_id = found.ticket_id AND c.position = 0
    AND c.like_ended_at IS DISTINCT FROM found.like_ended_at
RETURNING c.started_at
"""

# These tickets, and those opened after one of them had ended.
LIKE_SOME = f"""
WITH given AS (
    SELECT c.merchant_id, c.ticket_id, c.ended_at
    FROM ticket AS t JOIN ticket_course AS c ON c.merchant_id = t.merchant_id AND c.ticket_id = t.id
    WHERE t.id = ANY (string_to_array($1, ',')::uuid[])
), touched AS (
    SELECT merchant_id, ticket_id FROM given
    UNION
    SELECT later.merchant_id, later.ticket_id FROM given JOIN ticket_course AS later
        ON later.merchant_id = given.merchant_id AND later.position = 0
        AND later.started_at >= given.ended_at AND later.started_at <= given.ended_at + {_LONGEST}
)
{_LIKE}"""

# All tickets of a merchant.
LIKE_ALL = f"""
WITH touched AS (
    SELECT merchant_id, ticket_id FROM ticket_course WHERE position = 0 AND merchant_id = $1
)
{_LIKE}"""

MERCHANTS = "SELECT DISTINCT merchant_id FROM ticket WHERE id = ANY (string_to_array($1, ',')::uuid[])"
