"""Cost items of tickets with their deeds and evidence, working time and its rates, the tenant's rules for costs."""

from alembic import op

from anshou.tickets.ddl import DEPARTMENTS, of_ticket, one_of, reference, who_when
from tenants.ddl import fence_by_scope, grant, refuse_changes

revision = "0018_costs"
down_revision = "0017_contract_amounts"

CATEGORIES = (
    "'labour_overtime', 'labour_specialist', 'material_equipment', 'material_licence', 'communication', 'freight', "
    "'return_exchange', 'repair', 'compensation', 'inspection'"
)
STATES = "'draft', 'submitted', 'countersigning', 'returned', 'verified', 'allocated', 'withdrawn'"
DEEDS = "'changed', 'submitted', 'returned', 'verified', 'countersigned', 'withdrawn', 'allocated'"
ROLES = "'account_manager', 'service_agent', 'specialist', 'supervisor', 'finance', 'executive'"
CURRENCIES = "'CNY', 'HKD', 'USD', 'EUR'"
# Fen: ten thousand million yuan, as billing.clauses.MOST.
MOST = 10**12


def upgrade() -> None:
    items()
    what_is_kept()
    rates_and_rules()


def items() -> None:
    op.execute(
        of_ticket(
            "cost_item",
            "number text NOT NULL",
            one_of("category", CATEGORIES),
            f"fen bigint NOT NULL CONSTRAINT ck_cost_item_fen CHECK (fen BETWEEN 1 AND {MOST})",
            "tax_fen bigint NOT NULL CONSTRAINT ck_cost_item_tax_fen CHECK (tax_fen >= 0 AND tax_fen <= fen)",
            one_of("currency", CURRENCIES),
            "incurred_on date NOT NULL",
            "note text NOT NULL",
            one_of("department", DEPARTMENTS, null=True),
            who_when("claimed"),
            one_of("state", STATES),
            "state_since timestamptz NOT NULL",
            "version integer NOT NULL",
            readers="agency",
            unique="merchant_id, number",
            changing=True,
        )
        + of_ticket(
            "cost_deed",
            reference("cost_deed", "item_id", "cost_item"),
            one_of("deed", DEEDS),
            "reason text NOT NULL",
            "seen jsonb NOT NULL",
            who_when("done"),
            "CONSTRAINT ck_cost_deed_reason CHECK (deed <> 'returned' OR reason <> '')",
            readers="agency",
        )
        + of_ticket(
            "cost_evidence",
            reference("cost_evidence", "item_id", "cost_item"),
            reference("cost_evidence", "attachment_id", "attachment", null=True),
            "name text NOT NULL CHECK (name <> '')",
            "media_type text NOT NULL",
            "size bigint NOT NULL CHECK (size >= 0)",
            "sha256 text NOT NULL CHECK (length(sha256) = 64)",
            "storage_key text NOT NULL",
            who_when("added"),
            who_when("removed", null=True),
            readers="agency",
            changing=True,
        )
        + of_ticket(
            "time_entry",
            reference("time_entry", "item_id", "cost_item"),
            "person_id uuid NOT NULL",
            "worked_on date NOT NULL",
            "minutes integer NOT NULL CHECK (minutes BETWEEN 1 AND 1440)",
            one_of("day_kind", "'workday', 'rest_day', 'holiday'"),
            "percent integer NOT NULL CHECK (percent BETWEEN 100 AND 1000)",
            "rate_fen bigint NOT NULL CHECK (rate_fen > 0)",
            "rate_id uuid NOT NULL",
            who_when("entered"),
            readers="agency",
            unique="merchant_id, item_id",
        )
        + """
        CREATE INDEX ix_cost_item_number ON cost_item (number);
        CREATE INDEX ix_cost_item_waiting ON cost_item (state_since, id)
            WHERE state IN ('submitted', 'countersigning');
        CREATE INDEX ix_cost_item_category_booked ON cost_item (category, id)
            WHERE state IN ('verified', 'allocated');
        CREATE INDEX ix_cost_deed_merchant_id_item_id ON cost_deed (merchant_id, item_id, id);
        CREATE INDEX ix_cost_evidence_merchant_id_item_id ON cost_evidence (merchant_id, item_id, id);
        CREATE INDEX ix_cost_evidence_sha256 ON cost_evidence (sha256) WHERE removed_at IS NULL;
        CREATE INDEX ix_time_entry_person_id_worked_on ON time_entry (person_id, worked_on);
        COMMENT ON COLUMN cost_item.fen IS 'the whole amount in hundredths of the currency, tax included';
        COMMENT ON COLUMN cost_deed.seen IS 'what the verifier had before them: amount, evidence, what was flagged';
        COMMENT ON COLUMN cost_evidence.sha256 IS 'of the plain content; by it the same file is found twice';
        """
    )


