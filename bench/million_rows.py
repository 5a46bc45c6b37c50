"""The SQL that writes the tickets of `bench.million`, a stretch of numbers at a time, with everything around them.

Every value follows from the ticket's number by a hash, so a size is the same in each run but for the day it ends on. A
stretch is laid out in a temporary table first: one row a ticket, with all that the other tables are made from.
"""

# `pick`: a number from 0 to below the last argument that looks drawn, another one for each ticket and each `salt`.
# `ident`: a uuid7 of that instant.
FUNCTIONS = """
CREATE FUNCTION pg_temp.pick(n bigint, salt int, below int) RETURNS int LANGUAGE sql IMMUTABLE
AS $$ SELECT ((hashint8extended(n, salt) & 9223372036854775807) % below)::int $$;
CREATE FUNCTION pg_temp.ident(n bigint, salt int, at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE
AS $$ SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
    || substr(md5(n || '/' || salt), 1, 3) || '8' || substr(md5(salt || '-' || n), 1, 15))::uuid $$;
"""

# What becomes of a ticket: of a thousand of the kind that are open, or closed, those from `lo` to below `hi`.
FATES = """
CREATE TABLE bench_large.fate (kind text, is_open boolean, lo int, hi int, step text, status text, outcome text,
    move text, clock text, unit text, limit_value int);
INSERT INTO bench_large.fate VALUES
('service_quality', true, 0, 120, 'reported', 'pending', NULL, NULL, 'first_response', 'minutes', 10),
('service_quality', true, 120, 200, 'accepted', 'in_progress', NULL, NULL, 'progress', 'workdays', 2),
('service_quality', true, 200, 330, 'analysis', 'in_progress', NULL, NULL, 'plan_submission', 'workdays', 2),
('service_quality', true, 330, 430, 'planning', 'in_progress', NULL, NULL, 'plan_submission', 'workdays', 2),
('service_quality', true, 430, 480, 'plan_review', 'in_progress', NULL, NULL, 'progress', 'workdays', 2),
('service_quality', true, 480, 570, 'plan_confirmation', 'awaiting_customer', NULL, NULL, NULL, NULL, NULL),
('service_quality', true, 570, 800, 'execution', 'in_progress', NULL, NULL, 'plan_execution', 'workdays', 5),
('service_quality', true, 800, 900, 'evaluation', 'awaiting_customer', NULL, NULL, NULL, NULL, NULL),
('service_quality', true, 900, 1000, 'tracking', 'done', NULL, NULL, 'return_visit', 'workdays', 5),
('data_anomaly', true, 0, 150, 'detected', 'pending', NULL, NULL, 'first_response', 'minutes', 10),
('data_anomaly', true, 150, 300, 'triage', 'in_progress', NULL, NULL, 'progress', 'workdays', 2),
('data_anomaly', true, 300, 450, 'analysis', 'in_progress', NULL, NULL, 'plan_submission', 'workdays', 2),
('data_anomaly', true, 450, 550, 'planning', 'in_progress', NULL, NULL, 'plan_submission', 'workdays', 2),
('data_anomaly', true, 550, 600, 'plan_review', 'in_progress', NULL, NULL, 'progress', 'workdays', 2),
('data_anomaly', true, 600, 800, 'recovery', 'in_progress', NULL, NULL, 'plan_execution', 'workdays', 5),
('data_anomaly', true, 800, 920, 'monitoring', 'in_progress', NULL, NULL, 'progress', 'workdays', 2),
('data_anomaly', true, 920, 1000, 'feedback', 'awaiting_customer', NULL, NULL, NULL, NULL, NULL),
('contract_dispute', true, 0, 100, 'filed', 'pending', NULL, NULL, 'first_response', 'hours', 2),
('contract_dispute', true, 100, 350, 'investigation', 'in_progress', NULL, NULL, 'progress', 'workdays', 2),
('contract_dispute', true, 350, 600, 'negotiation', 'awaiting_customer', NULL, NULL, NULL, NULL, NULL),
('contract_dispute', true, 600, 700, 'settlement', 'awaiting_customer', NULL, NULL, NULL, NULL, NULL),
('contract_dispute', true, 700, 800, 'external_resolution', 'in_progress', NULL, NULL, 'progress', 'workdays', 2),
('contract_dispute', true, 800, 1000, 'enforcement', 'in_progress', NULL, NULL, 'progress', 'workdays', 2);
INSERT INTO bench_large.fate
SELECT kind, false, lo, hi, 'closed', 'closed', outcome, move, 'plan_execution', 'workdays', 5
FROM (VALUES ('service_quality'), ('data_anomaly'), ('contract_dispute')) AS kinds (kind),
    (VALUES (0, 880, 'resolved', 'close'), (880, 930, 'withdrawn', 'withdraw'), (930, 970, 'refused', 'refuse'),
        (970, 990, 'merged', 'merge'), (990, 1000, 'unanswered', 'close_unanswered')) AS ends (lo, hi, outcome, move);
"""

