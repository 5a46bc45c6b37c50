"""Putting a placeholder over what was said on a ticket before it was marked confidential, also in append-only tables.

Like `control.erase` it acts on a request that the process signed with the key of contexts, and it can do less: it
touches rows of one ticket only, and of these only such whose content lies sealed in `sealed_content` under their id.
"""

from alembic import op

revision = "0007_seal_over"
down_revision = "0006_erasure"

# What a reader sees in the place of a text; `anshou.tickets.sealed_contents.PLACEHOLDER` is the same.
PLACEHOLDER = "【保密内容】"


def upgrade() -> None:
    op.execute(
        f"""
        -- Answers how many rows were covered. The request's shape: `tenants.covering`.
        CREATE FUNCTION control.seal_over(request text, signature text) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            asked jsonb := request::jsonb;
            place text;
            inner_key bytea;
            outer_key bytea;
            part jsonb;
            relation regclass;
            changes text;
            touched bigint;
            covered bigint := 0;
        BEGIN
            SELECT inner_pad, outer_pad INTO inner_key, outer_key FROM control.context_key;
            IF encode(sha256(outer_key || sha256(inner_key || convert_to(
                'seal_over|' || session_user || '|' || pg_backend_pid() || '|' || request, 'UTF8'))), 'hex')
                IS DISTINCT FROM signature
            THEN
                RAISE EXCEPTION 'bad covering' USING ERRCODE = 'insufficient_privilege';
            END IF;
            SELECT schema_name INTO STRICT place FROM control.tenant WHERE role_name = session_user;
            IF control.ctx_scope() IS DISTINCT FROM 'agency' THEN
                RAISE EXCEPTION 'only for the agency' USING ERRCODE = 'insufficient_privilege';
            END IF;
            -- For the triggers and policies of the tenant's tables; ends with this function.
            PERFORM set_config('search_path', format('pg_catalog, %I, pg_temp', place), true);
            FOR part IN SELECT * FROM jsonb_array_elements(asked->'tables') LOOP
                relation := to_regclass(format('%I.%I', place, part->>'table'));
                CONTINUE WHEN relation IS NULL;
                SELECT string_agg(format('%I = %s', attname, CASE
                    WHEN atttypid = 'text'::regtype AND attnotnull THEN quote_literal('{PLACEHOLDER}')
                    WHEN atttypid = 'text'::regtype THEN
                        format('CASE WHEN %I IS NOT NULL THEN %L END', attname, '{PLACEHOLDER}')
                    WHEN atttypid = 'jsonb'::regtype THEN
                        format('CASE WHEN %I IS NOT NULL THEN ''{{}}''::jsonb END', attname)
                    WHEN atttypid = 'bytea'::regtype THEN '''''::bytea'
                    WHEN atttypid = 'numeric'::regtype THEN 'NULL'
                END), ', ')
                INTO changes FROM pg_attribute
                WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
                AND attname IN (SELECT jsonb_array_elements_text(part->'columns'))
                AND atttypid IN ('text'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'numeric'::regtype);
                CONTINUE WHEN changes IS NULL;
                PERFORM set_config('anshou.erasing', relation::oid::text, true);
                EXECUTE format('UPDATE %s AS c SET %s FROM %I.sealed_content AS s WHERE s.id = c.id '
                    'AND s.merchant_id = $1 AND s.ticket_id = $2 AND s.of_table = $3 AND c.merchant_id = $1',
                    relation, changes, place)
                    USING (asked->>'merchant')::uuid, (asked->>'ticket')::uuid, part->>'table';
                GET DIAGNOSTICS touched = ROW_COUNT;
                covered := covered + touched;
            END LOOP;
            PERFORM set_config('anshou.erasing', '', true);
            RETURN covered;
        END $$;
        """
    )
