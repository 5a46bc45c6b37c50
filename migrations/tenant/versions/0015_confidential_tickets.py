"""Tickets marked confidential: what is said on them lies in `sealed_content`, and the rows hold placeholders.

A trigger on every table with content refuses a row of such a ticket that says anything itself, so that no statement of
whatever origin writes it in plain.
"""

from alembic import op

from confidentiality.sealing.ddl import SEAL_VERSION, sealed_columns, sealed_indexes
from tenants.ddl import fence_by_merchant, grant

revision = "0015_confidential_tickets"
down_revision = "0014_requests"

# As `anshou.tickets.sealed_contents.CONTENTS`; a test compares them.
CONTENTS = {
    "ticket": "title, description, request",
    "entry": "body, record",
    "attachment": "name",
    "closure": "said",
    "reopening": "reason",
    "improvement": "action",
    "hold": "reason",
    "clock_stop": "reason",
    "hand_over": "reason",
    "escalation": "reason, decision",
    "meeting": "people, discussion",
    "meeting_decision": "decision",
    "triage": "findings",
    "analysis": "cause",
    "determination": "basis, clause, reason",
    "plan": "summary",
    "measure": "action, result",
    "plan_review": "comment",
    "plan_answer": "comment",
    "rating": "comment",
    "return_visit": "spoke_with",
    "result": "cause, measures",
    "result_confirmation": "comment",
    "question": "question, answer",
    "metric_window": "expected, observed",
    "observation": "observed",
    "evidence_item": "content",
    "point_at_issue": "issue, agency_part, merchant_part, clause",
    "negotiation_round": "people, agency_position, merchant_position, agency_offer, merchant_offer",
    "agreement": "title, document",
    "proceeding": "body, case_number",
    "proceeding_outcome": "text",
    "obligation": "duty",
}


def upgrade() -> None:
    op.execute(
        f"""
        ALTER TABLE ticket ADD COLUMN is_confidential boolean NOT NULL DEFAULT false;
        -- A confidential figure is in none of these.
        ALTER TABLE metric_window ALTER COLUMN expected DROP NOT NULL, ALTER COLUMN observed DROP NOT NULL;
        ALTER TABLE observation ALTER COLUMN observed DROP NOT NULL;
        CREATE TABLE sealed_content (
            id uuid CONSTRAINT pk_sealed_content PRIMARY KEY,
            merchant_id uuid NOT NULL,
            ticket_id uuid NOT NULL,
            of_table text NOT NULL,
            {SEAL_VERSION},
            {sealed_columns("content")},
            {sealed_columns("title", find=("exact",), nullable=True)},
            CONSTRAINT uq_sealed_content_merchant_id_id UNIQUE (merchant_id, id),
            -- Written in the flush that writes the ticket, in whichever order.
            CONSTRAINT fk_sealed_content_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id)
                REFERENCES ticket (merchant_id, id) DEFERRABLE INITIALLY DEFERRED
        );
        COMMENT ON TABLE sealed_content IS 'what the row with the same id says, if its ticket is confidential';
        CREATE INDEX ix_sealed_content_merchant_id_ticket_id ON sealed_content (merchant_id, ticket_id, id);
        """
        + sealed_indexes("sealed_content", "title", find=("exact",))
        + fence_by_merchant("sealed_content")
        + grant("sealed_content")
    )
    audience()
    triggers()


def audience() -> None:
    """What the agency alone reads of a row stays so when it is sealed: the row decides, read in the same context."""
    rows = " ".join(
        f"WHEN '{table}' THEN EXISTS (SELECT FROM {table} WHERE {table}.id = sealed_content.id)"
        for table in CONTENTS
        if table != "ticket"
    )
    op.execute(
        f"""
        CREATE POLICY sealed_content_inside ON sealed_content AS RESTRICTIVE FOR SELECT
            USING ((SELECT control.ctx_scope()) <> 'merchant' OR CASE of_table WHEN 'ticket' THEN true {rows}
                ELSE false END);
        """
    )


def triggers() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_plain_content() RETURNS trigger
        LANGUAGE plpgsql AS $$
        DECLARE
            row_now jsonb := to_jsonb(NEW);
            confidential boolean := row_now->>'is_confidential';
            name text;
        BEGIN
            IF confidential IS NULL THEN
                SELECT is_confidential INTO confidential FROM ticket
                WHERE merchant_id = NEW.merchant_id AND id = (row_now->>'ticket_id')::uuid;
            END IF;
            IF confidential AND NOT control.erasing(TG_RELID) THEN
                FOREACH name IN ARRAY TG_ARGV LOOP
                    IF row_now->>name NOT IN ('【保密内容】', '{}', '\\x', '') THEN
                        RAISE EXCEPTION 'content of a confidential ticket' USING ERRCODE = 'check_violation';
                    END IF;
                END LOOP;
            END IF;
            RETURN NEW;
        END $$;
        """
    )
    for table, columns in CONTENTS.items():
        # A row that was there when the ticket was marked is covered soon; what is written meanwhile is not plain.
        listed = ", ".join(f"'{column.strip()}'" for column in columns.split(","))
        op.execute(
            f"CREATE TRIGGER {table}_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF {columns} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_plain_content({listed});"
        )
