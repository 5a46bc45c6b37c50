"""Which segments a look-up walks through, as measured at a million tickets: docs/decisions/0100-search.md.

Each mark that is asked for with `or` is compared at every ticket of the segment, so there are few: days of the last
weeks, then months, then everything. Several merchants are told apart by the rows and not by their marks, until
everything is asked; and digits, which are rare wherever they stand, are looked up at once.
"""

from alembic import op

revision = "0010_search_segments"
down_revision = "0009_taking_back"

# Without the index nothing here is fast, and compiling takes longer than looking up.
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off"

# How many merchants are named to the index: in every segment, and when everything is asked.
NAMED, NAMED_AT_LAST = 2, 64

# With so many nothing older is looked for: whoever wants more asks again below the last of them.
ENOUGH = 30


def upgrade() -> None:
    op.execute(
        f"""
        -- The tickets of the context that have the words, the newest first: at most `most` of those opened since
        -- `since` and before the instant and id given; fewer than {ENOUGH} only if there are no more.
        -- `wanted` is JSON: all of these; each one of these; each all of these words. A word ends with `*` if longer
        -- ones are meant too; one that begins with `#` is a mark, such as the merchant's. What only the agency reads is
        -- indexed under the word with `~` before it: a merchant's look-up never asks for it.
        CREATE OR REPLACE FUNCTION control.search_tickets(
            wanted jsonb, before_at timestamptz, before_id uuid, since timestamptz, most integer
        ) RETURNS TABLE (ticket_id uuid, merchant_id uuid, opened_at timestamptz)
        LANGUAGE plpgsql STABLE ROWS 200 {DEFINER} AS $$
        DECLARE
            place text;
            scope text := control.ctx_scope();
            reached uuid[];
            inside text := '(%1$s | %2$s)';
            asked text;
            theirs text;
            marks text;
            today integer := extract(epoch FROM before_at)::bigint / 86400;
            first integer;
            last integer := today + 1;
            upper_bound timestamptz := before_at;
            lower_bound timestamptz;
            found integer;
            left_over integer := most;
            segments integer[] := ARRAY[today - 1, today - 7, today - 24, today - 62, today - 220, NULL];
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
            IF cardinality(reached) <= {NAMED_AT_LAST} THEN
                SELECT ' & (' || string_agg(quote_literal('#m' || replace(m::text, '-', '')), ' | ') || ')' INTO theirs
                FROM unnest(reached) AS m;
            END IF;
            IF cardinality(reached) <= {NAMED} THEN
                asked := asked || theirs;
                theirs := NULL;
            END IF;
            IF EXISTS (
                SELECT FROM jsonb_path_query(wanted, '$[*][*][*]') AS w WHERE w #>> '{{}}' ~ '^[0-9]{{4,}}\\*$')
            THEN
                segments := ARRAY[NULL::integer];
            END IF;
            -- From the newest segment to the oldest, until there are enough. The index meets the long list of a common
            -- word with the short one of the segment's mark, and rare words cost little however often they are asked.
            FOREACH first IN ARRAY segments LOOP
                marks := CASE WHEN first IS NULL THEN theirs END;
                IF first >= today - 24 THEN
                    SELECT string_agg(format('''#d%s''', d), ' | ') INTO marks
                    FROM generate_series(first, last - 1) AS d;
                    marks := ' & (' || marks || ')';
                ELSIF first IS NOT NULL THEN
                    SELECT ' & (' || string_agg(to_char(month, '"''#o"YYYYMM"''"'), ' | ') || ')' INTO marks
                    FROM generate_series(date_trunc('month', to_timestamp(first * 86400.0) AT TIME ZONE 'UTC'),
                        to_timestamp((last - 1) * 86400.0) AT TIME ZONE 'UTC', '1 month') AS month;
                END IF;
                lower_bound := CASE WHEN first IS NULL THEN '-infinity' ELSE to_timestamp(first * 86400.0) END;
                RETURN QUERY EXECUTE format(
                    'SELECT w.ticket_id, w.merchant_id, w.opened_at FROM %I.ticket_words AS w WHERE w.words @@ $1 '
                    'AND ($2 IS NULL OR w.merchant_id = ANY ($2)) AND w.opened_at >= greatest($3, $4) '
                    'AND (w.opened_at < $5 OR w.opened_at = $6 AND w.ticket_id < $7) '
                    'ORDER BY w.opened_at DESC, w.ticket_id DESC LIMIT $8', place)
                    USING (asked || coalesce(marks, ''))::tsquery, reached, lower_bound, since,
                        upper_bound, CASE WHEN upper_bound = before_at THEN before_at END, before_id, left_over;
                GET DIAGNOSTICS found = ROW_COUNT;
                left_over := left_over - found;
                EXIT WHEN most - left_over >= least(most, {ENOUGH}) OR lower_bound <= since;
                last := first;
                upper_bound := lower_bound;
            END LOOP;
        END $$;
        """
    )
