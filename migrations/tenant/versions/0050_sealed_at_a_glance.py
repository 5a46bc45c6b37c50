"""Whether a row is of a confidential ticket is looked up before the row is taken apart: every entry pays for it."""

from alembic import op

revision = "0050_sealed_at_a_glance"
down_revision = "0049_rare_lists"


def upgrade() -> None:
    op.execute(
        """
        CREATE OR REPLACE FUNCTION refuse_plain_content() RETURNS trigger
        LANGUAGE plpgsql AS $$
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
                    IF row_now->>name NOT IN ('【保密内容】', '{}', '\\x', '') THEN
                        RAISE EXCEPTION 'content of a confidential ticket' USING ERRCODE = 'check_violation';
                    END IF;
                END LOOP;
            END IF;
            RETURN NEW;
        END $$;
        """
    )
