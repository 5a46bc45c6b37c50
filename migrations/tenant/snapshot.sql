-- A new tenant's tables. Written by `make snapshot`; never edit it by hand.
-- revision: 0064_open_estimates
-- digest: 599b174e10597d73e2149880da70504f036a63242ef8eaf199f6b0ae9edcb097

-- Functions come before the tables that they name.
SET LOCAL check_function_bodies = off;

CREATE FUNCTION allocation_adds_up() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            parts bigint := (SELECT coalesce(sum(fen), 0) FROM allocation_part
                WHERE merchant_id = NEW.merchant_id AND allocation_id = NEW.id);
        BEGIN
            IF parts <> NEW.fen THEN
                RAISE EXCEPTION 'the parts of an allocation add up to its amount'
                    USING ERRCODE = 'check_violation', TABLE = 'allocation';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION assigned_merchants() RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    AS $$
        BEGIN
            RETURN ARRAY(SELECT a.merchant_id FROM assignment AS a WHERE a.account_id = control.ctx_staff());
        END $$;

CREATE FUNCTION book_entries() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
        BEGIN
            -- The one statement of the ledger that everybody waits for checks what it adds up: an entry that suits
            -- neither its voucher nor a leaf in use of its currency has no account here, and a total needs one.
            INSERT INTO ledger_total AS total
                (account_id, month, merchant_id, shop_id, party, department, stripe, debit, credit, entries)
            SELECT CASE WHEN voucher.id IS NOT NULL THEN account.id END, date_trunc('month', written.booked_on)::date,
                merchant_id, shop_id, party, department, pg_backend_pid() % 16,
                coalesce(sum(fen) FILTER (WHERE side = 'debit'), 0),
                coalesce(sum(fen) FILTER (WHERE side = 'credit'), 0), count(*)
            FROM written
            LEFT JOIN ledger_voucher AS voucher ON voucher.id = voucher_id AND line <= lines
                AND voucher.booked_on = written.booked_on
            LEFT JOIN ledger_account AS account ON account.id = account_id AND is_leaf
                AND account.currency = written.currency AND (retired_at IS NULL OR kind = 'reversal')
            GROUP BY 1, 2, merchant_id, shop_id, party, department
            -- In one order for everybody, or two batches could wait for each other.
            ORDER BY 1, 2, merchant_id, shop_id, party, department
            ON CONFLICT (account_id, month, merchant_id, shop_id, party, department, stripe) DO UPDATE SET
                debit = total.debit + excluded.debit,
                credit = total.credit + excluded.credit,
                entries = total.entries + excluded.entries;
            RETURN NULL;
        END $$;

CREATE FUNCTION carry_over_in_open_month() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM hold_month_open(month) FROM (SELECT DISTINCT month FROM written ORDER BY 1) AS months;
            RETURN NULL;
        END $$;

CREATE FUNCTION change_period() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            was ledger_period;
            becomes text;
        BEGIN
            -- Whoever waited for a lock must see what the other has written.
            IF current_setting('transaction_isolation') <> 'read committed' THEN
                RAISE EXCEPTION 'periods change under read committed only'
                    USING ERRCODE = 'object_not_in_prerequisite_state';
            END IF;
            IF NEW.change = 'opened' THEN
                PERFORM FROM ledger_period WHERE month > NEW.month ORDER BY month FOR SHARE;
                PERFORM FROM ledger_period WHERE month > NEW.month AND state <> 'open';
                IF FOUND THEN
                    RAISE EXCEPTION 'a month before a closed one cannot be opened' USING ERRCODE = 'ANPER';
                END IF;
                INSERT INTO ledger_period (month, state) VALUES (NEW.month, 'open') ON CONFLICT DO NOTHING;
                IF NOT FOUND THEN
                    -- Somebody opened it first, which is as good.
                    RETURN NULL;
                END IF;
                RETURN NEW;
            END IF;
            PERFORM FROM ledger_period WHERE month <= NEW.month ORDER BY month FOR UPDATE;
            PERFORM FROM ledger_period WHERE month > NEW.month ORDER BY month FOR SHARE;
            SELECT * INTO was FROM ledger_period WHERE month = NEW.month;
            becomes := CASE
                WHEN NEW.change = 'closed' AND was.state = 'open' THEN 'closed'
                WHEN NEW.change = 'reopening_requested' AND was.state = 'closed' THEN 'reopening'
                WHEN NEW.change = 'reopening_refused' AND was.state = 'reopening' THEN 'closed'
                WHEN NEW.change = 'reopened' AND was.state = 'reopening' THEN 'open'
            END;
            IF becomes IS NULL THEN
                RAISE EXCEPTION 'a period that is % cannot be %', coalesce(was.state, 'unknown'), NEW.change
                    USING ERRCODE = 'ANPER';
            END IF;
            IF NEW.change = 'reopened' AND NEW.made_by = was.requested_by THEN
                RAISE EXCEPTION 'who asked for the reopening does not decide it' USING ERRCODE = 'ANPER';
            END IF;
            IF becomes = 'closed' AND EXISTS (SELECT FROM ledger_period WHERE month < NEW.month AND state = 'open') THEN
                RAISE EXCEPTION 'an earlier month is still open' USING ERRCODE = 'ANPER';
            END IF;
            IF becomes IN ('reopening', 'open')
                AND EXISTS (SELECT FROM ledger_period WHERE month > NEW.month AND state <> 'open') THEN
                RAISE EXCEPTION 'a later month is closed' USING ERRCODE = 'ANPER';
            END IF;
            UPDATE ledger_period
                SET state = becomes, requested_by = CASE becomes WHEN 'reopening' THEN NEW.made_by END
                WHERE month = NEW.month;
            RETURN NEW;
        END $$;

CREATE FUNCTION check_batch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            brought bigint;
            total bigint;
        BEGIN
            SELECT count(*), coalesce(sum(fen), 0) INTO brought, total
                FROM external_line WHERE batch_id = NEW.id AND derived_by IS NULL;
            IF brought <> NEW.lines - NEW.known_lines OR total <> NEW.fen_in + NEW.fen_out - NEW.known_fen THEN
                RAISE EXCEPTION 'the lines of a batch do not come to its totals' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION check_match() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            externals bigint;
            internals bigint;
            total bigint;
            is_one_currency boolean;
            derived bigint;
            derived_fen bigint;
            is_derived_in_it boolean;
        BEGIN
            SELECT count(*) FILTER (WHERE side = 'external'), count(*) FILTER (WHERE side = 'internal'),
                    coalesce(sum(CASE side WHEN 'external' THEN fen ELSE -fen END), 0),
                    coalesce(bool_and(currency = NEW.currency), false)
                INTO externals, internals, total, is_one_currency
                FROM line_match_line WHERE match_id = NEW.id;
            SELECT count(*), coalesce(sum(fen), 0), coalesce(bool_and(currency = NEW.currency), true)
                INTO derived, derived_fen, is_derived_in_it
                FROM external_line WHERE derived_by = NEW.id;
            IF externals + internals <> NEW.lines OR derived <> NEW.derived_lines OR externals = 0
                OR (internals = 0) <> (NEW.stage IN ('explained', 'divided'))
                OR NOT is_one_currency OR NOT is_derived_in_it OR total - derived_fen <> NEW.fen THEN
                RAISE EXCEPTION 'the lines of a match do not come to what it says' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION check_voucher() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
        DECLARE
            found_lines bigint;
            is_balanced boolean;
        BEGIN
            SELECT sum(lines), bool_and(balance = 0) INTO found_lines, is_balanced FROM (
                SELECT count(*) AS lines, sum(CASE side WHEN 'debit' THEN fen ELSE -fen END) AS balance
                FROM ledger_entry WHERE voucher_id = NEW.id GROUP BY currency
            ) AS per_currency;
            IF found_lines IS DISTINCT FROM NEW.lines THEN
                RAISE EXCEPTION 'a voucher of % lines has % entries', NEW.lines, coalesce(found_lines, 0)
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NOT is_balanced THEN
                RAISE EXCEPTION 'debit and credit of a voucher differ' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.reverses_id IS NOT NULL THEN
                PERFORM FROM ledger_voucher
                    WHERE id = NEW.reverses_id AND kind <> 'reversal' AND lines = NEW.lines
                        AND booked_on <= NEW.booked_on;
                IF NOT FOUND OR EXISTS (
                    SELECT FROM ledger_entry AS first
                    LEFT JOIN ledger_entry AS own ON own.voucher_id = NEW.id AND own.line = first.line
                    WHERE first.voucher_id = NEW.reverses_id AND (
                        own.side = first.side OR (own.fen, own.currency, own.account_id, own.party, own.merchant_id, own.shop_id, own.ticket_id, own.cost_item_id, own.version_id, own.clause, own.department) IS DISTINCT FROM (first.fen, first.currency, first.account_id, first.party, first.merchant_id, first.shop_id, first.ticket_id, first.cost_item_id, first.version_id, first.clause, first.department))
                ) THEN
                    RAISE EXCEPTION 'a reversal repeats a voucher line by line with the sides swapped'
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION check_write_off() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended(NEW.match_id::text, 0));
            PERFORM FROM line_match WHERE id = NEW.match_id AND fen = NEW.fen
                AND NOT EXISTS (SELECT FROM line_match_undo WHERE match_id = NEW.match_id);
            IF NOT FOUND THEN
                RAISE EXCEPTION 'what is written off is not the difference of a live match'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION claim_lines() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            division uuid;
        BEGIN
            PERFORM FROM written LEFT JOIN external_line AS line ON line.id = line_id
                WHERE side = 'external'
                    AND (line.source, line.booked_on, line.fen, line.currency)
                        IS DISTINCT FROM (written.source, written.booked_on, written.fen, written.currency);
            IF FOUND THEN
                RAISE EXCEPTION 'a match says something else of an external line' USING ERRCODE = 'check_violation';
            END IF;
            PERFORM FROM line_match AS matched JOIN line_match_line AS line ON line.match_id = matched.id
                WHERE matched.id IN (SELECT match_id FROM written)
                GROUP BY matched.id HAVING count(*) > matched.lines;
            IF FOUND THEN
                RAISE EXCEPTION 'a match takes no lines later' USING ERRCODE = 'restrict_violation';
            END IF;
            -- Undoing a division takes the same locks, so either it sees the claim or this sees the undo.
            FOR division IN
                SELECT DISTINCT derived_by FROM written JOIN external_line ON id = line_id AND derived_by IS NOT NULL
                ORDER BY 1
            LOOP
                PERFORM pg_advisory_xact_lock_shared(hashtextextended(division::text, 0));
                PERFORM FROM line_match_undo WHERE match_id = division;
                IF FOUND THEN
                    RAISE EXCEPTION 'the division that made a line was undone' USING ERRCODE = 'check_violation';
                END IF;
            END LOOP;
            -- In one order for everybody, or two runs could wait for each other.
            INSERT INTO line_claim (line_id, match_id) SELECT line_id, match_id FROM written ORDER BY line_id;
            RETURN NULL;
        END $$;

CREATE FUNCTION copy_risen_status() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            NEW.risen_status := CASE WHEN NEW.level IS NOT NULL THEN
                (SELECT status FROM ticket WHERE merchant_id = NEW.merchant_id AND id = NEW.ticket_id) END;
            RETURN NEW;
        END $$;

CREATE FUNCTION hold_month_open(day date) RETURNS void
    LANGUAGE plpgsql
    AS $$
        BEGIN
            -- Held until the end of the transaction: closing waits for it. A month that nobody opened is not closed.
            PERFORM FROM ledger_period WHERE month = date_trunc('month', day)::date FOR SHARE;
            PERFORM FROM ledger_period WHERE month = date_trunc('month', day)::date AND state <> 'open';
            IF FOUND THEN
                RAISE EXCEPTION 'the period of % is not open', day USING ERRCODE = 'ANPER';
            END IF;
        END $$;

CREATE FUNCTION hold_periods_open() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            -- Held until the end of the transaction: closing waits for it. One statement, since each costs its start.
            PERFORM FROM (
                SELECT FROM ledger_period
                WHERE month IN (SELECT date_trunc('month', booked_on)::date FROM written) AND state = 'open'
                ORDER BY month FOR SHARE
            ) AS held HAVING count(*) = (SELECT count(DISTINCT date_trunc('month', booked_on)) FROM written);
            IF NOT FOUND THEN
                RAISE EXCEPTION 'the period is not open' USING ERRCODE = 'ANPER';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION invoice_adds_up() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            -- Each of the two triggers says which column names the request.
            of_request uuid := to_jsonb(NEW) ->> TG_ARGV[0];
        BEGIN
            IF NOT EXISTS (
                SELECT FROM invoice_request AS request
                WHERE request.merchant_id = NEW.merchant_id AND request.id = of_request AND request.gross_fen = (
                    CASE WHEN request.corrects_id IS NULL THEN (
                        SELECT coalesce(sum(fen), 0) FROM invoice_portion AS portion
                        WHERE portion.merchant_id = request.merchant_id AND portion.request_id = request.id
                    ) ELSE (
                        SELECT -first.gross_fen FROM invoice_request AS first
                        WHERE first.merchant_id = request.merchant_id AND first.id = request.corrects_id
                            AND first.buyer_id = request.buyer_id AND first.kind = request.kind
                            AND first.corrects_id IS NULL
                            AND first.state IN ('issued', 'delivered', 'red_lettered')
                    ) END
                )
            ) THEN
                RAISE EXCEPTION 'a request is the sum of what it bills, a red one all of what it corrects'
                    USING ERRCODE = 'check_violation', TABLE = 'invoice_request';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION invoice_line_comes_in_time() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT FROM invoice_request
                WHERE merchant_id = NEW.merchant_id AND id = NEW.request_id AND state = 'requested'
            ) THEN
                RAISE EXCEPTION 'an accepted request keeps its lines'
                    USING ERRCODE = 'restrict_violation', TABLE = 'invoice_line';
            END IF;
            RETURN NEW;
        END $$;

CREATE FUNCTION invoice_request_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            net bigint;
            tax bigint;
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.state <> 'requested' OR NEW.net_fen IS NOT NULL THEN
                    RAISE EXCEPTION 'an invoice begins with a request'
                        USING ERRCODE = 'restrict_violation', TABLE = 'invoice_request';
                END IF;
                RETURN NEW;
            END IF;
            IF (NEW.id, NEW.merchant_id, NEW.number, NEW.buyer_id, NEW.kind, NEW.corrects_id, NEW.cause, NEW.gross_fen,
                    NEW.issue_by, NEW.requested_by, NEW.requested_at)
                IS DISTINCT FROM (OLD.id, OLD.merchant_id, OLD.number, OLD.buyer_id, OLD.kind, OLD.corrects_id,
                    OLD.cause, OLD.gross_fen, OLD.issue_by, OLD.requested_by, OLD.requested_at)
                OR (NEW.net_fen, NEW.tax_fen) IS DISTINCT FROM (OLD.net_fen, OLD.tax_fen) AND NEW.state <> 'accepted'
                OR (NEW.invoice_number, NEW.issued_on, NEW.confirmation)
                    IS DISTINCT FROM (OLD.invoice_number, OLD.issued_on, OLD.confirmation) AND NEW.state <> 'issued'
                OR (OLD.state, NEW.state) NOT IN (
                    ('requested', 'accepted'), ('requested', 'refused'), ('requested', 'cancelled'),
                    ('accepted', 'cancelled'), ('accepted', 'issued'), ('issued', 'delivered'),
                    ('issued', 'red_lettered'), ('delivered', 'red_lettered')
                )
                OR NEW.state IN ('accepted', 'refused', 'issued') AND control.ctx_scope() = 'merchant'
            THEN
                RAISE EXCEPTION 'an invoice moves on from where it stands'
                    USING ERRCODE = 'restrict_violation', TABLE = 'invoice_request';
            END IF;
            IF NEW.state = 'accepted' THEN
                SELECT sum(net_fen), sum(tax_fen) INTO net, tax FROM invoice_line
                    WHERE merchant_id = NEW.merchant_id AND request_id = NEW.id;
                IF (net, tax) IS DISTINCT FROM (NEW.net_fen, NEW.tax_fen) THEN
                    RAISE EXCEPTION 'the lines of an invoice make up its amounts'
                        USING ERRCODE = 'check_violation', TABLE = 'invoice_request';
                END IF;
            END IF;
            IF NEW.state = 'red_lettered' AND NOT EXISTS (
                SELECT FROM invoice_request AS red
                WHERE red.merchant_id = NEW.merchant_id AND red.corrects_id = NEW.id
                    AND red.state IN ('issued', 'delivered')
            ) THEN
                RAISE EXCEPTION 'an invoice is red-lettered by another that was issued'
                    USING ERRCODE = 'restrict_violation', TABLE = 'invoice_request';
            END IF;
            RETURN NEW;
        END $$;

CREATE FUNCTION invoice_stays_within_statement() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            billed bigint;
            asked bigint;
        BEGIN
            -- One after the other: each sees what the one before asked for.
            PERFORM pg_advisory_xact_lock(hashtextextended('invoice:' || NEW.statement_id, 0));
            IF NOT EXISTS (
                SELECT FROM invoice_request
                WHERE merchant_id = NEW.merchant_id AND id = NEW.request_id AND state = 'requested'
                    AND corrects_id IS NULL
            ) OR NOT EXISTS (
                SELECT FROM statement
                WHERE merchant_id = NEW.merchant_id AND id = NEW.statement_id AND currency = 'CNY'
            ) THEN
                RAISE EXCEPTION 'only a new request bills a statement, in yuan'
                    USING ERRCODE = 'restrict_violation', TABLE = 'invoice_portion';
            END IF;
            SELECT invoiceable_fen(NEW.merchant_id, NEW.statement_id) INTO billed;
            SELECT coalesce(sum(portion.fen), 0) INTO asked
                FROM invoice_portion AS portion JOIN invoice_request AS request
                    ON request.merchant_id = portion.merchant_id AND request.id = portion.request_id
                WHERE portion.merchant_id = NEW.merchant_id AND portion.statement_id = NEW.statement_id
                    AND request.state NOT IN ('refused', 'cancelled', 'red_lettered');
            IF NEW.fen > 0 AND asked > greatest(billed, 0) OR NEW.fen < 0 AND asked < least(billed, 0) THEN
                RAISE EXCEPTION 'no more is invoiced than the statement bills'
                    USING ERRCODE = 'ANINV', TABLE = 'invoice_portion';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION invoiceable_fen(of_merchant uuid, of_statement uuid) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
            SELECT coalesce(sum(CASE
                WHEN line.sort = 'credit' THEN line.fen
                WHEN said.word IN ('confirmed', 'deemed_confirmed') THEN line.fen
                WHEN said.word = 'accepted' THEN line.fen - said.fen
                ELSE 0
            END), 0)::bigint
            FROM statement_line AS line LEFT JOIN LATERAL (
                SELECT word, fen FROM statement_word AS spoken
                WHERE spoken.merchant_id = line.merchant_id AND spoken.statement_id = line.statement_id
                    AND spoken.line_id = line.id
                ORDER BY step DESC LIMIT 1
            ) AS said ON true
            WHERE line.merchant_id = of_merchant AND line.statement_id = of_statement
                AND line.sort IN ('cost', 'credit')
                AND NOT EXISTS (
                    SELECT FROM statement_word AS taken
                    WHERE taken.merchant_id = line.merchant_id AND taken.voucher_id = line.voucher_id
                )
        $$;

CREATE FUNCTION keep_account() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF (NEW.id, NEW.code, NEW.is_leaf, NEW.normal_side, NEW.added_by, NEW.added_at)
                    <> (OLD.id, OLD.code, OLD.is_leaf, OLD.normal_side, OLD.added_by, OLD.added_at)
                    OR (NEW.parent_id, NEW.currency) IS DISTINCT FROM (OLD.parent_id, OLD.currency) THEN
                    RAISE EXCEPTION 'an account keeps its code, its place and its currency'
                        USING ERRCODE = 'restrict_violation';
                END IF;
            -- Whether an account is a leaf is settled as it is made, so nothing can come below one that has entries.
            ELSIF NEW.parent_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM ledger_account AS parent WHERE parent.id = NEW.parent_id AND NOT parent.is_leaf
                    AND starts_with(NEW.code, parent.code) AND length(NEW.code) > length(parent.code)
            ) THEN
                RAISE EXCEPTION 'an account stands below a summary account whose code its own begins with'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$;

CREATE FUNCTION keep_amounts_in_force() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            changed contract_amount := coalesce(NEW, OLD);
        BEGIN
            PERFORM FROM contract_version
                WHERE merchant_id = changed.merchant_id AND id = changed.version_id AND in_force_at IS NOT NULL;
            IF FOUND AND NOT control.erasing(TG_RELID) THEN
                RAISE EXCEPTION 'the amounts of a contract version in force are kept as they were'
                    USING ERRCODE = 'restrict_violation', TABLE = 'contract_amount';
            END IF;
            RETURN changed;
        END $$;

CREATE FUNCTION keep_batch_closed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            -- Counted when a batch was whole: one line more is one too many.
            PERFORM FROM import_batch AS batch JOIN external_line AS line ON line.batch_id = batch.id
                WHERE batch.id IN (SELECT batch_id FROM written) AND line.derived_by IS NULL
                GROUP BY batch.id HAVING count(*) > batch.lines - batch.known_lines;
            IF FOUND THEN
                RAISE EXCEPTION 'a batch takes no lines later' USING ERRCODE = 'restrict_violation';
            END IF;
            PERFORM FROM line_match AS division JOIN external_line AS line ON line.derived_by = division.id
                WHERE division.id IN (SELECT derived_by FROM written)
                GROUP BY division.id HAVING count(*) > division.derived_lines;
            IF FOUND THEN
                RAISE EXCEPTION 'a division makes no lines later' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION keep_claimed_cost() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF OLD.state NOT IN ('draft', 'returned') AND NOT control.erasing(TG_RELID) AND
                (NEW.merchant_id, NEW.ticket_id, NEW.number, NEW.category, NEW.fen, NEW.tax_fen, NEW.currency,
                 NEW.incurred_on, NEW.note, NEW.claimed_by, NEW.claimed_at)
                IS DISTINCT FROM
                (OLD.merchant_id, OLD.ticket_id, OLD.number, OLD.category, OLD.fen, OLD.tax_fen, OLD.currency,
                 OLD.incurred_on, OLD.note, OLD.claimed_by, OLD.claimed_at)
            THEN
                RAISE EXCEPTION 'a cost item that was submitted is kept as it was'
                    USING ERRCODE = 'restrict_violation', TABLE = 'cost_item';
            END IF;
            RETURN NEW;
        END $$;

CREATE FUNCTION keep_clock_on_record() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF coalesce(OLD.breached_at, NEW.breached_at) IS DISTINCT FROM NEW.breached_at
                OR coalesce(OLD.met_at, NEW.met_at) IS DISTINCT FROM NEW.met_at
                OR coalesce(OLD.ended_at, NEW.ended_at) IS DISTINCT FROM NEW.ended_at
                OR num_nonnulls(OLD.breached_at, OLD.met_at, OLD.ended_at) > 0
                AND (NEW.id, NEW.merchant_id, NEW.ticket_id, NEW.clock, NEW.started_at, NEW.due_at) IS DISTINCT FROM
                    (OLD.id, OLD.merchant_id, OLD.ticket_id, OLD.clock, OLD.started_at, OLD.due_at)
            THEN
                RAISE EXCEPTION 'a clock that was met or breached is kept as it was'
                    USING ERRCODE = 'restrict_violation', TABLE = 'ticket_clock';
            END IF;
            RETURN NEW;
        END $$;

CREATE FUNCTION keep_for_three_years() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF OLD.recorded_at > now() - interval '3 years' THEN
                RAISE EXCEPTION 'records of processing are kept for three years' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN OLD;
        END $$;

CREATE FUNCTION keep_version_in_force() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND (OLD.ended_on IS NULL
                AND (NEW.id, NEW.merchant_id, NEW.contract_id, NEW.version) =
                    (OLD.id, OLD.merchant_id, OLD.contract_id, OLD.version)
                AND (NEW.valid_from, NEW.valid_until, NEW.terms, NEW.in_force_at) IS NOT DISTINCT FROM
                    (OLD.valid_from, OLD.valid_until, OLD.terms, OLD.in_force_at)
                OR control.erasing(TG_RELID))
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a contract version in force is kept as it was'
                USING ERRCODE = 'restrict_violation', TABLE = 'contract_version';
        END $$;

CREATE FUNCTION match_in_open_periods() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM hold_month_open(month) FROM (
                SELECT DISTINCT date_trunc('month', booked_on)::date AS month FROM written ORDER BY 1) AS months;
            RETURN NULL;
        END $$;

CREATE FUNCTION note_changed_row() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            INSERT INTO words_due (merchant_id, ticket_id, id)
            VALUES (NEW.merchant_id, NEW.ticket_id, gen_random_uuid());
            RETURN NULL;
        END $$;

CREATE FUNCTION note_changed_ticket() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            INSERT INTO words_due (merchant_id, ticket_id, id) VALUES (NEW.merchant_id, NEW.id, gen_random_uuid());
            RETURN NULL;
        END $$;

CREATE FUNCTION note_new_rows() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            INSERT INTO words_due (merchant_id, ticket_id, id)
            SELECT merchant_id, ticket_id, gen_random_uuid() FROM (SELECT DISTINCT merchant_id, ticket_id FROM written);
            RETURN NULL;
        END $$;

CREATE FUNCTION note_new_tickets() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            INSERT INTO words_due (merchant_id, ticket_id, id)
            SELECT merchant_id, id, gen_random_uuid() FROM written;
            RETURN NULL;
        END $$;

CREATE FUNCTION number_closed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM FROM written
                LEFT JOIN ledger_voucher AS voucher ON voucher.id = voucher_id
                    AND date_trunc('month', booked_on)::date = written.month
                LEFT JOIN ledger_period AS period ON period.month = written.month AND state = 'closed'
                WHERE voucher.id IS NULL OR period.month IS NULL;
            IF FOUND THEN
                RAISE EXCEPTION 'vouchers are numbered in their own month, once it is closed'
                    USING ERRCODE = 'check_violation';
            END IF;
            PERFORM FROM ledger_number WHERE month IN (SELECT month FROM written)
                GROUP BY month HAVING max(number) <> count(*);
            IF FOUND THEN
                RAISE EXCEPTION 'the numbers of a month have no gaps' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION refuse_confidential_draft() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM FROM ticket
                WHERE merchant_id = NEW.merchant_id AND id = NEW.ticket_id AND is_confidential;
            IF FOUND THEN
                RAISE EXCEPTION 'content of a confidential ticket' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$;

CREATE FUNCTION refuse_overlapping_versions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM FROM merchant WHERE id = NEW.merchant_id FOR NO KEY UPDATE;
            PERFORM FROM contract_version AS other
                WHERE other.merchant_id = NEW.merchant_id AND other.id <> NEW.id AND other.in_force_at IS NOT NULL
                AND other.valid_from <= coalesce(least(NEW.valid_until, NEW.ended_on), 'infinity')
                AND NEW.valid_from <= coalesce(least(other.valid_until, other.ended_on), 'infinity')
                AND other.valid_from <= coalesce(other.ended_on, 'infinity')
                AND NEW.valid_from <= coalesce(NEW.ended_on, 'infinity');
            IF FOUND THEN
                RAISE EXCEPTION 'contract versions overlap' USING ERRCODE = 'exclusion_violation',
                    CONSTRAINT = 'ex_contract_version_in_force', TABLE = 'contract_version';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION refuse_plain_content() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            confidential boolean;
            row_now jsonb;
            name text;
        BEGIN
            IF TG_TABLE_NAME = 'ticket' THEN
                confidential := NEW.is_confidential;
            ELSE
                SELECT is_confidential INTO confidential FROM ticket
                WHERE merchant_id = NEW.merchant_id AND id = NEW.ticket_id;
            END IF;
            IF confidential AND NOT control.erasing(TG_RELID) THEN
                row_now := to_jsonb(NEW);
                FOREACH name IN ARRAY TG_ARGV LOOP
                    IF row_now->>name NOT IN ('【保密内容】', '{}', '\x', '') THEN
                        RAISE EXCEPTION 'content of a confidential ticket' USING ERRCODE = 'check_violation';
                    END IF;
                END LOOP;
            END IF;
            RETURN NEW;
        END $$;

CREATE FUNCTION refuse_plain_rows() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            -- Each row's ticket is looked up by its key: as a join it could be planned to read all tickets, for a plan
            -- is kept that was made when there were few.
            PERFORM FROM written AS row_now
            WHERE CASE WHEN (
                SELECT is_confidential FROM ticket
                WHERE merchant_id = row_now.merchant_id AND id = row_now.ticket_id
            ) THEN EXISTS (
                SELECT FROM unnest(TG_ARGV) AS name
                WHERE to_jsonb(row_now)->>name NOT IN ('【保密内容】', '{}', '\x', '')
            ) ELSE false END;
            IF FOUND AND NOT control.erasing(TG_RELID) THEN
                RAISE EXCEPTION 'content of a confidential ticket' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION statement_adds_up() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            total bigint;
            lines bigint;
        BEGIN
            SELECT coalesce(sum(fen), 0), count(*) INTO total, lines FROM statement_line
                WHERE merchant_id = NEW.merchant_id AND statement_id = NEW.id;
            IF NEW.opening_fen + total <> NEW.closing_fen OR lines <> NEW.line_count THEN
                RAISE EXCEPTION 'the lines of a statement make up its balance'
                    USING ERRCODE = 'check_violation', TABLE = 'statement';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION statement_is_whole() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM added JOIN statement AS s ON s.merchant_id = added.merchant_id AND s.id = added.statement_id
                WHERE added.place > s.line_count
            ) THEN
                RAISE EXCEPTION 'a statement keeps the lines that it was issued with'
                    USING ERRCODE = 'restrict_violation', TABLE = 'statement_line';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION tell_of_entries() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM pg_notify('anshou_live', TG_TABLE_SCHEMA || ':entry:' ||
                CASE WHEN count(*) <= 50 THEN string_agg(said, ',') ELSE '*' END)
            FROM (
                SELECT DISTINCT left(audience, 1) || '/' || merchant_id || '/' || ticket_id AS said FROM written
            ) AS one
            HAVING count(*) > 0;
            RETURN NULL;
        END $$;

CREATE FUNCTION tell_of_notices() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM pg_notify('anshou_live', TG_TABLE_SCHEMA || ':notice:' ||
                CASE WHEN count(*) <= 50 THEN string_agg(said, ',') ELSE '*' END)
            FROM (SELECT DISTINCT account_id::text AS said FROM written) AS one
            HAVING count(*) > 0;
            RETURN NULL;
        END $$;

CREATE FUNCTION undo_match() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE
            undone line_match;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended(NEW.match_id::text, 0));
            SELECT * INTO undone FROM line_match WHERE id = NEW.match_id;
            PERFORM hold_month_open(undone.booked_on);
            PERFORM FROM external_line JOIN line_claim ON line_id = id WHERE derived_by = NEW.match_id;
            IF FOUND THEN
                RAISE EXCEPTION 'a line that the division made is matched' USING ERRCODE = 'restrict_violation';
            END IF;
            PERFORM FROM match_write_off AS written
                LEFT JOIN ledger_voucher AS reversal ON reversal.reverses_id = voucher_id
                WHERE match_id = NEW.match_id AND reversal.id IS NULL;
            IF FOUND THEN
                RAISE EXCEPTION 'what was written off stands in the books' USING ERRCODE = 'restrict_violation';
            END IF;
            DELETE FROM line_claim WHERE match_id = NEW.match_id;
            RETURN NULL;
        END $$;

CREATE FUNCTION verified_by_another() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM FROM cost_item
                WHERE merchant_id = NEW.merchant_id AND id = NEW.item_id AND claimed_by = NEW.done_by
            UNION ALL SELECT FROM time_entry
                WHERE merchant_id = NEW.merchant_id AND item_id = NEW.item_id AND person_id = NEW.done_by
            UNION ALL SELECT FROM (
                SELECT deed, done_by FROM cost_deed
                WHERE merchant_id = NEW.merchant_id AND item_id = NEW.item_id
                ORDER BY id DESC LIMIT 1
            ) AS last WHERE NEW.deed = 'countersigned' AND (last.deed <> 'verified' OR last.done_by = NEW.done_by)
            -- What two verified, since it was last submitted, another one than who takes it back has asked for.
            UNION ALL SELECT FROM cost_deed AS signed
                WHERE NEW.deed = 'taken_back' AND signed.deed = 'countersigned'
                AND signed.merchant_id = NEW.merchant_id AND signed.item_id = NEW.item_id
                AND NOT EXISTS (
                    SELECT FROM cost_deed AS later
                    WHERE later.merchant_id = NEW.merchant_id AND later.item_id = NEW.item_id AND later.id > signed.id
                    AND (later.deed = 'submitted' OR later.deed = 'take_back_asked' AND later.done_by <> NEW.done_by)
                );
            IF FOUND THEN
                RAISE EXCEPTION 'nobody verifies their own cost, nor twice'
                    USING ERRCODE = 'restrict_violation', TABLE = 'cost_deed';
            END IF;
            RETURN NEW;
        END $$;

CREATE FUNCTION voucher_export_is_of_closed_month() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM FROM ledger_period WHERE month = NEW.month AND state = 'closed' FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'only vouchers of a closed month go out'
                    USING ERRCODE = 'check_violation', TABLE = 'voucher_export';
            END IF;
            RETURN NEW;
        END $$;

CREATE FUNCTION voucher_export_is_whole() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF (SELECT count(*) FROM voucher_export_item WHERE export_id = NEW.id) <> NEW.vouchers THEN
                RAISE EXCEPTION 'an export has all of its vouchers'
                    USING ERRCODE = 'check_violation', TABLE = 'voucher_export';
            END IF;
            RETURN NULL;
        END $$;

CREATE FUNCTION voucher_export_stays_whole() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM (SELECT DISTINCT export_id FROM added) AS touched
                JOIN voucher_export AS export ON export.id = touched.export_id
                WHERE (SELECT count(*) FROM voucher_export_item AS item WHERE item.export_id = export.id)
                    > export.vouchers
            ) OR EXISTS (
                SELECT FROM added JOIN voucher_export AS export ON export.id = added.export_id
                JOIN ledger_number AS numbered ON numbered.voucher_id = added.voucher_id
                WHERE numbered.month <> export.month
            ) THEN
                RAISE EXCEPTION 'an export keeps the vouchers that it went out with, all of its month'
                    USING ERRCODE = 'check_violation', TABLE = 'voucher_export_item';
            END IF;
            RETURN NULL;
        END $$;

CREATE TABLE account (
    id uuid NOT NULL,
    side text NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    locale text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    suspended_at timestamp with time zone,
    suspended_by uuid,
    privileges_changed_at timestamp with time zone,
    CONSTRAINT ck_account_name CHECK ((name <> ''::text)),
    CONSTRAINT ck_account_side CHECK ((side = ANY (ARRAY['staff'::text, 'merchant'::text])))
);

ALTER TABLE ONLY account FORCE ROW LEVEL SECURITY;

CREATE TABLE agency (
    id uuid NOT NULL,
    one boolean DEFAULT true NOT NULL,
    settings jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid,
    CONSTRAINT ck_agency_one CHECK (one)
);

ALTER TABLE ONLY agency FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE agency IS 'at most one row: what the agency has set about itself';

CREATE TABLE agreement (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    document bytea NOT NULL,
    sha256 text NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    CONSTRAINT agreement_version_check CHECK ((version >= 1)),
    CONSTRAINT ck_agreement_sha256 CHECK (((document = '\x'::bytea) OR (sha256 = encode(sha256(document), 'hex'::text))))
);

ALTER TABLE ONLY agreement FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN agreement.document IS 'the canonical text that is shown, hashed and signed';

CREATE TABLE allocation (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    item_id uuid NOT NULL,
    determination_id uuid NOT NULL,
    version_id uuid,
    general_version integer NOT NULL,
    supersedes_id uuid,
    fen bigint NOT NULL,
    currency text NOT NULL,
    allocated_by uuid NOT NULL,
    allocated_at timestamp with time zone NOT NULL,
    CONSTRAINT allocation_currency_check CHECK ((currency = ANY (ARRAY['CNY'::text, 'HKD'::text, 'USD'::text, 'EUR'::text])))
);

ALTER TABLE ONLY allocation FORCE ROW LEVEL SECURITY;

CREATE TABLE allocation_call (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    allocation_id uuid NOT NULL,
    clause text NOT NULL,
    is_general boolean NOT NULL,
    party text NOT NULL,
    per text NOT NULL,
    period text NOT NULL,
    called bigint NOT NULL,
    within bigint NOT NULL,
    CONSTRAINT allocation_call_party_check CHECK ((party = ANY (ARRAY['agency'::text, 'merchant'::text, 'platform'::text, 'carrier'::text, 'supplier'::text, 'consumer'::text, 'force_majeure'::text]))),
    CONSTRAINT allocation_call_per_check CHECK ((per = ANY (ARRAY['month'::text, 'term'::text])))
);

ALTER TABLE ONLY allocation_call FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN allocation_call.within IS 'what of the call the cap let its party bear, in fen';

CREATE TABLE allocation_part (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    allocation_id uuid NOT NULL,
    "position" integer NOT NULL,
    cause text NOT NULL,
    party text NOT NULL,
    fen bigint NOT NULL,
    clause text NOT NULL,
    is_general boolean NOT NULL,
    failed_to text,
    steps jsonb NOT NULL,
    CONSTRAINT allocation_part_cause_check CHECK ((cause = ANY (ARRAY['agency'::text, 'merchant'::text, 'platform'::text, 'carrier'::text, 'supplier'::text, 'consumer'::text, 'force_majeure'::text]))),
    CONSTRAINT allocation_part_failed_to_check CHECK ((failed_to = ANY (ARRAY['agency'::text, 'merchant'::text, 'platform'::text, 'carrier'::text, 'supplier'::text, 'consumer'::text, 'force_majeure'::text]))),
    CONSTRAINT allocation_part_party_check CHECK ((party = ANY (ARRAY['agency'::text, 'merchant'::text, 'platform'::text, 'carrier'::text, 'supplier'::text, 'consumer'::text, 'force_majeure'::text]))),
    CONSTRAINT ck_allocation_part_bearer CHECK ((party <> 'force_majeure'::text))
);

ALTER TABLE ONLY allocation_part FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN allocation_part.steps IS 'how the part came about; the steps add up to fen';

