"""Which escalated tickets are open: with the level stands the ticket's status, as long as there is a level.

Over the years thirty times as many were escalated as are so and open, and lists and counts of open ones asked each
ticket, or read them all. The foreign key keeps the copy: its cascade acts in whatever context the ticket is moved, a
merchant's too, who sees nothing of the desk (decision record 0111).
"""

from alembic import op

revision = "0061_risen"
down_revision = "0060_courses_alone"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE ticket ADD CONSTRAINT uq_ticket_merchant_id_id_status UNIQUE (merchant_id, id, status);
        ALTER TABLE ticket_desk ADD COLUMN risen_status text;
        COMMENT ON COLUMN ticket_desk.risen_status IS
            'the ticket''s status while there is a level, else null; kept by the database';

        CREATE FUNCTION copy_risen_status() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.risen_status := CASE WHEN NEW.level IS NOT NULL THEN
                (SELECT status FROM ticket WHERE merchant_id = NEW.merchant_id AND id = NEW.ticket_id) END;
            RETURN NEW;
        END $$;

        UPDATE ticket_desk AS desk SET risen_status = ticket.status FROM ticket
            WHERE ticket.merchant_id = desk.merchant_id AND ticket.id = desk.ticket_id AND desk.level IS NOT NULL;

        CREATE TRIGGER ticket_desk_knows_the_status BEFORE INSERT OR UPDATE OF level ON ticket_desk
            FOR EACH ROW WHEN (NEW.level IS NOT NULL OR NEW.risen_status IS NOT NULL)
            EXECUTE FUNCTION copy_risen_status();
        ALTER TABLE ticket_desk
            ADD CONSTRAINT ck_ticket_desk_risen CHECK ((level IS NULL) = (risen_status IS NULL)),
            ADD CONSTRAINT fk_ticket_desk_merchant_id_ticket_id_risen_status
                FOREIGN KEY (merchant_id, ticket_id, risen_status) REFERENCES ticket (merchant_id, id, status)
                ON UPDATE CASCADE;

        CREATE INDEX ix_ticket_desk_open ON ticket_desk (level, ticket_id) INCLUDE (merchant_id)
            WHERE level IS NOT NULL AND risen_status <> 'closed';
        -- The unique one of the same columns serves.
        DROP INDEX ix_ticket_desk_merchant_id_ticket_id;
        """
    )
