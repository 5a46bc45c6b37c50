"""Whoever reaches very few merchants is looked up by days first: docs/decisions/0100-search.md.

A common word stands on a third of the tickets. Of a large merchant a month and the begun one hold some thousand of
these, whose rows were all read for the newest hundred; a few days hold enough of them, and of a small merchant nothing
is read there.
"""

from alembic import op

revision = "0012_search_days"
down_revision = "0011_search_merchants"

# Without the index nothing here is fast, and compiling takes longer than looking up.
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off"

# How many merchants are named to the index: with an ending of a number, instead of days, month by month, and when
# everything is asked.
VERY_FEW, FEW, BY_MONTH, AT_LAST = 2, 12, 32, 64

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
            by_month boolean;
            marks text;
            today integer := extract(epoch FROM before_at)::bigint / 86400;
            first integer;
            last integer := today + 1;
            upper_bound timestamptz := before_at;
            lower_bound timestamptz;
            found integer;
            left_over integer := most;
            segments integer[];
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
            IF cardinality(reached) <= {AT_LAST} THEN
                SELECT ' & (' || string_agg(quote_literal('#m' || replace(m::text, '-', '')), ' | ') || ')' INTO theirs
                FROM unnest(reached) AS m;
            END IF;
            by_month := coalesce(cardinality(reached) <= {BY_MONTH}, false);
            IF by_month THEN
                -- Words that were read before there were such marks wait at the end of the queue to be read again.
                EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I.words_due WHERE noted_at = ''-infinity'')', place)
                    INTO by_month;
            END IF;
            segments := CASE
                WHEN by_month AND cardinality(reached) <= {VERY_FEW} THEN
                    ARRAY[today - 3, today - 31, today - 220, NULL]
                WHEN by_month AND cardinality(reached) <= {FEW} THEN ARRAY[today - 31, today - 220, NULL]
                WHEN by_month THEN ARRAY[today - 1, today - 7, today - 62, today - 220, NULL]
                ELSE ARRAY[today - 1, today - 7, today - 24, today - 62, today - 220, NULL]
            END;
            -- Some thousand tickets have an ending of a number, few of them of one day. Whose they are the rows say.
            IF EXISTS (
                SELECT FROM jsonb_path_query(wanted, '$[*][*][*]') AS w WHERE w #>> '{{}}' ~ '^[0-9]{{4,}}\\*$')
            THEN
                segments := CASE WHEN reached IS NULL THEN ARRAY[today - 62, NULL] ELSE ARRAY[NULL::integer] END;
                theirs := CASE WHEN cardinality(reached) <= {VERY_FEW} THEN theirs END;
            END IF;
            -- From the newest segment to the oldest, until there are enough. The index meets the long list of a common
            -- word with the short one of the segment's mark, and rare words cost little however often they are asked.
            FOREACH first IN ARRAY segments LOOP
                marks := CASE WHEN first IS NULL THEN theirs END;
                IF first >= today - 24 THEN
                    SELECT string_agg(format('''#d%s''', d), ' | ') INTO marks
                    FROM generate_series(first, last - 1) AS d;
                    marks := ' & (' || marks || ')'
                        || CASE WHEN cardinality(reached) <= {VERY_FEW} THEN theirs ELSE '' END;
                ELSIF first IS NOT NULL THEN
                    SELECT ' & (' || string_agg(quote_literal(whose || to_char(month, 'YYYYMM')), ' | ') || ')'
                    INTO marks FROM unnest(CASE
                        WHEN by_month THEN ARRAY(SELECT '#p' || right(m::text, 12) FROM unnest(reached) AS m)
                        ELSE ARRAY['#o']
                    END) AS whose, generate_series(
                        date_trunc('month', to_timestamp(first * 86400.0) AT TIME ZONE 'UTC'),
                        to_timestamp((last - 1) * 86400.0) AT TIME ZONE 'UTC', '1 month') AS month;
                END IF;
                lower_bound := CASE WHEN first IS NULL THEN '-infinity' ELSE to_timestamp(first * 86400.0) END;
                RETURN QUERY EXECUTE format(
                    'SELECT w.ticket_id, w.merchant_id, w.opened_at FROM %I.ticket_words AS w WHERE w.words @@ $1 '
                    'AND ($2 IS NULL OR array_position($2, w.merchant_id) IS NOT NULL) '
                    'AND w.opened_at >= greatest($3, $4) '
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