CREATE TABLE analysis (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    cause text NOT NULL,
    root_cause text,
    responsible_department text,
    responsible_person uuid,
    analysed_by uuid NOT NULL,
    analysed_at timestamp with time zone NOT NULL,
    CONSTRAINT analysis_responsible_department_check CHECK ((responsible_department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT analysis_root_cause_check CHECK ((root_cause = ANY (ARRAY['market'::text, 'competitor'::text, 'campaign_change'::text, 'own_operation'::text, 'platform_rule'::text, 'technical'::text])))
);

ALTER TABLE ONLY analysis FORCE ROW LEVEL SECURITY;

CREATE TABLE api_key (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    acting_for uuid,
    key_id text NOT NULL,
    secret_hash bytea NOT NULL,
    name text NOT NULL,
    scopes jsonb NOT NULL,
    made_by uuid,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by uuid
);

ALTER TABLE ONLY api_key FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN api_key.acting_for IS 'the merchant that a merchant''s key acts for';

CREATE TABLE assignment (
    merchant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    assigned_at timestamp with time zone NOT NULL,
    assigned_by uuid
);

ALTER TABLE ONLY assignment FORCE ROW LEVEL SECURITY;

CREATE TABLE attachment (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    audience text NOT NULL,
    entry_id uuid NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    storage_key text NOT NULL,
    added_by uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT attachment_audience_check CHECK ((audience = ANY (ARRAY['agency'::text, 'merchant'::text]))),
    CONSTRAINT attachment_name_check CHECK ((name <> ''::text)),
    CONSTRAINT attachment_sha256_check CHECK ((length(sha256) = 64)),
    CONSTRAINT attachment_size_check CHECK ((size >= 0))
);

ALTER TABLE ONLY attachment FORCE ROW LEVEL SECURITY;

CREATE TABLE audit_checkpoint (
    size bigint NOT NULL,
    root bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    note text NOT NULL,
    frontier bytea NOT NULL,
    CONSTRAINT ck_audit_checkpoint_root CHECK ((octet_length(root) = 32))
);

ALTER TABLE ONLY audit_checkpoint FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN audit_checkpoint.note IS 'the signed statement, as published; the other columns repeat it';

COMMENT ON COLUMN audit_checkpoint.frontier IS 'roots of the complete subtrees that make up the tree, largest first: what appending needs';

CREATE TABLE audit_hash (
    height integer NOT NULL,
    "position" bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT ck_audit_hash_hash CHECK ((octet_length(hash) = 32))
);

ALTER TABLE ONLY audit_hash FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE audit_hash IS 'roots of complete subtrees of 2^height leaves; only heights 0, 8, 16 … are kept, the rest is computed';

CREATE TABLE audit_leaf (
    id uuid NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    action text NOT NULL,
    actor_id uuid NOT NULL,
    actor_side text NOT NULL,
    merchant_id uuid,
    subject_id uuid,
    ticket_id uuid,
    sealed_for uuid,
    body bytea NOT NULL,
    leaf_hash bytea NOT NULL,
    CONSTRAINT ck_audit_leaf_actor_side CHECK ((actor_side = ANY (ARRAY['agency'::text, 'merchant'::text, 'system'::text]))),
    CONSTRAINT ck_audit_leaf_leaf_hash CHECK ((octet_length(leaf_hash) = 32))
);

ALTER TABLE ONLY audit_leaf FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN audit_leaf.xid IS 'the transaction that wrote it: by this and the id the sealer orders';

COMMENT ON COLUMN audit_leaf.sealed_for IS 'whose key the body is sealed with: the merchant''s or, by the tenant''s id, the agency''s; null: readable';

CREATE TABLE audit_sequence (
    seq bigint NOT NULL,
    leaf_id uuid NOT NULL,
    CONSTRAINT ck_audit_sequence_seq CHECK ((seq >= 0))
);

ALTER TABLE ONLY audit_sequence FORCE ROW LEVEL SECURITY;

CREATE TABLE bill_mapping (
    id uuid NOT NULL,
    name text NOT NULL,
    headings text[] NOT NULL,
    mapping jsonb NOT NULL,
    is_retired boolean NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_bill_mapping_headings CHECK ((cardinality(headings) > 0)),
    CONSTRAINT ck_bill_mapping_name CHECK (((name ~ '\S'::text) AND (length(name) <= 60)))
);

ALTER TABLE ONLY bill_mapping FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE bill_mapping IS 'the latest row of a name is in force; the name is the source of its lines';

CREATE TABLE breach (
    id uuid NOT NULL,
    number text NOT NULL,
    discovered_at timestamp with time zone NOT NULL,
    data_kinds jsonb NOT NULL,
    people integer,
    cause text NOT NULL,
    harm text NOT NULL,
    measures text NOT NULL,
    advice text NOT NULL,
    contact text NOT NULL,
    merchants jsonb NOT NULL,
    merchants_due_at timestamp with time zone NOT NULL,
    authority_due_at timestamp with time zone NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT breach_people_check CHECK ((people >= 0))
);

ALTER TABLE ONLY breach FORCE ROW LEVEL SECURITY;

CREATE TABLE breach_notice (
    id uuid NOT NULL,
    breach_id uuid NOT NULL,
    merchant_id uuid,
    number text NOT NULL,
    addressee text NOT NULL,
    method text NOT NULL,
    document bytea NOT NULL,
    sha256 text NOT NULL,
    told_by uuid NOT NULL,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT breach_notice_check CHECK ((sha256 = encode(sha256(document), 'hex'::text)))
);

ALTER TABLE ONLY breach_notice FORCE ROW LEVEL SECURITY;

CREATE TABLE budget (
    id uuid NOT NULL,
    department text,
    merchant_id uuid,
    category text,
    per text NOT NULL,
    first_day date NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT budget_category_check CHECK ((category = ANY (ARRAY['labour_overtime'::text, 'labour_specialist'::text, 'material_equipment'::text, 'material_licence'::text, 'communication'::text, 'freight'::text, 'return_exchange'::text, 'repair'::text, 'compensation'::text, 'inspection'::text]))),
    CONSTRAINT budget_department_check CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT budget_per_check CHECK ((per = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text]))),
    CONSTRAINT ck_budget_first_day CHECK ((first_day = (date_trunc(per, (first_day)::timestamp without time zone))::date)),
    CONSTRAINT ck_budget_scope CHECK ((num_nonnulls(department, merchant_id, category) > 0))
);

ALTER TABLE ONLY budget FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE budget IS 'what is budgeted; NULL covers any, and the same scope and period is one row';

CREATE TABLE budget_passing (
    id uuid NOT NULL,
    budget_id uuid NOT NULL,
    version_id uuid NOT NULL,
    threshold text NOT NULL,
    used_fen bigint NOT NULL,
    passed_at timestamp with time zone NOT NULL,
    CONSTRAINT budget_passing_threshold_check CHECK ((threshold = ANY (ARRAY['warned'::text, 'flagged'::text])))
);

ALTER TABLE ONLY budget_passing FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE budget_passing IS 'that a threshold was passed and told, once per version';

CREATE TABLE budget_version (
    id uuid NOT NULL,
    budget_id uuid NOT NULL,
    version integer NOT NULL,
    fen bigint,
    reason text NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_budget_version_fen CHECK (((fen >= 1) AND (fen <= '1000000000000'::bigint))),
    CONSTRAINT ck_budget_version_reason CHECK (((fen IS NOT NULL) OR (reason <> ''::text))),
    CONSTRAINT ck_budget_version_version CHECK ((version > 0))
);

ALTER TABLE ONLY budget_version FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN budget_version.fen IS 'the latest version counts; NULL: not in force any more';

CREATE TABLE calendar_day (
    id uuid NOT NULL,
    calendar text NOT NULL,
    day date NOT NULL,
    working boolean NOT NULL,
    name text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL
);

ALTER TABLE ONLY calendar_day FORCE ROW LEVEL SECURITY;

CREATE TABLE calendar_setting (
    id uuid NOT NULL,
    code text NOT NULL,
    department text,
    label text NOT NULL,
    zone text NOT NULL,
    week jsonb NOT NULL,
    rule text NOT NULL,
    makeup_hours text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL,
    CONSTRAINT calendar_setting_code_check CHECK ((code ~ '^[a-z][a-z0-9_]*$'::text)),
    CONSTRAINT calendar_setting_department_check CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT calendar_setting_label_check CHECK ((label <> ''::text)),
    CONSTRAINT calendar_setting_rule_check CHECK ((rule = ANY (ARRAY['every_day'::text, 'china'::text, 'own'::text]))),
    CONSTRAINT calendar_setting_week_check CHECK ((jsonb_array_length(week) = 7))
);

ALTER TABLE ONLY calendar_setting FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN calendar_setting.week IS 'the hours of Monday to Sunday, e.g. 09:00-12:00, 13:30-18:00';

CREATE TABLE calendar_year (
    id uuid NOT NULL,
    year integer NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    entered_by uuid
);

ALTER TABLE ONLY calendar_year FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN calendar_year.entered_by IS 'null for a year that came published with the product';

CREATE TABLE canned_answer (
    id uuid NOT NULL,
    account_id uuid,
    department text,
    title text NOT NULL,
    body text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL,
    CONSTRAINT ck_canned_answer_body CHECK ((body <> ''::text)),
    CONSTRAINT ck_canned_answer_title CHECK ((title <> ''::text)),
    CONSTRAINT ck_canned_answer_whose CHECK (((account_id IS NULL) OR (department IS NULL)))
);

ALTER TABLE ONLY canned_answer FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE canned_answer IS 'of one account, of one department, or of the whole agency if of neither';

CREATE TABLE carried_over (
    id uuid NOT NULL,
    month date NOT NULL,
    matter text NOT NULL,
    subject_id uuid NOT NULL,
    fen bigint NOT NULL,
    currency text NOT NULL,
    reason text NOT NULL,
    carried_by uuid NOT NULL,
    carried_at timestamp with time zone NOT NULL,
    CONSTRAINT carried_over_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT carried_over_matter_check CHECK ((matter = ANY (ARRAY['unverified'::text, 'unallocated'::text, 'undetermined'::text, 'unreconciled'::text, 'difference'::text, 'disputed'::text, 'contested'::text]))),
    CONSTRAINT carried_over_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY carried_over FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE carried_over IS 'what was open as the month was closed and goes over into the next, with the reason; decided per month';

CREATE TABLE claim_conclusion (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    part_id uuid NOT NULL,
    result text NOT NULL,
    received_fen bigint NOT NULL,
    rest_fen bigint NOT NULL,
    rest_to text,
    concluded_by uuid NOT NULL,
    concluded_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_claim_conclusion_rest CHECK (((rest_fen = 0) = (rest_to IS NULL))),
    CONSTRAINT claim_conclusion_rest_to_check CHECK ((rest_to = ANY (ARRAY['agency'::text, 'merchant'::text, 'platform'::text, 'carrier'::text, 'supplier'::text, 'consumer'::text, 'force_majeure'::text]))),
    CONSTRAINT claim_conclusion_result_check CHECK ((result = ANY (ARRAY['won'::text, 'partly'::text, 'failed'::text])))
);

ALTER TABLE ONLY claim_conclusion FORCE ROW LEVEL SECURITY;

CREATE TABLE clock_change (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    clock_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    cause text NOT NULL,
    old_due_at timestamp with time zone,
    new_due_at timestamp with time zone,
    old_limit jsonb,
    new_limit jsonb,
    CONSTRAINT clock_change_cause_check CHECK ((cause = ANY (ARRAY['urgency'::text, 'contract'::text, 'department'::text, 'setting'::text, 'calendar'::text])))
);

ALTER TABLE ONLY clock_change FORCE ROW LEVEL SECURITY;

CREATE TABLE clock_stop (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    reason text NOT NULL,
    CONSTRAINT ck_clock_stop_until CHECK ((until >= since))
);

ALTER TABLE ONLY clock_stop FORCE ROW LEVEL SECURITY;

CREATE TABLE closure (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    outcome text NOT NULL,
    said text,
    merged_into uuid,
    closed_by uuid NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    CONSTRAINT closure_outcome_check CHECK ((outcome = ANY (ARRAY['resolved'::text, 'withdrawn'::text, 'refused'::text, 'merged'::text, 'unanswered'::text])))
);

ALTER TABLE ONLY closure FORCE ROW LEVEL SECURITY;

CREATE TABLE consent_end (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    disclosure_id uuid NOT NULL,
    part text NOT NULL,
    sort text NOT NULL,
    reason text NOT NULL,
    ended_by uuid NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    CONSTRAINT consent_end_part_check CHECK ((part = ANY (ARRAY['general'::text, 'sensitive'::text]))),
    CONSTRAINT consent_end_sort_check CHECK ((sort = ANY (ARRAY['refused'::text, 'retracted'::text, 'withdrawn'::text, 'expired'::text])))
);

ALTER TABLE ONLY consent_end FORCE ROW LEVEL SECURITY;

CREATE TABLE consent_signature (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    disclosure_id uuid NOT NULL,
    part text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    session_id uuid NOT NULL,
    second_factor boolean NOT NULL,
    sha256 text NOT NULL,
    signed_by uuid NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT consent_signature_part_check CHECK ((part = ANY (ARRAY['general'::text, 'sensitive'::text])))
);

ALTER TABLE ONLY consent_signature FORCE ROW LEVEL SECURITY;

CREATE TABLE consumer_record (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    origin_id uuid NOT NULL,
    shop_id uuid,
    quantity integer NOT NULL,
    is_private boolean NOT NULL,
    wanted text,
    added_by uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    ending text,
    ended_by uuid,
    ended_at timestamp with time zone,
    seal_version integer DEFAULT 0 NOT NULL,
    name bytea,
    phone bytea,
    phone_last4 bytea,
    phone_exact bytea,
    address bytea,
    order_number bytea,
    order_number_exact bytea,
    product bytea,
    specification bytea,
    usage bytea,
    happened bytea,
    CONSTRAINT ck_address_sealed CHECK (((substr(address, 1, 3) = '\xa55346'::bytea) AND (octet_length(address) >= 85))),
    CONSTRAINT ck_consumer_record_ending CHECK (((ending IS NULL) = (ended_at IS NULL))),
    CONSTRAINT ck_happened_sealed CHECK (((substr(happened, 1, 3) = '\xa55346'::bytea) AND (octet_length(happened) >= 85))),
    CONSTRAINT ck_name_sealed CHECK (((substr(name, 1, 3) = '\xa55346'::bytea) AND (octet_length(name) >= 85))),
    CONSTRAINT ck_order_number_exact_blind CHECK ((octet_length(order_number_exact) = 3)),
    CONSTRAINT ck_order_number_sealed CHECK (((substr(order_number, 1, 3) = '\xa55346'::bytea) AND (octet_length(order_number) >= 85))),
    CONSTRAINT ck_phone_exact_blind CHECK ((octet_length(phone_exact) = 1)),
    CONSTRAINT ck_phone_last4_blind CHECK ((octet_length(phone_last4) = 2)),
    CONSTRAINT ck_phone_sealed CHECK (((substr(phone, 1, 3) = '\xa55346'::bytea) AND (octet_length(phone) >= 85))),
    CONSTRAINT ck_product_sealed CHECK (((substr(product, 1, 3) = '\xa55346'::bytea) AND (octet_length(product) >= 85))),
    CONSTRAINT ck_specification_sealed CHECK (((substr(specification, 1, 3) = '\xa55346'::bytea) AND (octet_length(specification) >= 85))),
    CONSTRAINT ck_usage_sealed CHECK (((substr(usage, 1, 3) = '\xa55346'::bytea) AND (octet_length(usage) >= 85))),
    CONSTRAINT consumer_record_check CHECK (((ended_by IS NULL) = (ended_at IS NULL))),
    CONSTRAINT consumer_record_ending_check CHECK ((ending = ANY (ARRAY['corrected'::text, 'removed'::text]))),
    CONSTRAINT consumer_record_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT consumer_record_seal_version_check CHECK ((seal_version >= 0)),
    CONSTRAINT consumer_record_wanted_check CHECK ((wanted = ANY (ARRAY['return_refund'::text, 'refund_only'::text, 'exchange'::text, 'repair'::text, 'reissue'::text, 'compensation'::text])))
);

ALTER TABLE ONLY consumer_record FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN consumer_record.origin_id IS 'the id of the record''s first row, by which it is known';

CREATE TABLE contract (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    number text NOT NULL,
    title text NOT NULL,
    drawn_up_at timestamp with time zone NOT NULL,
    drawn_up_by uuid,
    CONSTRAINT ck_contract_number CHECK ((number <> ''::text))
);

ALTER TABLE ONLY contract FORCE ROW LEVEL SECURITY;

CREATE TABLE contract_amount (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    version_id uuid NOT NULL,
    clause text NOT NULL,
    party text NOT NULL,
    per text NOT NULL,
    seal_version integer DEFAULT 0 NOT NULL,
    amount bytea NOT NULL,
    category text DEFAULT ''::text NOT NULL,
    CONSTRAINT ck_amount_sealed CHECK (((substr(amount, 1, 3) = '\xa55346'::bytea) AND (octet_length(amount) >= 85))),
    CONSTRAINT ck_contract_amount_category CHECK ((category = ANY (ARRAY[''::text, 'labour_overtime'::text, 'labour_specialist'::text, 'material_equipment'::text, 'material_licence'::text, 'communication'::text, 'freight'::text, 'return_exchange'::text, 'repair'::text, 'compensation'::text, 'inspection'::text]))),
    CONSTRAINT ck_contract_amount_party CHECK ((party = ANY (ARRAY['agency'::text, 'merchant'::text, 'platform'::text, 'carrier'::text, 'supplier'::text, 'consumer'::text, 'force_majeure'::text]))),
    CONSTRAINT ck_contract_amount_per CHECK ((per = ANY (ARRAY['item'::text, 'month'::text, 'term'::text, 'minimum'::text, 'reasonable'::text, 'deductible'::text]))),
    CONSTRAINT contract_amount_seal_version_check CHECK ((seal_version >= 0))
);

ALTER TABLE ONLY contract_amount FORCE ROW LEVEL SECURITY;

CREATE TABLE contract_document (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    version_id uuid NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    storage_key text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by uuid,
    is_sealed boolean DEFAULT false NOT NULL,
    CONSTRAINT ck_contract_document_name CHECK ((name <> ''::text)),
    CONSTRAINT ck_contract_document_sha256 CHECK ((length(sha256) = 32)),
    CONSTRAINT ck_contract_document_size CHECK ((size >= 0))
);

ALTER TABLE ONLY contract_document FORCE ROW LEVEL SECURITY;

CREATE TABLE contract_version (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version integer NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    terms jsonb NOT NULL,
    drafted_at timestamp with time zone NOT NULL,
    drafted_by uuid,
    in_force_at timestamp with time zone,
    in_force_by uuid,
    ended_on date,
    ended_at timestamp with time zone,
    ended_by uuid,
    end_reason text,
    CONSTRAINT ck_contract_version_ended CHECK ((((ended_on IS NULL) = (ended_at IS NULL)) AND ((ended_on IS NULL) = (end_reason IS NULL)) AND ((ended_on IS NULL) OR (in_force_at IS NOT NULL)))),
    CONSTRAINT ck_contract_version_ended_on CHECK ((ended_on >= (valid_from - 1))),
    CONSTRAINT ck_contract_version_valid CHECK ((valid_until >= valid_from)),
    CONSTRAINT ck_contract_version_version CHECK ((version >= 1))
);

ALTER TABLE ONLY contract_version FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN contract_version.valid_until IS 'the last day as agreed; null while open-ended';

COMMENT ON COLUMN contract_version.ended_on IS 'the last day after an early end; the day before valid_from when it never took effect';

CREATE TABLE cost_deed (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    item_id uuid NOT NULL,
    deed text NOT NULL,
    reason text NOT NULL,
    seen jsonb NOT NULL,
    done_by uuid NOT NULL,
    done_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_cost_deed_deed CHECK ((deed = ANY (ARRAY['changed'::text, 'submitted'::text, 'returned'::text, 'verified'::text, 'countersigned'::text, 'withdrawn'::text, 'allocated'::text, 'take_back_asked'::text, 'taken_back'::text]))),
    CONSTRAINT ck_cost_deed_reason CHECK (((deed <> ALL (ARRAY['returned'::text, 'take_back_asked'::text, 'taken_back'::text])) OR (reason <> ''::text)))
);

ALTER TABLE ONLY cost_deed FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN cost_deed.seen IS 'what the verifier had before them: amount, evidence, what was flagged';

CREATE TABLE cost_evidence (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    item_id uuid NOT NULL,
    attachment_id uuid,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    storage_key text NOT NULL,
    added_by uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    removed_by uuid,
    removed_at timestamp with time zone,
    CONSTRAINT cost_evidence_check CHECK (((removed_by IS NULL) = (removed_at IS NULL))),
    CONSTRAINT cost_evidence_name_check CHECK ((name <> ''::text)),
    CONSTRAINT cost_evidence_sha256_check CHECK ((length(sha256) = 64)),
    CONSTRAINT cost_evidence_size_check CHECK ((size >= 0))
);

ALTER TABLE ONLY cost_evidence FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN cost_evidence.sha256 IS 'of the plain content; by it the same file is found twice';

CREATE TABLE cost_item (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    number text NOT NULL,
    category text NOT NULL,
    fen bigint NOT NULL,
    tax_fen bigint NOT NULL,
    currency text NOT NULL,
    incurred_on date NOT NULL,
    note text NOT NULL,
    department text,
    claimed_by uuid NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    state_since timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_cost_item_fen CHECK (((fen >= 1) AND (fen <= '1000000000000'::bigint))),
    CONSTRAINT ck_cost_item_tax_fen CHECK (((tax_fen >= 0) AND (tax_fen <= fen))),
    CONSTRAINT cost_item_category_check CHECK ((category = ANY (ARRAY['labour_overtime'::text, 'labour_specialist'::text, 'material_equipment'::text, 'material_licence'::text, 'communication'::text, 'freight'::text, 'return_exchange'::text, 'repair'::text, 'compensation'::text, 'inspection'::text]))),
    CONSTRAINT cost_item_currency_check CHECK ((currency = ANY (ARRAY['CNY'::text, 'HKD'::text, 'USD'::text, 'EUR'::text]))),
    CONSTRAINT cost_item_department_check CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT cost_item_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'countersigning'::text, 'returned'::text, 'verified'::text, 'allocated'::text, 'withdrawn'::text])))
);

ALTER TABLE ONLY cost_item FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN cost_item.fen IS 'the whole amount in hundredths of the currency, tax included';

CREATE TABLE cost_rules (
    id uuid NOT NULL,
    four_eyes_fen bigint,
    workday_percent integer NOT NULL,
    rest_day_percent integer NOT NULL,
    holiday_percent integer NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_cost_rules_four_eyes_fen CHECK (((four_eyes_fen >= 0) AND (four_eyes_fen <= '1000000000000'::bigint))),
    CONSTRAINT ck_cost_rules_holiday CHECK ((holiday_percent >= 300)),
    CONSTRAINT ck_cost_rules_rest_day CHECK ((rest_day_percent >= 200)),
    CONSTRAINT ck_cost_rules_workday CHECK ((workday_percent >= 150))
);

ALTER TABLE ONLY cost_rules FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE cost_rules IS 'the latest row counts';

CREATE TABLE course_count (
    only_one boolean DEFAULT true NOT NULL,
    calendars text NOT NULL,
    reached uuid,
    finished_at timestamp with time zone,
    CONSTRAINT course_count_only_one_check CHECK (only_one)
);

ALTER TABLE ONLY course_count FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE course_count IS 'how far all courses were counted, and under which calendars';

CREATE TABLE course_owed (
    merchant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    tickets uuid[] NOT NULL
);

ALTER TABLE ONLY course_owed FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE course_owed IS 'tickets whose courses a job has yet to make; without tickets: only compared';

CREATE TABLE credential (
    account_id uuid NOT NULL,
    login text NOT NULL,
    email text,
    phone text
);

ALTER TABLE ONLY credential FORCE ROW LEVEL SECURITY;

CREATE TABLE data_key (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    purpose text NOT NULL,
    version integer NOT NULL,
    wrapped bytea,
    state text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT ck_data_key_purpose CHECK ((purpose = ANY (ARRAY['data'::text, 'index'::text]))),
    CONSTRAINT ck_data_key_state CHECK ((state = ANY (ARRAY['current'::text, 'opening'::text, 'retired'::text, 'destroyed'::text]))),
    CONSTRAINT ck_data_key_version CHECK ((version > 0)),
    CONSTRAINT ck_data_key_wrapped CHECK (((wrapped IS NULL) = (state = 'destroyed'::text)))
);

ALTER TABLE ONLY data_key FORCE ROW LEVEL SECURITY;

CREATE TABLE data_return (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    number text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    begun_by uuid NOT NULL,
    begun_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY data_return FORCE ROW LEVEL SECURITY;

CREATE TABLE data_return_step (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    return_id uuid NOT NULL,
    step text NOT NULL,
    details jsonb NOT NULL,
    done_by uuid NOT NULL,
    done_at timestamp with time zone NOT NULL,
    CONSTRAINT data_return_step_step_check CHECK ((step = ANY (ARRAY['chosen_return'::text, 'chosen_deletion'::text, 'handed_over'::text, 'erasing'::text, 'destruction_proposed'::text])))
);

ALTER TABLE ONLY data_return_step FORCE ROW LEVEL SECURITY;

CREATE TABLE decoy (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    subject_table text NOT NULL,
    row_id uuid NOT NULL,
    note text NOT NULL,
    planted_at timestamp with time zone NOT NULL,
    planted_by uuid NOT NULL,
    lifted_at timestamp with time zone,
    lifted_by uuid,
    CONSTRAINT ck_decoy_lifted CHECK (((lifted_at IS NULL) = (lifted_by IS NULL)))
);

ALTER TABLE ONLY decoy FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE decoy IS 'which rows are bait; whoever works with them never learns it';

CREATE TABLE decoy_alarm (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    decoy_id uuid NOT NULL,
    account_id uuid NOT NULL,
    touch text NOT NULL,
    touched_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_decoy_alarm_touch CHECK ((touch = ANY (ARRAY['listed'::text, 'found'::text, 'revealed'::text])))
);

ALTER TABLE ONLY decoy_alarm FORCE ROW LEVEL SECURITY;

CREATE TABLE determination (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    basis text NOT NULL,
    clause text NOT NULL,
    reason text,
    replaces_id uuid,
    determined_by uuid NOT NULL,
    determined_at timestamp with time zone NOT NULL,
    audience text NOT NULL,
    level text,
    CONSTRAINT ck_determination_audience CHECK ((audience = ANY (ARRAY['agency'::text, 'merchant'::text]))),
    CONSTRAINT ck_determination_level CHECK ((level = ANY (ARRAY['supervisor'::text, 'executive'::text])))
);

ALTER TABLE ONLY determination FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN determination.level IS 'null where the department itself determined';

CREATE TABLE determination_objection (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    determination_id uuid NOT NULL,
    level text NOT NULL,
    reason text NOT NULL,
    attachment_id uuid,
    heard jsonb,
    raised_by uuid NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    CONSTRAINT determination_objection_level_check CHECK ((level = ANY (ARRAY['supervisor'::text, 'executive'::text])))
);

ALTER TABLE ONLY determination_objection FORCE ROW LEVEL SECURITY;

CREATE TABLE determination_review (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    objection_id uuid NOT NULL,
    outcome text NOT NULL,
    level text NOT NULL,
    reason text NOT NULL,
    determination_id uuid,
    reviewed_by uuid NOT NULL,
    reviewed_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_determination_review_replaced CHECK (((outcome = 'replaced'::text) = (determination_id IS NOT NULL))),
    CONSTRAINT determination_review_level_check CHECK ((level = ANY (ARRAY['supervisor'::text, 'executive'::text]))),
    CONSTRAINT determination_review_outcome_check CHECK ((outcome = ANY (ARRAY['upheld'::text, 'replaced'::text])))
);

ALTER TABLE ONLY determination_review FORCE ROW LEVEL SECURITY;

CREATE TABLE determination_share (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    determination_id uuid NOT NULL,
    party text NOT NULL,
    basis_points integer NOT NULL,
    audience text NOT NULL,
    CONSTRAINT ck_determination_share_audience CHECK ((audience = ANY (ARRAY['agency'::text, 'merchant'::text]))),
    CONSTRAINT determination_share_basis_points_check CHECK (((basis_points >= 1) AND (basis_points <= 10000))),
    CONSTRAINT determination_share_party_check CHECK ((party = ANY (ARRAY['agency'::text, 'merchant'::text, 'platform'::text, 'carrier'::text, 'supplier'::text, 'consumer'::text, 'force_majeure'::text])))
);

ALTER TABLE ONLY determination_share FORCE ROW LEVEL SECURITY;

CREATE TABLE disclosure (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    number text NOT NULL,
    recipient_name text NOT NULL,
    recipient_kind text NOT NULL,
    purpose text NOT NULL,
    asks_sensitive boolean NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    document bytea NOT NULL,
    sha256 text NOT NULL,
    requested_by uuid NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    CONSTRAINT disclosure_check CHECK ((valid_until > valid_from)),
    CONSTRAINT disclosure_check1 CHECK ((sha256 = encode(sha256(document), 'hex'::text))),
    CONSTRAINT disclosure_recipient_kind_check CHECK ((recipient_kind = ANY (ARRAY['carrier'::text, 'platform'::text, 'supplier'::text, 'lawyer'::text, 'authority'::text, 'appraiser'::text, 'insurer'::text, 'other'::text])))
);

ALTER TABLE ONLY disclosure FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN disclosure.document IS 'the canonical text that is shown, hashed and signed';

CREATE TABLE disclosure_export (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    disclosure_id uuid NOT NULL,
    sequence integer NOT NULL,
    format text NOT NULL,
    fields jsonb NOT NULL,
    row_count integer NOT NULL,
    left_out integer NOT NULL,
    attachment_id uuid,
    file_name text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    leaf_hash bytea NOT NULL,
    exported_by uuid NOT NULL,
    exported_at timestamp with time zone NOT NULL,
    CONSTRAINT disclosure_export_format_check CHECK ((format = ANY (ARRAY['xlsx'::text, 'json'::text, 'file'::text]))),
    CONSTRAINT disclosure_export_sequence_check CHECK ((sequence >= 1))
);

ALTER TABLE ONLY disclosure_export FORCE ROW LEVEL SECURITY;

CREATE TABLE dismissal (
    account_id uuid NOT NULL,
    shown text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT ck_dismissal_shown CHECK ((shown = 'first_steps'::text))
);

ALTER TABLE ONLY dismissal FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE dismissal IS 'what a person does not want to be shown any more';

CREATE TABLE entrustment (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version integer NOT NULL,
    purpose text NOT NULL,
    duration text NOT NULL,
    method text NOT NULL,
    data_kinds jsonb NOT NULL,
    measures text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT entrustment_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY entrustment FORCE ROW LEVEL SECURITY;

CREATE TABLE entry (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    audience text NOT NULL,
    at timestamp with time zone NOT NULL,
    sort text NOT NULL,
    author_id uuid NOT NULL,
    author_name text NOT NULL,
    author_side text NOT NULL,
    move text,
    body text,
    record jsonb NOT NULL,
    changes jsonb NOT NULL,
    round integer NOT NULL,
    version integer NOT NULL,
    part_of uuid,
    corrects uuid,
    CONSTRAINT ck_entry_move CHECK (((sort <> 'move'::text) OR (move IS NOT NULL))),
    CONSTRAINT entry_audience_check CHECK ((audience = ANY (ARRAY['agency'::text, 'merchant'::text]))),
    CONSTRAINT entry_author_side_check CHECK ((author_side = ANY (ARRAY['agency'::text, 'merchant'::text]))),
    CONSTRAINT entry_sort_check CHECK ((sort = ANY (ARRAY['message'::text, 'note'::text, 'contact'::text, 'move'::text, 'system'::text, 'attachment'::text])))
);

ALTER TABLE ONLY entry FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN entry.audience IS 'merchant: both sides read it; agency: it never leaves the agency';

COMMENT ON COLUMN entry.version IS 'the ticket''s version after it';

COMMENT ON COLUMN entry.part_of IS 'the entry both sides read, of which this is what the agency alone reads';

CREATE TABLE erasure (
    id uuid NOT NULL,
    number bigint NOT NULL,
    run_id uuid NOT NULL,
    kind text NOT NULL,
    subject_table text NOT NULL,
    subject_id uuid NOT NULL,
    merchant_id uuid,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY erasure FORCE ROW LEVEL SECURITY;

CREATE TABLE erasure_certificate (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    return_id uuid NOT NULL,
    number text NOT NULL,
    document bytea NOT NULL,
    sha256 text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    session_id uuid NOT NULL,
    second_factor boolean NOT NULL,
    signed_by uuid NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT erasure_certificate_check CHECK ((sha256 = encode(sha256(document), 'hex'::text)))
);

ALTER TABLE ONLY erasure_certificate FORCE ROW LEVEL SECURITY;

CREATE TABLE erasure_head (
    id uuid NOT NULL,
    one boolean DEFAULT true NOT NULL,
    number bigint NOT NULL,
    mac text NOT NULL,
    CONSTRAINT ck_erasure_head_one CHECK (one)
);

ALTER TABLE ONLY erasure_head FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE erasure_head IS 'the last batch of the list outside the database that was carried out in this one';

CREATE TABLE erasure_line (
    id uuid NOT NULL,
    run_id uuid NOT NULL,
    kind text NOT NULL,
    subjects integer NOT NULL,
    cells integer NOT NULL,
    files integer NOT NULL
);

ALTER TABLE ONLY erasure_line FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN erasure_line.cells IS 'rows of which content was blanked, or that were deleted';

CREATE TABLE erasure_run (
    id uuid CONSTRAINT erasure_run_id_not_null1 NOT NULL,
    cause text NOT NULL,
    of_merchant uuid,
    subjects jsonb,
    started_at timestamp with time zone NOT NULL,
    started_by uuid,
    finished_at timestamp with time zone,
    CONSTRAINT erasure_run_cause_check CHECK ((cause = ANY (ARRAY['daily'::text, 'merchant'::text, 'request'::text, 'restored'::text])))
);

ALTER TABLE ONLY erasure_run FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN erasure_run.of_merchant IS 'everything of this merchant is erased, whatever its period';

COMMENT ON COLUMN erasure_run.subjects IS 'only these rows are erased, by kind, whatever their period';

CREATE TABLE erasure_skip (
    id uuid NOT NULL,
    run_id uuid NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    rows integer NOT NULL,
    example text NOT NULL
);

ALTER TABLE ONLY erasure_skip FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN erasure_skip.example IS 'the number of the dispute or the id of the hold that keeps them';

CREATE TABLE escalation (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    level text NOT NULL,
    reason text NOT NULL,
    escalated_by uuid NOT NULL,
    escalated_at timestamp with time zone NOT NULL,
    decision text,
    decided_by uuid,
    decided_at timestamp with time zone,
    CONSTRAINT ck_escalation_decision CHECK (((decision IS NULL) = (decided_at IS NULL))),
    CONSTRAINT escalation_check CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
    CONSTRAINT escalation_level_check CHECK ((level = ANY (ARRAY['supervisor'::text, 'executive'::text])))
);

ALTER TABLE ONLY escalation FORCE ROW LEVEL SECURITY;

CREATE TABLE evidence_item (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    sort text NOT NULL,
    content text NOT NULL,
    attachment_id uuid,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT evidence_item_sort_check CHECK ((sort = ANY (ARRAY['contract_document'::text, 'service_record'::text, 'communication_record'::text])))
);

ALTER TABLE ONLY evidence_item FORCE ROW LEVEL SECURITY;

CREATE TABLE external_line (
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    derived_by uuid,
    source text NOT NULL,
    account text NOT NULL,
    number integer NOT NULL,
    booked_on date NOT NULL,
    fen bigint NOT NULL,
    currency text NOT NULL,
    refs text[] NOT NULL,
    counterparty text NOT NULL,
    text text NOT NULL,
    natural_key text NOT NULL,
    nature text DEFAULT ''::text NOT NULL,
    CONSTRAINT ck_external_line_currency CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT ck_external_line_fen CHECK (((fen >= '-1000000000000'::bigint) AND (fen <= '1000000000000'::bigint))),
    CONSTRAINT ck_external_line_natural_key CHECK ((natural_key <> ''::text)),
    CONSTRAINT ck_external_line_refs CHECK ((cardinality(refs) <= 6))
);

ALTER TABLE ONLY external_line FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN external_line.derived_by IS 'the division that made this line of others';

COMMENT ON COLUMN external_line.natural_key IS 'what names the movement in every file that brings it; of a derived line its id';

COMMENT ON COLUMN external_line.nature IS 'billing.bills.shapes.Nature; empty in lines from before it was kept';

CREATE TABLE factor (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    analysis_id uuid NOT NULL,
    factor text NOT NULL,
    basis_points integer NOT NULL,
    CONSTRAINT factor_basis_points_check CHECK (((basis_points >= 1) AND (basis_points <= 10000))),
    CONSTRAINT factor_factor_check CHECK ((factor = ANY (ARRAY['market'::text, 'competitor'::text, 'campaign_change'::text, 'own_operation'::text, 'platform_rule'::text, 'technical'::text])))
);

ALTER TABLE ONLY factor FORCE ROW LEVEL SECURITY;

CREATE TABLE file_place (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    file_key text NOT NULL,
    storage_key text NOT NULL,
    key_version integer NOT NULL,
    next_key text,
    broken_at timestamp with time zone,
    CONSTRAINT ck_file_place_key_version CHECK ((key_version >= 0))
);

ALTER TABLE ONLY file_place FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE file_place IS 'in which object a sealed file lies, and under which version of the data key';

COMMENT ON COLUMN file_place.key_version IS '0 where nothing sealed lies';

CREATE TABLE general_rule (
    id uuid NOT NULL,
    version integer NOT NULL,
    clauses jsonb NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    valid_from date NOT NULL,
    CONSTRAINT general_rule_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY general_rule FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE general_rule IS 'who bears a cost where the contract says nothing';

COMMENT ON COLUMN general_rule.valid_from IS 'of the versions that count on a day the latest decides';

CREATE TABLE group_robot (
    id uuid NOT NULL,
    name text NOT NULL,
    messenger text NOT NULL,
    sealed_url bytea NOT NULL,
    sealed_secret bytea,
    hint text NOT NULL,
    kinds jsonb NOT NULL,
    department text,
    locale text NOT NULL,
    to_all_if_urgent boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    silent text,
    silent_at timestamp with time zone,
    silent_because text,
    speaks_at timestamp with time zone,
    CONSTRAINT ck_group_robot_messenger CHECK ((messenger = ANY (ARRAY['wecom'::text, 'dingtalk'::text, 'feishu'::text]))),
    CONSTRAINT ck_group_robot_silent CHECK ((silent = ANY (ARRAY['by_person'::text, 'shut'::text]))),
    CONSTRAINT ck_group_robot_silent_at CHECK (((silent IS NULL) = (silent_at IS NULL)))
);

ALTER TABLE ONLY group_robot FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN group_robot.hint IS 'the last characters of the key in the sealed address';

CREATE TABLE hand_over (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    from_department text,
    to_department text NOT NULL,
    reason text,
    handed_by uuid NOT NULL,
    handed_at timestamp with time zone NOT NULL,
    CONSTRAINT hand_over_from_department_check CHECK ((from_department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT hand_over_to_department_check CHECK ((to_department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text])))
);

ALTER TABLE ONLY hand_over FORCE ROW LEVEL SECURITY;

CREATE TABLE hold (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    reason text NOT NULL,
    held_by uuid NOT NULL,
    held_at timestamp with time zone NOT NULL,
    ended_by uuid,
    ended_at timestamp with time zone,
    CONSTRAINT hold_check CHECK (((ended_by IS NULL) = (ended_at IS NULL)))
);

ALTER TABLE ONLY hold FORCE ROW LEVEL SECURITY;

CREATE TABLE impact_assessment (
    id uuid NOT NULL,
    activity_id uuid,
    title text NOT NULL,
    reason text NOT NULL,
    lawfulness text NOT NULL,
    impact text NOT NULL,
    measures text NOT NULL,
    conclusion text NOT NULL,
    assessed_on date NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT impact_assessment_conclusion_check CHECK ((conclusion = ANY (ARRAY['acceptable'::text, 'with_measures'::text, 'not_acceptable'::text]))),
    CONSTRAINT impact_assessment_reason_check CHECK ((reason = ANY (ARRAY['sensitive'::text, 'automated'::text, 'entrusted_or_provided'::text, 'abroad'::text, 'significant'::text])))
);

ALTER TABLE ONLY impact_assessment FORCE ROW LEVEL SECURITY;

CREATE TABLE import_batch (
    id uuid NOT NULL,
    sha256 bytea NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    account text NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    lines integer NOT NULL,
    fen_in bigint NOT NULL,
    fen_out bigint NOT NULL,
    known_lines integer NOT NULL,
    known_fen bigint NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    imported_by uuid NOT NULL,
    CONSTRAINT ck_import_batch_in CHECK ((fen_in >= 0)),
    CONSTRAINT ck_import_batch_known CHECK (((known_lines >= 0) AND (known_lines <= lines))),
    CONSTRAINT ck_import_batch_out CHECK ((fen_out <= 0)),
    CONSTRAINT ck_import_batch_period CHECK ((first_on <= last_on)),
    CONSTRAINT ck_import_batch_sha256 CHECK ((length(sha256) = 32)),
    CONSTRAINT ck_import_batch_source CHECK ((source <> ''::text))
);

ALTER TABLE ONLY import_batch FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN import_batch.known_lines IS 'lines of the file that an earlier file had brought already';

CREATE TABLE improvement (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    action text NOT NULL,
    owner_id uuid NOT NULL,
    deadline timestamp with time zone NOT NULL,
    agreed_by uuid NOT NULL,
    agreed_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY improvement FORCE ROW LEVEL SECURITY;

CREATE TABLE incoming_mail (
    id uuid NOT NULL,
    mark text NOT NULL,
    account_id uuid,
    number text NOT NULL,
    outcome text NOT NULL,
    came_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_incoming_mail_outcome CHECK ((outcome = ANY (ARRAY['message'::text, 'note'::text, 'automatic'::text, 'unknown'::text, 'stranger'::text, 'forged'::text, 'closed'::text, 'confidential'::text, 'out_of_reach'::text, 'empty'::text, 'files'::text, 'too_large'::text])))
);

ALTER TABLE ONLY incoming_mail FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN incoming_mail.mark IS 'recognises the Message-ID again without keeping it';

CREATE TABLE invitation (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    offer jsonb NOT NULL,
    invited_by uuid,
    invited_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    account_id uuid,
    revoked_at timestamp with time zone,
    CONSTRAINT ck_invitation_accepted CHECK (((accepted_at IS NULL) = (account_id IS NULL)))
);

ALTER TABLE ONLY invitation FORCE ROW LEVEL SECURITY;

CREATE TABLE invoice_buyer (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    name text NOT NULL,
    tax_number text,
    address text NOT NULL,
    phone text NOT NULL,
    bank text NOT NULL,
    seal_version integer DEFAULT 0 NOT NULL,
    account bytea,
    kept_by uuid NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    retired_by uuid,
    retired_at timestamp with time zone,
    CONSTRAINT ck_account_sealed CHECK (((substr(account, 1, 3) = '\xa55346'::bytea) AND (octet_length(account) >= 85))),
    CONSTRAINT invoice_buyer_check CHECK (((retired_by IS NULL) = (retired_at IS NULL))),
    CONSTRAINT invoice_buyer_name_check CHECK ((name <> ''::text)),
    CONSTRAINT invoice_buyer_seal_version_check CHECK ((seal_version >= 0)),
    CONSTRAINT invoice_buyer_tax_number_check CHECK ((tax_number ~ '^[0-9A-HJ-NP-RTUWXY]{18}$'::text))
);

ALTER TABLE ONLY invoice_buyer FORCE ROW LEVEL SECURITY;

CREATE TABLE invoice_deed (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    deed text NOT NULL,
    reason text NOT NULL,
    done_by uuid NOT NULL,
    done_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_invoice_deed_reason CHECK (((reason <> ''::text) OR (deed <> ALL (ARRAY['refused'::text, 'cancelled'::text])))),
    CONSTRAINT invoice_deed_deed_check CHECK ((deed = ANY (ARRAY['requested'::text, 'accepted'::text, 'refused'::text, 'cancelled'::text, 'issued'::text, 'delivered'::text, 'red_lettered'::text])))
);

ALTER TABLE ONLY invoice_deed FORCE ROW LEVEL SECURITY;

CREATE TABLE invoice_file (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    storage_key text NOT NULL,
    added_by uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    removed_by uuid,
    removed_at timestamp with time zone,
    CONSTRAINT invoice_file_check CHECK (((removed_by IS NULL) = (removed_at IS NULL))),
    CONSTRAINT invoice_file_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT invoice_file_size_check CHECK ((size > 0))
);

ALTER TABLE ONLY invoice_file FORCE ROW LEVEL SECURITY;

CREATE TABLE invoice_line (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    place integer NOT NULL,
    item text NOT NULL,
    tax_code text NOT NULL,
    rate integer NOT NULL,
    net_fen bigint NOT NULL,
    tax_fen bigint NOT NULL,
    CONSTRAINT invoice_line_check CHECK ((((sign((tax_fen)::double precision) * sign((net_fen)::double precision)) >= (0)::double precision) AND ((rate > 0) OR (tax_fen = 0)))),
    CONSTRAINT invoice_line_net_fen_check CHECK ((net_fen <> 0)),
    CONSTRAINT invoice_line_place_check CHECK ((place > 0)),
    CONSTRAINT invoice_line_rate_check CHECK ((rate = ANY (ARRAY[0, 1, 3, 5, 6, 9, 13]))),
    CONSTRAINT invoice_line_tax_code_check CHECK ((tax_code ~ '^([0-9]{19})?$'::text))
);

ALTER TABLE ONLY invoice_line FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN invoice_line.rate IS 'in per cent';

CREATE TABLE invoice_portion (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    fen bigint NOT NULL,
    CONSTRAINT invoice_portion_fen_check CHECK ((fen <> 0))
);

ALTER TABLE ONLY invoice_portion FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE invoice_portion IS 'how much of which statement a request bills, tax included';

CREATE TABLE invoice_request (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    number text NOT NULL,
    buyer_id uuid NOT NULL,
    kind text NOT NULL,
    corrects_id uuid,
    cause text,
    gross_fen bigint NOT NULL,
    net_fen bigint,
    tax_fen bigint,
    state text NOT NULL,
    state_since timestamp with time zone NOT NULL,
    issue_by timestamp with time zone NOT NULL,
    invoice_number text,
    issued_on date,
    confirmation text NOT NULL,
    requested_by uuid NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_invoice_request_accepted CHECK ((((net_fen IS NULL) = (tax_fen IS NULL)) AND ((net_fen IS NOT NULL) OR (state = ANY (ARRAY['requested'::text, 'refused'::text, 'cancelled'::text]))))),
    CONSTRAINT ck_invoice_request_issued CHECK ((((invoice_number IS NOT NULL) = (state = ANY (ARRAY['issued'::text, 'delivered'::text, 'red_lettered'::text]))) AND ((invoice_number IS NULL) = (issued_on IS NULL)))),
    CONSTRAINT ck_invoice_request_red CHECK ((((corrects_id IS NULL) = (gross_fen > 0)) AND ((corrects_id IS NULL) = (cause IS NULL)))),
    CONSTRAINT ck_invoice_request_sum CHECK (((net_fen + tax_fen) = gross_fen)),
    CONSTRAINT invoice_request_cause_check CHECK ((cause = ANY (ARRAY['error'::text, 'returned'::text, 'ended'::text, 'allowance'::text]))),
    CONSTRAINT invoice_request_gross_fen_check CHECK ((gross_fen <> 0)),
    CONSTRAINT invoice_request_invoice_number_check CHECK ((invoice_number ~ '^[0-9]{20}$'::text)),
    CONSTRAINT invoice_request_kind_check CHECK ((kind = ANY (ARRAY['special'::text, 'ordinary'::text]))),
    CONSTRAINT invoice_request_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'accepted'::text, 'refused'::text, 'cancelled'::text, 'issued'::text, 'delivered'::text, 'red_lettered'::text])))
);

ALTER TABLE ONLY invoice_request FORCE ROW LEVEL SECURITY;

CREATE TABLE kept_answer (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    sealed_body bytea NOT NULL,
    answered_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY kept_answer FORCE ROW LEVEL SECURITY;

CREATE TABLE key_destruction (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    reason text NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    approved_by uuid,
    approved_at timestamp with time zone,
    due_at timestamp with time zone,
    cancelled_by uuid,
    cancelled_at timestamp with time zone,
    begun_at timestamp with time zone,
    done_at timestamp with time zone,
    CONSTRAINT ck_key_destruction_approved CHECK ((((approved_by IS NULL) = (approved_at IS NULL)) AND ((approved_at IS NULL) = (due_at IS NULL)))),
    CONSTRAINT ck_key_destruction_begun CHECK (((begun_at IS NULL) OR ((begun_at >= due_at) AND (cancelled_at IS NULL)))),
    CONSTRAINT ck_key_destruction_cancelled CHECK (((cancelled_by IS NULL) = (cancelled_at IS NULL))),
    CONSTRAINT ck_key_destruction_done CHECK (((done_at IS NULL) OR (begun_at IS NOT NULL))),
    CONSTRAINT ck_key_destruction_two_people CHECK ((approved_by <> proposed_by)),
    CONSTRAINT ck_key_destruction_waits CHECK ((due_at >= (approved_at + '1 day'::interval)))
);

ALTER TABLE ONLY key_destruction FORCE ROW LEVEL SECURITY;

CREATE TABLE labour_rate (
    id uuid NOT NULL,
    person_id uuid,
    role text,
    fen_per_hour bigint,
    valid_from date NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_labour_rate_fen CHECK (((fen_per_hour >= 1) AND (fen_per_hour <= '1000000000000'::bigint))),
    CONSTRAINT ck_labour_rate_role CHECK ((role = ANY (ARRAY['account_manager'::text, 'service_agent'::text, 'specialist'::text, 'supervisor'::text, 'finance'::text, 'executive'::text]))),
    CONSTRAINT ck_labour_rate_whose CHECK (((person_id IS NULL) <> (role IS NULL)))
);

ALTER TABLE ONLY labour_rate FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE labour_rate IS 'what an hour costs from a day on; a new rate is a new row';

CREATE TABLE ledger_account (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    parent_id uuid,
    is_leaf boolean NOT NULL,
    normal_side text NOT NULL,
    currency text,
    use text,
    added_by uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    retired_by uuid,
    retired_at timestamp with time zone,
    CONSTRAINT ck_ledger_account_code CHECK ((code ~ '^[0-9][0-9.]{3,19}$'::text)),
    CONSTRAINT ck_ledger_account_currency CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT ck_ledger_account_leaf CHECK (((is_leaf = (currency IS NOT NULL)) AND (is_leaf OR (use IS NULL)))),
    CONSTRAINT ck_ledger_account_name CHECK ((name ~ '\S'::text)),
    CONSTRAINT ck_ledger_account_normal_side CHECK ((normal_side = ANY (ARRAY['debit'::text, 'credit'::text]))),
    CONSTRAINT ck_ledger_account_retired CHECK (((retired_by IS NULL) = (retired_at IS NULL))),
    CONSTRAINT ck_ledger_account_retired_use CHECK (((retired_at IS NULL) OR (use IS NULL)))
);

ALTER TABLE ONLY ledger_account FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ledger_account IS 'the chart: accounts are named anew, used otherwise or retired';

COMMENT ON COLUMN ledger_account.use IS 'what the product posts here; exactly one leaf for a use and a currency';

CREATE TABLE ledger_entry (
    voucher_id uuid NOT NULL,
    line integer NOT NULL,
    booked_on date NOT NULL,
    account_id uuid NOT NULL,
    side text NOT NULL,
    fen bigint NOT NULL,
    currency text NOT NULL,
    party text,
    merchant_id uuid,
    shop_id uuid,
    ticket_id uuid,
    cost_item_id uuid,
    version_id uuid,
    clause text,
    department text,
    CONSTRAINT ck_ledger_entry_department CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT ck_ledger_entry_fen CHECK (((fen >= 1) AND (fen <= '1000000000000000'::bigint))),
    CONSTRAINT ck_ledger_entry_line CHECK ((line >= 1)),
    CONSTRAINT ck_ledger_entry_party CHECK ((party = ANY (ARRAY['agency'::text, 'merchant'::text, 'platform'::text, 'carrier'::text, 'supplier'::text, 'consumer'::text]))),
    CONSTRAINT ck_ledger_entry_side CHECK ((side = ANY (ARRAY['debit'::text, 'credit'::text])))
);

ALTER TABLE ONLY ledger_entry FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN ledger_entry.version_id IS 'the version of the contract whose clause decided';

CREATE TABLE ledger_number (
    voucher_id uuid NOT NULL,
    month date NOT NULL,
    number integer NOT NULL,
    CONSTRAINT ck_ledger_number_number CHECK ((number >= 1))
);

ALTER TABLE ONLY ledger_number FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ledger_number IS 'the numbers of vouchers within their month, given as it is closed';

CREATE TABLE ledger_period (
    month date NOT NULL,
    state text NOT NULL,
    requested_by uuid,
    CONSTRAINT ck_ledger_period_month CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT ck_ledger_period_requested_by CHECK (((state = 'reopening'::text) = (requested_by IS NOT NULL))),
    CONSTRAINT ck_ledger_period_state CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text, 'reopening'::text])))
);

