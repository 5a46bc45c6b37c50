"""What must hold of the ledger whoever writes it: docs/decisions/0090-ledger.md says why it is held like this."""

from alembic import op

revision = "0021_ledger_rules"
down_revision = "0020_ledger"

STRIPES = 16

# What an entry says beside its amount. A reversal repeats all of it.
DIMENSIONS = "party, merchant_id, shop_id, ticket_id, cost_item_id, version_id, clause, department"
# By these running totals are kept. The others are nearly as many as entries, and found by their indexes.
TOTALLED = "merchant_id, shop_id, party, department"

# A plan is kept as long as the connection lives, and one that was made while the ledger was empty reads whole tables.
BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"


def upgrade() -> None:
    changes_of_periods()
    posting_in_open_periods()
    booking()
    numbering()
    committing()


def changes_of_periods() -> None:
    """Closed months come before open ones, always: closing goes forwards, reopening goes backwards."""
    op.execute(
        """
        CREATE FUNCTION change_period() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER ledger_period_change_is_made BEFORE INSERT ON ledger_period_change
            FOR EACH ROW EXECUTE FUNCTION change_period();
        """
    )


def posting_in_open_periods() -> None:
    """As soon as a voucher is written its month is open, and stays so until the transaction ends."""
    op.execute(
        """
        CREATE FUNCTION hold_periods_open() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER ledger_voucher_is_in_an_open_period AFTER INSERT ON ledger_voucher
            REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION hold_periods_open();
        """
    )


def booking() -> None:
    """As soon as entries are written they suit voucher and account, and the totals follow."""
    op.execute(
        f"""
        CREATE FUNCTION book_entries() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$
        BEGIN
            -- The one statement of the ledger that everybody waits for checks what it adds up: an entry that suits
            -- neither its voucher nor a leaf in use of its currency has no account here, and a total needs one.
            INSERT INTO ledger_total AS total
                (account_id, month, {TOTALLED}, stripe, debit, credit, entries)
            SELECT CASE WHEN voucher.id IS NOT NULL THEN account.id END, date_trunc('month', written.booked_on)::date,
                {TOTALLED}, pg_backend_pid() % {STRIPES},
                coalesce(sum(fen) FILTER (WHERE side = 'debit'), 0),
                coalesce(sum(fen) FILTER (WHERE side = 'credit'), 0), count(*)
            FROM written
            LEFT JOIN ledger_voucher AS voucher ON voucher.id = voucher_id AND line <= lines
                AND voucher.booked_on = written.booked_on
            LEFT JOIN ledger_account AS account ON account.id = account_id AND is_leaf
                AND account.currency = written.currency AND (retired_at IS NULL OR kind = 'reversal')
            GROUP BY 1, 2, {TOTALLED}
            -- In one order for everybody, or two batches could wait for each other.
            ORDER BY 1, 2, {TOTALLED}
            ON CONFLICT (account_id, month, {TOTALLED}, stripe) DO UPDATE SET
                debit = total.debit + excluded.debit,
                credit = total.credit + excluded.credit,
                entries = total.entries + excluded.entries;
            RETURN NULL;
        END $$;
        CREATE TRIGGER ledger_entry_is_booked AFTER INSERT ON ledger_entry
            REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION book_entries();
        """
    )


def numbering() -> None:
    """Numbers are given in closed months, without gaps."""
    op.execute(
        """
        CREATE FUNCTION number_closed() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER ledger_number_is_in_order AFTER INSERT ON ledger_number
            REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION number_closed();
        """
    )


def committing() -> None:
    """When the transaction ends: a voucher is complete and balanced, a reversal negates exactly."""
    same = "fen, currency, account_id, " + DIMENSIONS
    ours, theirs = (", ".join(f"{row}.{name}" for name in same.split(", ")) for row in ("own", "first"))
    op.execute(
        f"""
        CREATE FUNCTION check_voucher() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$
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
                        own.side = first.side OR ({ours}) IS DISTINCT FROM ({theirs}))
                ) THEN
                    RAISE EXCEPTION 'a reversal repeats a voucher line by line with the sides swapped'
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER ledger_voucher_is_whole AFTER INSERT ON ledger_voucher
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_voucher();
        """
    )
