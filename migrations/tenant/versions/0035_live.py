"""Word of every new entry and notice to whoever looks at a page of it: docs/decisions/0099-live.md.

A notification leaves with the commit and holds ids only. One statement that writes more than fits into it says `*`.
"""

from alembic import op

revision = "0035_live"
down_revision = "0034_rule_days"

# A payload may have 8,000 bytes; an entry takes 75 of them.
MOST = 50


def upgrade() -> None:
    op.execute(
        f"""
        CREATE FUNCTION tell_of_entries() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('anshou_live', TG_TABLE_SCHEMA || ':entry:' ||
                CASE WHEN count(*) <= {MOST} THEN string_agg(said, ',') ELSE '*' END)
            FROM (
                SELECT DISTINCT left(audience, 1) || '/' || merchant_id || '/' || ticket_id AS said FROM written
            ) AS one
            HAVING count(*) > 0;
            RETURN NULL;
        END $$;
        CREATE TRIGGER entry_is_told AFTER INSERT ON entry REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION tell_of_entries();

        CREATE FUNCTION tell_of_notices() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('anshou_live', TG_TABLE_SCHEMA || ':notice:' ||
                CASE WHEN count(*) <= {MOST} THEN string_agg(said, ',') ELSE '*' END)
            FROM (SELECT DISTINCT account_id::text AS said FROM written) AS one
            HAVING count(*) > 0;
            RETURN NULL;
        END $$;
        CREATE TRIGGER notice_is_told AFTER INSERT ON notice REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION tell_of_notices();
        """
    )