ALTER TABLE ONLY ledger_period FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ledger_period IS 'a month and what its changes made of it; only their trigger writes. Locked FOR SHARE by whoever posts';

CREATE TABLE ledger_period_change (
    id uuid NOT NULL,
    month date NOT NULL,
    change text NOT NULL,
    reason text,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_ledger_period_change_change CHECK ((change = ANY (ARRAY['opened'::text, 'closed'::text, 'reopening_requested'::text, 'reopening_refused'::text, 'reopened'::text]))),
    CONSTRAINT ck_ledger_period_change_reason CHECK (((change <> ALL (ARRAY['reopening_requested'::text, 'reopening_refused'::text])) OR (COALESCE(reason, ''::text) ~ '\S'::text)))
);

ALTER TABLE ONLY ledger_period_change FORCE ROW LEVEL SECURITY;

CREATE TABLE ledger_total (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    account_id uuid NOT NULL,
    month date NOT NULL,
    merchant_id uuid,
    shop_id uuid,
    party text,
    department text,
    stripe smallint NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    entries bigint NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE ONLY ledger_total FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ledger_total IS 'what the entries of a month come to, in fen; only the trigger of entries writes';

COMMENT ON COLUMN ledger_total.stripe IS 'by the connection that posted, so that those who post to one account need not wait for each other';

CREATE TABLE ledger_voucher (
    id uuid NOT NULL,
    kind text NOT NULL,
    booked_on date NOT NULL,
    summary text NOT NULL,
    source text NOT NULL,
    source_id uuid,
    lines integer NOT NULL,
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    reverses_id uuid,
    posted_by uuid NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_ledger_voucher_kind CHECK ((kind = ANY (ARRAY['ordinary'::text, 'reversal'::text, 'opening'::text]))),
    CONSTRAINT ck_ledger_voucher_lines CHECK ((lines >= 2)),
    CONSTRAINT ck_ledger_voucher_request_hash CHECK ((octet_length(request_hash) = 32)),
    CONSTRAINT ck_ledger_voucher_reversal CHECK (((kind = 'reversal'::text) = (reverses_id IS NOT NULL))),
    CONSTRAINT ck_ledger_voucher_summary CHECK ((summary ~ '\S'::text))
);

ALTER TABLE ONLY ledger_voucher FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN ledger_voucher.lines IS 'how many entries it has, numbered from 1: nothing can be added to a voucher that is complete';

CREATE TABLE legal_hold (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    on_what text NOT NULL,
    subject_id uuid NOT NULL,
    cause text NOT NULL,
    reason text NOT NULL,
    placed_by uuid NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    lifted_by uuid,
    lifted_at timestamp with time zone,
    lifted_because text,
    CONSTRAINT ck_legal_hold_lifted CHECK (((lifted_at IS NULL) = (lifted_because IS NULL))),
    CONSTRAINT legal_hold_cause_check CHECK ((cause = ANY (ARRAY['dispute'::text, 'litigation'::text, 'authority'::text, 'other'::text]))),
    CONSTRAINT legal_hold_check CHECK (((lifted_by IS NULL) = (lifted_at IS NULL))),
    CONSTRAINT legal_hold_on_what_check CHECK ((on_what = ANY (ARRAY['merchant'::text, 'ticket'::text, 'consumer'::text]))),
    CONSTRAINT legal_hold_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY legal_hold FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN legal_hold.subject_id IS 'the merchant, ticket or consumer record that is kept';

CREATE TABLE letter (
    id uuid NOT NULL,
    notice_id uuid NOT NULL,
    account_id uuid NOT NULL,
    owed_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    refused_at timestamp with time zone,
    due_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    last_attempt_at timestamp with time zone,
    next_attempt_at timestamp with time zone,
    dropped_at timestamp with time zone,
    reason text,
    CONSTRAINT ck_letter_ended CHECK ((num_nonnulls(sent_at, refused_at, dropped_at) <= 1))
);

ALTER TABLE ONLY letter FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE letter IS 'one mail about one notice, by itself or gathered with others';

COMMENT ON COLUMN letter.due_at IS 'when a gathered letter goes, with the others of its person';

CREATE TABLE limit_setting (
    id uuid NOT NULL,
    clock text NOT NULL,
    urgency text NOT NULL,
    channels text NOT NULL,
    limit_value integer,
    limit_unit text,
    calendar text,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL,
    CONSTRAINT ck_limit_setting_whole CHECK ((num_nulls(limit_value, limit_unit, calendar) = ANY (ARRAY[0, 3]))),
    CONSTRAINT limit_setting_channels_check CHECK ((channels = ANY (ARRAY['chat'::text, 'other'::text, 'any'::text]))),
    CONSTRAINT limit_setting_clock_check CHECK ((clock = ANY (ARRAY['first_response'::text, 'coordination'::text, 'restoration'::text, 'plan_submission'::text, 'plan_execution'::text, 'progress'::text, 'return_visit'::text, 'consumer_answer'::text, 'objection'::text]))),
    CONSTRAINT limit_setting_limit_unit_check CHECK ((limit_unit = ANY (ARRAY['minutes'::text, 'hours'::text, 'workdays'::text]))),
    CONSTRAINT limit_setting_limit_value_check CHECK ((limit_value > 0)),
    CONSTRAINT limit_setting_urgency_check CHECK ((urgency = ANY (ARRAY['normal'::text, 'urgent'::text])))
);

ALTER TABLE ONLY limit_setting FORCE ROW LEVEL SECURITY;

CREATE TABLE line_claim (
    line_id uuid NOT NULL,
    match_id uuid NOT NULL
);

ALTER TABLE ONLY line_claim FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE line_claim IS 'which live match a line belongs to: its key is why no line can be in two. Only triggers write';

CREATE TABLE line_match (
    id uuid NOT NULL,
    stage text NOT NULL,
    is_automatic boolean NOT NULL,
    score smallint NOT NULL,
    days integer NOT NULL,
    lines integer NOT NULL,
    derived_lines integer NOT NULL,
    fen bigint NOT NULL,
    currency text NOT NULL,
    booked_on date NOT NULL,
    note text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by uuid NOT NULL,
    CONSTRAINT ck_line_match_automatic CHECK (((NOT is_automatic) OR (stage <> ALL (ARRAY['by_hand'::text, 'explained'::text, 'divided'::text])))),
    CONSTRAINT ck_line_match_divided CHECK ((((stage = 'divided'::text) = (derived_lines > 0)) AND ((stage <> 'divided'::text) OR (fen = 0)))),
    CONSTRAINT ck_line_match_lines CHECK ((lines >= 1)),
    CONSTRAINT ck_line_match_note CHECK (((stage <> 'explained'::text) OR (note ~ '\S'::text))),
    CONSTRAINT ck_line_match_score CHECK (((score >= 0) AND (score <= 100))),
    CONSTRAINT ck_line_match_stage CHECK ((stage = ANY (ARRAY['reference'::text, 'window'::text, 'tolerance'::text, 'one_to_many'::text, 'many_to_one'::text, 'subset'::text, 'by_hand'::text, 'explained'::text, 'divided'::text])))
);

ALTER TABLE ONLY line_match FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN line_match.fen IS 'external less internal: the difference, or the whole of what is explained';

COMMENT ON COLUMN line_match.booked_on IS 'the day, and so the month, in which the match counts';

CREATE TABLE line_match_line (
    match_id uuid NOT NULL,
    line_id uuid NOT NULL,
    side text NOT NULL,
    source text NOT NULL,
    booked_on date NOT NULL,
    fen bigint NOT NULL,
    currency text NOT NULL,
    CONSTRAINT ck_line_match_line_side CHECK ((side = ANY (ARRAY['external'::text, 'internal'::text])))
);

ALTER TABLE ONLY line_match_line FORCE ROW LEVEL SECURITY;

CREATE TABLE line_match_undo (
    match_id uuid NOT NULL,
    reason text NOT NULL,
    undone_at timestamp with time zone NOT NULL,
    undone_by uuid NOT NULL,
    CONSTRAINT ck_line_match_undo_reason CHECK ((reason ~ '\S'::text))
);

ALTER TABLE ONLY line_match_undo FORCE ROW LEVEL SECURITY;

CREATE TABLE match_rule (
    id uuid NOT NULL,
    source text NOT NULL,
    against text NOT NULL,
    rule jsonb NOT NULL,
    write_off_fen bigint NOT NULL,
    is_retired boolean NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by uuid NOT NULL,
    CONSTRAINT ck_match_rule_write_off_fen CHECK ((write_off_fen >= 0))
);

ALTER TABLE ONLY match_rule FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE match_rule IS 'the latest row of a source and what it is matched against is in force';

CREATE TABLE match_run (
    id uuid NOT NULL,
    source text NOT NULL,
    account text NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    step text NOT NULL,
    stored integer DEFAULT 0 NOT NULL,
    found integer DEFAULT 0 NOT NULL,
    offered integer DEFAULT 0 NOT NULL,
    refusal text DEFAULT ''::text NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT ck_match_run_ended CHECK (((ended_at IS NOT NULL) = (step = ANY (ARRAY['done'::text, 'refused'::text])))),
    CONSTRAINT match_run_step_check CHECK ((step = ANY (ARRAY['waiting'::text, 'reading'::text, 'matching'::text, 'storing'::text, 'done'::text, 'refused'::text])))
);

ALTER TABLE ONLY match_run FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN match_run.found IS 'certain matches; stored: how many of them are kept so far';

CREATE TABLE match_write_off (
    match_id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    fen bigint NOT NULL,
    written_at timestamp with time zone NOT NULL,
    written_by uuid NOT NULL,
    CONSTRAINT ck_match_write_off_fen CHECK ((fen <> 0))
);

ALTER TABLE ONLY match_write_off FORCE ROW LEVEL SECURITY;

CREATE TABLE measure (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    audience text NOT NULL,
    plan_id uuid NOT NULL,
    "position" integer NOT NULL,
    action text NOT NULL,
    owner_id uuid NOT NULL,
    deadline timestamp with time zone NOT NULL,
    result text,
    done_by uuid,
    done_at timestamp with time zone,
    CONSTRAINT ck_measure_result CHECK (((result IS NULL) = (done_at IS NULL))),
    CONSTRAINT measure_audience_check CHECK ((audience = ANY (ARRAY['agency'::text, 'merchant'::text]))),
    CONSTRAINT measure_check CHECK (((done_by IS NULL) = (done_at IS NULL)))
);

ALTER TABLE ONLY measure FORCE ROW LEVEL SECURITY;

CREATE TABLE measured_month (
    month date NOT NULL,
    by text NOT NULL,
    key text NOT NULL,
    figures jsonb NOT NULL
);

ALTER TABLE ONLY measured_month FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE measured_month IS 'numbers of a month, of the whole agency (by all) and by one thing each';

CREATE TABLE measured_state (
    month date NOT NULL,
    basis text NOT NULL,
    measured_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY measured_state FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN measured_state.basis IS 'the settings that the numbers were counted under';

CREATE TABLE measured_times (
    month date NOT NULL,
    by text NOT NULL,
    key text NOT NULL,
    spread text NOT NULL,
    minutes integer[] NOT NULL,
    times integer[] NOT NULL,
    CONSTRAINT ck_measured_times_pairs CHECK ((cardinality(minutes) = cardinality(times)))
);

ALTER TABLE ONLY measured_times FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE measured_times IS 'how often each whole minute occurred: what percentiles are exact from';

CREATE TABLE meeting (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    held_at timestamp with time zone NOT NULL,
    departments jsonb NOT NULL,
    people text NOT NULL,
    discussion text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY meeting FORCE ROW LEVEL SECURITY;

CREATE TABLE meeting_decision (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    "position" integer NOT NULL,
    decision text NOT NULL,
    owner_id uuid,
    deadline timestamp with time zone
);

ALTER TABLE ONLY meeting_decision FORCE ROW LEVEL SECURITY;

CREATE TABLE membership (
    merchant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    admitted_by uuid,
    CONSTRAINT ck_membership_role CHECK ((role = ANY (ARRAY['merchant_owner'::text, 'merchant_member'::text])))
);

ALTER TABLE ONLY membership FORCE ROW LEVEL SECURITY;

CREATE TABLE merchant (
    id uuid NOT NULL,
    name text NOT NULL,
    company text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by uuid,
    ended_at timestamp with time zone,
    ended_by uuid,
    CONSTRAINT ck_merchant_name CHECK ((name <> ''::text))
);

ALTER TABLE ONLY merchant FORCE ROW LEVEL SECURITY;

CREATE TABLE merchant_contact (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    name text NOT NULL,
    "position" text NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    messenger text NOT NULL,
    preferred_channel text NOT NULL,
    is_primary boolean NOT NULL,
    note text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by uuid,
    CONSTRAINT ck_merchant_contact_name CHECK ((name <> ''::text)),
    CONSTRAINT ck_merchant_contact_preferred_channel CHECK ((preferred_channel = ANY (ARRAY['phone'::text, 'email'::text, 'online_chat'::text, 'instant_messaging'::text, 'portal'::text, 'platform_message'::text, 'meeting'::text])))
);

ALTER TABLE ONLY merchant_contact FORCE ROW LEVEL SECURITY;

CREATE TABLE merchant_key (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    handle text NOT NULL,
    kms text NOT NULL,
    suite text NOT NULL,
    wrapped bytea,
    state text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    wrapped_at timestamp with time zone NOT NULL,
    destroyed_at timestamp with time zone,
    CONSTRAINT ck_merchant_key_destroyed_at CHECK (((destroyed_at IS NULL) = (state <> 'destroyed'::text))),
    CONSTRAINT ck_merchant_key_state CHECK ((state = ANY (ARRAY['active'::text, 'destroyed'::text]))),
    CONSTRAINT ck_merchant_key_suite CHECK ((suite = ANY (ARRAY['aes-256-gcm'::text, 'sm4-gcm'::text]))),
    CONSTRAINT ck_merchant_key_wrapped CHECK (((wrapped IS NULL) = (state = 'destroyed'::text)))
);

ALTER TABLE ONLY merchant_key FORCE ROW LEVEL SECURITY;

CREATE TABLE metric_window (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    metric text NOT NULL,
    unit text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    expected numeric(20,4),
    observed numeric(20,4),
    CONSTRAINT ck_metric_window_ends CHECK ((ends_at > starts_at))
);

ALTER TABLE ONLY metric_window FORCE ROW LEVEL SECURITY;

CREATE TABLE negotiation_round (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    held_at timestamp with time zone NOT NULL,
    channel text NOT NULL,
    people text NOT NULL,
    agency_position text NOT NULL,
    merchant_position text NOT NULL,
    agency_offer text,
    merchant_offer text,
    recorded_side text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT negotiation_round_channel_check CHECK ((channel = ANY (ARRAY['phone'::text, 'email'::text, 'online_chat'::text, 'instant_messaging'::text, 'portal'::text, 'platform_message'::text, 'meeting'::text]))),
    CONSTRAINT negotiation_round_recorded_side_check CHECK ((recorded_side = ANY (ARRAY['agency'::text, 'merchant'::text])))
);

ALTER TABLE ONLY negotiation_round FORCE ROW LEVEL SECURITY;

CREATE TABLE notice (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    acting_for uuid,
    event text NOT NULL,
    subject_id uuid NOT NULL,
    number text NOT NULL,
    left_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone
);

ALTER TABLE ONLY notice FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN notice.acting_for IS 'the merchant as whose person somebody is told';

CREATE TABLE notification_default (
    role text NOT NULL,
    wishes jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL
);

ALTER TABLE ONLY notification_default FORCE ROW LEVEL SECURITY;

CREATE TABLE notification_wishes (
    account_id uuid NOT NULL,
    wishes jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY notification_wishes FORCE ROW LEVEL SECURITY;

CREATE TABLE obligation (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    agreement_id uuid,
    outcome_id uuid,
    "position" integer NOT NULL,
    side text NOT NULL,
    duty text NOT NULL,
    due_on date NOT NULL,
    superseded boolean NOT NULL,
    performed_on date,
    proof_id uuid,
    recorded_by uuid,
    recorded_at timestamp with time zone,
    CONSTRAINT ck_obligation_performed CHECK ((((performed_on IS NULL) = (recorded_at IS NULL)) AND ((performed_on IS NULL) = (proof_id IS NULL)))),
    CONSTRAINT ck_obligation_source CHECK (((agreement_id IS NULL) <> (outcome_id IS NULL))),
    CONSTRAINT obligation_check CHECK (((recorded_by IS NULL) = (recorded_at IS NULL))),
    CONSTRAINT obligation_side_check CHECK ((side = ANY (ARRAY['agency'::text, 'merchant'::text])))
);

ALTER TABLE ONLY obligation FORCE ROW LEVEL SECURITY;

CREATE TABLE observation (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    day date NOT NULL,
    observed numeric(20,4),
    normal boolean NOT NULL,
    counts boolean NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY observation FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN observation.counts IS 'normal on a day since monitoring began: counts towards N days';

CREATE TABLE password (
    account_id uuid NOT NULL,
    hash text NOT NULL,
    set_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY password FORCE ROW LEVEL SECURITY;

CREATE TABLE password_link (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    resets_second_factor boolean NOT NULL,
    issued_by uuid,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY password_link FORCE ROW LEVEL SECURITY;

CREATE TABLE plan (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    audience text NOT NULL,
    round integer NOT NULL,
    version integer NOT NULL,
    summary text NOT NULL,
    state text NOT NULL,
    submitted_by uuid NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    CONSTRAINT plan_audience_check CHECK ((audience = ANY (ARRAY['agency'::text, 'merchant'::text]))),
    CONSTRAINT plan_state_check CHECK ((state = ANY (ARRAY['in_review'::text, 'sent_back'::text, 'approved'::text, 'accepted'::text, 'rejected'::text, 'revised'::text]))),
    CONSTRAINT plan_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY plan FORCE ROW LEVEL SECURITY;

CREATE TABLE plan_answer (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    accepted boolean NOT NULL,
    comment text,
    heard jsonb,
    answered_by uuid NOT NULL,
    answered_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY plan_answer FORCE ROW LEVEL SECURITY;

CREATE TABLE plan_review (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    approved boolean NOT NULL,
    comment text,
    reviewed_by uuid NOT NULL,
    reviewed_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY plan_review FORCE ROW LEVEL SECURITY;

CREATE TABLE point_at_issue (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    "position" integer NOT NULL,
    issue text NOT NULL,
    agency_part text NOT NULL,
    merchant_part text NOT NULL,
    clause text,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY point_at_issue FORCE ROW LEVEL SECURITY;

CREATE TABLE private_rule (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    shop_id uuid,
    word text,
    added_at timestamp with time zone NOT NULL,
    added_by uuid NOT NULL,
    CONSTRAINT ck_private_rule_one CHECK (((shop_id IS NULL) <> (word IS NULL)))
);

ALTER TABLE ONLY private_rule FORCE ROW LEVEL SECURITY;

CREATE TABLE proceeding (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    forum text NOT NULL,
    body text NOT NULL,
    case_number text NOT NULL,
    filed_on date NOT NULL,
    hearing_on date,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT proceeding_forum_check CHECK ((forum = ANY (ARRAY['arbitration'::text, 'litigation'::text])))
);

ALTER TABLE ONLY proceeding FORCE ROW LEVEL SECURITY;

CREATE TABLE proceeding_outcome (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    ruling text NOT NULL,
    decided_on date NOT NULL,
    text text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT proceeding_outcome_ruling_check CHECK ((ruling = ANY (ARRAY['award'::text, 'judgment'::text, 'mediation'::text, 'dismissed'::text, 'withdrawn'::text])))
);

ALTER TABLE ONLY proceeding_outcome FORCE ROW LEVEL SECURITY;

CREATE TABLE processing_activity (
    id uuid NOT NULL,
    activity_id uuid NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    purpose text NOT NULL,
    basis text NOT NULL,
    data_kinds jsonb NOT NULL,
    subjects text NOT NULL,
    sensitive boolean NOT NULL,
    recipients text NOT NULL,
    retention text NOT NULL,
    measures text NOT NULL,
    ended boolean NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT processing_activity_basis_check CHECK ((basis = ANY (ARRAY['consent'::text, 'contract'::text, 'legal_duty'::text, 'emergency'::text, 'public_information'::text, 'other'::text]))),
    CONSTRAINT processing_activity_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY processing_activity FORCE ROW LEVEL SECURITY;

CREATE TABLE purpose_change (
    id uuid NOT NULL,
    code text NOT NULL,
    change text NOT NULL,
    label text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL,
    CONSTRAINT ck_purpose_change_change CHECK ((change = ANY (ARRAY['added'::text, 'retired'::text, 'restored'::text]))),
    CONSTRAINT ck_purpose_change_code CHECK ((code ~ '^[a-z0-9_]{1,40}$'::text))
);

ALTER TABLE ONLY purpose_change FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE purpose_change IS 'the list of purposes as the changes to its default';

CREATE TABLE question (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    question text NOT NULL,
    heard jsonb,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answer text,
    answered_by uuid,
    answered_at timestamp with time zone,
    CONSTRAINT ck_question_answer CHECK (((answer IS NULL) = (answered_at IS NULL))),
    CONSTRAINT question_check CHECK (((answered_by IS NULL) = (answered_at IS NULL)))
);

ALTER TABLE ONLY question FORCE ROW LEVEL SECURITY;

CREATE TABLE rating (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    score integer NOT NULL,
    satisfied boolean NOT NULL,
    comment text,
    heard jsonb,
    rated_by uuid NOT NULL,
    rated_at timestamp with time zone NOT NULL,
    CONSTRAINT rating_score_check CHECK (((score >= 1) AND (score <= 5)))
);

ALTER TABLE ONLY rating FORCE ROW LEVEL SECURITY;

CREATE TABLE recovery_code (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY recovery_code FORCE ROW LEVEL SECURITY;

CREATE TABLE reopening (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    reason text NOT NULL,
    reopened_by uuid NOT NULL,
    reopened_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY reopening FORCE ROW LEVEL SECURITY;

CREATE TABLE reply_mailbox (
    id uuid NOT NULL,
    one boolean DEFAULT true NOT NULL,
    host text NOT NULL,
    port integer NOT NULL,
    security text NOT NULL,
    username text NOT NULL,
    sealed_password bytea NOT NULL,
    folder text NOT NULL,
    address text NOT NULL,
    tagged boolean NOT NULL,
    authority text NOT NULL,
    active boolean NOT NULL,
    generation integer NOT NULL,
    uid_validity bigint,
    seen_uid bigint,
    looked_at timestamp with time zone,
    failure text,
    failing_since timestamp with time zone,
    CONSTRAINT ck_reply_mailbox_failing CHECK (((failure IS NULL) = (failing_since IS NULL))),
    CONSTRAINT ck_reply_mailbox_one CHECK (one),
    CONSTRAINT ck_reply_mailbox_security CHECK ((security = ANY (ARRAY['tls'::text, 'starttls'::text, 'none'::text])))
);

ALTER TABLE ONLY reply_mailbox FORCE ROW LEVEL SECURITY;

CREATE TABLE resealing (
    owner_id uuid NOT NULL,
    version integer NOT NULL,
    round integer NOT NULL,
    at_table text,
    after_id uuid,
    rows_done bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    files_done bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY resealing FORCE ROW LEVEL SECURITY;

CREATE TABLE result (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    cause text NOT NULL,
    measures text NOT NULL,
    told_by uuid NOT NULL,
    told_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY result FORCE ROW LEVEL SECURITY;

CREATE TABLE result_confirmation (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    comment text,
    heard jsonb,
    confirmed_by uuid NOT NULL,
    confirmed_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY result_confirmation FORCE ROW LEVEL SECURITY;

CREATE TABLE retention_setting (
    id uuid NOT NULL,
    kind text NOT NULL,
    value integer,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL,
    CONSTRAINT ck_retention_setting_value CHECK ((value > 0))
);

ALTER TABLE ONLY retention_setting FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE retention_setting IS 'every setting there ever was; the latest of a kind holds';

COMMENT ON COLUMN retention_setting.value IS 'in the unit of the kind; null: the default again';

CREATE TABLE return_visit (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    visited_at timestamp with time zone NOT NULL,
    channel text NOT NULL,
    spoke_with text NOT NULL,
    back_to_normal boolean NOT NULL,
    recurred boolean NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT return_visit_channel_check CHECK ((channel = ANY (ARRAY['phone'::text, 'email'::text, 'online_chat'::text, 'instant_messaging'::text, 'portal'::text, 'platform_message'::text, 'meeting'::text])))
);

ALTER TABLE ONLY return_visit FORCE ROW LEVEL SECURITY;

CREATE TABLE reveal (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    subject_table text NOT NULL,
    field text NOT NULL,
    row_id uuid NOT NULL,
    purpose text NOT NULL,
    viewer_id uuid NOT NULL,
    viewer_name text NOT NULL,
    viewer_role text NOT NULL,
    side text NOT NULL,
    shown_at timestamp with time zone NOT NULL,
    leaf_id uuid NOT NULL,
    CONSTRAINT ck_reveal_side CHECK ((side = ANY (ARRAY['agency'::text, 'merchant'::text])))
);

ALTER TABLE ONLY reveal FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN reveal.viewer_name IS 'as they were called then; a merchant reads no staff';

CREATE TABLE reveal_alarm (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    shown integer NOT NULL,
    raised_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY reveal_alarm FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE reveal_alarm IS 'that somebody came to the limit of fields they may see in an hour';

CREATE TABLE reveal_copy (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    reveal_id uuid NOT NULL,
    copied_at timestamp with time zone NOT NULL,
    leaf_id uuid NOT NULL
);

ALTER TABLE ONLY reveal_copy FORCE ROW LEVEL SECURITY;

CREATE TABLE reveal_objection (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    reveal_id uuid NOT NULL,
    reason text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    raised_by uuid NOT NULL,
    due_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY reveal_objection FORCE ROW LEVEL SECURITY;

CREATE TABLE reveal_objection_answer (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    objection_id uuid NOT NULL,
    outcome text NOT NULL,
    explanation text NOT NULL,
    answered_at timestamp with time zone NOT NULL,
    answered_by uuid NOT NULL,
    answered_by_name text NOT NULL,
    CONSTRAINT ck_reveal_objection_answer_outcome CHECK ((outcome = ANY (ARRAY['upheld'::text, 'rejected'::text])))
);

ALTER TABLE ONLY reveal_objection_answer FORCE ROW LEVEL SECURITY;

CREATE TABLE reveal_rules (
    id uuid NOT NULL,
    rules jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL
);

ALTER TABLE ONLY reveal_rules FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE reveal_rules IS 'every version that was ever set; the newest counts';

CREATE TABLE robot_saying (
    id uuid NOT NULL,
    robot_id uuid NOT NULL,
    source uuid NOT NULL,
    event text NOT NULL,
    number text NOT NULL,
    owed_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    attempts integer NOT NULL,
    last_attempt_at timestamp with time zone,
    sent_at timestamp with time zone,
    failed_at timestamp with time zone,
    reason text,
    held_by uuid,
    held_until timestamp with time zone,
    CONSTRAINT ck_robot_saying_ended CHECK (((sent_at IS NULL) OR (failed_at IS NULL))),
    CONSTRAINT ck_robot_saying_held CHECK (((held_by IS NULL) = (held_until IS NULL)))
);

ALTER TABLE ONLY robot_saying FORCE ROW LEVEL SECURITY;

CREATE TABLE role_grant (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    department text,
    granted_at timestamp with time zone NOT NULL,
    granted_by uuid,
    CONSTRAINT ck_role_grant_department CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT ck_role_grant_department_of_role CHECK (((role = ANY (ARRAY['specialist'::text, 'supervisor'::text])) = (department IS NOT NULL))),
    CONSTRAINT ck_role_grant_role CHECK ((role = ANY (ARRAY['account_manager'::text, 'service_agent'::text, 'specialist'::text, 'supervisor'::text, 'finance'::text, 'executive'::text, 'auditor'::text, 'agency_admin'::text])))
);

ALTER TABLE ONLY role_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE saved_view (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    place text NOT NULL,
    name text NOT NULL,
    shared_with text NOT NULL,
    department text,
    query jsonb NOT NULL,
    columns jsonb NOT NULL,
    sort text NOT NULL,
    "position" integer NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_saved_view_department CHECK (((shared_with = 'department'::text) = (department IS NOT NULL))),
    CONSTRAINT ck_saved_view_name CHECK (((name ~ '\S'::text) AND (length(name) <= 40))),
    CONSTRAINT ck_saved_view_place CHECK ((place = ANY (ARRAY['queue'::text, 'search'::text, 'measures'::text]))),
    CONSTRAINT ck_saved_view_shared_with CHECK ((shared_with = ANY (ARRAY['nobody'::text, 'department'::text, 'agency'::text]))),
    CONSTRAINT saved_view_department_check CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text])))
);

ALTER TABLE ONLY saved_view FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN saved_view.query IS 'the query string without columns and sort: lists of texts by name';

CREATE TABLE sealed_content (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    of_table text NOT NULL,
    seal_version integer DEFAULT 0 NOT NULL,
    content bytea NOT NULL,
    title bytea,
    title_exact bytea,
    CONSTRAINT ck_content_sealed CHECK (((substr(content, 1, 3) = '\xa55346'::bytea) AND (octet_length(content) >= 85))),
    CONSTRAINT ck_title_exact_blind CHECK ((octet_length(title_exact) = 3)),
    CONSTRAINT ck_title_sealed CHECK (((substr(title, 1, 3) = '\xa55346'::bytea) AND (octet_length(title) >= 85))),
    CONSTRAINT sealed_content_seal_version_check CHECK ((seal_version >= 0))
);

ALTER TABLE ONLY sealed_content FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE sealed_content IS 'what the row with the same id says, if its ticket is confidential';

CREATE TABLE second_factor (
    account_id uuid NOT NULL,
    sealed_seed bytea,
    enrolled_at timestamp with time zone,
    last_step bigint,
    pending_seed bytea,
    pending_since timestamp with time zone,
    CONSTRAINT ck_second_factor_enrolled CHECK (((sealed_seed IS NULL) = (enrolled_at IS NULL))),
    CONSTRAINT ck_second_factor_pending CHECK (((pending_seed IS NULL) = (pending_since IS NULL)))
);

ALTER TABLE ONLY second_factor FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN second_factor.last_step IS 'the last time step whose code was accepted (RFC 6238): none is accepted twice';

CREATE TABLE settlement_account (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    bank text NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    kept_by uuid NOT NULL,
    retired_at timestamp with time zone,
    retired_by uuid,
    seal_version integer DEFAULT 0 NOT NULL,
    holder bytea NOT NULL,
    number bytea NOT NULL,
    number_last4 bytea,
    number_exact bytea,
    identity_number bytea,
    identity_number_exact bytea,
    CONSTRAINT ck_holder_sealed CHECK (((substr(holder, 1, 3) = '\xa55346'::bytea) AND (octet_length(holder) >= 85))),
    CONSTRAINT ck_identity_number_exact_blind CHECK ((octet_length(identity_number_exact) = 3)),
    CONSTRAINT ck_identity_number_sealed CHECK (((substr(identity_number, 1, 3) = '\xa55346'::bytea) AND (octet_length(identity_number) >= 85))),
    CONSTRAINT ck_number_exact_blind CHECK ((octet_length(number_exact) = 1)),
    CONSTRAINT ck_number_last4_blind CHECK ((octet_length(number_last4) = 2)),
    CONSTRAINT ck_number_sealed CHECK (((substr(number, 1, 3) = '\xa55346'::bytea) AND (octet_length(number) >= 85))),
    CONSTRAINT ck_settlement_account_bank CHECK ((bank <> ''::text)),
    CONSTRAINT ck_settlement_account_retired CHECK (((retired_at IS NULL) = (retired_by IS NULL))),
    CONSTRAINT settlement_account_seal_version_check CHECK ((seal_version >= 0))
);

ALTER TABLE ONLY settlement_account FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE settlement_account IS 'an account by which is settled; retired, never changed';

CREATE TABLE shop (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    platform text NOT NULL,
    name text NOT NULL,
    platform_number text NOT NULL,
    address text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    opened_by uuid,
    closed_at timestamp with time zone,
    closed_by uuid,
    CONSTRAINT ck_shop_name CHECK ((name <> ''::text)),
    CONSTRAINT ck_shop_platform CHECK ((platform = ANY (ARRAY['pinduoduo'::text, 'tmall'::text, 'jd'::text, 'douyin'::text, 'taobao'::text, 'xiaohongshu'::text, 'kuaishou'::text, 'other'::text])))
);

ALTER TABLE ONLY shop FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN shop.opened_at IS 'since when the agency operates it';

CREATE TABLE sign_in_challenge (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY sign_in_challenge FORCE ROW LEVEL SECURITY;

CREATE TABLE sign_in_delay (
    subject text NOT NULL,
    failures integer NOT NULL,
    last_failed_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_sign_in_delay_failures CHECK ((failures >= 0))
);

ALTER TABLE ONLY sign_in_delay FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN sign_in_delay.subject IS 'login:<sha256 of the login> or address:<IP address>';

CREATE TABLE signature (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    side text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    session_id uuid NOT NULL,
    second_factor boolean NOT NULL,
    sha256 text NOT NULL,
    signed_by uuid NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT signature_side_check CHECK ((side = ANY (ARRAY['agency'::text, 'merchant'::text])))
);

ALTER TABLE ONLY signature FORCE ROW LEVEL SECURITY;

CREATE TABLE spent_object (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    file_key text NOT NULL,
    storage_key text NOT NULL,
    due_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY spent_object FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE spent_object IS 'objects in the storage that no row names any more, until they are deleted';

CREATE TABLE stale_month (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    month date NOT NULL
);

ALTER TABLE ONLY stale_month FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE stale_month IS 'months in which something has changed since they were measured';

CREATE TABLE start_view (
    account_id uuid NOT NULL,
    view_id uuid NOT NULL
);

ALTER TABLE ONLY start_view FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE start_view IS 'with which view a person''s day begins; it may be somebody else''s, shared';

CREATE TABLE statement (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    number text NOT NULL,
    month date NOT NULL,
    currency text NOT NULL,
    opening_fen bigint NOT NULL,
    closing_fen bigint NOT NULL,
    line_count integer NOT NULL,
    content_hash bytea NOT NULL,
    reply_by timestamp with time zone NOT NULL,
    silence_confirms boolean NOT NULL,
    silence_clause text NOT NULL,
    prepared_by uuid NOT NULL,
    reviewed_by uuid NOT NULL,
    issued_by uuid NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_statement_two_people CHECK ((reviewed_by <> prepared_by)),
    CONSTRAINT statement_content_hash_check CHECK ((length(content_hash) = 32)),
    CONSTRAINT statement_currency_check CHECK ((currency = ANY (ARRAY['CNY'::text, 'HKD'::text, 'USD'::text, 'EUR'::text]))),
    CONSTRAINT statement_line_count_check CHECK ((line_count >= 0)),
    CONSTRAINT statement_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

ALTER TABLE ONLY statement FORCE ROW LEVEL SECURITY;

CREATE TABLE statement_file (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    word_id uuid NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    storage_key text NOT NULL,
    added_by uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_statement_file_name CHECK ((name <> ''::text)),
    CONSTRAINT ck_statement_file_sha256 CHECK ((length(sha256) = 64)),
    CONSTRAINT ck_statement_file_size CHECK ((size >= 0))
);

ALTER TABLE ONLY statement_file FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE statement_file IS 'what proves a dispute or its answer; sealed in the storage';

CREATE TABLE statement_line (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    place integer NOT NULL,
    voucher_id uuid NOT NULL,
    entry_line integer NOT NULL,
    booked_on date NOT NULL,
    sort text NOT NULL,
    fen bigint NOT NULL,
    text text NOT NULL,
    ticket_id uuid,
    cost_item_id uuid,
    version_id uuid,
    clause text,
    category text,
    incurred_on date,
    CONSTRAINT ck_statement_line_incurred_on CHECK (((category IS NULL) = (incurred_on IS NULL))),
    CONSTRAINT statement_line_category_check CHECK ((category = ANY (ARRAY['labour_overtime'::text, 'labour_specialist'::text, 'material_equipment'::text, 'material_licence'::text, 'communication'::text, 'freight'::text, 'return_exchange'::text, 'repair'::text, 'compensation'::text, 'inspection'::text]))),
    CONSTRAINT statement_line_fen_check CHECK ((fen <> 0)),
    CONSTRAINT statement_line_place_check CHECK ((place > 0)),
    CONSTRAINT statement_line_sort_check CHECK ((sort = ANY (ARRAY['cost'::text, 'credit'::text, 'payment'::text, 'other'::text])))
);

ALTER TABLE ONLY statement_line FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN statement_line.fen IS 'what the posting adds to what the merchant owes';

COMMENT ON COLUMN statement_line.text IS 'why the merchant bears it; nothing that a ticket says';

CREATE TABLE statement_preparation (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    month date NOT NULL,
    currency text NOT NULL,
    opening_fen bigint NOT NULL,
    closing_fen bigint NOT NULL,
    line_count integer NOT NULL,
    content_hash bytea NOT NULL,
    prepared_by uuid NOT NULL,
    prepared_at timestamp with time zone NOT NULL,
    reviewed_by uuid,
    reviewed_at timestamp with time zone,
    CONSTRAINT ck_statement_preparation_two_people CHECK ((reviewed_by IS DISTINCT FROM prepared_by)),
    CONSTRAINT statement_preparation_check CHECK (((reviewed_by IS NULL) = (reviewed_at IS NULL))),
    CONSTRAINT statement_preparation_content_hash_check CHECK ((length(content_hash) = 32)),
    CONSTRAINT statement_preparation_currency_check CHECK ((currency = ANY (ARRAY['CNY'::text, 'HKD'::text, 'USD'::text, 'EUR'::text]))),
    CONSTRAINT statement_preparation_line_count_check CHECK ((line_count >= 0)),
    CONSTRAINT statement_preparation_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

ALTER TABLE ONLY statement_preparation FORCE ROW LEVEL SECURITY;

CREATE TABLE statement_word (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    line_id uuid,
    step integer NOT NULL,
    word text NOT NULL,
    reason text NOT NULL,
    fen bigint,
    voucher_id uuid,
    ticket_id uuid,
    answer_by timestamp with time zone,
    said_by uuid NOT NULL,
    said_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_statement_word_accepted CHECK ((((word = 'accepted'::text) = (fen IS NOT NULL)) AND ((word = 'accepted'::text) = (voucher_id IS NOT NULL)))),
    CONSTRAINT ck_statement_word_escalated CHECK (((word = 'escalated'::text) = (ticket_id IS NOT NULL))),
    CONSTRAINT ck_statement_word_reason CHECK (((word <> ALL (ARRAY['disputed'::text, 'rejected'::text])) OR (reason <> ''::text))),
    CONSTRAINT ck_statement_word_whole CHECK (((line_id IS NULL) = (word = 'reminded'::text))),
    CONSTRAINT statement_word_step_check CHECK ((step > 0)),
    CONSTRAINT statement_word_word_check CHECK ((word = ANY (ARRAY['confirmed'::text, 'deemed_confirmed'::text, 'reminded'::text, 'disputed'::text, 'accepted'::text, 'rejected'::text, 'escalated'::text])))
);

ALTER TABLE ONLY statement_word FORCE ROW LEVEL SECURITY;

CREATE TABLE subject_request (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    number text NOT NULL,
    asks_for text NOT NULL,
    channel text NOT NULL,
    through text NOT NULL,
    state text NOT NULL,
    received_by uuid NOT NULL,
    received_at timestamp with time zone NOT NULL,
    warn_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    warned_at timestamp with time zone,
    breached_at timestamp with time zone,
    identified_through text,
    decision text,
    ground text,
    erasure_run uuid,
    answered_at timestamp with time zone,
    seal_version integer DEFAULT 0 NOT NULL,
    asker bytea,
    contact bytea,
    wish bytea,
    explanation bytea,
    answer bytea,
    CONSTRAINT ck_answer_sealed CHECK (((substr(answer, 1, 3) = '\xa55346'::bytea) AND (octet_length(answer) >= 85))),
    CONSTRAINT ck_asker_sealed CHECK (((substr(asker, 1, 3) = '\xa55346'::bytea) AND (octet_length(asker) >= 85))),
    CONSTRAINT ck_contact_sealed CHECK (((substr(contact, 1, 3) = '\xa55346'::bytea) AND (octet_length(contact) >= 85))),
    CONSTRAINT ck_explanation_sealed CHECK (((substr(explanation, 1, 3) = '\xa55346'::bytea) AND (octet_length(explanation) >= 85))),
    CONSTRAINT ck_subject_request_answered CHECK (((state = 'answered'::text) = (answered_at IS NOT NULL))),
    CONSTRAINT ck_subject_request_ground CHECK (((decision = ANY (ARRAY['partly'::text, 'refused'::text])) = (ground IS NOT NULL))),
    CONSTRAINT ck_wish_sealed CHECK (((substr(wish, 1, 3) = '\xa55346'::bytea) AND (octet_length(wish) >= 85))),
    CONSTRAINT subject_request_asks_for_check CHECK ((asks_for = ANY (ARRAY['access'::text, 'copy'::text, 'correct'::text, 'erase'::text, 'withdraw'::text]))),
    CONSTRAINT subject_request_channel_check CHECK ((channel = ANY (ARRAY['phone'::text, 'email'::text, 'online_chat'::text, 'instant_messaging'::text, 'portal'::text, 'platform_message'::text, 'meeting'::text]))),
    CONSTRAINT subject_request_decision_check CHECK ((decision = ANY (ARRAY['granted'::text, 'partly'::text, 'refused'::text]))),
    CONSTRAINT subject_request_ground_check CHECK ((ground = ANY (ARRAY['retention_by_law'::text, 'legal_hold'::text, 'not_identified'::text, 'nothing_held'::text, 'others_rights'::text, 'technically_hard'::text]))),
    CONSTRAINT subject_request_identified_through_check CHECK ((identified_through = ANY (ARRAY['order_details'::text, 'phone_code'::text, 'document'::text, 'platform_account'::text, 'by_merchant'::text]))),
    CONSTRAINT subject_request_seal_version_check CHECK ((seal_version >= 0)),
    CONSTRAINT subject_request_state_check CHECK ((state = ANY (ARRAY['received'::text, 'identified'::text, 'decided'::text, 'executed'::text, 'answered'::text]))),
    CONSTRAINT subject_request_through_check CHECK ((through = ANY (ARRAY['agency'::text, 'merchant'::text])))
);

ALTER TABLE ONLY subject_request FORCE ROW LEVEL SECURITY;

CREATE TABLE subject_request_record (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    origin_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    matched_at timestamp with time zone NOT NULL,
    matched_by uuid NOT NULL
);

ALTER TABLE ONLY subject_request_record FORCE ROW LEVEL SECURITY;

CREATE TABLE subject_request_step (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    step text NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id uuid NOT NULL,
    by_name text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT subject_request_step_step_check CHECK ((step = ANY (ARRAY['received'::text, 'matched'::text, 'unmatched'::text, 'identified'::text, 'decided'::text, 'executed'::text, 'copied'::text, 'answered'::text, 'warned'::text, 'breached'::text])))
);

ALTER TABLE ONLY subject_request_step FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN subject_request_step.detail IS 'a code or a number of ours, never what somebody wrote';

CREATE TABLE subprocessor (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    name text NOT NULL,
    purpose text NOT NULL,
    data_kinds jsonb NOT NULL,
    place text NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY subprocessor FORCE ROW LEVEL SECURITY;

CREATE TABLE subprocessor_decision (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    subprocessor_id uuid NOT NULL,
    agreed boolean NOT NULL,
    reason text NOT NULL,
    decided_by uuid NOT NULL,
    decided_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY subprocessor_decision FORCE ROW LEVEL SECURITY;

CREATE TABLE ticket (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    shop_id uuid,
    contract_version_id uuid,
    channel text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    request text NOT NULL,
    category text,
    urgency text NOT NULL,
    owner_id uuid,
    department text,
    promised_at timestamp with time zone,
    step text NOT NULL,
    step_since timestamp with time zone NOT NULL,
    status text NOT NULL,
    round integer NOT NULL,
    on_hold boolean NOT NULL,
    awaiting_since timestamp with time zone,
    version integer NOT NULL,
    occurred_on date NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    opened_by uuid NOT NULL,
    closed_at timestamp with time zone,
    outcome text,
    next_due_at timestamp with time zone,
    last_entry_at timestamp with time zone NOT NULL,
    is_confidential boolean DEFAULT false NOT NULL,
    CONSTRAINT ck_ticket_closed CHECK ((((step = 'closed'::text) = (closed_at IS NOT NULL)) AND ((step = 'closed'::text) = (outcome IS NOT NULL)) AND ((step = 'closed'::text) = (status = 'closed'::text)))),
    CONSTRAINT ticket_channel_check CHECK ((channel = ANY (ARRAY['phone'::text, 'email'::text, 'online_chat'::text, 'instant_messaging'::text, 'portal'::text, 'platform_message'::text, 'meeting'::text]))),
    CONSTRAINT ticket_department_check CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT ticket_kind_check CHECK ((kind = ANY (ARRAY['service_quality'::text, 'data_anomaly'::text, 'contract_dispute'::text]))),
    CONSTRAINT ticket_outcome_check CHECK ((outcome = ANY (ARRAY['resolved'::text, 'withdrawn'::text, 'refused'::text, 'merged'::text, 'unanswered'::text]))),
    CONSTRAINT ticket_round_check CHECK ((round >= 1)),
    CONSTRAINT ticket_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'in_progress'::text, 'awaiting_customer'::text, 'done'::text, 'closed'::text]))),
    CONSTRAINT ticket_title_check CHECK ((title <> ''::text)),
    CONSTRAINT ticket_urgency_check CHECK ((urgency = ANY (ARRAY['normal'::text, 'urgent'::text]))),
    CONSTRAINT ticket_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY ticket FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN ticket.contract_version_id IS 'in force on occurred_on';

COMMENT ON COLUMN ticket.awaiting_since IS 'since when the merchant owes an answer';

COMMENT ON COLUMN ticket.next_due_at IS 'the earliest due time of its running clocks, kept by them';

CREATE TABLE ticket_clock (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    clock text NOT NULL,
    urgency text NOT NULL,
    channels text NOT NULL,
    department text,
    clause jsonb,
    started_at timestamp with time zone NOT NULL,
    limit_value integer,
    limit_unit text,
    calendar text,
    source text,
    due_at timestamp with time zone,
    warn_at timestamp with time zone,
    late_at timestamp with time zone,
    warned_at timestamp with time zone,
    breached_at timestamp with time zone,
    breach_told_at timestamp with time zone,
    late_told_at timestamp with time zone,
    met_at timestamp with time zone,
    ended_at timestamp with time zone,
    explanation jsonb,
    CONSTRAINT ck_ticket_clock_ended CHECK (((met_at IS NULL) OR (ended_at IS NULL))),
    CONSTRAINT ck_ticket_clock_limit CHECK ((num_nulls(limit_value, limit_unit, calendar, source, explanation) = ANY (ARRAY[0, 5]))),
    CONSTRAINT ticket_clock_channels_check CHECK ((channels = ANY (ARRAY['chat'::text, 'other'::text, 'any'::text]))),
    CONSTRAINT ticket_clock_clock_check CHECK ((clock = ANY (ARRAY['first_response'::text, 'coordination'::text, 'restoration'::text, 'plan_submission'::text, 'plan_execution'::text, 'progress'::text, 'return_visit'::text, 'consumer_answer'::text, 'objection'::text]))),
    CONSTRAINT ticket_clock_department_check CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT ticket_clock_limit_unit_check CHECK ((limit_unit = ANY (ARRAY['minutes'::text, 'hours'::text, 'workdays'::text]))),
    CONSTRAINT ticket_clock_limit_value_check CHECK ((limit_value > 0)),
    CONSTRAINT ticket_clock_source_check CHECK ((source = ANY (ARRAY['setting'::text, 'contract'::text]))),
    CONSTRAINT ticket_clock_urgency_check CHECK ((urgency = ANY (ARRAY['normal'::text, 'urgent'::text])))
);

ALTER TABLE ONLY ticket_clock FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN ticket_clock.limit_value IS 'null while there is no limit at this urgency';

COMMENT ON COLUMN ticket_clock.due_at IS 'null without a limit, and while a stop keeps it open';

CREATE TABLE ticket_course (
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    "position" smallint NOT NULL,
    kind text NOT NULL,
    category text,
    department text,
    shop_id uuid,
    owner_id uuid,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    outcome text,
    reopened boolean NOT NULL,
    like_ended_at timestamp with time zone,
    responded_at timestamp with time zone,
    response_minutes integer,
    response_open_minutes integer,
    handling_minutes integer,
    handling_open_minutes integer,
    rated_at timestamp with time zone,
    score smallint,
    satisfied boolean,
    unsatisfied smallint NOT NULL,
    CONSTRAINT ck_ticket_course_ended CHECK ((((ended_at IS NULL) = (outcome IS NULL)) AND ((ended_at IS NULL) = (handling_minutes IS NULL)) AND ((ended_at IS NULL) = (handling_open_minutes IS NULL)))),
    CONSTRAINT ck_ticket_course_rated CHECK ((((rated_at IS NULL) = (score IS NULL)) AND ((rated_at IS NULL) = (satisfied IS NULL)))),
    CONSTRAINT ck_ticket_course_responded CHECK ((((responded_at IS NULL) = (response_minutes IS NULL)) AND ((responded_at IS NULL) = (response_open_minutes IS NULL)))),
    CONSTRAINT ticket_course_department_check CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT ticket_course_kind_check CHECK ((kind = ANY (ARRAY['service_quality'::text, 'data_anomaly'::text, 'contract_dispute'::text]))),
    CONSTRAINT ticket_course_outcome_check CHECK ((outcome = ANY (ARRAY['resolved'::text, 'withdrawn'::text, 'refused'::text, 'merged'::text, 'unanswered'::text]))),
    CONSTRAINT ticket_course_position_check CHECK (("position" >= 0))
);

ALTER TABLE ONLY ticket_course FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ticket_course IS 'a row for each time a ticket was open: from opening or reopening to its end';

COMMENT ON COLUMN ticket_course.like_ended_at IS 'when the last other ticket of the merchant and category had ended before this one was opened';

COMMENT ON COLUMN ticket_course.unsatisfied IS 'how often the merchant was not satisfied in it';

CREATE TABLE ticket_desk (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    severity text,
    level text,
    risen_status text,
    CONSTRAINT ck_ticket_desk_risen CHECK (((level IS NULL) = (risen_status IS NULL))),
    CONSTRAINT ticket_desk_level_check CHECK ((level = ANY (ARRAY['supervisor'::text, 'executive'::text]))),
    CONSTRAINT ticket_desk_severity_check CHECK ((severity = ANY (ARRAY['minor'::text, 'moderate'::text, 'major'::text, 'critical'::text])))
);

ALTER TABLE ONLY ticket_desk FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ticket_desk IS 'what of a ticket''s standing only the agency knows';

COMMENT ON COLUMN ticket_desk.risen_status IS 'the ticket''s status while there is a level, else null; kept by the database';

CREATE TABLE ticket_draft (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    account_id uuid NOT NULL,
    form text NOT NULL,
    fields jsonb NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    page text DEFAULT ''::text NOT NULL,
    CONSTRAINT ck_ticket_draft_form CHECK ((form <> ''::text))
);

ALTER TABLE ONLY ticket_draft FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ticket_draft IS 'what a person has typed into a form of a ticket and not sent yet';

CREATE TABLE ticket_import (
    id uuid NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    storage_key text,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    step text NOT NULL,
    sheet text NOT NULL,
    header_line integer NOT NULL,
    choices jsonb NOT NULL,
    changes jsonb NOT NULL,
    skipped jsonb NOT NULL,
    row_count integer DEFAULT 0 NOT NULL,
    ready_count integer DEFAULT 0 NOT NULL,
    there_count integer DEFAULT 0 NOT NULL,
    there jsonb DEFAULT '[]'::jsonb NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    ticket_count integer DEFAULT 0 NOT NULL,
    refusal text DEFAULT ''::text NOT NULL,
    began_at timestamp with time zone,
    imported_at timestamp with time zone,
    undone_by uuid,
    undone_at timestamp with time zone,
    CONSTRAINT ticket_import_step_check CHECK ((step = ANY (ARRAY['mapping'::text, 'checking'::text, 'checked'::text, 'importing'::text, 'imported'::text, 'undoing'::text, 'undone'::text, 'refused'::text, 'dropped'::text])))
);

ALTER TABLE ONLY ticket_import FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN ticket_import.storage_key IS 'what was read of the file, sealed; gone once it is imported';

COMMENT ON COLUMN ticket_import.there IS 'the first rows that are tickets already: line and number';

CREATE TABLE ticket_import_finding (
    id uuid NOT NULL,
    import_id uuid NOT NULL,
    line integer NOT NULL,
    field text NOT NULL,
    rule text NOT NULL,
    weight text NOT NULL,
    raw text NOT NULL,
    proposed text NOT NULL,
    count integer NOT NULL,
    decision text NOT NULL,
    CONSTRAINT ticket_import_finding_decision_check CHECK ((decision = ANY (ARRAY['open'::text, 'accepted'::text, 'kept'::text]))),
    CONSTRAINT ticket_import_finding_weight_check CHECK ((weight = ANY (ARRAY['problem'::text, 'proposal'::text, 'rule'::text])))
);

ALTER TABLE ONLY ticket_import_finding FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ticket_import_finding IS 'what a person decides before an import; gone after it';

CREATE TABLE ticket_import_mapping (
    id uuid NOT NULL,
    signature text NOT NULL,
    choices jsonb NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY ticket_import_mapping FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ticket_import_mapping IS 'the latest row of a signature is what is suggested';

CREATE TABLE ticket_import_row (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    import_id uuid NOT NULL,
    line integer NOT NULL,
    entries integer NOT NULL,
    fingerprint bytea NOT NULL,
    identity bytea NOT NULL,
    CONSTRAINT ticket_import_row_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT ticket_import_row_identity_check CHECK ((octet_length(identity) = 32))
);

ALTER TABLE ONLY ticket_import_row FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN ticket_import_row.entries IS 'how many entries the import wrote: more are somebody''s';

CREATE TABLE ticket_limit (
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    clock_id uuid NOT NULL,
    clock text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    breached boolean NOT NULL,
    kind text NOT NULL,
    category text,
    department text,
    shop_id uuid,
    owner_id uuid,
    CONSTRAINT ticket_limit_department_check CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT ticket_limit_kind_check CHECK ((kind = ANY (ARRAY['service_quality'::text, 'data_anomaly'::text, 'contract_dispute'::text])))
);

ALTER TABLE ONLY ticket_limit FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ticket_limit IS 'limits of which it is decided whether they were kept, a row for each';

COMMENT ON COLUMN ticket_limit.decided_at IS 'when it passed, or when in time what it asks for was done';

CREATE TABLE ticket_link (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    other_id uuid NOT NULL,
    relation text NOT NULL,
    linked_by uuid NOT NULL,
    linked_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_ticket_link_other CHECK ((other_id <> ticket_id)),
    CONSTRAINT ticket_link_relation_check CHECK ((relation = ANY (ARRAY['related'::text, 'caused_by'::text, 'follows'::text, 'duplicates'::text])))
);

ALTER TABLE ONLY ticket_link FORCE ROW LEVEL SECURITY;

CREATE TABLE ticket_series (
    series text NOT NULL,
    last integer NOT NULL,
    CONSTRAINT ck_ticket_series_last CHECK ((last > 0))
);

ALTER TABLE ONLY ticket_series FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ticket_series IS 'the last number given in each series, such as FW2611';

CREATE TABLE ticket_words (
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    words tsvector NOT NULL
)
WITH (toast_tuple_target='128');

COMMENT ON TABLE ticket_words IS 'what a ticket is found by; control.search_tickets alone looks it up';

COMMENT ON COLUMN ticket_words.words IS 'pairs of characters and words as they are said; with ~ before what only the agency reads; marks with #';

CREATE TABLE time_entry (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    item_id uuid NOT NULL,
    person_id uuid NOT NULL,
    worked_on date NOT NULL,
    minutes integer NOT NULL,
    day_kind text NOT NULL,
    percent integer NOT NULL,
    rate_fen bigint NOT NULL,
    rate_id uuid NOT NULL,
    entered_by uuid NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    CONSTRAINT time_entry_day_kind_check CHECK ((day_kind = ANY (ARRAY['workday'::text, 'rest_day'::text, 'holiday'::text]))),
    CONSTRAINT time_entry_minutes_check CHECK (((minutes >= 1) AND (minutes <= 1440))),
    CONSTRAINT time_entry_percent_check CHECK (((percent >= 100) AND (percent <= 1000))),
    CONSTRAINT time_entry_rate_fen_check CHECK ((rate_fen > 0))
);

ALTER TABLE ONLY time_entry FORCE ROW LEVEL SECURITY;

CREATE TABLE triage (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    finding text NOT NULL,
    findings text NOT NULL,
    triaged_by uuid NOT NULL,
    triaged_at timestamp with time zone NOT NULL,
    CONSTRAINT triage_finding_check CHECK ((finding = ANY (ARRAY['not_technical'::text, 'system_fault'::text, 'data_transmission'::text, 'collection'::text])))
);

ALTER TABLE ONLY triage FORCE ROW LEVEL SECURITY;

CREATE TABLE voucher_export (
    id uuid NOT NULL,
    target text NOT NULL,
    month date NOT NULL,
    setting_id uuid CONSTRAINT voucher_export_setting_id_not_null1 NOT NULL,
    vouchers integer NOT NULL,
    sha256 bytea NOT NULL,
    exported_by uuid NOT NULL,
    exported_at timestamp with time zone NOT NULL,
    CONSTRAINT voucher_export_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT voucher_export_target_check CHECK ((target = ANY (ARRAY['jingdouyun'::text, 'k3'::text, 'u8'::text]))),
    CONSTRAINT voucher_export_vouchers_check CHECK ((vouchers > 0))
);

ALTER TABLE ONLY voucher_export FORCE ROW LEVEL SECURITY;

CREATE TABLE voucher_export_item (
    target text NOT NULL,
    voucher_id uuid NOT NULL,
    export_id uuid NOT NULL,
    attachments integer DEFAULT 0 NOT NULL,
    CONSTRAINT ck_voucher_export_item_attachments CHECK ((attachments >= 0))
);

ALTER TABLE ONLY voucher_export_item FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN voucher_export_item.attachments IS 'pieces of evidence as the voucher went out: the file can be made again to the byte';

CREATE TABLE voucher_export_setting (
    id uuid NOT NULL,
    target text NOT NULL,
    version integer NOT NULL,
    content jsonb NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT voucher_export_setting_target_check CHECK ((target = ANY (ARRAY['jingdouyun'::text, 'k3'::text, 'u8'::text]))),
    CONSTRAINT voucher_export_setting_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY voucher_export_setting FORCE ROW LEVEL SECURITY;

CREATE TABLE web_session (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    acting_for uuid,
    signed_in_at timestamp with time zone NOT NULL,
    second_factor boolean NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    ended_at timestamp with time zone,
    ended_because text,
    CONSTRAINT ck_web_session_ended CHECK (((ended_at IS NULL) = (ended_because IS NULL))),
    CONSTRAINT ck_web_session_ended_because CHECK ((ended_because = ANY (ARRAY['signed_out'::text, 'revoked'::text, 'password_changed'::text, 'second_factor_changed'::text])))
);

ALTER TABLE ONLY web_session FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN web_session.acting_for IS 'the merchant that a merchant''s person acts for now';

CREATE TABLE webhook_delivery (
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    ticket_id uuid,
    number text,
    kind text,
    of_merchant uuid,
    state text NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_attempt_at timestamp with time zone,
    next_attempt_at timestamp with time zone,
    last_status integer,
    last_failure text,
    last_milliseconds integer,
    CONSTRAINT ck_webhook_delivery_state CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text])))
);

ALTER TABLE ONLY webhook_delivery FORCE ROW LEVEL SECURITY;

CREATE TABLE webhook_endpoint (
    id uuid NOT NULL,
    url text NOT NULL,
    events jsonb NOT NULL,
    description text NOT NULL,
    sealed_secret bytea NOT NULL,
    sealed_previous bytea,
    previous_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    stopped text,
    stopped_at timestamp with time zone,
    failing_since timestamp with time zone,
    CONSTRAINT ck_webhook_endpoint_previous CHECK (((sealed_previous IS NULL) = (previous_until IS NULL))),
    CONSTRAINT ck_webhook_endpoint_stopped CHECK ((stopped = ANY (ARRAY['by_person'::text, 'gone'::text, 'failing'::text]))),
    CONSTRAINT ck_webhook_endpoint_stopped_at CHECK (((stopped IS NULL) = (stopped_at IS NULL)))
);

ALTER TABLE ONLY webhook_endpoint FORCE ROW LEVEL SECURITY;

CREATE TABLE words_due (
    merchant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    id uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);

COMMENT ON TABLE words_due IS 'tickets whose words are to be read again; several rows of one are done at once';

ALTER TABLE ONLY account
    ADD CONSTRAINT pk_account PRIMARY KEY (id);

ALTER TABLE ONLY agency
    ADD CONSTRAINT pk_agency PRIMARY KEY (id);

ALTER TABLE ONLY agreement
    ADD CONSTRAINT pk_agreement PRIMARY KEY (id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT pk_allocation PRIMARY KEY (id);

ALTER TABLE ONLY allocation_call
    ADD CONSTRAINT pk_allocation_call PRIMARY KEY (id);

ALTER TABLE ONLY allocation_part
    ADD CONSTRAINT pk_allocation_part PRIMARY KEY (id);

ALTER TABLE ONLY analysis
    ADD CONSTRAINT pk_analysis PRIMARY KEY (id);

ALTER TABLE ONLY api_key
    ADD CONSTRAINT pk_api_key PRIMARY KEY (id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT pk_assignment PRIMARY KEY (merchant_id, account_id);

ALTER TABLE ONLY attachment
    ADD CONSTRAINT pk_attachment PRIMARY KEY (id);

ALTER TABLE ONLY audit_checkpoint
    ADD CONSTRAINT pk_audit_checkpoint PRIMARY KEY (size);

ALTER TABLE ONLY audit_hash
    ADD CONSTRAINT pk_audit_hash PRIMARY KEY (height, "position");

ALTER TABLE ONLY audit_leaf
    ADD CONSTRAINT pk_audit_leaf PRIMARY KEY (id);

ALTER TABLE ONLY audit_sequence
    ADD CONSTRAINT pk_audit_sequence PRIMARY KEY (seq);

ALTER TABLE ONLY bill_mapping
    ADD CONSTRAINT pk_bill_mapping PRIMARY KEY (id);

ALTER TABLE ONLY breach
    ADD CONSTRAINT pk_breach PRIMARY KEY (id);

ALTER TABLE ONLY breach_notice
    ADD CONSTRAINT pk_breach_notice PRIMARY KEY (id);

ALTER TABLE ONLY budget
    ADD CONSTRAINT pk_budget PRIMARY KEY (id);

ALTER TABLE ONLY budget_passing
    ADD CONSTRAINT pk_budget_passing PRIMARY KEY (id);

ALTER TABLE ONLY budget_version
    ADD CONSTRAINT pk_budget_version PRIMARY KEY (id);

ALTER TABLE ONLY calendar_day
    ADD CONSTRAINT pk_calendar_day PRIMARY KEY (id);

ALTER TABLE ONLY calendar_setting
    ADD CONSTRAINT pk_calendar_setting PRIMARY KEY (id);

ALTER TABLE ONLY calendar_year
    ADD CONSTRAINT pk_calendar_year PRIMARY KEY (id);

ALTER TABLE ONLY canned_answer
    ADD CONSTRAINT pk_canned_answer PRIMARY KEY (id);

ALTER TABLE ONLY carried_over
    ADD CONSTRAINT pk_carried_over PRIMARY KEY (id);

ALTER TABLE ONLY claim_conclusion
    ADD CONSTRAINT pk_claim_conclusion PRIMARY KEY (id);

ALTER TABLE ONLY clock_change
    ADD CONSTRAINT pk_clock_change PRIMARY KEY (id);

ALTER TABLE ONLY clock_stop
    ADD CONSTRAINT pk_clock_stop PRIMARY KEY (id);

ALTER TABLE ONLY closure
    ADD CONSTRAINT pk_closure PRIMARY KEY (id);

ALTER TABLE ONLY consent_end
    ADD CONSTRAINT pk_consent_end PRIMARY KEY (id);

ALTER TABLE ONLY consent_signature
    ADD CONSTRAINT pk_consent_signature PRIMARY KEY (id);

ALTER TABLE ONLY consumer_record
    ADD CONSTRAINT pk_consumer_record PRIMARY KEY (id);

ALTER TABLE ONLY contract
    ADD CONSTRAINT pk_contract PRIMARY KEY (id);

ALTER TABLE ONLY contract_amount
    ADD CONSTRAINT pk_contract_amount PRIMARY KEY (id);

ALTER TABLE ONLY contract_document
    ADD CONSTRAINT pk_contract_document PRIMARY KEY (id);

ALTER TABLE ONLY contract_version
    ADD CONSTRAINT pk_contract_version PRIMARY KEY (id);

ALTER TABLE ONLY cost_deed
    ADD CONSTRAINT pk_cost_deed PRIMARY KEY (id);

ALTER TABLE ONLY cost_evidence
    ADD CONSTRAINT pk_cost_evidence PRIMARY KEY (id);

ALTER TABLE ONLY cost_item
    ADD CONSTRAINT pk_cost_item PRIMARY KEY (id);

ALTER TABLE ONLY cost_rules
    ADD CONSTRAINT pk_cost_rules PRIMARY KEY (id);

ALTER TABLE ONLY course_count
    ADD CONSTRAINT pk_course_count PRIMARY KEY (only_one);

ALTER TABLE ONLY course_owed
    ADD CONSTRAINT pk_course_owed PRIMARY KEY (merchant_id, id);

ALTER TABLE ONLY credential
    ADD CONSTRAINT pk_credential PRIMARY KEY (account_id);

ALTER TABLE ONLY data_key
    ADD CONSTRAINT pk_data_key PRIMARY KEY (id);

ALTER TABLE ONLY data_return
    ADD CONSTRAINT pk_data_return PRIMARY KEY (id);

ALTER TABLE ONLY data_return_step
    ADD CONSTRAINT pk_data_return_step PRIMARY KEY (id);

ALTER TABLE ONLY decoy
    ADD CONSTRAINT pk_decoy PRIMARY KEY (id);

ALTER TABLE ONLY decoy_alarm
    ADD CONSTRAINT pk_decoy_alarm PRIMARY KEY (id);

ALTER TABLE ONLY determination
    ADD CONSTRAINT pk_determination PRIMARY KEY (id);

ALTER TABLE ONLY determination_objection
    ADD CONSTRAINT pk_determination_objection PRIMARY KEY (id);

ALTER TABLE ONLY determination_review
    ADD CONSTRAINT pk_determination_review PRIMARY KEY (id);

ALTER TABLE ONLY determination_share
    ADD CONSTRAINT pk_determination_share PRIMARY KEY (id);

ALTER TABLE ONLY disclosure
    ADD CONSTRAINT pk_disclosure PRIMARY KEY (id);

ALTER TABLE ONLY disclosure_export
    ADD CONSTRAINT pk_disclosure_export PRIMARY KEY (id);

ALTER TABLE ONLY dismissal
    ADD CONSTRAINT pk_dismissal PRIMARY KEY (account_id, shown);

ALTER TABLE ONLY entrustment
    ADD CONSTRAINT pk_entrustment PRIMARY KEY (id);

ALTER TABLE ONLY entry
    ADD CONSTRAINT pk_entry PRIMARY KEY (id);

ALTER TABLE ONLY erasure
    ADD CONSTRAINT pk_erasure PRIMARY KEY (id);

ALTER TABLE ONLY erasure_certificate
    ADD CONSTRAINT pk_erasure_certificate PRIMARY KEY (id);

ALTER TABLE ONLY erasure_head
    ADD CONSTRAINT pk_erasure_head PRIMARY KEY (id);

ALTER TABLE ONLY erasure_line
    ADD CONSTRAINT pk_erasure_line PRIMARY KEY (id);

ALTER TABLE ONLY erasure_run
    ADD CONSTRAINT pk_erasure_run PRIMARY KEY (id);

ALTER TABLE ONLY erasure_skip
    ADD CONSTRAINT pk_erasure_skip PRIMARY KEY (id);

ALTER TABLE ONLY escalation
    ADD CONSTRAINT pk_escalation PRIMARY KEY (id);

ALTER TABLE ONLY evidence_item
    ADD CONSTRAINT pk_evidence_item PRIMARY KEY (id);

ALTER TABLE ONLY external_line
    ADD CONSTRAINT pk_external_line PRIMARY KEY (id);

ALTER TABLE ONLY factor
    ADD CONSTRAINT pk_factor PRIMARY KEY (id);

ALTER TABLE ONLY file_place
    ADD CONSTRAINT pk_file_place PRIMARY KEY (id);

ALTER TABLE ONLY general_rule
    ADD CONSTRAINT pk_general_rule PRIMARY KEY (id);

ALTER TABLE ONLY group_robot
    ADD CONSTRAINT pk_group_robot PRIMARY KEY (id);

ALTER TABLE ONLY hand_over
    ADD CONSTRAINT pk_hand_over PRIMARY KEY (id);

ALTER TABLE ONLY hold
    ADD CONSTRAINT pk_hold PRIMARY KEY (id);

ALTER TABLE ONLY impact_assessment
    ADD CONSTRAINT pk_impact_assessment PRIMARY KEY (id);

ALTER TABLE ONLY import_batch
    ADD CONSTRAINT pk_import_batch PRIMARY KEY (id);

ALTER TABLE ONLY improvement
    ADD CONSTRAINT pk_improvement PRIMARY KEY (id);

ALTER TABLE ONLY incoming_mail
    ADD CONSTRAINT pk_incoming_mail PRIMARY KEY (id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT pk_invitation PRIMARY KEY (id);

ALTER TABLE ONLY invoice_buyer
    ADD CONSTRAINT pk_invoice_buyer PRIMARY KEY (id);

ALTER TABLE ONLY invoice_deed
    ADD CONSTRAINT pk_invoice_deed PRIMARY KEY (id);

ALTER TABLE ONLY invoice_file
    ADD CONSTRAINT pk_invoice_file PRIMARY KEY (id);

ALTER TABLE ONLY invoice_line
    ADD CONSTRAINT pk_invoice_line PRIMARY KEY (id);

ALTER TABLE ONLY invoice_portion
    ADD CONSTRAINT pk_invoice_portion PRIMARY KEY (id);

ALTER TABLE ONLY invoice_request
    ADD CONSTRAINT pk_invoice_request PRIMARY KEY (id);

ALTER TABLE ONLY kept_answer
    ADD CONSTRAINT pk_kept_answer PRIMARY KEY (id);

ALTER TABLE ONLY key_destruction
    ADD CONSTRAINT pk_key_destruction PRIMARY KEY (id);

ALTER TABLE ONLY labour_rate
    ADD CONSTRAINT pk_labour_rate PRIMARY KEY (id);

ALTER TABLE ONLY ledger_account
    ADD CONSTRAINT pk_ledger_account PRIMARY KEY (id);

ALTER TABLE ONLY ledger_entry
    ADD CONSTRAINT pk_ledger_entry PRIMARY KEY (voucher_id, line);

ALTER TABLE ONLY ledger_number
    ADD CONSTRAINT pk_ledger_number PRIMARY KEY (voucher_id);

ALTER TABLE ONLY ledger_period
    ADD CONSTRAINT pk_ledger_period PRIMARY KEY (month);

ALTER TABLE ONLY ledger_period_change
    ADD CONSTRAINT pk_ledger_period_change PRIMARY KEY (id);

ALTER TABLE ONLY ledger_total
    ADD CONSTRAINT pk_ledger_total PRIMARY KEY (id);

ALTER TABLE ONLY ledger_voucher
    ADD CONSTRAINT pk_ledger_voucher PRIMARY KEY (id);

ALTER TABLE ONLY legal_hold
    ADD CONSTRAINT pk_legal_hold PRIMARY KEY (id);

ALTER TABLE ONLY letter
    ADD CONSTRAINT pk_letter PRIMARY KEY (id);

ALTER TABLE ONLY limit_setting
    ADD CONSTRAINT pk_limit_setting PRIMARY KEY (id);

ALTER TABLE ONLY line_claim
    ADD CONSTRAINT pk_line_claim PRIMARY KEY (line_id);

ALTER TABLE ONLY line_match
    ADD CONSTRAINT pk_line_match PRIMARY KEY (id);

ALTER TABLE ONLY line_match_line
    ADD CONSTRAINT pk_line_match_line PRIMARY KEY (match_id, line_id);

ALTER TABLE ONLY line_match_undo
    ADD CONSTRAINT pk_line_match_undo PRIMARY KEY (match_id);

ALTER TABLE ONLY match_rule
    ADD CONSTRAINT pk_match_rule PRIMARY KEY (id);

ALTER TABLE ONLY match_run
    ADD CONSTRAINT pk_match_run PRIMARY KEY (id);

ALTER TABLE ONLY match_write_off
    ADD CONSTRAINT pk_match_write_off PRIMARY KEY (match_id);

ALTER TABLE ONLY measure
    ADD CONSTRAINT pk_measure PRIMARY KEY (id);

ALTER TABLE ONLY measured_month
    ADD CONSTRAINT pk_measured_month PRIMARY KEY (month, by, key);

ALTER TABLE ONLY measured_state
    ADD CONSTRAINT pk_measured_state PRIMARY KEY (month);

ALTER TABLE ONLY measured_times
    ADD CONSTRAINT pk_measured_times PRIMARY KEY (month, by, key, spread);

ALTER TABLE ONLY meeting
    ADD CONSTRAINT pk_meeting PRIMARY KEY (id);

ALTER TABLE ONLY meeting_decision
    ADD CONSTRAINT pk_meeting_decision PRIMARY KEY (id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT pk_membership PRIMARY KEY (merchant_id, account_id);

ALTER TABLE ONLY merchant
    ADD CONSTRAINT pk_merchant PRIMARY KEY (id);

ALTER TABLE ONLY merchant_contact
    ADD CONSTRAINT pk_merchant_contact PRIMARY KEY (id);

ALTER TABLE ONLY merchant_key
    ADD CONSTRAINT pk_merchant_key PRIMARY KEY (id);

ALTER TABLE ONLY metric_window
    ADD CONSTRAINT pk_metric_window PRIMARY KEY (id);

ALTER TABLE ONLY negotiation_round
    ADD CONSTRAINT pk_negotiation_round PRIMARY KEY (id);

ALTER TABLE ONLY notice
    ADD CONSTRAINT pk_notice PRIMARY KEY (id);

ALTER TABLE ONLY notification_default
    ADD CONSTRAINT pk_notification_default PRIMARY KEY (role);

ALTER TABLE ONLY notification_wishes
    ADD CONSTRAINT pk_notification_wishes PRIMARY KEY (account_id);

ALTER TABLE ONLY obligation
    ADD CONSTRAINT pk_obligation PRIMARY KEY (id);

ALTER TABLE ONLY observation
    ADD CONSTRAINT pk_observation PRIMARY KEY (id);

ALTER TABLE ONLY password
    ADD CONSTRAINT pk_password PRIMARY KEY (account_id);

ALTER TABLE ONLY password_link
    ADD CONSTRAINT pk_password_link PRIMARY KEY (id);

ALTER TABLE ONLY plan
    ADD CONSTRAINT pk_plan PRIMARY KEY (id);

ALTER TABLE ONLY plan_answer
    ADD CONSTRAINT pk_plan_answer PRIMARY KEY (id);

ALTER TABLE ONLY plan_review
    ADD CONSTRAINT pk_plan_review PRIMARY KEY (id);

ALTER TABLE ONLY point_at_issue
    ADD CONSTRAINT pk_point_at_issue PRIMARY KEY (id);

ALTER TABLE ONLY private_rule
    ADD CONSTRAINT pk_private_rule PRIMARY KEY (id);

ALTER TABLE ONLY proceeding
    ADD CONSTRAINT pk_proceeding PRIMARY KEY (id);

ALTER TABLE ONLY proceeding_outcome
    ADD CONSTRAINT pk_proceeding_outcome PRIMARY KEY (id);

ALTER TABLE ONLY processing_activity
    ADD CONSTRAINT pk_processing_activity PRIMARY KEY (id);

ALTER TABLE ONLY purpose_change
    ADD CONSTRAINT pk_purpose_change PRIMARY KEY (id);

ALTER TABLE ONLY question
    ADD CONSTRAINT pk_question PRIMARY KEY (id);

ALTER TABLE ONLY rating
    ADD CONSTRAINT pk_rating PRIMARY KEY (id);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT pk_recovery_code PRIMARY KEY (id);

ALTER TABLE ONLY reopening
    ADD CONSTRAINT pk_reopening PRIMARY KEY (id);

ALTER TABLE ONLY reply_mailbox
    ADD CONSTRAINT pk_reply_mailbox PRIMARY KEY (id);

ALTER TABLE ONLY resealing
    ADD CONSTRAINT pk_resealing PRIMARY KEY (owner_id);

ALTER TABLE ONLY result
    ADD CONSTRAINT pk_result PRIMARY KEY (id);

ALTER TABLE ONLY result_confirmation
    ADD CONSTRAINT pk_result_confirmation PRIMARY KEY (id);

ALTER TABLE ONLY retention_setting
    ADD CONSTRAINT pk_retention_setting PRIMARY KEY (id);

ALTER TABLE ONLY return_visit
    ADD CONSTRAINT pk_return_visit PRIMARY KEY (id);

ALTER TABLE ONLY reveal
    ADD CONSTRAINT pk_reveal PRIMARY KEY (id);

ALTER TABLE ONLY reveal_alarm
    ADD CONSTRAINT pk_reveal_alarm PRIMARY KEY (id);

ALTER TABLE ONLY reveal_copy
    ADD CONSTRAINT pk_reveal_copy PRIMARY KEY (id);

ALTER TABLE ONLY reveal_objection
    ADD CONSTRAINT pk_reveal_objection PRIMARY KEY (id);

ALTER TABLE ONLY reveal_objection_answer
    ADD CONSTRAINT pk_reveal_objection_answer PRIMARY KEY (id);

ALTER TABLE ONLY reveal_rules
    ADD CONSTRAINT pk_reveal_rules PRIMARY KEY (id);

ALTER TABLE ONLY robot_saying
    ADD CONSTRAINT pk_robot_saying PRIMARY KEY (id);

ALTER TABLE ONLY role_grant
    ADD CONSTRAINT pk_role_grant PRIMARY KEY (id);

ALTER TABLE ONLY saved_view
    ADD CONSTRAINT pk_saved_view PRIMARY KEY (id);

ALTER TABLE ONLY sealed_content
    ADD CONSTRAINT pk_sealed_content PRIMARY KEY (id);

ALTER TABLE ONLY second_factor
    ADD CONSTRAINT pk_second_factor PRIMARY KEY (account_id);

ALTER TABLE ONLY settlement_account
    ADD CONSTRAINT pk_settlement_account PRIMARY KEY (id);

ALTER TABLE ONLY shop
    ADD CONSTRAINT pk_shop PRIMARY KEY (id);

ALTER TABLE ONLY sign_in_challenge
    ADD CONSTRAINT pk_sign_in_challenge PRIMARY KEY (id);

ALTER TABLE ONLY sign_in_delay
    ADD CONSTRAINT pk_sign_in_delay PRIMARY KEY (subject);

ALTER TABLE ONLY signature
    ADD CONSTRAINT pk_signature PRIMARY KEY (id);

ALTER TABLE ONLY spent_object
    ADD CONSTRAINT pk_spent_object PRIMARY KEY (id);

ALTER TABLE ONLY stale_month
    ADD CONSTRAINT pk_stale_month PRIMARY KEY (id);

ALTER TABLE ONLY start_view
    ADD CONSTRAINT pk_start_view PRIMARY KEY (account_id);

ALTER TABLE ONLY statement
    ADD CONSTRAINT pk_statement PRIMARY KEY (id);

ALTER TABLE ONLY statement_file
    ADD CONSTRAINT pk_statement_file PRIMARY KEY (id);

ALTER TABLE ONLY statement_line
    ADD CONSTRAINT pk_statement_line PRIMARY KEY (id);

ALTER TABLE ONLY statement_preparation
    ADD CONSTRAINT pk_statement_preparation PRIMARY KEY (id);

ALTER TABLE ONLY statement_word
    ADD CONSTRAINT pk_statement_word PRIMARY KEY (id);

ALTER TABLE ONLY subject_request
    ADD CONSTRAINT pk_subject_request PRIMARY KEY (id);

ALTER TABLE ONLY subject_request_record
    ADD CONSTRAINT pk_subject_request_record PRIMARY KEY (id);

ALTER TABLE ONLY subject_request_step
    ADD CONSTRAINT pk_subject_request_step PRIMARY KEY (id);

ALTER TABLE ONLY subprocessor
    ADD CONSTRAINT pk_subprocessor PRIMARY KEY (id);

ALTER TABLE ONLY subprocessor_decision
    ADD CONSTRAINT pk_subprocessor_decision PRIMARY KEY (id);

ALTER TABLE ONLY ticket
    ADD CONSTRAINT pk_ticket PRIMARY KEY (id);

ALTER TABLE ONLY ticket_clock
    ADD CONSTRAINT pk_ticket_clock PRIMARY KEY (id);

ALTER TABLE ONLY ticket_course
    ADD CONSTRAINT pk_ticket_course PRIMARY KEY (merchant_id, ticket_id, "position");

ALTER TABLE ONLY ticket_desk
    ADD CONSTRAINT pk_ticket_desk PRIMARY KEY (id);

ALTER TABLE ONLY ticket_draft
    ADD CONSTRAINT pk_ticket_draft PRIMARY KEY (id);

ALTER TABLE ONLY ticket_import
    ADD CONSTRAINT pk_ticket_import PRIMARY KEY (id);

ALTER TABLE ONLY ticket_import_finding
    ADD CONSTRAINT pk_ticket_import_finding PRIMARY KEY (id);

ALTER TABLE ONLY ticket_import_mapping
    ADD CONSTRAINT pk_ticket_import_mapping PRIMARY KEY (id);

ALTER TABLE ONLY ticket_import_row
    ADD CONSTRAINT pk_ticket_import_row PRIMARY KEY (id);

ALTER TABLE ONLY ticket_limit
    ADD CONSTRAINT pk_ticket_limit PRIMARY KEY (merchant_id, ticket_id, clock_id);

ALTER TABLE ONLY ticket_link
    ADD CONSTRAINT pk_ticket_link PRIMARY KEY (id);

ALTER TABLE ONLY ticket_series
    ADD CONSTRAINT pk_ticket_series PRIMARY KEY (series);

ALTER TABLE ONLY ticket_words
    ADD CONSTRAINT pk_ticket_words PRIMARY KEY (merchant_id, ticket_id);

ALTER TABLE ONLY time_entry
    ADD CONSTRAINT pk_time_entry PRIMARY KEY (id);

ALTER TABLE ONLY triage
    ADD CONSTRAINT pk_triage PRIMARY KEY (id);

ALTER TABLE ONLY voucher_export
    ADD CONSTRAINT pk_voucher_export PRIMARY KEY (id);

ALTER TABLE ONLY voucher_export_item
    ADD CONSTRAINT pk_voucher_export_item PRIMARY KEY (target, voucher_id);

COMMENT ON CONSTRAINT pk_voucher_export_item ON voucher_export_item IS 'a voucher goes out to a target once';

ALTER TABLE ONLY voucher_export_setting
    ADD CONSTRAINT pk_voucher_export_setting PRIMARY KEY (id);

ALTER TABLE ONLY web_session
    ADD CONSTRAINT pk_web_session PRIMARY KEY (id);

ALTER TABLE ONLY webhook_delivery
    ADD CONSTRAINT pk_webhook_delivery PRIMARY KEY (id);

ALTER TABLE ONLY webhook_endpoint
    ADD CONSTRAINT pk_webhook_endpoint PRIMARY KEY (id);

ALTER TABLE ONLY words_due
    ADD CONSTRAINT pk_words_due PRIMARY KEY (merchant_id, ticket_id, id);

ALTER TABLE ONLY agency
    ADD CONSTRAINT uq_agency_one UNIQUE (one);

ALTER TABLE ONLY agreement
    ADD CONSTRAINT uq_agreement_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY agreement
    ADD CONSTRAINT uq_agreement_merchant_id_ticket_id_version UNIQUE (merchant_id, ticket_id, version);

ALTER TABLE ONLY allocation_call
    ADD CONSTRAINT uq_allocation_call_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT uq_allocation_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT uq_allocation_merchant_id_item_id_supersedes_id UNIQUE NULLS NOT DISTINCT (merchant_id, item_id, supersedes_id);

ALTER TABLE ONLY allocation_part
    ADD CONSTRAINT uq_allocation_part_merchant_id_allocation_id_position UNIQUE (merchant_id, allocation_id, "position");

ALTER TABLE ONLY allocation_part
    ADD CONSTRAINT uq_allocation_part_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY analysis
    ADD CONSTRAINT uq_analysis_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY api_key
    ADD CONSTRAINT uq_api_key_key_id UNIQUE (key_id);

ALTER TABLE ONLY attachment
    ADD CONSTRAINT uq_attachment_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY audit_sequence
    ADD CONSTRAINT uq_audit_sequence_leaf_id UNIQUE (leaf_id);

ALTER TABLE ONLY breach
    ADD CONSTRAINT uq_breach_number UNIQUE (number);

ALTER TABLE ONLY budget_passing
    ADD CONSTRAINT uq_budget_passing_version_id_threshold UNIQUE (version_id, threshold);

ALTER TABLE ONLY budget
    ADD CONSTRAINT uq_budget_scope UNIQUE NULLS NOT DISTINCT (per, first_day, department, merchant_id, category);

ALTER TABLE ONLY budget_version
    ADD CONSTRAINT uq_budget_version_budget_id_id UNIQUE (budget_id, id);

ALTER TABLE ONLY budget_version
    ADD CONSTRAINT uq_budget_version_budget_id_version UNIQUE (budget_id, version);

ALTER TABLE ONLY calendar_day
    ADD CONSTRAINT uq_calendar_day_calendar_day UNIQUE (calendar, day);

ALTER TABLE ONLY calendar_setting
    ADD CONSTRAINT uq_calendar_setting_code_department UNIQUE NULLS NOT DISTINCT (code, department);

ALTER TABLE ONLY calendar_year
    ADD CONSTRAINT uq_calendar_year_year UNIQUE (year);

ALTER TABLE ONLY carried_over
    ADD CONSTRAINT uq_carried_over_month_matter_subject_id UNIQUE (month, matter, subject_id);

ALTER TABLE ONLY claim_conclusion
    ADD CONSTRAINT uq_claim_conclusion_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY claim_conclusion
    ADD CONSTRAINT uq_claim_conclusion_merchant_id_part_id UNIQUE (merchant_id, part_id);

ALTER TABLE ONLY clock_change
    ADD CONSTRAINT uq_clock_change_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY clock_stop
    ADD CONSTRAINT uq_clock_stop_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY closure
    ADD CONSTRAINT uq_closure_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY consent_end
    ADD CONSTRAINT uq_consent_end_merchant_id_disclosure_id_part UNIQUE (merchant_id, disclosure_id, part);

ALTER TABLE ONLY consent_end
    ADD CONSTRAINT uq_consent_end_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY consent_signature
    ADD CONSTRAINT uq_consent_signature_merchant_id_disclosure_id_part UNIQUE (merchant_id, disclosure_id, part);

ALTER TABLE ONLY consent_signature
    ADD CONSTRAINT uq_consent_signature_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY consumer_record
    ADD CONSTRAINT uq_consumer_record_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY contract_amount
    ADD CONSTRAINT uq_contract_amount_merchant_id_version_id_place UNIQUE (merchant_id, version_id, clause, party, per, category);

ALTER TABLE ONLY contract
    ADD CONSTRAINT uq_contract_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY contract
    ADD CONSTRAINT uq_contract_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY contract_version
    ADD CONSTRAINT uq_contract_version_merchant_id_contract_id_version UNIQUE (merchant_id, contract_id, version);

ALTER TABLE ONLY contract_version
    ADD CONSTRAINT uq_contract_version_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY cost_deed
    ADD CONSTRAINT uq_cost_deed_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY cost_evidence
    ADD CONSTRAINT uq_cost_evidence_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY cost_item
    ADD CONSTRAINT uq_cost_item_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY cost_item
    ADD CONSTRAINT uq_cost_item_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY credential
    ADD CONSTRAINT uq_credential_login UNIQUE (login);

ALTER TABLE ONLY data_key
    ADD CONSTRAINT uq_data_key_owner_id_purpose_version UNIQUE (owner_id, purpose, version);

ALTER TABLE ONLY data_return
    ADD CONSTRAINT uq_data_return_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY data_return
    ADD CONSTRAINT uq_data_return_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY data_return_step
    ADD CONSTRAINT uq_data_return_step_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY decoy
    ADD CONSTRAINT uq_decoy_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY determination
    ADD CONSTRAINT uq_determination_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY determination
    ADD CONSTRAINT uq_determination_merchant_id_replaces_id UNIQUE (merchant_id, replaces_id);

ALTER TABLE ONLY determination_objection
    ADD CONSTRAINT uq_determination_objection_merchant_id_determination_id_level UNIQUE (merchant_id, determination_id, level);

ALTER TABLE ONLY determination_objection
    ADD CONSTRAINT uq_determination_objection_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY determination_review
    ADD CONSTRAINT uq_determination_review_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY determination_review
    ADD CONSTRAINT uq_determination_review_merchant_id_objection_id UNIQUE (merchant_id, objection_id);

ALTER TABLE ONLY determination_share
    ADD CONSTRAINT uq_determination_share_merchant_id_determination_id_party UNIQUE (merchant_id, determination_id, party);

ALTER TABLE ONLY determination_share
    ADD CONSTRAINT uq_determination_share_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY disclosure_export
    ADD CONSTRAINT uq_disclosure_export_merchant_id_disclosure_id_sequence UNIQUE (merchant_id, disclosure_id, sequence);

ALTER TABLE ONLY disclosure_export
    ADD CONSTRAINT uq_disclosure_export_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY disclosure
    ADD CONSTRAINT uq_disclosure_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY disclosure
    ADD CONSTRAINT uq_disclosure_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY entrustment
    ADD CONSTRAINT uq_entrustment_merchant_id_contract_id_version UNIQUE (merchant_id, contract_id, version);

ALTER TABLE ONLY entrustment
    ADD CONSTRAINT uq_entrustment_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY entry
    ADD CONSTRAINT uq_entry_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY erasure_certificate
    ADD CONSTRAINT uq_erasure_certificate_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY erasure_certificate
    ADD CONSTRAINT uq_erasure_certificate_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY erasure_certificate
    ADD CONSTRAINT uq_erasure_certificate_merchant_id_return_id UNIQUE (merchant_id, return_id);

ALTER TABLE ONLY erasure_head
    ADD CONSTRAINT uq_erasure_head_one UNIQUE (one);

ALTER TABLE ONLY erasure_line
    ADD CONSTRAINT uq_erasure_line_run_id_kind UNIQUE (run_id, kind);

ALTER TABLE ONLY erasure_skip
    ADD CONSTRAINT uq_erasure_skip_run_id_kind_reason_example UNIQUE (run_id, kind, reason, example);

ALTER TABLE ONLY escalation
    ADD CONSTRAINT uq_escalation_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY evidence_item
    ADD CONSTRAINT uq_evidence_item_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY external_line
    ADD CONSTRAINT uq_external_line_source_account_natural_key UNIQUE (source, account, natural_key);

ALTER TABLE ONLY factor
    ADD CONSTRAINT uq_factor_merchant_id_analysis_id_factor UNIQUE (merchant_id, analysis_id, factor);

ALTER TABLE ONLY factor
    ADD CONSTRAINT uq_factor_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY file_place
    ADD CONSTRAINT uq_file_place_merchant_id_file_key UNIQUE (merchant_id, file_key);

ALTER TABLE ONLY general_rule
    ADD CONSTRAINT uq_general_rule_version UNIQUE (version);

ALTER TABLE ONLY hand_over
    ADD CONSTRAINT uq_hand_over_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY hold
    ADD CONSTRAINT uq_hold_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY import_batch
    ADD CONSTRAINT uq_import_batch_sha256 UNIQUE (sha256);

ALTER TABLE ONLY improvement
    ADD CONSTRAINT uq_improvement_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY incoming_mail
    ADD CONSTRAINT uq_incoming_mail_mark UNIQUE (mark);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY invoice_buyer
    ADD CONSTRAINT uq_invoice_buyer_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY invoice_deed
    ADD CONSTRAINT uq_invoice_deed_deed UNIQUE (merchant_id, request_id, deed);

ALTER TABLE ONLY invoice_file
    ADD CONSTRAINT uq_invoice_file_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY invoice_line
    ADD CONSTRAINT uq_invoice_line_place UNIQUE (merchant_id, request_id, place);

ALTER TABLE ONLY invoice_portion
    ADD CONSTRAINT uq_invoice_portion_request_id UNIQUE (merchant_id, request_id, statement_id);

ALTER TABLE ONLY invoice_request
    ADD CONSTRAINT uq_invoice_request_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY invoice_request
    ADD CONSTRAINT uq_invoice_request_merchant_id_invoice_number UNIQUE (merchant_id, invoice_number);

ALTER TABLE ONLY invoice_request
    ADD CONSTRAINT uq_invoice_request_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY kept_answer
    ADD CONSTRAINT uq_kept_answer_account_id_key UNIQUE (account_id, key);

ALTER TABLE ONLY ledger_account
    ADD CONSTRAINT uq_ledger_account_code UNIQUE (code);

ALTER TABLE ONLY ledger_account
    ADD CONSTRAINT uq_ledger_account_use_currency UNIQUE (use, currency);

ALTER TABLE ONLY ledger_number
    ADD CONSTRAINT uq_ledger_number_month_number UNIQUE (month, number);

ALTER TABLE ONLY ledger_total
    ADD CONSTRAINT uq_ledger_total_place UNIQUE NULLS NOT DISTINCT (account_id, month, merchant_id, shop_id, party, department, stripe);

ALTER TABLE ONLY ledger_voucher
    ADD CONSTRAINT uq_ledger_voucher_idempotency_key UNIQUE (idempotency_key);

ALTER TABLE ONLY ledger_voucher
    ADD CONSTRAINT uq_ledger_voucher_reverses_id UNIQUE (reverses_id);

ALTER TABLE ONLY limit_setting
    ADD CONSTRAINT uq_limit_setting_clock_urgency_channels UNIQUE (clock, urgency, channels);

ALTER TABLE ONLY match_write_off
    ADD CONSTRAINT uq_match_write_off_voucher_id UNIQUE (voucher_id);

ALTER TABLE ONLY measure
    ADD CONSTRAINT uq_measure_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY measure
    ADD CONSTRAINT uq_measure_merchant_id_plan_id_position UNIQUE (merchant_id, plan_id, "position");

ALTER TABLE ONLY meeting_decision
    ADD CONSTRAINT uq_meeting_decision_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY meeting
    ADD CONSTRAINT uq_meeting_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY merchant_contact
    ADD CONSTRAINT uq_merchant_contact_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY merchant_key
    ADD CONSTRAINT uq_merchant_key_handle UNIQUE (handle);

ALTER TABLE ONLY merchant_key
    ADD CONSTRAINT uq_merchant_key_owner_id UNIQUE (owner_id);

ALTER TABLE ONLY metric_window
    ADD CONSTRAINT uq_metric_window_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY metric_window
    ADD CONSTRAINT uq_metric_window_merchant_id_ticket_id UNIQUE (merchant_id, ticket_id);

ALTER TABLE ONLY negotiation_round
    ADD CONSTRAINT uq_negotiation_round_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY obligation
    ADD CONSTRAINT uq_obligation_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY observation
    ADD CONSTRAINT uq_observation_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY password_link
    ADD CONSTRAINT uq_password_link_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY plan_answer
    ADD CONSTRAINT uq_plan_answer_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY plan_answer
    ADD CONSTRAINT uq_plan_answer_merchant_id_plan_id UNIQUE (merchant_id, plan_id);

ALTER TABLE ONLY plan
    ADD CONSTRAINT uq_plan_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY plan
    ADD CONSTRAINT uq_plan_merchant_id_ticket_id_version UNIQUE (merchant_id, ticket_id, version);

ALTER TABLE ONLY plan_review
    ADD CONSTRAINT uq_plan_review_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY plan_review
    ADD CONSTRAINT uq_plan_review_merchant_id_plan_id UNIQUE (merchant_id, plan_id);

ALTER TABLE ONLY point_at_issue
    ADD CONSTRAINT uq_point_at_issue_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY private_rule
    ADD CONSTRAINT uq_private_rule_merchant_id_shop_id_word UNIQUE NULLS NOT DISTINCT (merchant_id, shop_id, word);

ALTER TABLE ONLY proceeding
    ADD CONSTRAINT uq_proceeding_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY proceeding_outcome
    ADD CONSTRAINT uq_proceeding_outcome_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY processing_activity
    ADD CONSTRAINT uq_processing_activity_activity_id_version UNIQUE (activity_id, version);

ALTER TABLE ONLY question
    ADD CONSTRAINT uq_question_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY rating
    ADD CONSTRAINT uq_rating_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT uq_recovery_code_account_id_code_hash UNIQUE (account_id, code_hash);

ALTER TABLE ONLY reopening
    ADD CONSTRAINT uq_reopening_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY reply_mailbox
    ADD CONSTRAINT uq_reply_mailbox_one UNIQUE (one);

ALTER TABLE ONLY result_confirmation
    ADD CONSTRAINT uq_result_confirmation_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY result
    ADD CONSTRAINT uq_result_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY return_visit
    ADD CONSTRAINT uq_return_visit_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY reveal
    ADD CONSTRAINT uq_reveal_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY reveal_objection_answer
    ADD CONSTRAINT uq_reveal_objection_answer_merchant_id_objection_id UNIQUE (merchant_id, objection_id);

ALTER TABLE ONLY reveal_objection
    ADD CONSTRAINT uq_reveal_objection_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY reveal_objection
    ADD CONSTRAINT uq_reveal_objection_merchant_id_reveal_id UNIQUE (merchant_id, reveal_id);

ALTER TABLE ONLY robot_saying
    ADD CONSTRAINT uq_robot_saying_robot_id_source UNIQUE (robot_id, source);

ALTER TABLE ONLY role_grant
    ADD CONSTRAINT uq_role_grant_account_id_role_department UNIQUE NULLS NOT DISTINCT (account_id, role, department);

ALTER TABLE ONLY saved_view
    ADD CONSTRAINT uq_saved_view_name UNIQUE (account_id, place, name);

ALTER TABLE ONLY sealed_content
    ADD CONSTRAINT uq_sealed_content_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY settlement_account
    ADD CONSTRAINT uq_settlement_account_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY shop
    ADD CONSTRAINT uq_shop_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY sign_in_challenge
    ADD CONSTRAINT uq_sign_in_challenge_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY signature
    ADD CONSTRAINT uq_signature_merchant_id_agreement_id_side UNIQUE (merchant_id, agreement_id, side);

ALTER TABLE ONLY signature
    ADD CONSTRAINT uq_signature_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY statement_line
    ADD CONSTRAINT uq_statement_line_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY statement_line
    ADD CONSTRAINT uq_statement_line_merchant_id_voucher_id UNIQUE (merchant_id, voucher_id, entry_line);

COMMENT ON CONSTRAINT uq_statement_line_merchant_id_voucher_id ON statement_line IS 'a posting is on one statement and on no other';

ALTER TABLE ONLY statement_line
    ADD CONSTRAINT uq_statement_line_place UNIQUE (merchant_id, statement_id, place);

ALTER TABLE ONLY statement
    ADD CONSTRAINT uq_statement_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY statement
    ADD CONSTRAINT uq_statement_merchant_id_month UNIQUE (merchant_id, month, currency);

ALTER TABLE ONLY statement
    ADD CONSTRAINT uq_statement_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY statement_word
    ADD CONSTRAINT uq_statement_word_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY statement_word
    ADD CONSTRAINT uq_statement_word_step UNIQUE NULLS NOT DISTINCT (merchant_id, statement_id, line_id, step);

ALTER TABLE ONLY subject_request
    ADD CONSTRAINT uq_subject_request_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY subject_request
    ADD CONSTRAINT uq_subject_request_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY subject_request_record
    ADD CONSTRAINT uq_subject_request_record_merchant_id_request_id_origin_id UNIQUE (merchant_id, request_id, origin_id);

ALTER TABLE ONLY subprocessor_decision
    ADD CONSTRAINT uq_subprocessor_decision_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY subprocessor
    ADD CONSTRAINT uq_subprocessor_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY ticket_clock
    ADD CONSTRAINT uq_ticket_clock_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY ticket_desk
    ADD CONSTRAINT uq_ticket_desk_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY ticket_desk
    ADD CONSTRAINT uq_ticket_desk_merchant_id_ticket_id UNIQUE (merchant_id, ticket_id);

ALTER TABLE ONLY ticket_draft
    ADD CONSTRAINT uq_ticket_draft_merchant_id_ticket_id_account_id_form UNIQUE (merchant_id, ticket_id, account_id, form);

ALTER TABLE ONLY ticket_import_row
    ADD CONSTRAINT uq_ticket_import_row_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY ticket_link
    ADD CONSTRAINT uq_ticket_link_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY ticket_link
    ADD CONSTRAINT uq_ticket_link_merchant_id_ticket_id_other_id_relation UNIQUE (merchant_id, ticket_id, other_id, relation);

ALTER TABLE ONLY ticket
    ADD CONSTRAINT uq_ticket_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY ticket
    ADD CONSTRAINT uq_ticket_merchant_id_id_status UNIQUE (merchant_id, id, status);

ALTER TABLE ONLY ticket
    ADD CONSTRAINT uq_ticket_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY time_entry
    ADD CONSTRAINT uq_time_entry_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY time_entry
    ADD CONSTRAINT uq_time_entry_merchant_id_item_id UNIQUE (merchant_id, item_id);

ALTER TABLE ONLY triage
    ADD CONSTRAINT uq_triage_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY voucher_export
    ADD CONSTRAINT uq_voucher_export_id_target UNIQUE (id, target);

ALTER TABLE ONLY voucher_export_setting
    ADD CONSTRAINT uq_voucher_export_setting_id_target UNIQUE (id, target);

ALTER TABLE ONLY voucher_export_setting
    ADD CONSTRAINT uq_voucher_export_setting_target_version UNIQUE (target, version);

ALTER TABLE ONLY web_session
    ADD CONSTRAINT uq_web_session_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY webhook_delivery
    ADD CONSTRAINT uq_webhook_delivery_endpoint_id_event_id UNIQUE (endpoint_id, event_id);

CREATE INDEX ix_agreement_merchant_id_ticket_id ON agreement USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_allocation_call_merchant_id_allocation_id ON allocation_call USING btree (merchant_id, allocation_id);

CREATE INDEX ix_allocation_call_merchant_id_ticket_id ON allocation_call USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_allocation_merchant_id_ticket_id ON allocation USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_allocation_merchant_id_version_id ON allocation USING btree (merchant_id, version_id);

CREATE INDEX ix_allocation_part_merchant_id_ticket_id ON allocation_part USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_analysis_merchant_id_ticket_id ON analysis USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_api_key_account_id ON api_key USING btree (account_id);

CREATE INDEX ix_assignment_account_id_merchant_id ON assignment USING btree (account_id, merchant_id);

CREATE INDEX ix_attachment_merchant_id_ticket_id ON attachment USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_audit_leaf_merchant_id_id ON audit_leaf USING btree (merchant_id, id DESC) WHERE (merchant_id IS NOT NULL);

CREATE INDEX ix_audit_leaf_ticket_id_id ON audit_leaf USING btree (ticket_id, id DESC) WHERE (ticket_id IS NOT NULL);

CREATE INDEX ix_audit_leaf_xid_id ON audit_leaf USING btree (xid, id);

CREATE INDEX ix_bill_mapping_name ON bill_mapping USING btree (name, id);

CREATE INDEX ix_breach_notice_merchant_id ON breach_notice USING btree (merchant_id, id);

CREATE INDEX ix_budget_passing_budget_id ON budget_passing USING btree (budget_id, id);

CREATE INDEX ix_canned_answer_account_id ON canned_answer USING btree (account_id);

CREATE INDEX ix_claim_conclusion_merchant_id_ticket_id ON claim_conclusion USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_clock_change_merchant_id_ticket_id ON clock_change USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_clock_stop_merchant_id_ticket_id ON clock_stop USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_closure_merchant_id_ticket_id ON closure USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_consumer_record_merchant_id_ticket_id ON consumer_record USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_consumer_record_order_number_blind ON consumer_record USING btree (merchant_id, order_number_exact);

CREATE INDEX ix_consumer_record_phone_blind ON consumer_record USING btree (merchant_id, phone_last4, phone_exact);

CREATE INDEX ix_contract_document_merchant_id_version_id ON contract_document USING btree (merchant_id, version_id);

CREATE INDEX ix_cost_deed_merchant_id_item_id ON cost_deed USING btree (merchant_id, item_id, id);

CREATE INDEX ix_cost_deed_merchant_id_ticket_id ON cost_deed USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_cost_evidence_merchant_id_item_id ON cost_evidence USING btree (merchant_id, item_id, id);

CREATE INDEX ix_cost_evidence_merchant_id_ticket_id ON cost_evidence USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_cost_evidence_sha256 ON cost_evidence USING btree (sha256) WHERE (removed_at IS NULL);

CREATE INDEX ix_cost_item_category_booked ON cost_item USING btree (category, id) WHERE (state = ANY (ARRAY['verified'::text, 'allocated'::text]));

CREATE INDEX ix_cost_item_incurred_on ON cost_item USING btree (incurred_on) WHERE (state = ANY (ARRAY['verified'::text, 'allocated'::text, 'submitted'::text, 'countersigning'::text]));

CREATE INDEX ix_cost_item_merchant_id_ticket_id ON cost_item USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_cost_item_number ON cost_item USING btree (number);

CREATE INDEX ix_cost_item_returned ON cost_item USING btree (claimed_by, id) WHERE (state = 'returned'::text);

CREATE INDEX ix_cost_item_waiting ON cost_item USING btree (state_since, id) WHERE (state = ANY (ARRAY['submitted'::text, 'countersigning'::text]));

CREATE INDEX ix_data_return_step_merchant_id_return_id ON data_return_step USING btree (merchant_id, return_id);

CREATE INDEX ix_decoy_alarm_touched_at ON decoy_alarm USING btree (touched_at DESC, id DESC);

CREATE INDEX ix_decoy_row_id ON decoy USING btree (row_id) WHERE (lifted_at IS NULL);

CREATE INDEX ix_determination_merchant_id_ticket_id ON determination USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_determination_objection_merchant_id_ticket_id ON determination_objection USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_determination_review_merchant_id_ticket_id ON determination_review USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_determination_share_merchant_id_ticket_id ON determination_share USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_entry_merchant_id_ticket_id ON entry USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_erasure_run_id ON erasure USING btree (run_id);

CREATE INDEX ix_erasure_run_started_at ON erasure_run USING btree (started_at DESC, id DESC);

CREATE INDEX ix_erasure_subject_id_kind ON erasure USING btree (subject_id, kind);

CREATE INDEX ix_escalation_merchant_id_ticket_id ON escalation USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_evidence_item_merchant_id_ticket_id ON evidence_item USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_external_line_batch_id ON external_line USING btree (batch_id);

CREATE INDEX ix_external_line_derived_by ON external_line USING btree (derived_by) WHERE (derived_by IS NOT NULL);

CREATE INDEX ix_external_line_source_booked_on ON external_line USING btree (source, booked_on, id);

CREATE INDEX ix_factor_merchant_id_ticket_id ON factor USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_hand_over_from_department ON hand_over USING btree (from_department, ticket_id) INCLUDE (merchant_id) WHERE (from_department IS NOT NULL);

CREATE INDEX ix_hand_over_merchant_id_ticket_id ON hand_over USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_hand_over_to_department ON hand_over USING btree (to_department, ticket_id);

CREATE INDEX ix_hold_merchant_id_ticket_id ON hold USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_improvement_merchant_id_ticket_id ON improvement USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_incoming_mail_came_at ON incoming_mail USING btree (came_at DESC, id DESC);

CREATE INDEX ix_invoice_file_request_id ON invoice_file USING btree (merchant_id, request_id, id);

CREATE INDEX ix_invoice_portion_statement_id ON invoice_portion USING btree (merchant_id, statement_id);

CREATE INDEX ix_invoice_request_merchant_id_requested ON invoice_request USING btree (merchant_id, id DESC);

CREATE INDEX ix_invoice_request_state ON invoice_request USING btree (state, issue_by, id);

CREATE INDEX ix_kept_answer_answered_at ON kept_answer USING btree (answered_at);

CREATE INDEX ix_labour_rate_person_id ON labour_rate USING btree (person_id, valid_from, id);

CREATE INDEX ix_ledger_entry_account_id ON ledger_entry USING btree (account_id, booked_on, voucher_id);

CREATE INDEX ix_ledger_entry_cost_item_id ON ledger_entry USING btree (cost_item_id) WHERE (cost_item_id IS NOT NULL);

CREATE INDEX ix_ledger_entry_merchant_id ON ledger_entry USING btree (merchant_id, booked_on) WHERE (merchant_id IS NOT NULL);

CREATE INDEX ix_ledger_entry_ticket_id ON ledger_entry USING btree (ticket_id) WHERE (ticket_id IS NOT NULL);

CREATE INDEX ix_ledger_period_change_month ON ledger_period_change USING btree (month, id);

CREATE INDEX ix_ledger_voucher_booked_on ON ledger_voucher USING btree (booked_on, id);

CREATE INDEX ix_ledger_voucher_source ON ledger_voucher USING btree (source, source_id) WHERE (source_id IS NOT NULL);

CREATE INDEX ix_letter_account_id_owed_at ON letter USING btree (account_id, owed_at DESC, id DESC);

CREATE INDEX ix_letter_gathered ON letter USING btree (account_id, due_at) WHERE ((due_at IS NOT NULL) AND (sent_at IS NULL) AND (refused_at IS NULL) AND (dropped_at IS NULL));

CREATE INDEX ix_letter_notice_id ON letter USING btree (notice_id);

CREATE INDEX ix_letter_owed_at ON letter USING btree (owed_at DESC, id DESC);

CREATE INDEX ix_line_claim_match_id ON line_claim USING btree (match_id);

CREATE INDEX ix_line_match_booked_on ON line_match USING btree (booked_on, id);

CREATE INDEX ix_line_match_line_line_id ON line_match_line USING btree (line_id);

CREATE INDEX ix_match_rule_source_against ON match_rule USING btree (source, against, id);

CREATE INDEX ix_match_run_source_account ON match_run USING btree (source, account, id);

CREATE INDEX ix_measure_merchant_id_ticket_id ON measure USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_measure_owner_id ON measure USING btree (owner_id, ticket_id);

CREATE INDEX ix_meeting_decision_merchant_id_ticket_id ON meeting_decision USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_meeting_merchant_id_ticket_id ON meeting USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_membership_account_id_merchant_id ON membership USING btree (account_id, merchant_id);

CREATE INDEX ix_metric_window_merchant_id_ticket_id ON metric_window USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_negotiation_round_merchant_id_ticket_id ON negotiation_round USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_notice_account_id_left_at ON notice USING btree (account_id, left_at DESC, id DESC);

CREATE INDEX ix_notice_account_id_unread ON notice USING btree (account_id, subject_id) WHERE (read_at IS NULL);

CREATE INDEX ix_notice_left_at ON notice USING btree (left_at);

CREATE INDEX ix_obligation_merchant_id_ticket_id ON obligation USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_observation_merchant_id_ticket_id ON observation USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_password_link_account_id ON password_link USING btree (account_id);

CREATE INDEX ix_plan_answer_merchant_id_ticket_id ON plan_answer USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_plan_merchant_id_ticket_id ON plan USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_plan_review_merchant_id_ticket_id ON plan_review USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_point_at_issue_merchant_id_ticket_id ON point_at_issue USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_proceeding_merchant_id_ticket_id ON proceeding USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_proceeding_outcome_merchant_id_ticket_id ON proceeding_outcome USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_question_merchant_id_ticket_id ON question USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_rating_merchant_id_ticket_id ON rating USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_reopening_merchant_id_ticket_id ON reopening USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_result_confirmation_merchant_id_ticket_id ON result_confirmation USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_result_merchant_id_ticket_id ON result USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_retention_setting_kind ON retention_setting USING btree (kind, changed_at DESC, id DESC);

CREATE INDEX ix_return_visit_merchant_id_ticket_id ON return_visit USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_reveal_alarm_raised_at ON reveal_alarm USING btree (raised_at DESC, id DESC);

CREATE INDEX ix_reveal_copy_merchant_id_reveal_id ON reveal_copy USING btree (merchant_id, reveal_id);

CREATE INDEX ix_reveal_merchant_id_row_id ON reveal USING btree (merchant_id, row_id, shown_at DESC);

CREATE INDEX ix_reveal_merchant_id_shown_at ON reveal USING btree (merchant_id, shown_at DESC, id DESC);

CREATE INDEX ix_reveal_objection_due_at ON reveal_objection USING btree (due_at, id);

CREATE INDEX ix_reveal_shown_at ON reveal USING btree (shown_at DESC, id DESC);

CREATE INDEX ix_reveal_viewer_id_shown_at ON reveal USING btree (viewer_id, shown_at DESC);

CREATE INDEX ix_robot_saying_owed_at ON robot_saying USING btree (owed_at DESC, id DESC);

CREATE INDEX ix_robot_saying_waiting ON robot_saying USING btree (robot_id, owed_at) WHERE ((sent_at IS NULL) AND (failed_at IS NULL));

CREATE INDEX ix_saved_view_shared ON saved_view USING btree (place, name) WHERE (shared_with <> 'nobody'::text);

CREATE INDEX ix_sealed_content_merchant_id_ticket_id ON sealed_content USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_sealed_content_title_blind ON sealed_content USING btree (merchant_id, title_exact);

CREATE INDEX ix_settlement_account_identity_number_blind ON settlement_account USING btree (merchant_id, identity_number_exact);

CREATE INDEX ix_settlement_account_number_blind ON settlement_account USING btree (merchant_id, number_last4, number_exact);

CREATE INDEX ix_sign_in_challenge_expires_at ON sign_in_challenge USING btree (expires_at);

CREATE INDEX ix_sign_in_delay_last_failed_at ON sign_in_delay USING btree (last_failed_at);

CREATE INDEX ix_signature_merchant_id_ticket_id ON signature USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_spent_object_due_at ON spent_object USING btree (due_at);

CREATE INDEX ix_spent_object_merchant_id_file_key ON spent_object USING btree (merchant_id, file_key);

CREATE INDEX ix_stale_month_month ON stale_month USING btree (month);

CREATE INDEX ix_start_view_view_id ON start_view USING btree (view_id);

CREATE INDEX ix_statement_file_statement_id ON statement_file USING btree (merchant_id, statement_id);

CREATE INDEX ix_statement_file_word_id ON statement_file USING btree (merchant_id, word_id, id);

CREATE INDEX ix_statement_line_cost_item_id ON statement_line USING btree (merchant_id, cost_item_id) WHERE (cost_item_id IS NOT NULL);

CREATE INDEX ix_statement_month ON statement USING btree (month, merchant_id);

CREATE INDEX ix_statement_preparation_merchant_id_month ON statement_preparation USING btree (merchant_id, month, currency, id DESC);

CREATE INDEX ix_statement_preparation_month ON statement_preparation USING btree (month, currency);

CREATE INDEX ix_statement_reply_by ON statement USING btree (reply_by, id);

CREATE INDEX ix_statement_word_answer_by ON statement_word USING btree (answer_by, id) WHERE (answer_by IS NOT NULL);

CREATE INDEX ix_statement_word_voucher_id ON statement_word USING btree (merchant_id, voucher_id) WHERE (voucher_id IS NOT NULL);

CREATE INDEX ix_subject_request_due_at ON subject_request USING btree (due_at, id) WHERE (answered_at IS NULL);

CREATE INDEX ix_subject_request_merchant_id_received_at ON subject_request USING btree (merchant_id, received_at DESC, id);

CREATE INDEX ix_subject_request_step_merchant_id_request_id ON subject_request_step USING btree (merchant_id, request_id, at, id);

CREATE INDEX ix_ticket_again ON ticket USING btree (opened_at, id) WHERE (round > 1);

CREATE INDEX ix_ticket_category_opened_at ON ticket USING btree (category, opened_at, id);

CREATE INDEX ix_ticket_channel_opened_at ON ticket USING btree (channel, opened_at, id);

CREATE INDEX ix_ticket_clock_clock ON ticket_clock USING btree (clock, ticket_id);

CREATE INDEX ix_ticket_clock_id_running ON ticket_clock USING btree (id) WHERE ((met_at IS NULL) AND (ended_at IS NULL));

CREATE INDEX ix_ticket_clock_merchant_id_ticket_id ON ticket_clock USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_ticket_clock_running ON ticket_clock USING btree (ticket_id) INCLUDE (merchant_id, warn_at, due_at) WHERE ((met_at IS NULL) AND (ended_at IS NULL) AND (breached_at IS NULL));

CREATE INDEX ix_ticket_clock_warned ON ticket_clock USING btree (warn_at) INCLUDE (merchant_id, ticket_id, due_at) WHERE ((met_at IS NULL) AND (ended_at IS NULL) AND (breached_at IS NULL));

CREATE INDEX ix_ticket_closed_at ON ticket USING btree (closed_at DESC, id DESC) INCLUDE (merchant_id, kind, owner_id, department, urgency, opened_by) WHERE (closed_at IS NOT NULL);

CREATE INDEX ix_ticket_confidential ON ticket USING btree (opened_at, id) WHERE is_confidential;

CREATE INDEX ix_ticket_course_ended_at ON ticket_course USING btree (ended_at) INCLUDE (merchant_id, kind, category, department, shop_id, owner_id, started_at, outcome, reopened, unsatisfied, handling_minutes, handling_open_minutes) WHERE (ended_at IS NOT NULL);

CREATE INDEX ix_ticket_course_like ON ticket_course USING btree (merchant_id, category, ended_at) WHERE (ended_at IS NOT NULL);

CREATE INDEX ix_ticket_course_open ON ticket_course USING btree (started_at) INCLUDE (merchant_id, kind, category, department, shop_id, owner_id, ended_at) WHERE (ended_at IS NULL);

CREATE INDEX ix_ticket_course_rated_at ON ticket_course USING btree (rated_at) INCLUDE (merchant_id, kind, category, department, shop_id, owner_id, score, satisfied) WHERE (rated_at IS NOT NULL);

CREATE INDEX ix_ticket_course_responded_at ON ticket_course USING btree (responded_at) INCLUDE (merchant_id, kind, category, department, shop_id, owner_id, response_minutes, response_open_minutes) WHERE (responded_at IS NOT NULL);

CREATE INDEX ix_ticket_course_started_at ON ticket_course USING btree (started_at) INCLUDE (merchant_id, kind, category, department, shop_id, owner_id, "position", outcome, like_ended_at);

CREATE INDEX ix_ticket_department_closed_at ON ticket USING btree (department, closed_at DESC, id DESC) INCLUDE (merchant_id, kind, owner_id, urgency, opened_by) WHERE (closed_at IS NOT NULL);

CREATE INDEX ix_ticket_department_due ON ticket USING btree (department, (
CASE
    WHEN (next_due_at IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE next_due_at
END), id) INCLUDE (merchant_id, kind, status, step, owner_id, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, opened_at, step_since, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_department_opened_at ON ticket USING btree (department, opened_at, id) INCLUDE (merchant_id, kind, owner_id, urgency, opened_by, closed_at);

CREATE INDEX ix_ticket_department_owner_due ON ticket USING btree (department, owner_id, (
CASE
    WHEN (next_due_at IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE next_due_at
END), id) INCLUDE (merchant_id, kind, status, step, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, opened_at, step_since, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_desk_level ON ticket_desk USING btree (level, ticket_id) INCLUDE (merchant_id) WHERE (level IS NOT NULL);

CREATE INDEX ix_ticket_desk_open ON ticket_desk USING btree (level, ticket_id) INCLUDE (merchant_id) WHERE ((level IS NOT NULL) AND (risen_status <> 'closed'::text));

CREATE INDEX ix_ticket_desk_ticket_id ON ticket_desk USING btree (ticket_id) INCLUDE (level, merchant_id) WHERE (level IS NOT NULL);

CREATE INDEX ix_ticket_draft_saved_at ON ticket_draft USING btree (saved_at);

CREATE INDEX ix_ticket_due ON ticket USING btree ((
CASE
    WHEN (next_due_at IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE next_due_at
END), id) INCLUDE (merchant_id, kind, status, step, owner_id, department, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, opened_at, step_since, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_import_asked_at ON ticket_import USING btree (asked_at);

CREATE INDEX ix_ticket_import_finding_import_id ON ticket_import_finding USING btree (import_id, decision, weight, field, rule, line);

CREATE INDEX ix_ticket_import_mapping_signature ON ticket_import_mapping USING btree (signature, id);

CREATE INDEX ix_ticket_import_row_import_id ON ticket_import_row USING btree (import_id, line);

CREATE INDEX ix_ticket_import_row_merchant_id_ticket_id ON ticket_import_row USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_ticket_kind_opened_at ON ticket USING btree (kind, opened_at, id) INCLUDE (merchant_id, owner_id, department, urgency, opened_by, closed_at);

CREATE INDEX ix_ticket_last_entry_at ON ticket USING btree (last_entry_at, id);

CREATE INDEX ix_ticket_limit_decided_at ON ticket_limit USING btree (decided_at) INCLUDE (clock, breached, merchant_id, kind, category, department, shop_id, owner_id);

CREATE INDEX ix_ticket_link_merchant_id_other_id ON ticket_link USING btree (merchant_id, other_id);

CREATE INDEX ix_ticket_link_merchant_id_ticket_id ON ticket_link USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_ticket_merchant_id_closed_at ON ticket USING btree (merchant_id, closed_at DESC, id DESC) INCLUDE (kind, owner_id, department, urgency, opened_by) WHERE (closed_at IS NOT NULL);

CREATE INDEX ix_ticket_merchant_id_due ON ticket USING btree (merchant_id, (
CASE
    WHEN (next_due_at IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE next_due_at
END), id) INCLUDE (kind, status, step, owner_id, department, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, opened_at, step_since, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_merchant_id_opened_at ON ticket USING btree (merchant_id, opened_at, id) INCLUDE (kind, owner_id, department, urgency, opened_by, closed_at);

CREATE INDEX ix_ticket_number ON ticket USING btree (number);

CREATE INDEX ix_ticket_open_last_entry_at ON ticket USING btree (last_entry_at, id) INCLUDE (merchant_id, kind, status, step, owner_id, department, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, opened_at, step_since, next_due_at, promised_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_open_opened_at ON ticket USING btree (opened_at, id) INCLUDE (merchant_id, kind, status, step, owner_id, department, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, step_since, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_open_promised_at ON ticket USING btree ((
CASE
    WHEN (promised_at IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE promised_at
END), id) INCLUDE (merchant_id, kind, status, step, owner_id, department, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, opened_at, step_since, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_open_step_since ON ticket USING btree (step_since, id) INCLUDE (merchant_id, kind, status, step, owner_id, department, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, opened_at, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_opened_at ON ticket USING btree (opened_at, id) INCLUDE (merchant_id, kind, owner_id, department, urgency, opened_by, closed_at);

CREATE INDEX ix_ticket_opened_by_opened_at ON ticket USING btree (opened_by, opened_at, id);

CREATE INDEX ix_ticket_outcome_closed_at ON ticket USING btree (outcome, closed_at DESC, id DESC) WHERE (closed_at IS NOT NULL);

CREATE INDEX ix_ticket_owner_id_closed_at ON ticket USING btree (owner_id, closed_at DESC, id DESC) INCLUDE (merchant_id, kind, department, urgency, opened_by) WHERE (closed_at IS NOT NULL);

CREATE INDEX ix_ticket_owner_id_due ON ticket USING btree (owner_id, (
CASE
    WHEN (next_due_at IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE next_due_at
END), id) INCLUDE (merchant_id, kind, status, step, department, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, opened_at, step_since, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_owner_id_opened_at ON ticket USING btree (owner_id, opened_at, id) INCLUDE (merchant_id, kind, department, urgency, opened_by, closed_at);

CREATE INDEX ix_ticket_shop_id_due ON ticket USING btree (shop_id, (
CASE
    WHEN (next_due_at IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE next_due_at
END), id) INCLUDE (merchant_id, kind, status, step, owner_id, department, urgency, category, channel, on_hold, is_confidential, round, opened_by, opened_at, step_since, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_status_due ON ticket USING btree (status, (
CASE
    WHEN (next_due_at IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE next_due_at
END), id) INCLUDE (merchant_id, kind, step, owner_id, department, urgency, category, channel, shop_id, on_hold, is_confidential, round, opened_by, opened_at, step_since, next_due_at, promised_at, last_entry_at) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_step ON ticket USING btree (step, department) WHERE (closed_at IS NULL);

CREATE INDEX ix_ticket_words_words ON ticket_words USING gin (words) WITH (fastupdate=off);

CREATE INDEX ix_time_entry_merchant_id_ticket_id ON time_entry USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_time_entry_person_id_worked_on ON time_entry USING btree (person_id, worked_on);

CREATE INDEX ix_triage_merchant_id_ticket_id ON triage USING btree (merchant_id, ticket_id, id);

CREATE INDEX ix_voucher_export_item_export_id ON voucher_export_item USING btree (export_id);

CREATE INDEX ix_voucher_export_month ON voucher_export USING btree (month, id);

CREATE INDEX ix_web_session_account_id_open ON web_session USING btree (account_id) WHERE (ended_at IS NULL);

CREATE INDEX ix_webhook_delivery_created_at ON webhook_delivery USING btree (created_at);

CREATE INDEX ix_webhook_delivery_endpoint_id_id ON webhook_delivery USING btree (endpoint_id, id DESC);

CREATE INDEX ix_words_due_noted_at ON words_due USING btree (noted_at);

CREATE UNIQUE INDEX uq_clock_stop_lasting ON clock_stop USING btree (merchant_id, ticket_id) WHERE (until IS NULL);

CREATE UNIQUE INDEX uq_consumer_record_merchant_id_origin_id_current ON consumer_record USING btree (merchant_id, origin_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX uq_data_key_current ON data_key USING btree (owner_id, purpose) WHERE (state = 'current'::text);

CREATE UNIQUE INDEX uq_data_return_step_merchant_id_return_id_step ON data_return_step USING btree (merchant_id, return_id, step) WHERE (step <> 'handed_over'::text);

CREATE UNIQUE INDEX uq_hold_running ON hold USING btree (merchant_id, ticket_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX uq_invoice_buyer_current ON invoice_buyer USING btree (merchant_id) WHERE (retired_at IS NULL);

COMMENT ON INDEX uq_invoice_buyer_current IS 'one that holds; the earlier ones stay with their invoices';

CREATE UNIQUE INDEX uq_invoice_request_corrects ON invoice_request USING btree (merchant_id, corrects_id) WHERE (state <> ALL (ARRAY['refused'::text, 'cancelled'::text]));

COMMENT ON INDEX uq_invoice_request_corrects IS 'an invoice is red-lettered once, and whole';

CREATE UNIQUE INDEX uq_key_destruction_open ON key_destruction USING btree (owner_id) WHERE ((cancelled_at IS NULL) AND (done_at IS NULL));

CREATE UNIQUE INDEX uq_legal_hold_merchant_id_subject_id_running ON legal_hold USING btree (merchant_id, subject_id) WHERE (lifted_at IS NULL);

CREATE UNIQUE INDEX uq_merchant_contact_merchant_id_primary ON merchant_contact USING btree (merchant_id) WHERE is_primary;

CREATE UNIQUE INDEX uq_ticket_clock_running ON ticket_clock USING btree (merchant_id, ticket_id, clock) WHERE ((met_at IS NULL) AND (ended_at IS NULL));

CREATE STATISTICS st_ticket_desk_risen (mcv) ON level, risen_status FROM ticket_desk;
ALTER STATISTICS st_ticket_desk_risen SET STATISTICS 1000;

CREATE STATISTICS st_ticket_open (mcv) ON step, status, closed_at FROM ticket;

CREATE STATISTICS st_ticket_sorts (mcv) ON kind, urgency, department, status FROM ticket;
ALTER STATISTICS st_ticket_sorts SET STATISTICS 1000;

CREATE TRIGGER agreement_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON agreement FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER agreement_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF title, document ON agreement FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('title', 'document');

CREATE CONSTRAINT TRIGGER allocation_adds_up AFTER INSERT ON allocation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION allocation_adds_up();

CREATE TRIGGER allocation_call_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON allocation_call FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER allocation_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON allocation FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER allocation_part_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON allocation_part FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER analysis_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON analysis FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER analysis_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF cause ON analysis FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('cause');

CREATE TRIGGER attachment_changes_are_noted AFTER UPDATE OF name ON attachment FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name)) EXECUTE FUNCTION note_changed_row();

CREATE TRIGGER attachment_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON attachment FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER attachment_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF name ON attachment FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('name');

CREATE TRIGGER attachment_words_are_noted AFTER INSERT ON attachment REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_new_rows();

CREATE TRIGGER audit_checkpoint_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER audit_hash_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_hash FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER audit_leaf_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER audit_leaf_is_noted AFTER INSERT ON audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION control.note_leaves();

CREATE TRIGGER audit_sequence_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_sequence FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER bill_mapping_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON bill_mapping FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER breach_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON breach FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER breach_notice_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON breach_notice FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER budget_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON budget FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER budget_passing_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON budget_passing FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER budget_version_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON budget_version FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER carried_over_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON carried_over FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER carried_over_is_of_an_open_month AFTER INSERT ON carried_over REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION carry_over_in_open_month();

CREATE TRIGGER claim_conclusion_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON claim_conclusion FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER clock_change_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON clock_change FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER clock_stop_comes_sealed_if_confidential AFTER INSERT ON clock_stop REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_plain_rows('reason');

CREATE TRIGGER clock_stop_is_sealed_if_confidential BEFORE UPDATE OF reason ON clock_stop FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('reason');

CREATE TRIGGER closure_comes_sealed_if_confidential AFTER INSERT ON closure REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_plain_rows('said');

CREATE TRIGGER closure_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON closure FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER closure_is_sealed_if_confidential BEFORE UPDATE OF said ON closure FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('said');

CREATE TRIGGER consent_end_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON consent_end FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER consent_signature_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON consent_signature FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER contract_amount_is_kept BEFORE INSERT OR DELETE ON contract_amount FOR EACH ROW EXECUTE FUNCTION keep_amounts_in_force();

CREATE TRIGGER contract_version_is_kept BEFORE DELETE OR UPDATE ON contract_version FOR EACH ROW WHEN ((old.in_force_at IS NOT NULL)) EXECUTE FUNCTION keep_version_in_force();

CREATE TRIGGER contract_version_never_overlaps AFTER INSERT OR UPDATE ON contract_version FOR EACH ROW WHEN ((new.in_force_at IS NOT NULL)) EXECUTE FUNCTION refuse_overlapping_versions();

CREATE TRIGGER cost_deed_is_anothers BEFORE INSERT ON cost_deed FOR EACH ROW WHEN ((new.deed = ANY (ARRAY['verified'::text, 'countersigned'::text, 'take_back_asked'::text, 'taken_back'::text]))) EXECUTE FUNCTION verified_by_another();

CREATE TRIGGER cost_deed_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON cost_deed FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER cost_item_is_kept BEFORE UPDATE ON cost_item FOR EACH ROW EXECUTE FUNCTION keep_claimed_cost();

CREATE TRIGGER cost_rules_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON cost_rules FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER data_return_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON data_return FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER data_return_step_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON data_return_step FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER decoy_alarm_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON decoy_alarm FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER determination_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON determination FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER determination_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF basis, clause, reason ON determination FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('basis', 'clause', 'reason');

CREATE TRIGGER determination_objection_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON determination_objection FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER determination_objection_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF reason ON determination_objection FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('reason');

CREATE TRIGGER determination_review_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON determination_review FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER determination_review_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF reason ON determination_review FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('reason');

CREATE TRIGGER determination_share_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON determination_share FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER disclosure_export_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON disclosure_export FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER disclosure_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON disclosure FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER entrustment_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON entrustment FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER entry_changes_are_noted AFTER UPDATE OF body, record ON entry FOR EACH ROW WHEN (((old.body IS DISTINCT FROM new.body) OR (old.record IS DISTINCT FROM new.record))) EXECUTE FUNCTION note_changed_row();

CREATE TRIGGER entry_comes_sealed_if_confidential AFTER INSERT ON entry REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_plain_rows('body', 'record');

CREATE TRIGGER entry_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER entry_is_sealed_if_confidential BEFORE UPDATE OF body, record ON entry FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('body', 'record');

CREATE TRIGGER entry_is_told AFTER INSERT ON entry REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tell_of_entries();

CREATE TRIGGER entry_words_are_noted AFTER INSERT ON entry REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_new_rows();

CREATE TRIGGER erasure_certificate_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON erasure_certificate FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER escalation_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF reason, decision ON escalation FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('reason', 'decision');

CREATE TRIGGER evidence_item_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON evidence_item FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER evidence_item_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF content ON evidence_item FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('content');

CREATE TRIGGER external_line_comes_with_its_batch AFTER INSERT ON external_line REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_batch_closed();

CREATE TRIGGER external_line_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON external_line FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER factor_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON factor FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER general_rule_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON general_rule FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER hand_over_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON hand_over FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER hand_over_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF reason ON hand_over FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('reason');

CREATE TRIGGER hold_comes_sealed_if_confidential AFTER INSERT ON hold REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_plain_rows('reason');

CREATE TRIGGER hold_is_sealed_if_confidential BEFORE UPDATE OF reason ON hold FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('reason');

CREATE TRIGGER impact_assessment_is_kept BEFORE DELETE ON impact_assessment FOR EACH ROW EXECUTE FUNCTION keep_for_three_years();

CREATE TRIGGER import_batch_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON import_batch FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE CONSTRAINT TRIGGER import_batch_is_whole AFTER INSERT ON import_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_batch();

CREATE TRIGGER improvement_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON improvement FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER improvement_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF action ON improvement FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('action');

CREATE CONSTRAINT TRIGGER invoice_adds_up AFTER INSERT ON invoice_portion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION invoice_adds_up('request_id');

CREATE CONSTRAINT TRIGGER invoice_adds_up AFTER INSERT ON invoice_request DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION invoice_adds_up('id');

CREATE TRIGGER invoice_deed_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON invoice_deed FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER invoice_line_comes_in_time BEFORE INSERT ON invoice_line FOR EACH ROW EXECUTE FUNCTION invoice_line_comes_in_time();

CREATE TRIGGER invoice_line_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON invoice_line FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER invoice_portion_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON invoice_portion FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER invoice_request_moves BEFORE INSERT OR UPDATE ON invoice_request FOR EACH ROW EXECUTE FUNCTION invoice_request_moves();

CREATE TRIGGER invoice_stays_within_statement AFTER INSERT ON invoice_portion FOR EACH ROW EXECUTE FUNCTION invoice_stays_within_statement();

CREATE TRIGGER labour_rate_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON labour_rate FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_account_is_kept BEFORE INSERT OR UPDATE ON ledger_account FOR EACH ROW EXECUTE FUNCTION keep_account();

CREATE TRIGGER ledger_account_stays BEFORE DELETE OR TRUNCATE ON ledger_account FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_entry_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_entry_is_booked AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION book_entries();

CREATE TRIGGER ledger_number_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_number FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_number_is_in_order AFTER INSERT ON ledger_number REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION number_closed();

CREATE TRIGGER ledger_period_change_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_period_change FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_period_change_is_made BEFORE INSERT ON ledger_period_change FOR EACH ROW EXECUTE FUNCTION change_period();

CREATE TRIGGER ledger_period_follows_its_changes BEFORE INSERT OR UPDATE ON ledger_period FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_period_stays BEFORE DELETE OR TRUNCATE ON ledger_period FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_total_follows_the_entries BEFORE INSERT OR UPDATE ON ledger_total FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_total_stays BEFORE DELETE OR TRUNCATE ON ledger_total FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_voucher_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_voucher FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ledger_voucher_is_in_an_open_period AFTER INSERT ON ledger_voucher REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION hold_periods_open();

CREATE CONSTRAINT TRIGGER ledger_voucher_is_whole AFTER INSERT ON ledger_voucher DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_voucher();

CREATE TRIGGER line_claim_follows_the_matches BEFORE INSERT OR DELETE ON line_claim FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER line_claim_is_not_changed BEFORE UPDATE OR TRUNCATE ON line_claim FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER line_match_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON line_match FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER line_match_is_in_an_open_period AFTER INSERT ON line_match REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION match_in_open_periods();

CREATE CONSTRAINT TRIGGER line_match_is_whole AFTER INSERT ON line_match DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_match();

CREATE TRIGGER line_match_line_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON line_match_line FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER line_match_line_is_claimed AFTER INSERT ON line_match_line REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION claim_lines();

CREATE TRIGGER line_match_undo_frees_the_lines AFTER INSERT ON line_match_undo FOR EACH ROW EXECUTE FUNCTION undo_match();

CREATE TRIGGER line_match_undo_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON line_match_undo FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER match_rule_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON match_rule FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER match_write_off_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON match_write_off FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER match_write_off_is_the_difference AFTER INSERT ON match_write_off FOR EACH ROW EXECUTE FUNCTION check_write_off();

CREATE TRIGGER measure_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF action, result ON measure FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('action', 'result');

CREATE TRIGGER meeting_decision_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON meeting_decision FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER meeting_decision_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF decision ON meeting_decision FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('decision');

CREATE TRIGGER meeting_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON meeting FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER meeting_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF people, discussion ON meeting FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('people', 'discussion');

CREATE TRIGGER metric_window_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON metric_window FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER metric_window_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF expected, observed ON metric_window FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('expected', 'observed');

CREATE TRIGGER negotiation_round_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON negotiation_round FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER negotiation_round_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF people, agency_position, merchant_position, agency_offer, merchant_offer ON negotiation_round FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('people', 'agency_position', 'merchant_position', 'agency_offer', 'merchant_offer');

CREATE TRIGGER notice_is_told AFTER INSERT ON notice REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tell_of_notices();

CREATE TRIGGER obligation_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF duty ON obligation FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('duty');

CREATE TRIGGER observation_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON observation FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER observation_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF observed ON observation FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('observed');

CREATE TRIGGER plan_answer_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON plan_answer FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER plan_answer_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF comment ON plan_answer FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('comment');

CREATE TRIGGER plan_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF summary ON plan FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('summary');

CREATE TRIGGER plan_review_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON plan_review FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER plan_review_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF comment ON plan_review FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('comment');

CREATE TRIGGER point_at_issue_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON point_at_issue FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER point_at_issue_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF issue, agency_part, merchant_part, clause ON point_at_issue FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('issue', 'agency_part', 'merchant_part', 'clause');

CREATE TRIGGER proceeding_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON proceeding FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER proceeding_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF body, case_number ON proceeding FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('body', 'case_number');

CREATE TRIGGER proceeding_outcome_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON proceeding_outcome FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER proceeding_outcome_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF text ON proceeding_outcome FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('text');

CREATE TRIGGER processing_activity_is_kept BEFORE DELETE ON processing_activity FOR EACH ROW EXECUTE FUNCTION keep_for_three_years();

CREATE TRIGGER purpose_change_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON purpose_change FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER question_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF question, answer ON question FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('question', 'answer');

CREATE TRIGGER rating_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON rating FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER rating_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF comment ON rating FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('comment');

CREATE TRIGGER reopening_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reopening FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER reopening_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF reason ON reopening FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('reason');

CREATE TRIGGER result_confirmation_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON result_confirmation FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER result_confirmation_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF comment ON result_confirmation FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('comment');

CREATE TRIGGER result_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON result FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER result_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF cause, measures ON result FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('cause', 'measures');

CREATE TRIGGER retention_setting_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON retention_setting FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER return_visit_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON return_visit FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER return_visit_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF spoke_with ON return_visit FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('spoke_with');

CREATE TRIGGER reveal_alarm_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reveal_alarm FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER reveal_copy_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reveal_copy FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER reveal_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reveal FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER reveal_objection_answer_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reveal_objection_answer FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER reveal_objection_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reveal_objection FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER reveal_rules_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reveal_rules FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER signature_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON signature FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE CONSTRAINT TRIGGER statement_adds_up AFTER INSERT ON statement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION statement_adds_up();

CREATE TRIGGER statement_file_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON statement_file FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER statement_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON statement FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER statement_is_whole AFTER INSERT ON statement_line REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION statement_is_whole();

CREATE TRIGGER statement_line_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON statement_line FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER statement_word_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON statement_word FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER subject_request_step_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON subject_request_step FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER subprocessor_decision_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON subprocessor_decision FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER subprocessor_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON subprocessor FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ticket_changes_are_noted AFTER UPDATE OF number, title, description, request, kind, shop_id, opened_at, is_confidential ON ticket FOR EACH ROW WHEN (((old.number IS DISTINCT FROM new.number) OR (old.title IS DISTINCT FROM new.title) OR (old.description IS DISTINCT FROM new.description) OR (old.request IS DISTINCT FROM new.request) OR (old.kind IS DISTINCT FROM new.kind) OR (old.shop_id IS DISTINCT FROM new.shop_id) OR (old.opened_at IS DISTINCT FROM new.opened_at) OR (old.is_confidential IS DISTINCT FROM new.is_confidential))) EXECUTE FUNCTION note_changed_ticket();

CREATE TRIGGER ticket_clock_is_kept BEFORE UPDATE ON ticket_clock FOR EACH ROW EXECUTE FUNCTION keep_clock_on_record();

CREATE TRIGGER ticket_desk_knows_the_status BEFORE INSERT OR UPDATE OF level ON ticket_desk FOR EACH ROW WHEN (((new.level IS NOT NULL) OR (new.risen_status IS NOT NULL))) EXECUTE FUNCTION copy_risen_status();

CREATE TRIGGER ticket_draft_is_of_an_open_ticket BEFORE INSERT OR UPDATE ON ticket_draft FOR EACH ROW EXECUTE FUNCTION refuse_confidential_draft();

CREATE TRIGGER ticket_import_mapping_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ticket_import_mapping FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ticket_import_row_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ticket_import_row FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ticket_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF title, description, request ON ticket FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('title', 'description', 'request');

CREATE TRIGGER ticket_link_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ticket_link FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER ticket_words_are_noted AFTER INSERT ON ticket REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_new_tickets();

CREATE TRIGGER time_entry_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON time_entry FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER triage_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON triage FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER triage_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF findings ON triage FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('findings');

CREATE TRIGGER voucher_export_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON voucher_export FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER voucher_export_is_of_closed_month BEFORE INSERT ON voucher_export FOR EACH ROW EXECUTE FUNCTION voucher_export_is_of_closed_month();

CREATE CONSTRAINT TRIGGER voucher_export_is_whole AFTER INSERT ON voucher_export DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION voucher_export_is_whole();

CREATE TRIGGER voucher_export_item_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON voucher_export_item FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER voucher_export_setting_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON voucher_export_setting FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();

CREATE TRIGGER voucher_export_stays_whole AFTER INSERT ON voucher_export_item REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION voucher_export_stays_whole();

CREATE TRIGGER words_due_is_noted AFTER INSERT ON words_due FOR EACH STATEMENT EXECUTE FUNCTION control.note_words();

ALTER TABLE ONLY agreement
    ADD CONSTRAINT fk_agreement_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY allocation_call
    ADD CONSTRAINT fk_allocation_call_merchant_id_allocation_id FOREIGN KEY (merchant_id, allocation_id) REFERENCES allocation(merchant_id, id);

ALTER TABLE ONLY allocation_call
    ADD CONSTRAINT fk_allocation_call_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT fk_allocation_merchant_id_determination_id FOREIGN KEY (merchant_id, determination_id) REFERENCES determination(merchant_id, id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT fk_allocation_merchant_id_item_id FOREIGN KEY (merchant_id, item_id) REFERENCES cost_item(merchant_id, id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT fk_allocation_merchant_id_supersedes_id FOREIGN KEY (merchant_id, supersedes_id) REFERENCES allocation(merchant_id, id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT fk_allocation_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY allocation
    ADD CONSTRAINT fk_allocation_merchant_id_version_id FOREIGN KEY (merchant_id, version_id) REFERENCES contract_version(merchant_id, id);

ALTER TABLE ONLY allocation_part
    ADD CONSTRAINT fk_allocation_part_merchant_id_allocation_id FOREIGN KEY (merchant_id, allocation_id) REFERENCES allocation(merchant_id, id);

ALTER TABLE ONLY allocation_part
    ADD CONSTRAINT fk_allocation_part_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY analysis
    ADD CONSTRAINT fk_analysis_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY api_key
    ADD CONSTRAINT fk_api_key_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT fk_assignment_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT fk_assignment_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY attachment
    ADD CONSTRAINT fk_attachment_merchant_id_entry_id FOREIGN KEY (merchant_id, entry_id) REFERENCES entry(merchant_id, id);

ALTER TABLE ONLY attachment
    ADD CONSTRAINT fk_attachment_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY audit_sequence
    ADD CONSTRAINT fk_audit_sequence_leaf_id FOREIGN KEY (leaf_id) REFERENCES audit_leaf(id);

ALTER TABLE ONLY breach_notice
    ADD CONSTRAINT fk_breach_notice_breach_id FOREIGN KEY (breach_id) REFERENCES breach(id);

ALTER TABLE ONLY breach_notice
    ADD CONSTRAINT fk_breach_notice_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY budget_passing
    ADD CONSTRAINT fk_budget_passing_budget_id_version_id FOREIGN KEY (budget_id, version_id) REFERENCES budget_version(budget_id, id);

ALTER TABLE ONLY budget_version
    ADD CONSTRAINT fk_budget_version_budget_id FOREIGN KEY (budget_id) REFERENCES budget(id);

ALTER TABLE ONLY canned_answer
    ADD CONSTRAINT fk_canned_answer_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY carried_over
    ADD CONSTRAINT fk_carried_over_month FOREIGN KEY (month) REFERENCES ledger_period(month);

ALTER TABLE ONLY claim_conclusion
    ADD CONSTRAINT fk_claim_conclusion_merchant_id_part_id FOREIGN KEY (merchant_id, part_id) REFERENCES allocation_part(merchant_id, id);

ALTER TABLE ONLY claim_conclusion
    ADD CONSTRAINT fk_claim_conclusion_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY clock_change
    ADD CONSTRAINT fk_clock_change_merchant_id_clock_id FOREIGN KEY (merchant_id, clock_id) REFERENCES ticket_clock(merchant_id, id);

ALTER TABLE ONLY clock_change
    ADD CONSTRAINT fk_clock_change_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY clock_stop
    ADD CONSTRAINT fk_clock_stop_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY closure
    ADD CONSTRAINT fk_closure_merchant_id_merged_into FOREIGN KEY (merchant_id, merged_into) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY closure
    ADD CONSTRAINT fk_closure_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY consent_end
    ADD CONSTRAINT fk_consent_end_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY consent_end
    ADD CONSTRAINT fk_consent_end_merchant_id_disclosure_id FOREIGN KEY (merchant_id, disclosure_id) REFERENCES disclosure(merchant_id, id);

ALTER TABLE ONLY consent_signature
    ADD CONSTRAINT fk_consent_signature_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY consent_signature
    ADD CONSTRAINT fk_consent_signature_merchant_id_disclosure_id FOREIGN KEY (merchant_id, disclosure_id) REFERENCES disclosure(merchant_id, id);

ALTER TABLE ONLY consumer_record
    ADD CONSTRAINT fk_consumer_record_merchant_id_shop_id FOREIGN KEY (merchant_id, shop_id) REFERENCES shop(merchant_id, id);

ALTER TABLE ONLY consumer_record
    ADD CONSTRAINT fk_consumer_record_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY contract_amount
    ADD CONSTRAINT fk_contract_amount_merchant_id_version_id FOREIGN KEY (merchant_id, version_id) REFERENCES contract_version(merchant_id, id);

ALTER TABLE ONLY contract_document
    ADD CONSTRAINT fk_contract_document_merchant_id_version_id FOREIGN KEY (merchant_id, version_id) REFERENCES contract_version(merchant_id, id);

ALTER TABLE ONLY contract
    ADD CONSTRAINT fk_contract_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY contract_version
    ADD CONSTRAINT fk_contract_version_merchant_id_contract_id FOREIGN KEY (merchant_id, contract_id) REFERENCES contract(merchant_id, id);

ALTER TABLE ONLY cost_deed
    ADD CONSTRAINT fk_cost_deed_merchant_id_item_id FOREIGN KEY (merchant_id, item_id) REFERENCES cost_item(merchant_id, id);

ALTER TABLE ONLY cost_deed
    ADD CONSTRAINT fk_cost_deed_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY cost_evidence
    ADD CONSTRAINT fk_cost_evidence_merchant_id_attachment_id FOREIGN KEY (merchant_id, attachment_id) REFERENCES attachment(merchant_id, id);

ALTER TABLE ONLY cost_evidence
    ADD CONSTRAINT fk_cost_evidence_merchant_id_item_id FOREIGN KEY (merchant_id, item_id) REFERENCES cost_item(merchant_id, id);

ALTER TABLE ONLY cost_evidence
    ADD CONSTRAINT fk_cost_evidence_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY cost_item
    ADD CONSTRAINT fk_cost_item_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY course_owed
    ADD CONSTRAINT fk_course_owed_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id) ON DELETE CASCADE;

ALTER TABLE ONLY credential
    ADD CONSTRAINT fk_credential_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY data_key
    ADD CONSTRAINT fk_data_key_owner_id FOREIGN KEY (owner_id) REFERENCES merchant_key(owner_id);

ALTER TABLE ONLY data_return
    ADD CONSTRAINT fk_data_return_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY data_return
    ADD CONSTRAINT fk_data_return_merchant_id_contract_id FOREIGN KEY (merchant_id, contract_id) REFERENCES contract(merchant_id, id);

ALTER TABLE ONLY data_return_step
    ADD CONSTRAINT fk_data_return_step_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY data_return_step
    ADD CONSTRAINT fk_data_return_step_merchant_id_return_id FOREIGN KEY (merchant_id, return_id) REFERENCES data_return(merchant_id, id);

ALTER TABLE ONLY decoy_alarm
    ADD CONSTRAINT fk_decoy_alarm_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY decoy_alarm
    ADD CONSTRAINT fk_decoy_alarm_merchant_id_decoy_id FOREIGN KEY (merchant_id, decoy_id) REFERENCES decoy(merchant_id, id);

ALTER TABLE ONLY decoy
    ADD CONSTRAINT fk_decoy_lifted_by FOREIGN KEY (lifted_by) REFERENCES account(id);

ALTER TABLE ONLY decoy
    ADD CONSTRAINT fk_decoy_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY decoy
    ADD CONSTRAINT fk_decoy_planted_by FOREIGN KEY (planted_by) REFERENCES account(id);

ALTER TABLE ONLY determination
    ADD CONSTRAINT fk_determination_merchant_id_replaces_id FOREIGN KEY (merchant_id, replaces_id) REFERENCES determination(merchant_id, id);

ALTER TABLE ONLY determination
    ADD CONSTRAINT fk_determination_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY determination_objection
    ADD CONSTRAINT fk_determination_objection_merchant_id_attachment_id FOREIGN KEY (merchant_id, attachment_id) REFERENCES attachment(merchant_id, id);

ALTER TABLE ONLY determination_objection
    ADD CONSTRAINT fk_determination_objection_merchant_id_determination_id FOREIGN KEY (merchant_id, determination_id) REFERENCES determination(merchant_id, id);

ALTER TABLE ONLY determination_objection
    ADD CONSTRAINT fk_determination_objection_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY determination_review
    ADD CONSTRAINT fk_determination_review_merchant_id_determination_id FOREIGN KEY (merchant_id, determination_id) REFERENCES determination(merchant_id, id);

ALTER TABLE ONLY determination_review
    ADD CONSTRAINT fk_determination_review_merchant_id_objection_id FOREIGN KEY (merchant_id, objection_id) REFERENCES determination_objection(merchant_id, id);

ALTER TABLE ONLY determination_review
    ADD CONSTRAINT fk_determination_review_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY determination_share
    ADD CONSTRAINT fk_determination_share_merchant_id_determination_id FOREIGN KEY (merchant_id, determination_id) REFERENCES determination(merchant_id, id);

ALTER TABLE ONLY determination_share
    ADD CONSTRAINT fk_determination_share_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY disclosure_export
    ADD CONSTRAINT fk_disclosure_export_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY disclosure_export
    ADD CONSTRAINT fk_disclosure_export_merchant_id_disclosure_id FOREIGN KEY (merchant_id, disclosure_id) REFERENCES disclosure(merchant_id, id);

ALTER TABLE ONLY disclosure
    ADD CONSTRAINT fk_disclosure_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY dismissal
    ADD CONSTRAINT fk_dismissal_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY entrustment
    ADD CONSTRAINT fk_entrustment_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY entrustment
    ADD CONSTRAINT fk_entrustment_merchant_id_contract_id FOREIGN KEY (merchant_id, contract_id) REFERENCES contract(merchant_id, id);

ALTER TABLE ONLY entry
    ADD CONSTRAINT fk_entry_merchant_id_corrects FOREIGN KEY (merchant_id, corrects) REFERENCES entry(merchant_id, id);

ALTER TABLE ONLY entry
    ADD CONSTRAINT fk_entry_merchant_id_part_of FOREIGN KEY (merchant_id, part_of) REFERENCES entry(merchant_id, id);

ALTER TABLE ONLY entry
    ADD CONSTRAINT fk_entry_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY erasure_certificate
    ADD CONSTRAINT fk_erasure_certificate_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY erasure_certificate
    ADD CONSTRAINT fk_erasure_certificate_merchant_id_return_id FOREIGN KEY (merchant_id, return_id) REFERENCES data_return(merchant_id, id);

ALTER TABLE ONLY erasure_line
    ADD CONSTRAINT fk_erasure_line_run_id FOREIGN KEY (run_id) REFERENCES erasure_run(id);

ALTER TABLE ONLY erasure_run
    ADD CONSTRAINT fk_erasure_run_of_merchant FOREIGN KEY (of_merchant) REFERENCES merchant(id);

ALTER TABLE ONLY erasure_skip
    ADD CONSTRAINT fk_erasure_skip_run_id FOREIGN KEY (run_id) REFERENCES erasure_run(id);

ALTER TABLE ONLY escalation
    ADD CONSTRAINT fk_escalation_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY evidence_item
    ADD CONSTRAINT fk_evidence_item_merchant_id_attachment_id FOREIGN KEY (merchant_id, attachment_id) REFERENCES attachment(merchant_id, id);

ALTER TABLE ONLY evidence_item
    ADD CONSTRAINT fk_evidence_item_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY external_line
    ADD CONSTRAINT fk_external_line_batch_id FOREIGN KEY (batch_id) REFERENCES import_batch(id);

ALTER TABLE ONLY external_line
    ADD CONSTRAINT fk_external_line_derived_by FOREIGN KEY (derived_by) REFERENCES line_match(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY factor
    ADD CONSTRAINT fk_factor_merchant_id_analysis_id FOREIGN KEY (merchant_id, analysis_id) REFERENCES analysis(merchant_id, id);

ALTER TABLE ONLY factor
    ADD CONSTRAINT fk_factor_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY file_place
    ADD CONSTRAINT fk_file_place_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY group_robot
    ADD CONSTRAINT fk_group_robot_created_by FOREIGN KEY (created_by) REFERENCES account(id);

ALTER TABLE ONLY hand_over
    ADD CONSTRAINT fk_hand_over_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY hold
    ADD CONSTRAINT fk_hold_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY improvement
    ADD CONSTRAINT fk_improvement_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY incoming_mail
    ADD CONSTRAINT fk_incoming_mail_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT fk_invitation_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY invoice_buyer
    ADD CONSTRAINT fk_invoice_buyer_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY invoice_deed
    ADD CONSTRAINT fk_invoice_deed_merchant_id_request_id FOREIGN KEY (merchant_id, request_id) REFERENCES invoice_request(merchant_id, id);

ALTER TABLE ONLY invoice_file
    ADD CONSTRAINT fk_invoice_file_merchant_id_request_id FOREIGN KEY (merchant_id, request_id) REFERENCES invoice_request(merchant_id, id);

ALTER TABLE ONLY invoice_line
    ADD CONSTRAINT fk_invoice_line_merchant_id_request_id FOREIGN KEY (merchant_id, request_id) REFERENCES invoice_request(merchant_id, id);

ALTER TABLE ONLY invoice_portion
    ADD CONSTRAINT fk_invoice_portion_merchant_id_request_id FOREIGN KEY (merchant_id, request_id) REFERENCES invoice_request(merchant_id, id);

ALTER TABLE ONLY invoice_portion
    ADD CONSTRAINT fk_invoice_portion_merchant_id_statement_id FOREIGN KEY (merchant_id, statement_id) REFERENCES statement(merchant_id, id);

ALTER TABLE ONLY invoice_request
    ADD CONSTRAINT fk_invoice_request_merchant_id_buyer_id FOREIGN KEY (merchant_id, buyer_id) REFERENCES invoice_buyer(merchant_id, id);

ALTER TABLE ONLY invoice_request
    ADD CONSTRAINT fk_invoice_request_merchant_id_corrects_id FOREIGN KEY (merchant_id, corrects_id) REFERENCES invoice_request(merchant_id, id);

ALTER TABLE ONLY key_destruction
    ADD CONSTRAINT fk_key_destruction_approved_by FOREIGN KEY (approved_by) REFERENCES account(id);

ALTER TABLE ONLY key_destruction
    ADD CONSTRAINT fk_key_destruction_cancelled_by FOREIGN KEY (cancelled_by) REFERENCES account(id);

ALTER TABLE ONLY key_destruction
    ADD CONSTRAINT fk_key_destruction_owner_id FOREIGN KEY (owner_id) REFERENCES merchant_key(owner_id);

ALTER TABLE ONLY key_destruction
    ADD CONSTRAINT fk_key_destruction_proposed_by FOREIGN KEY (proposed_by) REFERENCES account(id);

ALTER TABLE ONLY ledger_account
    ADD CONSTRAINT fk_ledger_account_parent_id FOREIGN KEY (parent_id) REFERENCES ledger_account(id);

ALTER TABLE ONLY ledger_number
    ADD CONSTRAINT fk_ledger_number_voucher_id FOREIGN KEY (voucher_id) REFERENCES ledger_voucher(id);

ALTER TABLE ONLY ledger_voucher
    ADD CONSTRAINT fk_ledger_voucher_reverses_id FOREIGN KEY (reverses_id) REFERENCES ledger_voucher(id);

ALTER TABLE ONLY legal_hold
    ADD CONSTRAINT fk_legal_hold_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY letter
    ADD CONSTRAINT fk_letter_notice_id FOREIGN KEY (notice_id) REFERENCES notice(id) ON DELETE CASCADE;

ALTER TABLE ONLY line_claim
    ADD CONSTRAINT fk_line_claim_match_id FOREIGN KEY (match_id) REFERENCES line_match(id);

ALTER TABLE ONLY line_match_line
    ADD CONSTRAINT fk_line_match_line_match_id FOREIGN KEY (match_id) REFERENCES line_match(id);

ALTER TABLE ONLY line_match_undo
    ADD CONSTRAINT fk_line_match_undo_match_id FOREIGN KEY (match_id) REFERENCES line_match(id);

ALTER TABLE ONLY match_write_off
    ADD CONSTRAINT fk_match_write_off_match_id FOREIGN KEY (match_id) REFERENCES line_match(id);

ALTER TABLE ONLY match_write_off
    ADD CONSTRAINT fk_match_write_off_voucher_id FOREIGN KEY (voucher_id) REFERENCES ledger_voucher(id);

ALTER TABLE ONLY measure
    ADD CONSTRAINT fk_measure_merchant_id_plan_id FOREIGN KEY (merchant_id, plan_id) REFERENCES plan(merchant_id, id);

ALTER TABLE ONLY measure
    ADD CONSTRAINT fk_measure_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY meeting_decision
    ADD CONSTRAINT fk_meeting_decision_merchant_id_meeting_id FOREIGN KEY (merchant_id, meeting_id) REFERENCES meeting(merchant_id, id);

ALTER TABLE ONLY meeting_decision
    ADD CONSTRAINT fk_meeting_decision_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY meeting
    ADD CONSTRAINT fk_meeting_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT fk_membership_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT fk_membership_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY merchant_contact
    ADD CONSTRAINT fk_merchant_contact_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY metric_window
    ADD CONSTRAINT fk_metric_window_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY negotiation_round
    ADD CONSTRAINT fk_negotiation_round_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY notice
    ADD CONSTRAINT fk_notice_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY notification_wishes
    ADD CONSTRAINT fk_notification_wishes_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY obligation
    ADD CONSTRAINT fk_obligation_merchant_id_agreement_id FOREIGN KEY (merchant_id, agreement_id) REFERENCES agreement(merchant_id, id);

ALTER TABLE ONLY obligation
    ADD CONSTRAINT fk_obligation_merchant_id_outcome_id FOREIGN KEY (merchant_id, outcome_id) REFERENCES proceeding_outcome(merchant_id, id);

ALTER TABLE ONLY obligation
    ADD CONSTRAINT fk_obligation_merchant_id_proof_id FOREIGN KEY (merchant_id, proof_id) REFERENCES attachment(merchant_id, id);

ALTER TABLE ONLY obligation
    ADD CONSTRAINT fk_obligation_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY observation
    ADD CONSTRAINT fk_observation_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY password
    ADD CONSTRAINT fk_password_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY password_link
    ADD CONSTRAINT fk_password_link_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY plan_answer
    ADD CONSTRAINT fk_plan_answer_merchant_id_plan_id FOREIGN KEY (merchant_id, plan_id) REFERENCES plan(merchant_id, id);

ALTER TABLE ONLY plan_answer
    ADD CONSTRAINT fk_plan_answer_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY plan
    ADD CONSTRAINT fk_plan_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY plan_review
    ADD CONSTRAINT fk_plan_review_merchant_id_plan_id FOREIGN KEY (merchant_id, plan_id) REFERENCES plan(merchant_id, id);

ALTER TABLE ONLY plan_review
    ADD CONSTRAINT fk_plan_review_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY point_at_issue
    ADD CONSTRAINT fk_point_at_issue_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY private_rule
    ADD CONSTRAINT fk_private_rule_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY private_rule
    ADD CONSTRAINT fk_private_rule_merchant_id_shop_id FOREIGN KEY (merchant_id, shop_id) REFERENCES shop(merchant_id, id);

ALTER TABLE ONLY proceeding
    ADD CONSTRAINT fk_proceeding_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY proceeding_outcome
    ADD CONSTRAINT fk_proceeding_outcome_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY purpose_change
    ADD CONSTRAINT fk_purpose_change_changed_by FOREIGN KEY (changed_by) REFERENCES account(id);

ALTER TABLE ONLY question
    ADD CONSTRAINT fk_question_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY rating
    ADD CONSTRAINT fk_rating_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT fk_recovery_code_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY reopening
    ADD CONSTRAINT fk_reopening_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY resealing
    ADD CONSTRAINT fk_resealing_owner_id FOREIGN KEY (owner_id) REFERENCES merchant_key(owner_id);

ALTER TABLE ONLY result_confirmation
    ADD CONSTRAINT fk_result_confirmation_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY result
    ADD CONSTRAINT fk_result_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY return_visit
    ADD CONSTRAINT fk_return_visit_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY reveal_alarm
    ADD CONSTRAINT fk_reveal_alarm_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY reveal_copy
    ADD CONSTRAINT fk_reveal_copy_merchant_id_reveal_id FOREIGN KEY (merchant_id, reveal_id) REFERENCES reveal(merchant_id, id);

ALTER TABLE ONLY reveal
    ADD CONSTRAINT fk_reveal_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY reveal
    ADD CONSTRAINT fk_reveal_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY reveal_objection_answer
    ADD CONSTRAINT fk_reveal_objection_answer_answered_by FOREIGN KEY (answered_by) REFERENCES account(id);

ALTER TABLE ONLY reveal_objection_answer
    ADD CONSTRAINT fk_reveal_objection_answer_merchant_id_objection_id FOREIGN KEY (merchant_id, objection_id) REFERENCES reveal_objection(merchant_id, id);

ALTER TABLE ONLY reveal_objection
    ADD CONSTRAINT fk_reveal_objection_merchant_id_reveal_id FOREIGN KEY (merchant_id, reveal_id) REFERENCES reveal(merchant_id, id);

ALTER TABLE ONLY reveal_objection
    ADD CONSTRAINT fk_reveal_objection_raised_by FOREIGN KEY (raised_by) REFERENCES account(id);

ALTER TABLE ONLY reveal_rules
    ADD CONSTRAINT fk_reveal_rules_changed_by FOREIGN KEY (changed_by) REFERENCES account(id);

ALTER TABLE ONLY reveal
    ADD CONSTRAINT fk_reveal_viewer_id FOREIGN KEY (viewer_id) REFERENCES account(id);

ALTER TABLE ONLY robot_saying
    ADD CONSTRAINT fk_robot_saying_robot_id FOREIGN KEY (robot_id) REFERENCES group_robot(id) ON DELETE CASCADE;

ALTER TABLE ONLY role_grant
    ADD CONSTRAINT fk_role_grant_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY saved_view
    ADD CONSTRAINT fk_saved_view_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY sealed_content
    ADD CONSTRAINT fk_sealed_content_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY second_factor
    ADD CONSTRAINT fk_second_factor_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY settlement_account
    ADD CONSTRAINT fk_settlement_account_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY shop
    ADD CONSTRAINT fk_shop_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY sign_in_challenge
    ADD CONSTRAINT fk_sign_in_challenge_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY signature
    ADD CONSTRAINT fk_signature_merchant_id_agreement_id FOREIGN KEY (merchant_id, agreement_id) REFERENCES agreement(merchant_id, id);

ALTER TABLE ONLY signature
    ADD CONSTRAINT fk_signature_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY spent_object
    ADD CONSTRAINT fk_spent_object_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY start_view
    ADD CONSTRAINT fk_start_view_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY start_view
    ADD CONSTRAINT fk_start_view_view_id FOREIGN KEY (view_id) REFERENCES saved_view(id) ON DELETE CASCADE;

ALTER TABLE ONLY statement_file
    ADD CONSTRAINT fk_statement_file_merchant_id_statement_id FOREIGN KEY (merchant_id, statement_id) REFERENCES statement(merchant_id, id);

ALTER TABLE ONLY statement_file
    ADD CONSTRAINT fk_statement_file_merchant_id_word_id FOREIGN KEY (merchant_id, word_id) REFERENCES statement_word(merchant_id, id);

ALTER TABLE ONLY statement_line
    ADD CONSTRAINT fk_statement_line_merchant_id_statement_id FOREIGN KEY (merchant_id, statement_id) REFERENCES statement(merchant_id, id);

ALTER TABLE ONLY statement
    ADD CONSTRAINT fk_statement_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY statement_preparation
    ADD CONSTRAINT fk_statement_preparation_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY statement_word
    ADD CONSTRAINT fk_statement_word_merchant_id_line_id FOREIGN KEY (merchant_id, line_id) REFERENCES statement_line(merchant_id, id);

ALTER TABLE ONLY statement_word
    ADD CONSTRAINT fk_statement_word_merchant_id_statement_id FOREIGN KEY (merchant_id, statement_id) REFERENCES statement(merchant_id, id);

ALTER TABLE ONLY subject_request
    ADD CONSTRAINT fk_subject_request_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY subject_request_record
    ADD CONSTRAINT fk_subject_request_record_merchant_id_request_id FOREIGN KEY (merchant_id, request_id) REFERENCES subject_request(merchant_id, id);

ALTER TABLE ONLY subject_request_step
    ADD CONSTRAINT fk_subject_request_step_merchant_id_request_id FOREIGN KEY (merchant_id, request_id) REFERENCES subject_request(merchant_id, id);

ALTER TABLE ONLY subprocessor_decision
    ADD CONSTRAINT fk_subprocessor_decision_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY subprocessor_decision
    ADD CONSTRAINT fk_subprocessor_decision_merchant_id_subprocessor_id FOREIGN KEY (merchant_id, subprocessor_id) REFERENCES subprocessor(merchant_id, id);

ALTER TABLE ONLY subprocessor
    ADD CONSTRAINT fk_subprocessor_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY subprocessor
    ADD CONSTRAINT fk_subprocessor_merchant_id_contract_id FOREIGN KEY (merchant_id, contract_id) REFERENCES contract(merchant_id, id);

ALTER TABLE ONLY ticket_clock
    ADD CONSTRAINT fk_ticket_clock_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY ticket_course
    ADD CONSTRAINT fk_ticket_course_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY ticket_desk
    ADD CONSTRAINT fk_ticket_desk_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY ticket_desk
    ADD CONSTRAINT fk_ticket_desk_merchant_id_ticket_id_risen_status FOREIGN KEY (merchant_id, ticket_id, risen_status) REFERENCES ticket(merchant_id, id, status) ON UPDATE CASCADE;

ALTER TABLE ONLY ticket_draft
    ADD CONSTRAINT fk_ticket_draft_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY ticket_import_finding
    ADD CONSTRAINT fk_ticket_import_finding_import_id FOREIGN KEY (import_id) REFERENCES ticket_import(id);

ALTER TABLE ONLY ticket_import_row
    ADD CONSTRAINT fk_ticket_import_row_import_id FOREIGN KEY (import_id) REFERENCES ticket_import(id);

ALTER TABLE ONLY ticket_import_row
    ADD CONSTRAINT fk_ticket_import_row_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY ticket_limit
    ADD CONSTRAINT fk_ticket_limit_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY ticket_link
    ADD CONSTRAINT fk_ticket_link_merchant_id_other_id FOREIGN KEY (merchant_id, other_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY ticket_link
    ADD CONSTRAINT fk_ticket_link_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY ticket
    ADD CONSTRAINT fk_ticket_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY ticket
    ADD CONSTRAINT fk_ticket_merchant_id_contract_version_id FOREIGN KEY (merchant_id, contract_version_id) REFERENCES contract_version(merchant_id, id);

ALTER TABLE ONLY ticket
    ADD CONSTRAINT fk_ticket_merchant_id_shop_id FOREIGN KEY (merchant_id, shop_id) REFERENCES shop(merchant_id, id);

ALTER TABLE ONLY ticket_words
    ADD CONSTRAINT fk_ticket_words_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY time_entry
    ADD CONSTRAINT fk_time_entry_merchant_id_item_id FOREIGN KEY (merchant_id, item_id) REFERENCES cost_item(merchant_id, id);

ALTER TABLE ONLY time_entry
    ADD CONSTRAINT fk_time_entry_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY triage
    ADD CONSTRAINT fk_triage_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket(merchant_id, id);

ALTER TABLE ONLY voucher_export_item
    ADD CONSTRAINT fk_voucher_export_item_export_id_target FOREIGN KEY (export_id, target) REFERENCES voucher_export(id, target);

ALTER TABLE ONLY voucher_export_item
    ADD CONSTRAINT fk_voucher_export_item_voucher_id FOREIGN KEY (voucher_id) REFERENCES ledger_number(voucher_id);

ALTER TABLE ONLY voucher_export
    ADD CONSTRAINT fk_voucher_export_month FOREIGN KEY (month) REFERENCES ledger_period(month);

ALTER TABLE ONLY voucher_export
    ADD CONSTRAINT fk_voucher_export_setting_id_target FOREIGN KEY (setting_id, target) REFERENCES voucher_export_setting(id, target);

ALTER TABLE ONLY web_session
    ADD CONSTRAINT fk_web_session_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY webhook_delivery
    ADD CONSTRAINT fk_webhook_delivery_endpoint_id FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoint(id) ON DELETE CASCADE;

ALTER TABLE ONLY webhook_endpoint
    ADD CONSTRAINT fk_webhook_endpoint_created_by FOREIGN KEY (created_by) REFERENCES account(id);

ALTER TABLE account ENABLE ROW LEVEL SECURITY;

CREATE POLICY account_for_merchant ON account FOR SELECT USING (((( SELECT control.ctx_merchant() AS ctx_merchant) IS NOT NULL) AND ((side = 'staff'::text) OR (id IN ( SELECT m.account_id
   FROM membership m
  WHERE (m.merchant_id = ( SELECT control.ctx_merchant() AS ctx_merchant)))))));

CREATE POLICY account_readable ON account FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text));

CREATE POLICY account_scope ON account USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

ALTER TABLE agency ENABLE ROW LEVEL SECURITY;

CREATE POLICY agency_readable ON agency FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['door'::text, 'staff'::text, 'merchant'::text])));

CREATE POLICY agency_scope ON agency USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE agreement ENABLE ROW LEVEL SECURITY;

CREATE POLICY agreement_merchant ON agreement USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE allocation ENABLE ROW LEVEL SECURITY;

ALTER TABLE allocation_call ENABLE ROW LEVEL SECURITY;

CREATE POLICY allocation_call_inside ON allocation_call AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY allocation_call_merchant ON allocation_call USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY allocation_inside ON allocation AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY allocation_merchant ON allocation USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE allocation_part ENABLE ROW LEVEL SECURITY;

CREATE POLICY allocation_part_inside ON allocation_part AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY allocation_part_merchant ON allocation_part USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE analysis ENABLE ROW LEVEL SECURITY;

CREATE POLICY analysis_inside ON analysis AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY analysis_merchant ON analysis USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY api_key_scope ON api_key USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

ALTER TABLE assignment ENABLE ROW LEVEL SECURITY;

CREATE POLICY assignment_own ON assignment FOR SELECT USING ((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)));

CREATE POLICY assignment_readable ON assignment FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text));

CREATE POLICY assignment_scope ON assignment USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

ALTER TABLE attachment ENABLE ROW LEVEL SECURITY;

CREATE POLICY attachment_inside ON attachment AS RESTRICTIVE USING (((audience = 'merchant'::text) OR (( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text))) WITH CHECK (true);

CREATE POLICY attachment_merchant ON attachment USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE audit_checkpoint ENABLE ROW LEVEL SECURITY;

CREATE POLICY audit_checkpoint_readable ON audit_checkpoint FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY audit_checkpoint_scope ON audit_checkpoint USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE audit_hash ENABLE ROW LEVEL SECURITY;

CREATE POLICY audit_hash_readable ON audit_hash FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY audit_hash_scope ON audit_hash USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE audit_leaf ENABLE ROW LEVEL SECURITY;

CREATE POLICY audit_leaf_leave ON audit_leaf FOR INSERT WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)) OR ((merchant_id IS NULL) AND (( SELECT control.ctx_scope() AS ctx_scope) IS NOT NULL))));

CREATE POLICY audit_leaf_read ON audit_leaf FOR SELECT USING ((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])));

ALTER TABLE audit_sequence ENABLE ROW LEVEL SECURITY;

CREATE POLICY audit_sequence_own ON audit_sequence FOR SELECT USING (((( SELECT control.ctx_scope() AS ctx_scope) = 'merchant'::text) AND (EXISTS ( SELECT
   FROM audit_leaf
  WHERE (audit_leaf.id = audit_sequence.leaf_id)))));

CREATE POLICY audit_sequence_scope ON audit_sequence USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE bill_mapping ENABLE ROW LEVEL SECURITY;

CREATE POLICY bill_mapping_scope ON bill_mapping USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE breach ENABLE ROW LEVEL SECURITY;

ALTER TABLE breach_notice ENABLE ROW LEVEL SECURITY;

CREATE POLICY breach_notice_merchant ON breach_notice USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY breach_scope ON breach USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE budget ENABLE ROW LEVEL SECURITY;

ALTER TABLE budget_passing ENABLE ROW LEVEL SECURITY;

CREATE POLICY budget_passing_scope ON budget_passing USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY budget_scope ON budget USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE budget_version ENABLE ROW LEVEL SECURITY;

CREATE POLICY budget_version_scope ON budget_version USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE calendar_day ENABLE ROW LEVEL SECURITY;

CREATE POLICY calendar_day_readable ON calendar_day FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY calendar_day_scope ON calendar_day USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE calendar_setting ENABLE ROW LEVEL SECURITY;

CREATE POLICY calendar_setting_readable ON calendar_setting FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY calendar_setting_scope ON calendar_setting USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE calendar_year ENABLE ROW LEVEL SECURITY;

CREATE POLICY calendar_year_readable ON calendar_year FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY calendar_year_scope ON calendar_year USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE canned_answer ENABLE ROW LEVEL SECURITY;

CREATE POLICY canned_answer_scope ON canned_answer USING (((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'staff'::text])) AND ((account_id IS NULL) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)) OR ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) AND (COALESCE(( SELECT control.ctx_person() AS ctx_person), '00000000-0000-0000-0000-000000000000'::uuid) = '00000000-0000-0000-0000-000000000000'::uuid))))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'staff'::text])) AND ((account_id IS NULL) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)) OR ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) AND (COALESCE(( SELECT control.ctx_person() AS ctx_person), '00000000-0000-0000-0000-000000000000'::uuid) = '00000000-0000-0000-0000-000000000000'::uuid)))));

ALTER TABLE carried_over ENABLE ROW LEVEL SECURITY;

CREATE POLICY carried_over_scope ON carried_over USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE claim_conclusion ENABLE ROW LEVEL SECURITY;

CREATE POLICY claim_conclusion_inside ON claim_conclusion AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY claim_conclusion_merchant ON claim_conclusion USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE clock_change ENABLE ROW LEVEL SECURITY;

CREATE POLICY clock_change_inside ON clock_change AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY clock_change_merchant ON clock_change USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE clock_stop ENABLE ROW LEVEL SECURITY;

CREATE POLICY clock_stop_merchant ON clock_stop USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE closure ENABLE ROW LEVEL SECURITY;

CREATE POLICY closure_merchant ON closure USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE consent_end ENABLE ROW LEVEL SECURITY;

CREATE POLICY consent_end_merchant ON consent_end USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE consent_signature ENABLE ROW LEVEL SECURITY;

CREATE POLICY consent_signature_merchant ON consent_signature USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE consumer_record ENABLE ROW LEVEL SECURITY;

CREATE POLICY consumer_record_merchant ON consumer_record USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE contract ENABLE ROW LEVEL SECURITY;

ALTER TABLE contract_amount ENABLE ROW LEVEL SECURITY;

CREATE POLICY contract_amount_merchant ON contract_amount USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE contract_document ENABLE ROW LEVEL SECURITY;

CREATE POLICY contract_document_scope ON contract_document USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY contract_document_visible ON contract_document FOR SELECT USING ((((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) AND true) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY contract_scope ON contract USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE contract_version ENABLE ROW LEVEL SECURITY;

CREATE POLICY contract_version_scope ON contract_version USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY contract_version_visible ON contract_version FOR SELECT USING ((((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) AND (in_force_at IS NOT NULL)) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY contract_visible ON contract FOR SELECT USING ((((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) AND true) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE cost_deed ENABLE ROW LEVEL SECURITY;

CREATE POLICY cost_deed_inside ON cost_deed AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY cost_deed_merchant ON cost_deed USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE cost_evidence ENABLE ROW LEVEL SECURITY;

CREATE POLICY cost_evidence_inside ON cost_evidence AS RESTRICTIVE USING (((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text) OR (EXISTS ( SELECT
   FROM statement_line l
  WHERE ((l.merchant_id = cost_evidence.merchant_id) AND (l.cost_item_id = cost_evidence.item_id)))))) WITH CHECK (true);

CREATE POLICY cost_evidence_merchant ON cost_evidence USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE cost_item ENABLE ROW LEVEL SECURITY;

CREATE POLICY cost_item_inside ON cost_item AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY cost_item_merchant ON cost_item USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE cost_rules ENABLE ROW LEVEL SECURITY;

CREATE POLICY cost_rules_readable ON cost_rules FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text));

CREATE POLICY cost_rules_scope ON cost_rules USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE course_count ENABLE ROW LEVEL SECURITY;

CREATE POLICY course_count_readable ON course_count FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY course_count_scope ON course_count USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE course_owed ENABLE ROW LEVEL SECURITY;

CREATE POLICY course_owed_merchant ON course_owed USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE credential ENABLE ROW LEVEL SECURITY;

CREATE POLICY credential_scope ON credential USING (((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])) OR (account_id = ( SELECT control.ctx_person() AS ctx_person))));

ALTER TABLE data_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY data_key_scope ON data_key USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE data_return ENABLE ROW LEVEL SECURITY;

CREATE POLICY data_return_merchant ON data_return USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE data_return_step ENABLE ROW LEVEL SECURITY;

CREATE POLICY data_return_step_merchant ON data_return_step USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE decoy ENABLE ROW LEVEL SECURITY;

ALTER TABLE decoy_alarm ENABLE ROW LEVEL SECURITY;

CREATE POLICY decoy_alarm_watch ON decoy_alarm USING (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) AND ((( SELECT control.ctx_person() AS ctx_person) IS NULL) OR (( SELECT control.ctx_person() AS ctx_person) = '00000000-0000-0000-0000-000000000000'::uuid) OR (EXISTS ( SELECT
   FROM role_grant
  WHERE ((role_grant.account_id = ( SELECT control.ctx_person() AS ctx_person)) AND (role_grant.role = ANY (ARRAY['agency_admin'::text, 'auditor'::text])))))))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) AND ((( SELECT control.ctx_person() AS ctx_person) IS NULL) OR (( SELECT control.ctx_person() AS ctx_person) = '00000000-0000-0000-0000-000000000000'::uuid) OR (EXISTS ( SELECT
   FROM role_grant
  WHERE ((role_grant.account_id = ( SELECT control.ctx_person() AS ctx_person)) AND (role_grant.role = ANY (ARRAY['agency_admin'::text, 'auditor'::text]))))))));

CREATE POLICY decoy_watch ON decoy USING (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) AND ((( SELECT control.ctx_person() AS ctx_person) IS NULL) OR (( SELECT control.ctx_person() AS ctx_person) = '00000000-0000-0000-0000-000000000000'::uuid) OR (EXISTS ( SELECT
   FROM role_grant
  WHERE ((role_grant.account_id = ( SELECT control.ctx_person() AS ctx_person)) AND (role_grant.role = ANY (ARRAY['agency_admin'::text, 'auditor'::text])))))))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) AND ((( SELECT control.ctx_person() AS ctx_person) IS NULL) OR (( SELECT control.ctx_person() AS ctx_person) = '00000000-0000-0000-0000-000000000000'::uuid) OR (EXISTS ( SELECT
   FROM role_grant
  WHERE ((role_grant.account_id = ( SELECT control.ctx_person() AS ctx_person)) AND (role_grant.role = ANY (ARRAY['agency_admin'::text, 'auditor'::text]))))))));

ALTER TABLE determination ENABLE ROW LEVEL SECURITY;

CREATE POLICY determination_inside ON determination AS RESTRICTIVE USING (((audience = 'merchant'::text) OR (( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text))) WITH CHECK (true);

CREATE POLICY determination_merchant ON determination USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE determination_objection ENABLE ROW LEVEL SECURITY;

CREATE POLICY determination_objection_merchant ON determination_objection USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE determination_review ENABLE ROW LEVEL SECURITY;

CREATE POLICY determination_review_merchant ON determination_review USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE determination_share ENABLE ROW LEVEL SECURITY;

CREATE POLICY determination_share_inside ON determination_share AS RESTRICTIVE USING (((audience = 'merchant'::text) OR (( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text))) WITH CHECK (true);

CREATE POLICY determination_share_merchant ON determination_share USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE disclosure ENABLE ROW LEVEL SECURITY;

ALTER TABLE disclosure_export ENABLE ROW LEVEL SECURITY;

CREATE POLICY disclosure_export_merchant ON disclosure_export USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY disclosure_merchant ON disclosure USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE dismissal ENABLE ROW LEVEL SECURITY;

CREATE POLICY dismissal_scope ON dismissal USING (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person))));

ALTER TABLE entrustment ENABLE ROW LEVEL SECURITY;

CREATE POLICY entrustment_merchant ON entrustment USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE entry ENABLE ROW LEVEL SECURITY;

CREATE POLICY entry_inside ON entry AS RESTRICTIVE USING (((audience = 'merchant'::text) OR (( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text))) WITH CHECK (true);

CREATE POLICY entry_merchant ON entry USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE erasure ENABLE ROW LEVEL SECURITY;

ALTER TABLE erasure_certificate ENABLE ROW LEVEL SECURITY;

CREATE POLICY erasure_certificate_merchant ON erasure_certificate USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE erasure_head ENABLE ROW LEVEL SECURITY;

CREATE POLICY erasure_head_scope ON erasure_head USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE erasure_line ENABLE ROW LEVEL SECURITY;

CREATE POLICY erasure_line_scope ON erasure_line USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY erasure_merchant ON erasure USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE erasure_run ENABLE ROW LEVEL SECURITY;

CREATE POLICY erasure_run_scope ON erasure_run USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE erasure_skip ENABLE ROW LEVEL SECURITY;

CREATE POLICY erasure_skip_scope ON erasure_skip USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE escalation ENABLE ROW LEVEL SECURITY;

CREATE POLICY escalation_inside ON escalation AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY escalation_merchant ON escalation USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE evidence_item ENABLE ROW LEVEL SECURITY;

CREATE POLICY evidence_item_inside ON evidence_item AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY evidence_item_merchant ON evidence_item USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE external_line ENABLE ROW LEVEL SECURITY;

CREATE POLICY external_line_scope ON external_line USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE factor ENABLE ROW LEVEL SECURITY;

CREATE POLICY factor_inside ON factor AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY factor_merchant ON factor USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE file_place ENABLE ROW LEVEL SECURITY;

CREATE POLICY file_place_merchant ON file_place USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE general_rule ENABLE ROW LEVEL SECURITY;

CREATE POLICY general_rule_readable ON general_rule FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text));

CREATE POLICY general_rule_scope ON general_rule USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE group_robot ENABLE ROW LEVEL SECURITY;

CREATE POLICY group_robot_scope ON group_robot USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE hand_over ENABLE ROW LEVEL SECURITY;

CREATE POLICY hand_over_inside ON hand_over AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY hand_over_merchant ON hand_over USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE hold ENABLE ROW LEVEL SECURITY;

CREATE POLICY hold_merchant ON hold USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE impact_assessment ENABLE ROW LEVEL SECURITY;

CREATE POLICY impact_assessment_scope ON impact_assessment USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE import_batch ENABLE ROW LEVEL SECURITY;

CREATE POLICY import_batch_scope ON import_batch USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE improvement ENABLE ROW LEVEL SECURITY;

CREATE POLICY improvement_inside ON improvement AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY improvement_merchant ON improvement USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE incoming_mail ENABLE ROW LEVEL SECURITY;

CREATE POLICY incoming_mail_scope ON incoming_mail USING (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person))));

ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;

CREATE POLICY invitation_scope ON invitation USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

ALTER TABLE invoice_buyer ENABLE ROW LEVEL SECURITY;

CREATE POLICY invoice_buyer_merchant ON invoice_buyer USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE invoice_deed ENABLE ROW LEVEL SECURITY;

CREATE POLICY invoice_deed_merchant ON invoice_deed USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE invoice_file ENABLE ROW LEVEL SECURITY;

CREATE POLICY invoice_file_by_agency ON invoice_file AS RESTRICTIVE FOR INSERT WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text));

CREATE POLICY invoice_file_merchant ON invoice_file USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE invoice_line ENABLE ROW LEVEL SECURITY;

CREATE POLICY invoice_line_by_agency ON invoice_line AS RESTRICTIVE FOR INSERT WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text));

CREATE POLICY invoice_line_merchant ON invoice_line USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE invoice_portion ENABLE ROW LEVEL SECURITY;

CREATE POLICY invoice_portion_merchant ON invoice_portion USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE invoice_request ENABLE ROW LEVEL SECURITY;

CREATE POLICY invoice_request_merchant ON invoice_request USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE kept_answer ENABLE ROW LEVEL SECURITY;

CREATE POLICY kept_answer_scope ON kept_answer USING (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person))));

