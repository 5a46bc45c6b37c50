"""Who bears what of a cost: allocations with their parts, calls on caps and claims; the tenant's general rule.

The amounts of a contract's thresholds lie sealed beside those of its caps.
"""

from alembic import op

from anshou.tickets.ddl import of_ticket, one_of, reference, who_when
from tenants.ddl import fence_by_scope, grant, refuse_changes

revision = "0024_attribution"
down_revision = "0023_statements"

PARTIES = "'agency', 'merchant', 'platform', 'carrier', 'supplier', 'consumer', 'force_majeure'"
CURRENCIES = "'CNY', 'HKD', 'USD', 'EUR'"
CATEGORIES = (
    "'labour_overtime', 'labour_specialist', 'material_equipment', 'material_licence', 'communication', 'freight', "
    "'return_exchange', 'repair', 'compensation', 'inspection'"
)


def upgrade() -> None:
    allocations()
    claims()
    general_rules()
    thresholds()


def allocations() -> None:
    op.execute(
        of_ticket(
            "allocation",
            reference("allocation", "item_id", "cost_item"),
            reference("allocation", "determination_id", "determination"),
            reference("allocation", "version_id", "contract_version", null=True),
            "general_version integer NOT NULL",
            reference("allocation", "supersedes_id", "allocation", null=True),
            "fen bigint NOT NULL",
            one_of("currency", CURRENCIES),
            who_when("allocated"),
            # One line of allocations per item: each is superseded once, and only the first supersedes none.
            "CONSTRAINT uq_allocation_merchant_id_item_id_supersedes_id "
            "UNIQUE NULLS NOT DISTINCT (merchant_id, item_id, supersedes_id)",
            readers="agency",
        )
        + of_ticket(
            "allocation_part",
            reference("allocation_part", "allocation_id", "allocation"),
            "position integer NOT NULL",
            one_of("cause", PARTIES),
            one_of("party", PARTIES),
            "fen bigint NOT NULL",
            "clause text NOT NULL",
            "is_general boolean NOT NULL",
            one_of("failed_to", PARTIES, null=True),
            "steps jsonb NOT NULL",
            "CONSTRAINT ck_allocation_part_bearer CHECK (party <> 'force_majeure')",
            readers="agency",
            unique="merchant_id, allocation_id, position",
        )
        + of_ticket(
            "allocation_call",
            reference("allocation_call", "allocation_id", "allocation"),
            "clause text NOT NULL",
            "is_general boolean NOT NULL",
            one_of("party", PARTIES),
            one_of("per", "'month', 'term'"),
            "period text NOT NULL",
            "called bigint NOT NULL",
            "within bigint NOT NULL",
            readers="agency",
        )
        + """
        CREATE INDEX ix_allocation_merchant_id_version_id ON allocation (merchant_id, version_id);
        CREATE INDEX ix_allocation_call_merchant_id_allocation_id ON allocation_call (merchant_id, allocation_id);
        COMMENT ON COLUMN allocation_part.steps IS 'how the part came about; the steps add up to fen';
        COMMENT ON COLUMN allocation_call.within IS 'what of the call the cap let its party bear, in fen';

        CREATE FUNCTION allocation_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE CONSTRAINT TRIGGER allocation_adds_up AFTER INSERT ON allocation
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION allocation_adds_up();
        """
    )


def claims() -> None:
    """A claim ends once."""
    op.execute(
        of_ticket(
            "claim_conclusion",
            reference("claim_conclusion", "part_id", "allocation_part"),
            one_of("result", "'won', 'partly', 'failed'"),
            "received_fen bigint NOT NULL",
            "rest_fen bigint NOT NULL",
            one_of("rest_to", PARTIES, null=True),
            who_when("concluded"),
            "CONSTRAINT ck_claim_conclusion_rest CHECK ((rest_fen = 0) = (rest_to IS NULL))",
            readers="agency",
            unique="merchant_id, part_id",
        )
    )


def general_rules() -> None:
    op.execute(
        f"""
        CREATE TABLE general_rule (
            id uuid CONSTRAINT pk_general_rule PRIMARY KEY,
            version integer NOT NULL CONSTRAINT uq_general_rule_version UNIQUE CHECK (version > 0),
            clauses jsonb NOT NULL,
            {who_when("set")}
        );
        COMMENT ON TABLE general_rule IS 'who bears a cost where the contract says nothing; the latest version counts';
        """
        # Staff read by which rule a cost was allocated; only who works across merchants sets it.
        + fence_by_scope("general_rule", "agency", readable_by=("staff",))
        + grant("general_rule", "select, insert")
        + refuse_changes("general_rule")
    )


def thresholds() -> None:
    op.execute(
        f"""
        ALTER TABLE contract_amount
            ADD COLUMN category text NOT NULL DEFAULT ''
                CONSTRAINT ck_contract_amount_category CHECK (category IN ('', {CATEGORIES})),
            DROP CONSTRAINT ck_contract_amount_per,
            ADD CONSTRAINT ck_contract_amount_per
                CHECK (per IN ('item', 'month', 'term', 'minimum', 'reasonable', 'deductible')),
            DROP CONSTRAINT uq_contract_amount_merchant_id_version_id_clause_party_per,
            ADD CONSTRAINT uq_contract_amount_merchant_id_version_id_place
                UNIQUE (merchant_id, version_id, clause, party, per, category);
        """
    )
