"""The one way by which content that is kept for evidence is taken away again: blanked, recorded, never rewritten.

Append-only tables refuse every change but that of `control.erase`, which does what a request says that the process
itself signed with the key of contexts. An injected statement holds no such signature, so it can erase nothing; and
what a signed request can do is bounded: texts are replaced by one fixed sentence, sealed values, structures and decimal
figures by nothing, ids, times, states and amounts of money are never touched, and each erasure leaves a row in the
tenant's `erasure`, which no login may write.
"""

from alembic import op

revision = "0006_erasure"
down_revision = "0005_audit"

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

# What a reader sees in the place of a text; `tenants.erasing.ERASED` is the same.
ERASED = "已按保留期限清除"

# The trace of what was done with confidential things outlives them.
NEVER_ERASED = "'erasure', 'erasure_head', 'erasure_run', 'erasure_line', 'erasure_skip', 'retention_setting'"


def upgrade() -> None:
    refuse_all_other_changes()
    head()
    erase()


def refuse_all_other_changes() -> None:
    op.execute(
        """
        -- Whether `control.erase` is at work on the table. Not a definer itself, so that current_user is whoever
        -- writes; the setting alone, which any login can make, opens nothing.
        CREATE FUNCTION control.erasing(relation oid) RETURNS boolean
        LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
            SELECT coalesce(current_setting('anshou.erasing', true) = relation::text AND current_user = (
                SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'control'), false)
        $$;

        CREATE OR REPLACE FUNCTION control.refuse_change() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND control.erasing(TG_RELID) THEN
                RETURN NULL;
            END IF;
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'restrict_violation';
        END $$;
        """
    )


def head() -> None:
    op.execute(
        f"""
        -- The number and the code of the last batch that this database knows, locked for the transaction: batches
        -- follow one another.
        CREATE FUNCTION control.lock_erasures(OUT number bigint, OUT mac text)
        LANGUAGE plpgsql {DEFINER} AS $$
        DECLARE
            place text;
        BEGIN
            SELECT schema_name INTO STRICT place FROM control.tenant WHERE role_name = session_user;
            IF control.ctx_scope() IS DISTINCT FROM 'agency' THEN
                RAISE EXCEPTION 'only for the agency' USING ERRCODE = 'insufficient_privilege';
            END IF;
            EXECUTE format('INSERT INTO %I.erasure_head (id, number, mac) VALUES (gen_random_uuid(), 0, '''') '
                'ON CONFLICT DO NOTHING', place);
            EXECUTE format('SELECT number, mac FROM %I.erasure_head FOR UPDATE', place) INTO number, mac;
        END $$;
        """
    )