ALTER TABLE key_destruction ENABLE ROW LEVEL SECURITY;

CREATE POLICY key_destruction_scope ON key_destruction USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE labour_rate ENABLE ROW LEVEL SECURITY;

CREATE POLICY labour_rate_readable ON labour_rate FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text));

CREATE POLICY labour_rate_scope ON labour_rate USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE ledger_account ENABLE ROW LEVEL SECURITY;

CREATE POLICY ledger_account_scope ON ledger_account USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY;

CREATE POLICY ledger_entry_scope ON ledger_entry USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE ledger_number ENABLE ROW LEVEL SECURITY;

CREATE POLICY ledger_number_scope ON ledger_number USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE ledger_period ENABLE ROW LEVEL SECURITY;

ALTER TABLE ledger_period_change ENABLE ROW LEVEL SECURITY;

CREATE POLICY ledger_period_change_scope ON ledger_period_change USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY ledger_period_scope ON ledger_period USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE ledger_total ENABLE ROW LEVEL SECURITY;

CREATE POLICY ledger_total_scope ON ledger_total USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE ledger_voucher ENABLE ROW LEVEL SECURITY;

CREATE POLICY ledger_voucher_scope ON ledger_voucher USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE legal_hold ENABLE ROW LEVEL SECURITY;

