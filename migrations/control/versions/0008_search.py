"""Looking tickets up by their words: the one function that may use the word index, and who has words to be indexed.

Operators of text search are not leakproof, so under row-level security the planner never asks the index before the
policy has looked at every row. The owner of the tables is not bound by force in `ticket_words`, and this function is
the only code that runs as the owner and reads it. It answers ids and nothing else: what a ticket says is read
afterwards by the login itself, under all policies. Why: docs/decisions/0100-search.md.
"""

from alembic import op

revision = "0008_search"
down_revision = "0007_seal_over"

# Without the index nothing here is fast, and compiling takes longer than looking up.
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off"

# How many assigned merchants are named to the index; beyond it the rows alone are narrowed.
NAMED = 64


def upgrade() -> None:
    hints()
    look_up()


def hints() -> None:
    op.execute(
        """
        -- A row for each statement after which something is to be indexed, as for audit leaves.
        CREATE TABLE control.search_hint (
            tenant_id uuid NOT NULL,
            noted_at timestamptz NOT NULL
        ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
        COMMENT ON TABLE control.search_hint IS
            'this tenant''s transaction changed what tickets say; deleted when their words are indexed';
        CREATE INDEX search_hint_tenant ON control.search_hint (tenant_id);
        GRANT SELECT, INSERT, UPDATE, DELETE ON control.search_hint TO "{control}";

        CREATE FUNCTION control.note_words() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            INSERT INTO control.search_hint (tenant_id, noted_at)
            SELECT id, statement_timestamp() FROM control.tenant WHERE schema_name = TG_TABLE_SCHEMA;
            RETURN NULL;
        END $$;
        """
    )


def look_up() -> None:
    op.execute(
        f"""
        -- The tickets of the context that have the words, the newest first: at most `most` of those opened since
        -- `since` and before the instant and id given.
        -- `wanted` is JSON: all of these; each one of these; each all of these words. A word ends with `*` if longer
        -- ones are meant too; one that begins with `#` is a mark, such as the merchant's. What only the agency reads is
        -- indexed under the word with `~` before it: a merchant's look-up never asks for it.
        CREATE FUNCTION control.search_tickets(
            wanted jsonb, before_at timestamptz, before_id uuid, since timestamptz, most integer
        ) RETURNS TABLE (ticket_id uuid, merchant_id uuid, opened_at timestamptz)
        LANGUAGE plpgsql STABLE ROWS 200 {DEFINER} AS $$
        DECLARE
            place text;
            scope text := control.ctx_scope();
            reached uuid[];
            inside text := '(%1$s | %2$s)';
            asked text;
            marks text;
            today integer := extract(epoch FROM before_at)::bigint / 86400;
            first integer;
            last integer := today + 1;
            upper_bound timestamptz := before_at;
            lower_bound timestamptz;
            found integer;
            left_over integer := most;
        BEGIN
            SELECT schema_name INTO STRICT place FROM control.tenant WHERE role_name = session_user;
            CASE scope
                WHEN 'agency' THEN
                    reached := NULL;
                WHEN 'staff' THEN
                    EXECUTE format('SELECT coalesce(array_agg(a.merchant_id), ''{{}}'') FROM %I.assignment AS a '
                        'WHERE a.account_id = $1', place) INTO reached USING control.ctx_staff();
                WHEN 'merchant' THEN
                    reached := ARRAY[control.ctx_merchant()];
                    inside := '%1$s';
                ELSE
                    RETURN;
            END CASE;
            -- No caller can name an inner word, nor end the quotes that each word is put into.
            IF EXISTS (
                SELECT FROM jsonb_path_query(wanted, '$[*][*][*]') AS w
                WHERE starts_with(w #>> '{{}}', '~') OR w #>> '{{}}' ~ '[''\\\\]')
            THEN
                RAISE EXCEPTION 'not a word' USING ERRCODE = 'invalid_parameter_value';
            END IF;
            SELECT string_agg('(' || one_of || ')', ' & ') INTO asked FROM (
                SELECT string_agg('(' || all_of || ')', ' | ') AS one_of FROM (
                    SELECT c.place AS clause, (
                        SELECT string_agg(CASE
                            WHEN starts_with(w, '#') THEN quote_literal(w)
                            WHEN right(w, 1) = '*' THEN
                                format(inside, quote_literal(rtrim(w, '*')) || ':*',
                                    quote_literal('~' || rtrim(w, '*')) || ':*')
                            ELSE format(inside, quote_literal(w), quote_literal('~' || w))
                        END, ' & ') FROM jsonb_array_elements_text(a.words) AS w) AS all_of
                    FROM jsonb_array_elements(wanted) WITH ORDINALITY AS c (choices, place),
                        jsonb_array_elements(c.choices) AS a (words)
                ) AS choices GROUP BY clause
            ) AS clauses;
            IF asked IS NULL OR cardinality(reached) = 0 THEN
                RETURN;
            END IF;
            IF cardinality(reached) <= {NAMED} THEN
                asked := asked || ' & (' || (
                    SELECT string_agg(quote_literal('#m' || replace(m::text, '-', '')), ' | ') FROM unnest(reached) AS m
                ) || ')';
            END IF;
            -- From the newest segment to the oldest, until there are enough. The index meets the long list of a common
            -- word with the short one of the segment's mark, and rare words cost little however often they are asked.
            FOREACH first IN ARRAY ARRAY[today - 1, today - 7, today - 31, today - 220, NULL] LOOP
                marks := NULL;
                IF first >= today - 31 THEN
                    SELECT string_agg(format('''#d%s''', d), ' | ') INTO marks
                    FROM generate_series(first, last - 1) AS d;
                ELSIF first IS NOT NULL THEN
                    SELECT string_agg(DISTINCT format('''#o%s''', to_char(to_timestamp(d * 86400.0) AT TIME ZONE 'UTC',
                        'YYYYMM')), ' | ') INTO marks FROM generate_series(first, last - 1) AS d;
                END IF;
                lower_bound := CASE WHEN first IS NULL THEN '-infinity' ELSE to_timestamp(first * 86400.0) END;
                RETURN QUERY EXECUTE format(
                    'SELECT w.ticket_id, w.merchant_id, w.opened_at FROM %I.ticket_words AS w WHERE w.words @@ $1 '
                    'AND ($2 IS NULL OR w.merchant_id = ANY ($2)) AND w.opened_at >= greatest($3, $4) '
                    'AND (w.opened_at < $5 OR w.opened_at = $6 AND w.ticket_id < $7) '
                    'ORDER BY w.opened_at DESC, w.ticket_id DESC LIMIT $8', place)
                    USING (asked || coalesce(' & (' || marks || ')', ''))::tsquery, reached, lower_bound, since,
                        upper_bound, CASE WHEN upper_bound = before_at THEN before_at END, before_id, left_over;
                GET DIAGNOSTICS found = ROW_COUNT;
                left_over := left_over - found;
                EXIT WHEN left_over <= 0 OR lower_bound <= since;
                last := first;
                upper_bound := lower_bound;
            END LOOP;
        END $$;
        """
    )