def erase() -> None:
    op.execute(
        f"""
        -- Answers how many rows were blanked or deleted, by kind. The request's shape: `tenants.erasing`.
        CREATE FUNCTION control.erase(request text, signature text) RETURNS jsonb
        LANGUAGE plpgsql {DEFINER} AS $$
        DECLARE
            asked jsonb := request::jsonb;
            place text;
            inner_key bytea;
            outer_key bytea;
            one jsonb;
            part jsonb;
            relation regclass;
            changes text;
            condition text;
            touched bigint;
            counted jsonb := '{{}}';
        BEGIN
            SELECT inner_pad, outer_pad INTO inner_key, outer_key FROM control.context_key;
            IF encode(sha256(outer_key || sha256(inner_key || convert_to(
                'erasure|' || session_user || '|' || pg_backend_pid() || '|' || request, 'UTF8'))), 'hex')
                IS DISTINCT FROM signature
            THEN
                RAISE EXCEPTION 'bad erasure' USING ERRCODE = 'insufficient_privilege';
            END IF;
            SELECT schema_name INTO STRICT place FROM control.tenant WHERE role_name = session_user;
            IF control.ctx_scope() IS DISTINCT FROM 'agency' THEN
                RAISE EXCEPTION 'only for the agency' USING ERRCODE = 'insufficient_privilege';
            END IF;
            -- For the triggers and policies of the tenant's tables; ends with this function.
            PERFORM set_config('search_path', format('pg_catalog, %I, pg_temp', place), true);
            EXECUTE format('UPDATE %I.erasure_head SET number = $1, mac = $2 WHERE number = $1 - 1', place)
                USING (asked->>'number')::bigint, asked->>'mac';
            GET DIAGNOSTICS touched = ROW_COUNT;
            IF touched <> 1 THEN
                RAISE EXCEPTION 'another batch came first' USING ERRCODE = 'serialization_failure';
            END IF;
            FOR one IN SELECT * FROM jsonb_array_elements(asked->'erasures') LOOP
                EXECUTE format(
                    'INSERT INTO %I.erasure (id, number, run_id, kind, subject_table, subject_id, merchant_id, at) '
                    'SELECT gen_random_uuid(), $1, $2, $3, $4, s.id, s.merchant, $5 '
                    'FROM jsonb_to_recordset($6) AS s(id uuid, merchant uuid)', place)
                    USING (asked->>'number')::bigint, (asked->>'run')::uuid, one->>'kind', one->>'table',
                        (asked->>'at')::timestamptz, one->'subjects';
                FOR part IN SELECT * FROM jsonb_array_elements(one->'contents') LOOP
                    IF part->>'table' IN ({NEVER_ERASED}) OR starts_with(part->>'table', 'audit_') THEN
                        RAISE EXCEPTION 'the trace of erasures is kept' USING ERRCODE = 'restrict_violation';
                    END IF;
                    relation := to_regclass(format('%I.%I', place, part->>'table'));
                    CONTINUE WHEN relation IS NULL;
                    condition := format('c.%I = s.id', part->>'by');
                    IF part->>'by' <> 'id' AND EXISTS (
                        SELECT FROM pg_attribute WHERE attrelid = relation AND attname = 'merchant_id')
                    THEN
                        -- What belongs to a subject is found by the index that begins with the merchant.
                        condition := condition || ' AND c.merchant_id = s.merchant';
                    END IF;
                    IF part ? 'only' THEN
                        condition := condition
                            || format(' AND c.%I = ANY (SELECT jsonb_array_elements_text(%L))',
                                part->'only'->>'column', part->'only'->'values');
                    END IF;
                    PERFORM set_config('anshou.erasing', relation::oid::text, true);
                    IF part->>'act' = 'delete' THEN
                        EXECUTE format('DELETE FROM %s AS c USING jsonb_to_recordset($1) AS s(id uuid, merchant uuid) '
                            'WHERE %s', relation, condition) USING one->'subjects';
                    ELSE
                        SELECT string_agg(format('%I = %s', attname, CASE
                            WHEN atttypid = 'text'::regtype AND attnotnull THEN quote_literal('{ERASED}')
                            WHEN atttypid = 'text'::regtype THEN
                                format('CASE WHEN %I IS NOT NULL THEN %L END', attname, '{ERASED}')
                            WHEN atttypid = 'jsonb'::regtype AND attnotnull THEN
                                format('CASE jsonb_typeof(%I) WHEN ''array'' THEN ''[]''::jsonb ELSE ''{{}}'' END',
                                    attname)
                            WHEN atttypid = 'bytea'::regtype AND attnotnull THEN '''''::bytea'
                            WHEN attnotnull THEN quote_ident(attname)
                            ELSE 'NULL'
                        END), ', ') FILTER (WHERE NOT EXISTS (
                            SELECT FROM pg_constraint WHERE conrelid = relation AND contype IN ('p', 'f')
                            AND attnum = ANY (conkey)))
                        INTO changes FROM pg_attribute
                        WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
                        AND attname IN (SELECT jsonb_array_elements_text(part->'columns'))
                        AND atttypid IN ('text'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'numeric'::regtype);
                        CONTINUE WHEN changes IS NULL;
                        EXECUTE format('UPDATE %s AS c SET %s '
                            'FROM jsonb_to_recordset($1) AS s(id uuid, merchant uuid) WHERE %s',
                            relation, changes, condition) USING one->'subjects';
                    END IF;
                    GET DIAGNOSTICS touched = ROW_COUNT;
                    counted := counted || jsonb_build_object(
                        one->>'kind', coalesce((counted->>(one->>'kind'))::bigint, 0) + touched);
                END LOOP;
            END LOOP;
            PERFORM set_config('anshou.erasing', '', true);
            RETURN counted;
        END $$;
        """
    )
