"""What must hold of reconciliation whoever writes it: docs/decisions/0092-matching.md says why it is held like this."""

from alembic import op

revision = "0026_reconciliation_rules"
down_revision = "0025_reconciliation"


def upgrade() -> None:
    arriving()
    matching_in_open_months()
    claims()
    undoing()
    whole()
    writing_off()


def arriving() -> None:
    op.execute(
        """
        CREATE FUNCTION check_batch() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE CONSTRAINT TRIGGER import_batch_is_whole AFTER INSERT ON import_batch
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_batch();
        CREATE FUNCTION keep_batch_closed() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER external_line_comes_with_its_batch AFTER INSERT ON external_line
            REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_batch_closed();
        """
    )


def matching_in_open_months() -> None:
    op.execute(
        """
        CREATE FUNCTION hold_month_open(day date) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            -- Held until the end of the transaction: closing waits for it. A month that nobody opened is not closed.
            PERFORM FROM ledger_period WHERE month = date_trunc('month', day)::date FOR SHARE;
            PERFORM FROM ledger_period WHERE month = date_trunc('month', day)::date AND state <> 'open';
            IF FOUND THEN
                RAISE EXCEPTION 'the period of % is not open', day USING ERRCODE = 'ANPER';
            END IF;
        END $$;
        CREATE FUNCTION match_in_open_periods() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM hold_month_open(month) FROM (
                SELECT DISTINCT date_trunc('month', booked_on)::date AS month FROM written ORDER BY 1) AS months;
            RETURN NULL;
        END $$;
        CREATE TRIGGER line_match_is_in_an_open_period AFTER INSERT ON line_match
            REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION match_in_open_periods();
        """
    )


def claims() -> None:
    """A line is claimed as it is matched, and what is said of an external line is what it says itself."""
    op.execute(
        """
        CREATE FUNCTION claim_lines() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER line_match_line_is_claimed AFTER INSERT ON line_match_line
            REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION claim_lines();
        CREATE TRIGGER line_claim_follows_the_matches BEFORE INSERT OR DELETE ON line_claim
            FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION control.refuse_change();
        CREATE TRIGGER line_claim_is_not_changed BEFORE UPDATE OR TRUNCATE ON line_claim
            FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();
        """
    )


def undoing() -> None:
    op.execute(
        """
        CREATE FUNCTION undo_match() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER line_match_undo_frees_the_lines AFTER INSERT ON line_match_undo
            FOR EACH ROW EXECUTE FUNCTION undo_match();
        """
    )


def whole() -> None:
    """When the transaction ends: a match has its lines and its difference, a division comes to what it divides."""
    op.execute(
        """
        CREATE FUNCTION check_match() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE CONSTRAINT TRIGGER line_match_is_whole AFTER INSERT ON line_match
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_match();
        """
    )


def writing_off() -> None:
    op.execute(
        """
        CREATE FUNCTION check_write_off() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER match_write_off_is_the_difference AFTER INSERT ON match_write_off
            FOR EACH ROW EXECUTE FUNCTION check_write_off();
        """
    )