CREATE POLICY legal_hold_inside ON legal_hold AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY legal_hold_merchant ON legal_hold USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE letter ENABLE ROW LEVEL SECURITY;

CREATE POLICY letter_own ON letter FOR SELECT USING ((account_id = ( SELECT control.ctx_person() AS ctx_person)));

CREATE POLICY letter_scope ON letter USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE limit_setting ENABLE ROW LEVEL SECURITY;

CREATE POLICY limit_setting_readable ON limit_setting FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY limit_setting_scope ON limit_setting USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE line_claim ENABLE ROW LEVEL SECURITY;

CREATE POLICY line_claim_scope ON line_claim USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE line_match ENABLE ROW LEVEL SECURITY;

ALTER TABLE line_match_line ENABLE ROW LEVEL SECURITY;

CREATE POLICY line_match_line_scope ON line_match_line USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY line_match_scope ON line_match USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE line_match_undo ENABLE ROW LEVEL SECURITY;

CREATE POLICY line_match_undo_scope ON line_match_undo USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE match_rule ENABLE ROW LEVEL SECURITY;

CREATE POLICY match_rule_scope ON match_rule USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE match_run ENABLE ROW LEVEL SECURITY;

CREATE POLICY match_run_scope ON match_run USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE match_write_off ENABLE ROW LEVEL SECURITY;

