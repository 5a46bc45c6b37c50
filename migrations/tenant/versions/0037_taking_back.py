"""Finance takes back a verification, and two of them what two had verified."""

from alembic import op

revision = "0037_taking_back"
down_revision = "0036_match_runs"

DEEDS = (
    "'changed', 'submitted', 'returned', 'verified', 'countersigned', 'withdrawn', 'allocated', "
    "'take_back_asked', 'taken_back'"
)


def upgrade() -> None:
    op.execute(
        f"""
        ALTER TABLE cost_deed
            DROP CONSTRAINT cost_deed_deed_check,
            ADD CONSTRAINT ck_cost_deed_deed CHECK (deed IN ({DEEDS})),
            DROP CONSTRAINT ck_cost_deed_reason,
            ADD CONSTRAINT ck_cost_deed_reason
                CHECK (deed NOT IN ('returned', 'take_back_asked', 'taken_back') OR reason <> '');
        """
    )
    op.execute(
        """
        CREATE OR REPLACE FUNCTION verified_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM cost_item
                WHERE merchant_id = NEW.merchant_id AND id = NEW.item_id AND claimed_by = NEW.done_by
            UNION ALL SELECT FROM time_entry
                WHERE merchant_id = NEW.merchant_id AND item_id = NEW.item_id AND person_id = NEW.done_by
            UNION ALL SELECT FROM (
                SELECT deed, done_by FROM cost_deed
                WHERE merchant_id = NEW.merchant_id AND item_id = NEW.item_id
                ORDER BY id DESC LIMIT 1
            ) AS last WHERE NEW.deed = 'countersigned' AND (last.deed <> 'verified' OR last.done_by = NEW.done_by)
            -- What two verified, since it was last submitted, another one than who takes it back has asked for.
            UNION ALL SELECT FROM cost_deed AS signed
                WHERE NEW.deed = 'taken_back' AND signed.deed = 'countersigned'
                AND signed.merchant_id = NEW.merchant_id AND signed.item_id = NEW.item_id
                AND NOT EXISTS (
                    SELECT FROM cost_deed AS later
                    WHERE later.merchant_id = NEW.merchant_id AND later.item_id = NEW.item_id AND later.id > signed.id
                    AND (later.deed = 'submitted' OR later.deed = 'take_back_asked' AND later.done_by <> NEW.done_by)
                );
            IF FOUND THEN
                RAISE EXCEPTION 'nobody verifies their own cost, nor twice'
                    USING ERRCODE = 'restrict_violation', TABLE = 'cost_deed';
            END IF;
            RETURN NEW;
        END $$;
        DROP TRIGGER cost_deed_is_anothers ON cost_deed;
        CREATE TRIGGER cost_deed_is_anothers BEFORE INSERT ON cost_deed
            FOR EACH ROW WHEN (NEW.deed IN ('verified', 'countersigned', 'take_back_asked', 'taken_back'))
            EXECUTE FUNCTION verified_by_another();
        """
    )
