"""The ledger: chart of accounts, periods, vouchers and their entries, running totals, numbers (design.md section 5)."""

from alembic import op

from anshou.tickets.ddl import DEPARTMENTS
from tenants.ddl import fence_by_scope, grant, refuse_changes

revision = "0020_ledger"
down_revision = "0019_returns"

PARTIES = "'agency', 'merchant', 'platform', 'carrier', 'supplier', 'consumer'"
# By these running totals are kept. The others are nearly as many as entries, and found by their indexes.
TOTALLED = "merchant_id, shop_id, party, department"


def upgrade() -> None:
    accounts()
    periods()
    vouchers()
    entries()
    totals()
    numbers()


def accounts() -> None:
    op.execute(
        """
        CREATE TABLE ledger_account (
            id uuid CONSTRAINT pk_ledger_account PRIMARY KEY,
            code text NOT NULL CONSTRAINT uq_ledger_account_code UNIQUE
                CONSTRAINT ck_ledger_account_code CHECK (code ~ '^[0-9][0-9.]{3,19}$'),
            name text NOT NULL CONSTRAINT ck_ledger_account_name CHECK (name ~ '\\S'),
            parent_id uuid CONSTRAINT fk_ledger_account_parent_id REFERENCES ledger_account,
            is_leaf boolean NOT NULL,
            normal_side text NOT NULL CONSTRAINT ck_ledger_account_normal_side
                CHECK (normal_side IN ('debit', 'credit')),
            currency text CONSTRAINT ck_ledger_account_currency CHECK (currency ~ '^[A-Z]{3}$'),
            use text,
            added_by uuid NOT NULL,
            added_at timestamptz NOT NULL,
            retired_by uuid,
            retired_at timestamptz,
            CONSTRAINT uq_ledger_account_use_currency UNIQUE (use, currency),
            CONSTRAINT ck_ledger_account_leaf CHECK (is_leaf = (currency IS NOT NULL) AND (is_leaf OR use IS NULL)),
            CONSTRAINT ck_ledger_account_retired CHECK ((retired_by IS NULL) = (retired_at IS NULL)),
            CONSTRAINT ck_ledger_account_retired_use CHECK (retired_at IS NULL OR use IS NULL)
        );
        COMMENT ON TABLE ledger_account IS 'the chart: accounts are named anew, used otherwise or retired';
        COMMENT ON COLUMN ledger_account.use IS
            'what the product posts here; exactly one leaf for a use and a currency';

        CREATE FUNCTION keep_account() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER ledger_account_is_kept BEFORE INSERT OR UPDATE ON ledger_account
            FOR EACH ROW EXECUTE FUNCTION keep_account();
        CREATE TRIGGER ledger_account_stays BEFORE DELETE OR TRUNCATE ON ledger_account
            FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();
        """
        + fence_by_scope("ledger_account", "agency")
        + grant("ledger_account", "select, insert, update")
    )


def periods() -> None:
    op.execute(
        """
        CREATE TABLE ledger_period (
            month date CONSTRAINT pk_ledger_period PRIMARY KEY
                CONSTRAINT ck_ledger_period_month CHECK (extract(day FROM month) = 1),
            state text NOT NULL CONSTRAINT ck_ledger_period_state CHECK (state IN ('open', 'closed', 'reopening')),
            requested_by uuid,
            CONSTRAINT ck_ledger_period_requested_by CHECK ((state = 'reopening') = (requested_by IS NOT NULL))
        );
        COMMENT ON TABLE ledger_period IS
            'a month and what its changes made of it; only their trigger writes. Locked FOR SHARE by whoever posts';
        CREATE TABLE ledger_period_change (
            id uuid CONSTRAINT pk_ledger_period_change PRIMARY KEY,
            month date NOT NULL,
            change text NOT NULL CONSTRAINT ck_ledger_period_change_change
                CHECK (change IN ('opened', 'closed', 'reopening_requested', 'reopening_refused', 'reopened')),
            reason text,
            made_by uuid NOT NULL,
            made_at timestamptz NOT NULL,
            CONSTRAINT ck_ledger_period_change_reason
                CHECK (change NOT IN ('reopening_requested', 'reopening_refused') OR coalesce(reason, '') ~ '\\S')
        );
        CREATE INDEX ix_ledger_period_change_month ON ledger_period_change (month, id);
        -- The privilege to update is asked for by FOR SHARE; what is written directly is refused.
        CREATE TRIGGER ledger_period_follows_its_changes BEFORE INSERT OR UPDATE ON ledger_period
            FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION control.refuse_change();
        CREATE TRIGGER ledger_period_stays BEFORE DELETE OR TRUNCATE ON ledger_period
            FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();
        """
        + fence_by_scope("ledger_period", "agency")
        + grant("ledger_period", "select, insert, update")
        + fence_by_scope("ledger_period_change", "agency")
        + grant("ledger_period_change", "select, insert")
        + refuse_changes("ledger_period_change")
    )