CREATE POLICY match_write_off_scope ON match_write_off USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE measure ENABLE ROW LEVEL SECURITY;

CREATE POLICY measure_inside ON measure AS RESTRICTIVE USING (((audience = 'merchant'::text) OR (( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text))) WITH CHECK (true);

CREATE POLICY measure_merchant ON measure USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE measured_month ENABLE ROW LEVEL SECURITY;

CREATE POLICY measured_month_scope ON measured_month USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE measured_state ENABLE ROW LEVEL SECURITY;

CREATE POLICY measured_state_scope ON measured_state USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE measured_times ENABLE ROW LEVEL SECURITY;

CREATE POLICY measured_times_scope ON measured_times USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE meeting ENABLE ROW LEVEL SECURITY;

ALTER TABLE meeting_decision ENABLE ROW LEVEL SECURITY;

CREATE POLICY meeting_decision_inside ON meeting_decision AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY meeting_decision_merchant ON meeting_decision USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY meeting_inside ON meeting AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY meeting_merchant ON meeting USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE membership ENABLE ROW LEVEL SECURITY;

CREATE POLICY membership_scope ON membership USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

CREATE POLICY membership_visible ON membership FOR SELECT USING ((((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) AND true) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE merchant ENABLE ROW LEVEL SECURITY;

ALTER TABLE merchant_contact ENABLE ROW LEVEL SECURITY;

CREATE POLICY merchant_contact_kept_by_staff ON merchant_contact USING ((merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))) WITH CHECK ((merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)));

CREATE POLICY merchant_contact_scope ON merchant_contact USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY merchant_contact_visible ON merchant_contact FOR SELECT USING ((((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) AND true) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE merchant_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY merchant_key_scope ON merchant_key USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY merchant_scope ON merchant USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY merchant_visible ON merchant FOR SELECT USING (((id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (id IN ( SELECT unnest(assigned_merchants()) AS unnest)) OR ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text) AND (id IN ( SELECT m.merchant_id
   FROM membership m
  WHERE (m.account_id = ( SELECT control.ctx_person() AS ctx_person)))))));

ALTER TABLE metric_window ENABLE ROW LEVEL SECURITY;

CREATE POLICY metric_window_merchant ON metric_window USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE negotiation_round ENABLE ROW LEVEL SECURITY;

CREATE POLICY negotiation_round_merchant ON negotiation_round USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE notice ENABLE ROW LEVEL SECURITY;

CREATE POLICY notice_scope ON notice USING (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person))));