# $1 first and $2 last number of the stretch, $3 how many tickets there will be, $4 the present.
STRETCH = """
CREATE TEMP TABLE stretch ON COMMIT DROP AS
WITH drawn AS (
    SELECT n, floor(200 * power(pg_temp.pick(n, 1, 1000000) / 1000000.0, 2))::int AS merchant_place,
        CASE WHEN pg_temp.pick(n, 2, 100) < 62 THEN 'service_quality' WHEN pg_temp.pick(n, 2, 100) < 88
            THEN 'data_anomaly' ELSE 'contract_dispute' END AS kind,
        -- Three years, and a day's hours from nine to nine in Shanghai.
        least($4::timestamptz - interval '20 minutes',
            date_trunc('day', $4::timestamptz - interval '1095 days' * (1 - n / $3::float8))
            + interval '1 hour' + interval '1 second' * pg_temp.pick(n, 3, 43200)) AS opened_at,
        pg_temp.pick(n, 4, 1000) < CASE WHEN n > $3::float8 * 0.94 THEN 450 ELSE 3 END AS is_open,
        pg_temp.pick(n, 5, 1000) AS fate_place
    FROM generate_series($1::bigint, $2::bigint) AS n
), laid AS (
    SELECT drawn.*, fate.step, fate.status, fate.outcome, fate.move, fate.clock, fate.unit, fate.limit_value,
        fate.step NOT IN ('reported', 'detected', 'filed') AND coalesce(fate.outcome, '') <> 'refused' AS dispatched,
        CASE kind
            WHEN 'service_quality' THEN (ARRAY['operations', 'operations', 'operations', 'operations', 'operations',
                'technical_support', 'quality', 'logistics', 'after_sales_service', 'after_sales_service']
                )[1 + pg_temp.pick(n, 6, 10)]
            WHEN 'data_anomaly' THEN (ARRAY['technical_support', 'technical_support', 'technical_support', 'operations',
                'operations'])[1 + pg_temp.pick(n, 6, 5)]
            ELSE (ARRAY['after_sales_service', 'after_sales_service', 'operations_management', 'finance'])[
                1 + pg_temp.pick(n, 6, 4)] END AS of_department,
        least($4::timestamptz - opened_at,
            interval '1 minute' * (20 + power(pg_temp.pick(n, 7, 1000) / 1000.0, 4) * 30000)) AS took
    FROM drawn JOIN bench_large.fate AS fate USING (kind, is_open)
    WHERE fate_place >= fate.lo AND fate_place < fate.hi
)
SELECT laid.*, pg_temp.ident(n, 0, opened_at) AS id, merchant.*, worker.id AS worker_id, worker.name AS worker_name,
    merchant.shops[1 + pg_temp.pick(n, 8, cardinality(merchant.shops))] AS shop_id,
    (CASE kind WHEN 'service_quality' THEN 'FW' WHEN 'data_anomaly' THEN 'SJ' ELSE 'JF' END)
        || to_char(opened_at, 'YYMM-') || lpad(n::text, greatest(5, length(n::text)), '0') AS number,
    CASE WHEN NOT is_open THEN opened_at + took * 0.95 END AS closed_at,
    opened_at + least(took * 0.3, interval '1 second' * (60 + power(pg_temp.pick(n, 9, 1000) / 1000.0, 3) * 1500))
        AS first_at,
    CASE WHEN is_open AND clock IS NOT NULL THEN CASE
        WHEN pg_temp.pick(n, 10, 100) < 12 THEN $4::timestamptz - interval '1 minute' * pg_temp.pick(n, 11, 14400)
        WHEN pg_temp.pick(n, 10, 100) < 20 THEN $4::timestamptz + interval '1 second' * (60 + pg_temp.pick(n, 11, 5400))
        ELSE $4::timestamptz + interval '1 second' * (7200 + pg_temp.pick(n, 11, 700000)) END END AS next_due_at,
    CASE WHEN pg_temp.pick(n, 12, 100) < 18 THEN 'urgent' ELSE 'normal' END AS urgency,
    CASE WHEN pg_temp.pick(n, 13, 1000) < 25 THEN 'supervisor' WHEN pg_temp.pick(n, 13, 1000) < 30 THEN 'executive' END
        AS level,
    4 + pg_temp.pick(n, 14, 3) AS entries,
    1 + (NOT is_open AND move = 'close' AND pg_temp.pick(n, 15, 1000) < 15)::int AS round,
    head.text || tail.text AS title,
    first.text || second.text || coalesce(rare.text || '。', '') AS description,
    CASE WHEN pg_temp.pick(n, 16, 2) = 0 THEN 'portal' ELSE (ARRAY['phone', 'online_chat', 'instant_messaging', 'email',
        'platform_message'])[1 + pg_temp.pick(n, 17, 5)] END AS channel
FROM laid
JOIN bench_large.merchant AS merchant ON merchant.standing = merchant_place
JOIN bench_large.worker AS worker ON worker.department = of_department
    AND worker.place = pg_temp.pick(n, 18, worker.colleagues)
JOIN bench_large.head AS head ON head.line = pg_temp.pick(laid.n, 19, {heads})
JOIN bench_large.tail AS tail ON tail.line = pg_temp.pick(laid.n, 20, {tails})
JOIN bench_large.sentence AS first ON first.line = pg_temp.pick(laid.n, 21, {sentences})
JOIN bench_large.sentence AS second ON second.line = pg_temp.pick(laid.n, 22, {sentences})
LEFT JOIN bench_large.rare AS rare ON rare.line = CASE WHEN laid.n <= 1000 AND laid.n % 50 = 0 THEN laid.n / 50
    ELSE pg_temp.pick(laid.n, 23, 20000) END
"""