def vouchers() -> None:
    op.execute(
        """
        CREATE TABLE ledger_voucher (
            id uuid CONSTRAINT pk_ledger_voucher PRIMARY KEY,
            kind text NOT NULL CONSTRAINT ck_ledger_voucher_kind CHECK (kind IN ('ordinary', 'reversal', 'opening')),
            booked_on date NOT NULL,
            summary text NOT NULL CONSTRAINT ck_ledger_voucher_summary CHECK (summary ~ '\\S'),
            source text NOT NULL,
            source_id uuid,
            lines integer NOT NULL CONSTRAINT ck_ledger_voucher_lines CHECK (lines >= 2),
            idempotency_key text NOT NULL CONSTRAINT uq_ledger_voucher_idempotency_key UNIQUE,
            request_hash bytea NOT NULL
                CONSTRAINT ck_ledger_voucher_request_hash CHECK (octet_length(request_hash) = 32),
            reverses_id uuid CONSTRAINT uq_ledger_voucher_reverses_id UNIQUE
                CONSTRAINT fk_ledger_voucher_reverses_id REFERENCES ledger_voucher,
            posted_by uuid NOT NULL,
            posted_at timestamptz NOT NULL,
            CONSTRAINT ck_ledger_voucher_reversal CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL))
        );
        COMMENT ON COLUMN ledger_voucher.lines IS
            'how many entries it has, numbered from 1: nothing can be added to a voucher that is complete';
        CREATE INDEX ix_ledger_voucher_booked_on ON ledger_voucher (booked_on, id);
        CREATE INDEX ix_ledger_voucher_source ON ledger_voucher (source, source_id) WHERE source_id IS NOT NULL;
        """
        + fence_by_scope("ledger_voucher", "agency")
        + grant("ledger_voucher", "select, insert")
        + refuse_changes("ledger_voucher")
    )


def entries() -> None:
    # No foreign keys to voucher, account and month: their rows are never deleted, the trigger below looks them up in
    # any case, and a key's lock on the one row of a hot account would be taken by everybody at once.
    op.execute(
        f"""
        CREATE TABLE ledger_entry (
            voucher_id uuid NOT NULL,
            line integer NOT NULL CONSTRAINT ck_ledger_entry_line CHECK (line >= 1),
            booked_on date NOT NULL,
            account_id uuid NOT NULL,
            side text NOT NULL CONSTRAINT ck_ledger_entry_side CHECK (side IN ('debit', 'credit')),
            fen bigint NOT NULL CONSTRAINT ck_ledger_entry_fen CHECK (fen BETWEEN 1 AND 1000000000000000),
            currency text NOT NULL,
            party text CONSTRAINT ck_ledger_entry_party CHECK (party IN ({PARTIES})),
            merchant_id uuid,
            shop_id uuid,
            ticket_id uuid,
            cost_item_id uuid,
            version_id uuid,
            clause text,
            department text CONSTRAINT ck_ledger_entry_department CHECK (department IN ({DEPARTMENTS})),
            CONSTRAINT pk_ledger_entry PRIMARY KEY (voucher_id, line)
        );
        COMMENT ON COLUMN ledger_entry.version_id IS 'the version of the contract whose clause decided';
        CREATE INDEX ix_ledger_entry_account_id ON ledger_entry (account_id, booked_on, voucher_id);
        CREATE INDEX ix_ledger_entry_merchant_id ON ledger_entry (merchant_id, booked_on) WHERE merchant_id IS NOT NULL;
        CREATE INDEX ix_ledger_entry_ticket_id ON ledger_entry (ticket_id) WHERE ticket_id IS NOT NULL;
        CREATE INDEX ix_ledger_entry_cost_item_id ON ledger_entry (cost_item_id) WHERE cost_item_id IS NOT NULL;
        """
        + fence_by_scope("ledger_entry", "agency")
        + grant("ledger_entry", "select, insert")
        + refuse_changes("ledger_entry")
    )


def totals() -> None:
    op.execute(
        f"""
        CREATE TABLE ledger_total (
            id uuid DEFAULT gen_random_uuid() CONSTRAINT pk_ledger_total PRIMARY KEY,
            account_id uuid NOT NULL,
            month date NOT NULL,
            merchant_id uuid,
            shop_id uuid,
            party text,
            department text,
            stripe smallint NOT NULL,
            debit bigint NOT NULL,
            credit bigint NOT NULL,
            entries bigint NOT NULL,
            CONSTRAINT uq_ledger_total_place
                UNIQUE NULLS NOT DISTINCT (account_id, month, {TOTALLED}, stripe)
        ) WITH (fillfactor = 50);
        COMMENT ON TABLE ledger_total IS
            'what the entries of a month come to, in fen; only the trigger of entries writes';
        COMMENT ON COLUMN ledger_total.stripe IS
            'by the connection that posted, so that those who post to one account need not wait for each other';
        CREATE TRIGGER ledger_total_follows_the_entries BEFORE INSERT OR UPDATE ON ledger_total
            FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION control.refuse_change();
        CREATE TRIGGER ledger_total_stays BEFORE DELETE OR TRUNCATE ON ledger_total
            FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change();
        """
        + fence_by_scope("ledger_total", "agency")
        + grant("ledger_total", "select, insert, update")
    )


def numbers() -> None:
    op.execute(
        """
        CREATE TABLE ledger_number (
            voucher_id uuid CONSTRAINT pk_ledger_number PRIMARY KEY
                CONSTRAINT fk_ledger_number_voucher_id REFERENCES ledger_voucher,
            month date NOT NULL,
            number integer NOT NULL CONSTRAINT ck_ledger_number_number CHECK (number >= 1),
            CONSTRAINT uq_ledger_number_month_number UNIQUE (month, number)
        );
        COMMENT ON TABLE ledger_number IS 'the numbers of vouchers within their month, given as it is closed';
        """
        + fence_by_scope("ledger_number", "agency")
        + grant("ledger_number", "select, insert")
        + refuse_changes("ledger_number")
    )