def what_is_kept() -> None:
    """What was submitted is as it was submitted, and nobody verifies what they claimed or are paid for."""
    op.execute(
        """
        CREATE FUNCTION keep_claimed_cost() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER cost_item_is_kept BEFORE UPDATE ON cost_item
            FOR EACH ROW EXECUTE FUNCTION keep_claimed_cost();

        CREATE FUNCTION verified_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM cost_item
                WHERE merchant_id = NEW.merchant_id AND id = NEW.item_id AND claimed_by = NEW.done_by
            UNION ALL SELECT FROM time_entry
                WHERE merchant_id = NEW.merchant_id AND item_id = NEW.item_id AND person_id = NEW.done_by
            UNION ALL SELECT FROM (
                SELECT deed, done_by FROM cost_deed
                WHERE merchant_id = NEW.merchant_id AND item_id = NEW.item_id
                ORDER BY id DESC LIMIT 1
            ) AS last WHERE NEW.deed = 'countersigned' AND (last.deed <> 'verified' OR last.done_by = NEW.done_by);
            IF FOUND THEN
                RAISE EXCEPTION 'nobody verifies their own cost, nor twice'
                    USING ERRCODE = 'restrict_violation', TABLE = 'cost_deed';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER cost_deed_is_anothers BEFORE INSERT ON cost_deed
            FOR EACH ROW WHEN (NEW.deed IN ('verified', 'countersigned')) EXECUTE FUNCTION verified_by_another();
        """
    )


def rates_and_rules() -> None:
    op.execute(
        f"""
        CREATE TABLE labour_rate (
            id uuid CONSTRAINT pk_labour_rate PRIMARY KEY,
            person_id uuid,
            role text CONSTRAINT ck_labour_rate_role CHECK (role IN ({ROLES})),
            fen_per_hour bigint CONSTRAINT ck_labour_rate_fen CHECK (fen_per_hour BETWEEN 1 AND {MOST}),
            valid_from date NOT NULL,
            {who_when("set")},
            CONSTRAINT ck_labour_rate_whose CHECK ((person_id IS NULL) <> (role IS NULL))
        );
        CREATE INDEX ix_labour_rate_person_id ON labour_rate (person_id, valid_from, id);
        CREATE TABLE cost_rules (
            id uuid CONSTRAINT pk_cost_rules PRIMARY KEY,
            four_eyes_fen bigint CONSTRAINT ck_cost_rules_four_eyes_fen CHECK (four_eyes_fen BETWEEN 0 AND {MOST}),
            workday_percent integer NOT NULL CONSTRAINT ck_cost_rules_workday CHECK (workday_percent >= 150),
            rest_day_percent integer NOT NULL CONSTRAINT ck_cost_rules_rest_day CHECK (rest_day_percent >= 200),
            holiday_percent integer NOT NULL CONSTRAINT ck_cost_rules_holiday CHECK (holiday_percent >= 300),
            {who_when("set")}
        );
        COMMENT ON TABLE labour_rate IS 'what an hour costs from a day on; a new rate is a new row';
        COMMENT ON TABLE cost_rules IS 'the latest row counts';
        """
        # Front desk staff claim time by them.
        + fence_by_scope("labour_rate", "agency", readable_by=("staff",))
        + fence_by_scope("cost_rules", "agency", readable_by=("staff",))
        + grant("labour_rate", "select, insert")
        + grant("cost_rules", "select, insert")
        + refuse_changes("labour_rate")
        + refuse_changes("cost_rules")
    )