TICKETS = """
INSERT INTO ticket (id, merchant_id, number, kind, shop_id, contract_version_id, channel, title, description, request,
    category, urgency, owner_id, department, promised_at, step, step_since, status, round, on_hold, awaiting_since,
    version, occurred_on, opened_at, opened_by, closed_at, outcome, next_due_at, last_entry_at)
SELECT id, merchant_id, number, kind, shop_id, version_id, channel, title, description, '请尽快处理并说明原因',
    CASE WHEN dispatched THEN CASE kind
        WHEN 'service_quality' THEN (ARRAY['page_design', 'campaign_effect', 'customer_service', 'shop_operation',
            'fulfilment', 'communication', 'other'])[1 + pg_temp.pick(n, 30, 7)]
        WHEN 'data_anomaly' THEN (ARRAY['traffic', 'orders', 'conversion', 'refunds', 'shop_score', 'other'])[
            1 + pg_temp.pick(n, 30, 6)]
        ELSE (ARRAY['clause_reading', 'fee_settlement', 'service_change', 'other'])[1 + pg_temp.pick(n, 30, 4)] END END,
    urgency,
    CASE WHEN step IN ('reported', 'detected', 'filed') AND pg_temp.pick(n, 31, 10) < 7 THEN NULL
        WHEN NOT dispatched OR step = 'accepted' OR pg_temp.pick(n, 32, 10) < 3 THEN manager_id ELSE worker_id END,
    CASE WHEN dispatched AND step <> 'accepted' THEN of_department END,
    CASE WHEN dispatched THEN opened_at + interval '3 days' END,
    step, coalesce(closed_at, first_at + took * 0.5), status, round, false,
    CASE WHEN status = 'awaiting_customer' THEN first_at + took * 0.5 END,
    entries, (opened_at + interval '8 hours')::date, opened_at,
    CASE WHEN channel = 'portal' THEN customer_id ELSE manager_id END, closed_at, outcome, next_due_at,
    coalesce(closed_at, first_at + took * 0.6)
FROM stretch
"""

DESKS = """
INSERT INTO ticket_desk (id, merchant_id, ticket_id, severity, level, risen_status)
SELECT pg_temp.ident(n, 100, opened_at), merchant_id, id, CASE WHEN dispatched THEN (ARRAY['minor', 'moderate',
    'moderate', 'major', 'critical'])[1 + pg_temp.pick(n, 33, 5)] END, CASE WHEN dispatched THEN level END,
    CASE WHEN dispatched AND level IS NOT NULL THEN status END
FROM stretch
"""

HAND_OVERS = """
INSERT INTO hand_over (id, merchant_id, ticket_id, to_department, handed_by, handed_at)
SELECT pg_temp.ident(n, 101, first_at), merchant_id, id, of_department, manager_id, first_at
FROM stretch WHERE dispatched AND step <> 'accepted'
"""

