"""The words of every ticket, for the look-up, and which tickets' words have to be read again.

Triggers note a ticket whenever something is said on it or taken away; the worker reads its words anew within a second
(`src/anshou/tickets/search`). Why it is not done at once: docs/decisions/0100-search.md.
"""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0041_search"
down_revision = "0040_group_robots"

FENCE = (
    "(SELECT control.ctx_fence()) = ANY (ARRAY['00000000-0000-0000-0000-000000000000'::uuid, merchant_id])"
    " OR merchant_id IN (SELECT unnest(assigned_merchants()))"
)

OF_TICKET = ("number", "title", "description", "request", "kind", "shop_id", "opened_at", "is_confidential")


def upgrade() -> None:
    words()
    due()
    noting()
    everything_there_is()


def words() -> None:
    op.execute(
        """
        CREATE TABLE ticket_words (
            merchant_id uuid NOT NULL,
            ticket_id uuid NOT NULL,
            opened_at timestamptz NOT NULL,
            words tsvector NOT NULL,
            CONSTRAINT pk_ticket_words PRIMARY KEY (merchant_id, ticket_id),
            CONSTRAINT fk_ticket_words_merchant_id_ticket_id
                FOREIGN KEY (merchant_id, ticket_id) REFERENCES ticket (merchant_id, id)
        -- The words lie apart, so that a page holds many rows: the look-up reads no words, only the index.
        ) WITH (toast_tuple_target = 128);
        COMMENT ON TABLE ticket_words IS 'what a ticket is found by; control.search_tickets alone looks it up';
        COMMENT ON COLUMN ticket_words.words IS
            'pairs of characters and words as they are said; with ~ before what only the agency reads; marks with #';
        -- Its writer is the worker, which nobody waits for; a list of what is pending would be read by every look-up.
        CREATE INDEX ix_ticket_words_words ON ticket_words USING gin (words) WITH (fastupdate = off);
        """
        + fence_by_scope("ticket_words", "agency")
        # The owner is not bound: control.search_tickets could not use the index otherwise.
        + "ALTER TABLE ticket_words NO FORCE ROW LEVEL SECURITY;\n"
        + grant("ticket_words")
    )


def due() -> None:
    op.execute(
        """
        CREATE TABLE words_due (
            merchant_id uuid NOT NULL,
            ticket_id uuid NOT NULL,
            id uuid NOT NULL,
            noted_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            CONSTRAINT pk_words_due PRIMARY KEY (merchant_id, ticket_id, id)
        );
        CREATE INDEX ix_words_due_noted_at ON words_due (noted_at);
        COMMENT ON TABLE words_due IS 'tickets whose words are to be read again; several rows of one are done at once';
        CREATE TRIGGER words_due_is_noted AFTER INSERT ON words_due
            FOR EACH STATEMENT EXECUTE FUNCTION control.note_words();
        """
        + fence_by_scope("words_due", "agency")
        # Whoever writes on a ticket notes it, and reads nothing here: that something was noted tells of inner notes.
        + f"CREATE POLICY words_due_noted ON words_due FOR INSERT WITH CHECK ({FENCE});\n"
        + grant("words_due", "select, insert, delete")
    )


def noting() -> None:
    """Inserts in one statement are noted in one; changes are rare, and only those of what is indexed are noted."""
    op.execute(
        f"""
        CREATE FUNCTION note_new_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO words_due (merchant_id, ticket_id, id)
            SELECT merchant_id, id, gen_random_uuid() FROM written;
            RETURN NULL;
        END $$;
        CREATE FUNCTION note_new_rows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO words_due (merchant_id, ticket_id, id)
            SELECT merchant_id, ticket_id, gen_random_uuid() FROM (SELECT DISTINCT merchant_id, ticket_id FROM written);
            RETURN NULL;
        END $$;
        CREATE FUNCTION note_changed_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO words_due (merchant_id, ticket_id, id) VALUES (NEW.merchant_id, NEW.id, gen_random_uuid());
            RETURN NULL;
        END $$;
        CREATE FUNCTION note_changed_row() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO words_due (merchant_id, ticket_id, id)
            VALUES (NEW.merchant_id, NEW.ticket_id, gen_random_uuid());
            RETURN NULL;
        END $$;
        CREATE TRIGGER ticket_words_are_noted AFTER INSERT ON ticket REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION note_new_tickets();
        CREATE TRIGGER ticket_changes_are_noted
            AFTER UPDATE OF {", ".join(OF_TICKET)} ON ticket FOR EACH ROW WHEN (
                {" OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in OF_TICKET)}
            ) EXECUTE FUNCTION note_changed_ticket();
        CREATE TRIGGER entry_words_are_noted AFTER INSERT ON entry REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION note_new_rows();
        CREATE TRIGGER entry_changes_are_noted AFTER UPDATE OF body, record ON entry
            FOR EACH ROW WHEN (OLD.body IS DISTINCT FROM NEW.body OR OLD.record IS DISTINCT FROM NEW.record)
            EXECUTE FUNCTION note_changed_row();
        CREATE TRIGGER attachment_words_are_noted AFTER INSERT ON attachment REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION note_new_rows();
        CREATE TRIGGER attachment_changes_are_noted AFTER UPDATE OF name ON attachment
            FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION note_changed_row();
        """
    )


def everything_there_is() -> None:
    """What was said before this revision is read by the worker, too: no migration waits for it."""
    op.execute(
        "INSERT INTO words_due (merchant_id, ticket_id, id) SELECT merchant_id, id, gen_random_uuid() FROM ticket"
    )
