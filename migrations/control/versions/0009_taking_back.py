"""An import of a spreadsheet is undone: the tickets that it made, and nothing else has touched, are taken away again.

Append-only tables refuse every DELETE but that of `control.take_back`. Like `control.erase` it acts on a request that
the process signed with the key of contexts. It can do less: it takes away tickets of one import, and of these only such
as stand in their first version with no other entries than the import's own. Their audit leaves stay.
"""

from alembic import op

revision = "0009_taking_back"
down_revision = "0008_search"

# What an import writes of a ticket, children first. Whatever else refers to a ticket holds it by its foreign key.
TABLES = (
    "'sealed_content', 'entry', 'closure', 'hold', 'clock_stop', 'clock_change', 'ticket_clock', 'ticket_desk', "
    "'ticket_import_row', 'ticket_words', 'words_due'"
)


def upgrade() -> None:
    op.execute(
        f"""
        -- As `control.erasing`: the setting alone, which any login can make, opens nothing.
        CREATE FUNCTION control.taking_back(relation oid) RETURNS boolean
        LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
            SELECT coalesce(current_setting('anshou.taking_back', true) = relation::text AND current_user = (
                SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'control'), false)
        $$;

        CREATE OR REPLACE FUNCTION control.refuse_change() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND control.erasing(TG_RELID) OR TG_OP = 'DELETE' AND control.taking_back(TG_RELID) THEN
                RETURN NULL;
            END IF;
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'restrict_violation';
        END $$;

        -- Answers how many tickets were taken away. The request's shape: `tenants.taking_back`.
        CREATE FUNCTION control.take_back(request text, signature text) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            asked jsonb := request::jsonb;
            place text;
            inner_key bytea;
            outer_key bytea;
            part text;
            relation regclass;
            strange bigint;
            gone uuid[];
        BEGIN
            SELECT inner_pad, outer_pad INTO inner_key, outer_key FROM control.context_key;
            IF encode(sha256(outer_key || sha256(inner_key || convert_to(
                'take_back|' || session_user || '|' || pg_backend_pid() || '|' || request, 'UTF8'))), 'hex')
                IS DISTINCT FROM signature
            THEN
                RAISE EXCEPTION 'bad request to take back' USING ERRCODE = 'insufficient_privilege';
            END IF;
            SELECT schema_name INTO STRICT place FROM control.tenant WHERE role_name = session_user;
            IF control.ctx_scope() IS DISTINCT FROM 'agency' THEN
                RAISE EXCEPTION 'only for the agency' USING ERRCODE = 'insufficient_privilege';
            END IF;
            PERFORM set_config('search_path', format('pg_catalog, %I, pg_temp', place), true);
            EXECUTE format('SELECT array_agg(ticket_id) FROM %I.ticket_import_row WHERE import_id = $1', place)
                INTO gone USING (asked->>'import')::uuid;
            IF gone IS NULL THEN
                RETURN 0;
            END IF;
            EXECUTE format(
                'SELECT count(*) FROM %1$I.ticket_import_row AS r '
                'JOIN %1$I.ticket AS t ON t.merchant_id = r.merchant_id AND t.id = r.ticket_id '
                'WHERE r.import_id = $1 AND (t.version <> 1 OR r.entries <> (SELECT count(*) FROM %1$I.entry AS e '
                'WHERE e.merchant_id = r.merchant_id AND e.ticket_id = r.ticket_id))', place)
                INTO strange USING (asked->>'import')::uuid;
            IF strange > 0 THEN
                RAISE EXCEPTION 'a ticket of the import has gone on' USING ERRCODE = 'restrict_violation';
            END IF;
            FOREACH part IN ARRAY ARRAY[{TABLES}] LOOP
                relation := to_regclass(format('%I.%I', place, part));
                PERFORM set_config('anshou.taking_back', relation::oid::text, true);
                EXECUTE format('DELETE FROM %s AS c USING %I.ticket AS t '
                    'WHERE t.id = ANY ($1) AND c.merchant_id = t.merchant_id AND c.ticket_id = t.id', relation, place)
                    USING gone;
            END LOOP;
            PERFORM set_config('anshou.taking_back', '', true);
            EXECUTE format('DELETE FROM %I.ticket WHERE id = ANY ($1)', place) USING gone;
            RETURN cardinality(gone);
        END $$;
        """
    )