# The first entry is the report, the second what the front desk did, the last of a closed one its end; between them
# people write.
ENTRIES = """
INSERT INTO entry (id, merchant_id, ticket_id, audience, at, sort, author_id, author_name, author_side, move, body,
    record, changes, round, version)
SELECT pg_temp.ident(n * 8 + place, 102, opened_at + least(took * 0.95, interval '1 millisecond' * place)),
    merchant_id, ticket_id, CASE WHEN sort = 'note' THEN 'agency' ELSE 'merchant' END, at, sort,
    CASE WHEN by_customer THEN customer_id WHEN place = 2 OR place = entries THEN manager_id ELSE worker_id END,
    CASE WHEN by_customer THEN customer_name WHEN place = 2 OR place = entries THEN manager_name ELSE worker_name END,
    CASE WHEN by_customer THEN 'merchant' ELSE 'agency' END,
    CASE WHEN sort = 'move' THEN entry_move END,
    CASE WHEN sort <> 'move' THEN said.text END,
    CASE WHEN sort <> 'move' THEN '{{}}' WHEN place = 1 THEN jsonb_build_object('title', title, 'description',
            description, 'request', '请尽快处理并说明原因', 'urgency', urgency)
        WHEN place = 2 THEN '{{"message": "您好，问题已收到，正在核实。"}}'
        WHEN move = 'close' THEN jsonb_build_object('summary', said.text) ELSE jsonb_build_object('reason', said.text)
        END,
    CASE WHEN sort = 'move' AND place = entries THEN '{{"status": ["in_progress", "closed"]}}'::jsonb ELSE '{{}}' END,
    1, place
FROM (
    SELECT stretch.*, id AS ticket_id, place,
        CASE WHEN place = 1 OR place = 2 OR place = entries AND NOT is_open THEN 'move'
            WHEN pg_temp.pick(n * 8 + place, 40, 10) < 3 THEN 'note' ELSE 'message' END AS sort,
        CASE WHEN place = 1 THEN 'open' WHEN place = 2 THEN CASE kind WHEN 'service_quality' THEN 'accept'
            WHEN 'data_anomaly' THEN 'dispatch' ELSE 'start_procedure' END ELSE move END AS entry_move,
        place = 1 AND channel = 'portal' OR place > 2 AND (place < entries OR is_open)
            AND pg_temp.pick(n * 8 + place, 40, 10) >= 7 AS by_customer,
        CASE WHEN place = 1 THEN opened_at WHEN place = 2 THEN first_at
            WHEN place = entries THEN coalesce(closed_at, first_at + took * 0.6)
            ELSE first_at + took * 0.6 * (place - 2) / entries END AS at
    FROM stretch, generate_series(1, entries) AS place
    WHERE step NOT IN ('reported', 'detected', 'filed') OR place = 1
) AS written
LEFT JOIN bench_large.sentence AS said ON said.line = pg_temp.pick(written.n * 8 + place, 41, {sentences}) AND place > 2
"""

ATTACHMENTS = """
INSERT INTO attachment (id, merchant_id, ticket_id, audience, entry_id, name, media_type, size, sha256, storage_key,
    added_by, added_at)
SELECT pg_temp.ident(n, 103, opened_at), merchant_id, id, 'merchant', pg_temp.ident(n * 8 + 1, 102,
        opened_at + least(took * 0.95, interval '1 millisecond')), file.text,
    'application/octet-stream', 20480, repeat('a', 64), 'bench/' || stretch.n, customer_id, opened_at
FROM stretch JOIN bench_large.file AS file ON file.line = pg_temp.pick(stretch.n, 51, {files})
WHERE pg_temp.pick(stretch.n, 50, 100) < 8
"""