ALTER TABLE notification_default ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_default_readable ON notification_default FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY notification_default_scope ON notification_default USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE notification_wishes ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_wishes_scope ON notification_wishes USING (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person))));

ALTER TABLE obligation ENABLE ROW LEVEL SECURITY;

CREATE POLICY obligation_merchant ON obligation USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE observation ENABLE ROW LEVEL SECURITY;

CREATE POLICY observation_merchant ON observation USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE password ENABLE ROW LEVEL SECURITY;

CREATE POLICY password_first ON password FOR INSERT WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE password_link ENABLE ROW LEVEL SECURITY;

CREATE POLICY password_link_scope ON password_link USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

CREATE POLICY password_scope ON password USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE plan ENABLE ROW LEVEL SECURITY;

ALTER TABLE plan_answer ENABLE ROW LEVEL SECURITY;

CREATE POLICY plan_answer_merchant ON plan_answer USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY plan_inside ON plan AS RESTRICTIVE USING (((audience = 'merchant'::text) OR (( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text))) WITH CHECK (true);

CREATE POLICY plan_merchant ON plan USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE plan_review ENABLE ROW LEVEL SECURITY;

CREATE POLICY plan_review_inside ON plan_review AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY plan_review_merchant ON plan_review USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE point_at_issue ENABLE ROW LEVEL SECURITY;

CREATE POLICY point_at_issue_inside ON point_at_issue AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY point_at_issue_merchant ON point_at_issue USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE private_rule ENABLE ROW LEVEL SECURITY;

CREATE POLICY private_rule_merchant ON private_rule USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE proceeding ENABLE ROW LEVEL SECURITY;

CREATE POLICY proceeding_merchant ON proceeding USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE proceeding_outcome ENABLE ROW LEVEL SECURITY;

CREATE POLICY proceeding_outcome_merchant ON proceeding_outcome USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE processing_activity ENABLE ROW LEVEL SECURITY;

CREATE POLICY processing_activity_scope ON processing_activity USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE purpose_change ENABLE ROW LEVEL SECURITY;

CREATE POLICY purpose_change_readable ON purpose_change FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY purpose_change_scope ON purpose_change USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE question ENABLE ROW LEVEL SECURITY;

CREATE POLICY question_merchant ON question USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE rating ENABLE ROW LEVEL SECURITY;

CREATE POLICY rating_merchant ON rating USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY;

CREATE POLICY recovery_code_scope ON recovery_code USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE reopening ENABLE ROW LEVEL SECURITY;

CREATE POLICY reopening_merchant ON reopening USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE reply_mailbox ENABLE ROW LEVEL SECURITY;

CREATE POLICY reply_mailbox_scope ON reply_mailbox USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE resealing ENABLE ROW LEVEL SECURITY;

CREATE POLICY resealing_scope ON resealing USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE result ENABLE ROW LEVEL SECURITY;

ALTER TABLE result_confirmation ENABLE ROW LEVEL SECURITY;

CREATE POLICY result_confirmation_merchant ON result_confirmation USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY result_merchant ON result USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE retention_setting ENABLE ROW LEVEL SECURITY;

CREATE POLICY retention_setting_readable ON retention_setting FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['door'::text, 'staff'::text, 'merchant'::text])));

