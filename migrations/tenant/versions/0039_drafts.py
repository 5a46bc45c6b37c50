"""What a person has typed on a ticket and not sent: theirs alone, and never of a confidential ticket."""

from alembic import op

from tenants.ddl import fence_by_merchant, grant

revision = "0039_drafts"
down_revision = "0039_queue_orders"

NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE ticket_draft (
            id uuid CONSTRAINT pk_ticket_draft PRIMARY KEY,
            merchant_id uuid NOT NULL,
            ticket_id uuid NOT NULL,
            account_id uuid NOT NULL,
            form text NOT NULL CONSTRAINT ck_ticket_draft_form CHECK (form <> ''),
            fields jsonb NOT NULL,
            saved_at timestamptz NOT NULL,
            CONSTRAINT fk_ticket_draft_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id)
                REFERENCES ticket (merchant_id, id) ON DELETE CASCADE,
            CONSTRAINT uq_ticket_draft_merchant_id_ticket_id_account_id_form
                UNIQUE (merchant_id, ticket_id, account_id, form)
        );
        COMMENT ON TABLE ticket_draft IS 'what a person has typed into a form of a ticket and not sent yet';
        CREATE INDEX ix_ticket_draft_saved_at ON ticket_draft (saved_at);
        """
        + fence_by_merchant("ticket_draft")
        + grant("ticket_draft")
    )
    # Not even those who read every ticket read what a colleague has not said. The worker, who is nobody, tidies up.
    op.execute(
        f"""
        CREATE POLICY ticket_draft_own ON ticket_draft AS RESTRICTIVE USING (
            account_id = (SELECT control.ctx_person())
            OR (SELECT control.ctx_scope()) = 'agency'
                AND coalesce((SELECT control.ctx_person()), {NOBODY}) = {NOBODY}
        );
        """
    )
    op.execute(
        """
        CREATE FUNCTION refuse_confidential_draft() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM ticket
                WHERE merchant_id = NEW.merchant_id AND id = NEW.ticket_id AND is_confidential;
            IF FOUND THEN
                RAISE EXCEPTION 'content of a confidential ticket' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER ticket_draft_is_of_an_open_ticket BEFORE INSERT OR UPDATE ON ticket_draft
            FOR EACH ROW EXECUTE FUNCTION refuse_confidential_draft();
        """
    )