# The first response, and the limit of the present step or of the plan's execution.
CLOCKS = """
INSERT INTO ticket_clock (id, merchant_id, ticket_id, clock, urgency, channels, department, started_at, limit_value,
    limit_unit, calendar, source, due_at, warn_at, late_at, warned_at, breached_at, met_at, explanation)
SELECT pg_temp.ident(n, 104 + which, started_at), merchant_id, ticket_id, clock, urgency,
    CASE WHEN clock = 'first_response' THEN 'chat' ELSE 'any' END, CASE WHEN which = 1 THEN of_department END,
    started_at, limit_value, unit, calendar, 'setting', due_at, warn_at, due_at + (due_at - started_at) * 0.5,
    CASE WHEN warn_at <= coalesce(met_at, $1::timestamptz) THEN warn_at END,
    CASE WHEN due_at < coalesce(met_at, $1::timestamptz) THEN due_at END,
    met_at, jsonb_build_object('zone', 'Asia/Shanghai', 'stops', '[]'::jsonb, 'due_at', due_at, 'source',
        '{{"kind": "setting", "clause": "", "contract": ""}}'::jsonb, 'counted', '[]'::jsonb, 'calendar', '服务时间',
        'left_out', 0, 'limit_unit', unit, 'started_at', started_at, 'limit_value', limit_value, 'stopped_since', NULL,
        'counted_seconds', extract(epoch FROM due_at - started_at), 'provisional_years', '[]'::jsonb)
FROM (
    SELECT n, merchant_id, id AS ticket_id, urgency, of_department, opened_at AS started_at, 0 AS which,
        'first_response' AS clock, 10 AS limit_value, 'minutes' AS unit, 'service_hours' AS calendar,
        opened_at + interval '10 minutes' AS due_at, opened_at + interval '8 minutes' AS warn_at, first_at AS met_at
    FROM stretch WHERE step NOT IN ('reported', 'detected', 'filed')
    UNION ALL
    SELECT n, merchant_id, id, urgency, of_department, least(first_at, next_due_at - interval '1 hour'), 1, clock,
        limit_value, unit, 'working_hours', coalesce(next_due_at, first_at + interval '7 days'),
        coalesce(next_due_at - greatest(interval '2 hours', (next_due_at - first_at) * 0.05),
            first_at + interval '5.6 days'),
        closed_at
    FROM stretch WHERE clock IS NOT NULL AND (is_open OR move = 'close')
) AS running
"""

CLOSURES = """
INSERT INTO closure (id, merchant_id, ticket_id, round, outcome, said, closed_by, closed_at)
SELECT pg_temp.ident(n * 2 + nth, 106, closed_at), merchant_id, id, nth, outcome, '已按约定处理完毕，感谢理解。',
    manager_id, CASE WHEN nth = round THEN closed_at ELSE opened_at + took * 0.5 END
FROM stretch, generate_series(1, round) AS nth WHERE NOT is_open
"""

REOPENINGS = """
INSERT INTO reopening (id, merchant_id, ticket_id, round, reason, reopened_by, reopened_at)
SELECT pg_temp.ident(n, 107, closed_at), merchant_id, id, 2, '同样的问题又出现了', customer_id, opened_at + took * 0.6
FROM stretch WHERE round = 2
"""

RATINGS = """
INSERT INTO rating (id, merchant_id, ticket_id, round, score, satisfied, rated_by, rated_at)
SELECT pg_temp.ident(n, 108, closed_at), merchant_id, id, round, score, score > 2, customer_id, opened_at + took * 0.9
FROM (SELECT *, (ARRAY[1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5])[1 + pg_temp.pick(n, 60, 12)] AS score FROM stretch) AS rated
WHERE move = 'close' AND kind = 'service_quality' AND pg_temp.pick(n, 61, 10) < 7
"""

SERIES = """
INSERT INTO ticket_series (series, last)
SELECT prefix || to_char(month, 'YYMM'), $1::int
FROM (VALUES ('FW'), ('SJ'), ('JF')) AS kinds (prefix),
    generate_series($2::timestamptz - interval '37 months', $2::timestamptz + interval '1 month', '1 month') AS month
ON CONFLICT (series) DO UPDATE SET last = excluded.last
"""

HELPERS = """
CREATE SCHEMA bench_large;
CREATE TABLE bench_large.merchant (standing int, merchant_id uuid, version_id uuid, shops uuid[], manager_id uuid,
    manager_name text, customer_id uuid, customer_name text);
CREATE TABLE bench_large.worker (department text, place int, colleagues int, id uuid, name text);
CREATE TABLE bench_large.head (line int, text text);
CREATE TABLE bench_large.tail (line int, text text);
CREATE TABLE bench_large.sentence (line int, text text);
CREATE TABLE bench_large.file (line int, text text);
CREATE TABLE bench_large.rare (line int, text text);
"""

# In this order; the laid out stretch goes with the transaction.
WRITING = (TICKETS, DESKS, HAND_OVERS, ENTRIES, ATTACHMENTS, CLOCKS, CLOSURES, REOPENINGS, RATINGS)
WRITTEN = (
    "ticket",
    "ticket_desk",
    "hand_over",
    "entry",
    "attachment",
    "ticket_clock",
    "closure",
    "reopening",
    "rating",
)