CREATE POLICY retention_setting_scope ON retention_setting USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE return_visit ENABLE ROW LEVEL SECURITY;

CREATE POLICY return_visit_merchant ON return_visit USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE reveal ENABLE ROW LEVEL SECURITY;

ALTER TABLE reveal_alarm ENABLE ROW LEVEL SECURITY;

CREATE POLICY reveal_alarm_scope ON reveal_alarm USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE reveal_copy ENABLE ROW LEVEL SECURITY;

CREATE POLICY reveal_copy_merchant ON reveal_copy USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY reveal_merchant ON reveal USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE reveal_objection ENABLE ROW LEVEL SECURITY;

ALTER TABLE reveal_objection_answer ENABLE ROW LEVEL SECURITY;

CREATE POLICY reveal_objection_answer_merchant ON reveal_objection_answer USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY reveal_objection_merchant ON reveal_objection USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE reveal_rules ENABLE ROW LEVEL SECURITY;

CREATE POLICY reveal_rules_readable ON reveal_rules FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY reveal_rules_scope ON reveal_rules USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE robot_saying ENABLE ROW LEVEL SECURITY;

CREATE POLICY robot_saying_scope ON robot_saying USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE role_grant ENABLE ROW LEVEL SECURITY;

CREATE POLICY role_grant_readable ON role_grant FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text));

CREATE POLICY role_grant_scope ON role_grant USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

ALTER TABLE saved_view ENABLE ROW LEVEL SECURITY;

CREATE POLICY saved_view_owned ON saved_view USING (((account_id = ( SELECT control.ctx_person() AS ctx_person)) OR ((shared_with <> 'nobody'::text) AND (( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)))) WITH CHECK (((account_id = ( SELECT control.ctx_person() AS ctx_person)) OR ((shared_with <> 'nobody'::text) AND (( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text))));

CREATE POLICY saved_view_readable ON saved_view FOR SELECT USING (((shared_with <> 'nobody'::text) AND (( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text)));

ALTER TABLE sealed_content ENABLE ROW LEVEL SECURITY;

CREATE POLICY sealed_content_inside ON sealed_content AS RESTRICTIVE FOR SELECT USING (((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text) OR
CASE of_table
    WHEN 'ticket'::text THEN true
    WHEN 'entry'::text THEN (EXISTS ( SELECT
       FROM entry
      WHERE (entry.id = sealed_content.id)))
    WHEN 'attachment'::text THEN (EXISTS ( SELECT
       FROM attachment
      WHERE (attachment.id = sealed_content.id)))
    WHEN 'closure'::text THEN (EXISTS ( SELECT
       FROM closure
      WHERE (closure.id = sealed_content.id)))
    WHEN 'reopening'::text THEN (EXISTS ( SELECT
       FROM reopening
      WHERE (reopening.id = sealed_content.id)))
    WHEN 'improvement'::text THEN (EXISTS ( SELECT
       FROM improvement
      WHERE (improvement.id = sealed_content.id)))
    WHEN 'hold'::text THEN (EXISTS ( SELECT
       FROM hold
      WHERE (hold.id = sealed_content.id)))
    WHEN 'clock_stop'::text THEN (EXISTS ( SELECT
       FROM clock_stop
      WHERE (clock_stop.id = sealed_content.id)))
    WHEN 'hand_over'::text THEN (EXISTS ( SELECT
       FROM hand_over
      WHERE (hand_over.id = sealed_content.id)))
    WHEN 'escalation'::text THEN (EXISTS ( SELECT
       FROM escalation
      WHERE (escalation.id = sealed_content.id)))
    WHEN 'meeting'::text THEN (EXISTS ( SELECT
       FROM meeting
      WHERE (meeting.id = sealed_content.id)))
    WHEN 'meeting_decision'::text THEN (EXISTS ( SELECT
       FROM meeting_decision
      WHERE (meeting_decision.id = sealed_content.id)))
    WHEN 'triage'::text THEN (EXISTS ( SELECT
       FROM triage
      WHERE (triage.id = sealed_content.id)))
    WHEN 'analysis'::text THEN (EXISTS ( SELECT
       FROM analysis
      WHERE (analysis.id = sealed_content.id)))
    WHEN 'determination'::text THEN (EXISTS ( SELECT
       FROM determination
      WHERE (determination.id = sealed_content.id)))
    WHEN 'determination_objection'::text THEN (EXISTS ( SELECT
       FROM determination_objection
      WHERE (determination_objection.id = sealed_content.id)))
    WHEN 'determination_review'::text THEN (EXISTS ( SELECT
       FROM determination_review
      WHERE (determination_review.id = sealed_content.id)))
    WHEN 'plan'::text THEN (EXISTS ( SELECT
       FROM plan
      WHERE (plan.id = sealed_content.id)))
    WHEN 'measure'::text THEN (EXISTS ( SELECT
       FROM measure
      WHERE (measure.id = sealed_content.id)))
    WHEN 'plan_review'::text THEN (EXISTS ( SELECT
       FROM plan_review
      WHERE (plan_review.id = sealed_content.id)))
    WHEN 'plan_answer'::text THEN (EXISTS ( SELECT
       FROM plan_answer
      WHERE (plan_answer.id = sealed_content.id)))
    WHEN 'rating'::text THEN (EXISTS ( SELECT
       FROM rating
      WHERE (rating.id = sealed_content.id)))
    WHEN 'return_visit'::text THEN (EXISTS ( SELECT
       FROM return_visit
      WHERE (return_visit.id = sealed_content.id)))
    WHEN 'result'::text THEN (EXISTS ( SELECT
       FROM result
      WHERE (result.id = sealed_content.id)))
    WHEN 'result_confirmation'::text THEN (EXISTS ( SELECT
       FROM result_confirmation
      WHERE (result_confirmation.id = sealed_content.id)))
    WHEN 'question'::text THEN (EXISTS ( SELECT
       FROM question
      WHERE (question.id = sealed_content.id)))
    WHEN 'metric_window'::text THEN (EXISTS ( SELECT
       FROM metric_window
      WHERE (metric_window.id = sealed_content.id)))
    WHEN 'observation'::text THEN (EXISTS ( SELECT
       FROM observation
      WHERE (observation.id = sealed_content.id)))
    WHEN 'evidence_item'::text THEN (EXISTS ( SELECT
       FROM evidence_item
      WHERE (evidence_item.id = sealed_content.id)))
    WHEN 'point_at_issue'::text THEN (EXISTS ( SELECT
       FROM point_at_issue
      WHERE (point_at_issue.id = sealed_content.id)))
    WHEN 'negotiation_round'::text THEN (EXISTS ( SELECT
       FROM negotiation_round
      WHERE (negotiation_round.id = sealed_content.id)))
    WHEN 'agreement'::text THEN (EXISTS ( SELECT
       FROM agreement
      WHERE (agreement.id = sealed_content.id)))
    WHEN 'proceeding'::text THEN (EXISTS ( SELECT
       FROM proceeding
      WHERE (proceeding.id = sealed_content.id)))
    WHEN 'proceeding_outcome'::text THEN (EXISTS ( SELECT
       FROM proceeding_outcome
      WHERE (proceeding_outcome.id = sealed_content.id)))
    WHEN 'obligation'::text THEN (EXISTS ( SELECT
       FROM obligation
      WHERE (obligation.id = sealed_content.id)))
    ELSE false
END));

CREATE POLICY sealed_content_merchant ON sealed_content USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE second_factor ENABLE ROW LEVEL SECURITY;

CREATE POLICY second_factor_scope ON second_factor USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE settlement_account ENABLE ROW LEVEL SECURITY;

CREATE POLICY settlement_account_merchant ON settlement_account USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE shop ENABLE ROW LEVEL SECURITY;

CREATE POLICY shop_scope ON shop USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY shop_visible ON shop FOR SELECT USING ((((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) AND true) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE sign_in_challenge ENABLE ROW LEVEL SECURITY;

CREATE POLICY sign_in_challenge_scope ON sign_in_challenge USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE sign_in_delay ENABLE ROW LEVEL SECURITY;

CREATE POLICY sign_in_delay_scope ON sign_in_delay USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE signature ENABLE ROW LEVEL SECURITY;

CREATE POLICY signature_merchant ON signature USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE spent_object ENABLE ROW LEVEL SECURITY;

CREATE POLICY spent_object_merchant ON spent_object USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE stale_month ENABLE ROW LEVEL SECURITY;

CREATE POLICY stale_month_marked ON stale_month FOR INSERT WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['staff'::text, 'merchant'::text])));

CREATE POLICY stale_month_scope ON stale_month USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE start_view ENABLE ROW LEVEL SECURITY;

CREATE POLICY start_view_scope ON start_view USING (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) OR (account_id = ( SELECT control.ctx_person() AS ctx_person))));

ALTER TABLE statement ENABLE ROW LEVEL SECURITY;

ALTER TABLE statement_file ENABLE ROW LEVEL SECURITY;

CREATE POLICY statement_file_merchant ON statement_file USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE statement_line ENABLE ROW LEVEL SECURITY;

CREATE POLICY statement_line_merchant ON statement_line USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY statement_merchant ON statement USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE statement_preparation ENABLE ROW LEVEL SECURITY;

CREATE POLICY statement_preparation_inside ON statement_preparation AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text));

CREATE POLICY statement_preparation_merchant ON statement_preparation USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE statement_word ENABLE ROW LEVEL SECURITY;

CREATE POLICY statement_word_merchant ON statement_word USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE subject_request ENABLE ROW LEVEL SECURITY;

CREATE POLICY subject_request_merchant ON subject_request USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE subject_request_record ENABLE ROW LEVEL SECURITY;

CREATE POLICY subject_request_record_merchant ON subject_request_record USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE subject_request_step ENABLE ROW LEVEL SECURITY;

CREATE POLICY subject_request_step_merchant ON subject_request_step USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE subprocessor ENABLE ROW LEVEL SECURITY;

ALTER TABLE subprocessor_decision ENABLE ROW LEVEL SECURITY;

CREATE POLICY subprocessor_decision_merchant ON subprocessor_decision USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY subprocessor_merchant ON subprocessor USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE ticket ENABLE ROW LEVEL SECURITY;

ALTER TABLE ticket_clock ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_clock_merchant ON ticket_clock USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE ticket_course ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_course_merchant ON ticket_course USING (((( SELECT control.ctx_fence() AS ctx_fence) = '00000000-0000-0000-0000-000000000000'::uuid) OR (merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = '00000000-0000-0000-0000-000000000000'::uuid) OR (merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE ticket_desk ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_desk_inside ON ticket_desk AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY ticket_desk_merchant ON ticket_desk USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE ticket_draft ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_draft_merchant ON ticket_draft USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY ticket_draft_own ON ticket_draft AS RESTRICTIVE USING (((account_id = ( SELECT control.ctx_person() AS ctx_person)) OR ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text) AND (COALESCE(( SELECT control.ctx_person() AS ctx_person), '00000000-0000-0000-0000-000000000000'::uuid) = '00000000-0000-0000-0000-000000000000'::uuid))));

ALTER TABLE ticket_import ENABLE ROW LEVEL SECURITY;

ALTER TABLE ticket_import_finding ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_import_finding_scope ON ticket_import_finding USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE ticket_import_mapping ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_import_mapping_scope ON ticket_import_mapping USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE ticket_import_row ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_import_row_inside ON ticket_import_row AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY ticket_import_row_merchant ON ticket_import_row USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY ticket_import_scope ON ticket_import USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE ticket_limit ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_limit_merchant ON ticket_limit USING (((( SELECT control.ctx_fence() AS ctx_fence) = '00000000-0000-0000-0000-000000000000'::uuid) OR (merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = '00000000-0000-0000-0000-000000000000'::uuid) OR (merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE ticket_link ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_link_inside ON ticket_link AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY ticket_link_merchant ON ticket_link USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY ticket_merchant ON ticket USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE ticket_series ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_series_scope ON ticket_series USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'staff'::text, 'merchant'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'staff'::text, 'merchant'::text])));

ALTER TABLE ticket_words ENABLE ROW LEVEL SECURITY;

CREATE POLICY ticket_words_scope ON ticket_words USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE time_entry ENABLE ROW LEVEL SECURITY;

CREATE POLICY time_entry_inside ON time_entry AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY time_entry_merchant ON time_entry USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE triage ENABLE ROW LEVEL SECURITY;

CREATE POLICY triage_inside ON triage AS RESTRICTIVE USING ((( SELECT control.ctx_scope() AS ctx_scope) <> 'merchant'::text)) WITH CHECK (true);

CREATE POLICY triage_merchant ON triage USING (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest)))) WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

ALTER TABLE voucher_export ENABLE ROW LEVEL SECURITY;

ALTER TABLE voucher_export_item ENABLE ROW LEVEL SECURITY;

CREATE POLICY voucher_export_item_scope ON voucher_export_item USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY voucher_export_scope ON voucher_export USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE voucher_export_setting ENABLE ROW LEVEL SECURITY;

CREATE POLICY voucher_export_setting_scope ON voucher_export_setting USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE web_session ENABLE ROW LEVEL SECURITY;

CREATE POLICY web_session_scope ON web_session USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE webhook_delivery ENABLE ROW LEVEL SECURITY;

CREATE POLICY webhook_delivery_scope ON webhook_delivery USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE webhook_endpoint ENABLE ROW LEVEL SECURITY;

CREATE POLICY webhook_endpoint_scope ON webhook_endpoint USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE words_due ENABLE ROW LEVEL SECURITY;

CREATE POLICY words_due_noted ON words_due FOR INSERT WITH CHECK (((( SELECT control.ctx_fence() AS ctx_fence) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])) OR (merchant_id IN ( SELECT unnest(assigned_merchants()) AS unnest))));

CREATE POLICY words_due_scope ON words_due USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE account TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agency TO "{role}";

GRANT SELECT,INSERT ON TABLE agreement TO "{role}";

GRANT SELECT,INSERT ON TABLE allocation TO "{role}";

GRANT SELECT,INSERT ON TABLE allocation_call TO "{role}";

GRANT SELECT,INSERT ON TABLE allocation_part TO "{role}";

GRANT SELECT,INSERT ON TABLE analysis TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE api_key TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE assignment TO "{role}";

GRANT SELECT,INSERT ON TABLE attachment TO "{role}";

GRANT SELECT,INSERT ON TABLE audit_checkpoint TO "{role}";

GRANT SELECT,INSERT ON TABLE audit_hash TO "{role}";

GRANT SELECT,INSERT ON TABLE audit_leaf TO "{role}";

GRANT SELECT,INSERT ON TABLE audit_sequence TO "{role}";

GRANT SELECT,INSERT ON TABLE bill_mapping TO "{role}";

GRANT SELECT,INSERT ON TABLE breach TO "{role}";

GRANT SELECT,INSERT ON TABLE breach_notice TO "{role}";

GRANT SELECT,INSERT ON TABLE budget TO "{role}";

GRANT SELECT,INSERT ON TABLE budget_passing TO "{role}";

GRANT SELECT,INSERT ON TABLE budget_version TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE calendar_day TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE calendar_setting TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE calendar_year TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE canned_answer TO "{role}";

GRANT SELECT,INSERT ON TABLE carried_over TO "{role}";

GRANT SELECT,INSERT ON TABLE claim_conclusion TO "{role}";

GRANT SELECT,INSERT ON TABLE clock_change TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE clock_stop TO "{role}";

GRANT SELECT,INSERT ON TABLE closure TO "{role}";

GRANT SELECT,INSERT ON TABLE consent_end TO "{role}";

GRANT SELECT,INSERT ON TABLE consent_signature TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE consumer_record TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE contract TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE contract_amount TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE contract_document TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE contract_version TO "{role}";

GRANT SELECT,INSERT ON TABLE cost_deed TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE cost_evidence TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE cost_item TO "{role}";

GRANT SELECT,INSERT ON TABLE cost_rules TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE course_count TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE course_owed TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE credential TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE data_key TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE data_return TO "{role}";

GRANT SELECT,INSERT ON TABLE data_return_step TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE decoy TO "{role}";

GRANT SELECT,INSERT ON TABLE decoy_alarm TO "{role}";

GRANT SELECT,INSERT ON TABLE determination TO "{role}";

GRANT SELECT,INSERT ON TABLE determination_objection TO "{role}";

GRANT SELECT,INSERT ON TABLE determination_review TO "{role}";

GRANT SELECT,INSERT ON TABLE determination_share TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE disclosure TO "{role}";

GRANT SELECT,INSERT ON TABLE disclosure_export TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE dismissal TO "{role}";

GRANT SELECT,INSERT ON TABLE entrustment TO "{role}";

GRANT SELECT,INSERT ON TABLE entry TO "{role}";

GRANT SELECT ON TABLE erasure TO "{role}";

GRANT SELECT,INSERT ON TABLE erasure_certificate TO "{role}";

GRANT SELECT ON TABLE erasure_head TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE erasure_line TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE erasure_run TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE erasure_skip TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE escalation TO "{role}";

GRANT SELECT,INSERT ON TABLE evidence_item TO "{role}";

GRANT SELECT,INSERT ON TABLE external_line TO "{role}";

GRANT SELECT,INSERT ON TABLE factor TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE file_place TO "{role}";

GRANT SELECT,INSERT ON TABLE general_rule TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE group_robot TO "{role}";

GRANT SELECT,INSERT ON TABLE hand_over TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE hold TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE impact_assessment TO "{role}";

GRANT SELECT,INSERT ON TABLE import_batch TO "{role}";

GRANT SELECT,INSERT ON TABLE improvement TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE incoming_mail TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE invitation TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE invoice_buyer TO "{role}";

GRANT SELECT,INSERT ON TABLE invoice_deed TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE invoice_file TO "{role}";

GRANT SELECT,INSERT ON TABLE invoice_line TO "{role}";

GRANT SELECT,INSERT ON TABLE invoice_portion TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE invoice_request TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE kept_answer TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE key_destruction TO "{role}";

GRANT SELECT,INSERT ON TABLE labour_rate TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE ledger_account TO "{role}";

GRANT SELECT,INSERT ON TABLE ledger_entry TO "{role}";

GRANT SELECT,INSERT ON TABLE ledger_number TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE ledger_period TO "{role}";

GRANT SELECT,INSERT ON TABLE ledger_period_change TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE ledger_total TO "{role}";

GRANT SELECT,INSERT ON TABLE ledger_voucher TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE legal_hold TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE letter TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE limit_setting TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE line_claim TO "{role}";

GRANT SELECT,INSERT ON TABLE line_match TO "{role}";

GRANT SELECT,INSERT ON TABLE line_match_line TO "{role}";

GRANT SELECT,INSERT ON TABLE line_match_undo TO "{role}";

GRANT SELECT,INSERT ON TABLE match_rule TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE match_run TO "{role}";

GRANT SELECT,INSERT ON TABLE match_write_off TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE measure TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE measured_month TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE measured_state TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE measured_times TO "{role}";

GRANT SELECT,INSERT ON TABLE meeting TO "{role}";

GRANT SELECT,INSERT ON TABLE meeting_decision TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE membership TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE merchant TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE merchant_contact TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE merchant_key TO "{role}";

GRANT SELECT,INSERT ON TABLE metric_window TO "{role}";

GRANT SELECT,INSERT ON TABLE negotiation_round TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notice TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE notification_default TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notification_wishes TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE obligation TO "{role}";

GRANT SELECT,INSERT ON TABLE observation TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE password TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE password_link TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE plan TO "{role}";

GRANT SELECT,INSERT ON TABLE plan_answer TO "{role}";

GRANT SELECT,INSERT ON TABLE plan_review TO "{role}";

GRANT SELECT,INSERT ON TABLE point_at_issue TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE private_rule TO "{role}";

GRANT SELECT,INSERT ON TABLE proceeding TO "{role}";

GRANT SELECT,INSERT ON TABLE proceeding_outcome TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE processing_activity TO "{role}";

GRANT SELECT,INSERT ON TABLE purpose_change TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE question TO "{role}";

GRANT SELECT,INSERT ON TABLE rating TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE recovery_code TO "{role}";

GRANT SELECT,INSERT ON TABLE reopening TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE reply_mailbox TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE resealing TO "{role}";

GRANT SELECT,INSERT ON TABLE result TO "{role}";

GRANT SELECT,INSERT ON TABLE result_confirmation TO "{role}";

GRANT SELECT,INSERT ON TABLE retention_setting TO "{role}";

GRANT SELECT,INSERT ON TABLE return_visit TO "{role}";

GRANT SELECT,INSERT ON TABLE reveal TO "{role}";

GRANT SELECT,INSERT ON TABLE reveal_alarm TO "{role}";

GRANT SELECT,INSERT ON TABLE reveal_copy TO "{role}";

GRANT SELECT,INSERT ON TABLE reveal_objection TO "{role}";

GRANT SELECT,INSERT ON TABLE reveal_objection_answer TO "{role}";

GRANT SELECT,INSERT ON TABLE reveal_rules TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE robot_saying TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE role_grant TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE saved_view TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sealed_content TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE second_factor TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE settlement_account TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE shop TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sign_in_challenge TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sign_in_delay TO "{role}";

GRANT SELECT,INSERT ON TABLE signature TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE spent_object TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE stale_month TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE start_view TO "{role}";

GRANT SELECT,INSERT ON TABLE statement TO "{role}";

GRANT SELECT,INSERT ON TABLE statement_file TO "{role}";

GRANT SELECT,INSERT ON TABLE statement_line TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE statement_preparation TO "{role}";

GRANT SELECT,INSERT ON TABLE statement_word TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE subject_request TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE subject_request_record TO "{role}";

GRANT SELECT,INSERT ON TABLE subject_request_step TO "{role}";

GRANT SELECT,INSERT ON TABLE subprocessor TO "{role}";

GRANT SELECT,INSERT ON TABLE subprocessor_decision TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE ticket TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE ticket_clock TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ticket_course TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE ticket_desk TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ticket_draft TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE ticket_import TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ticket_import_finding TO "{role}";

GRANT SELECT,INSERT ON TABLE ticket_import_mapping TO "{role}";

GRANT SELECT,INSERT ON TABLE ticket_import_row TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ticket_limit TO "{role}";

GRANT SELECT,INSERT ON TABLE ticket_link TO "{role}";

GRANT SELECT,INSERT,UPDATE ON TABLE ticket_series TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ticket_words TO "{role}";

GRANT SELECT,INSERT ON TABLE time_entry TO "{role}";

GRANT SELECT,INSERT ON TABLE triage TO "{role}";

GRANT SELECT,INSERT ON TABLE voucher_export TO "{role}";

GRANT SELECT,INSERT ON TABLE voucher_export_item TO "{role}";

GRANT SELECT,INSERT ON TABLE voucher_export_setting TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE web_session TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE webhook_delivery TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE webhook_endpoint TO "{role}";

GRANT SELECT,INSERT,DELETE ON TABLE words_due TO "{role}";
