"""The functions that policies and tenants' logins may call.

All are SECURITY DEFINER with a fixed search_path. EXECUTE goes to PUBLIC rather than to each login, because an access
list with a thousand entries would be copied at every look at the function; who is no tenant gets an error or nothing.
"""

from alembic import op

revision = "0002_context"
down_revision = "0001_registry"

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

# The context is `scope|person|merchant|expiry|mac`. None set: null. One that this login and this backend process did
# not get for this minute: an error. The text is in each function instead of being one of its own, because policies
# ask in every statement, and each call and each expression costs microseconds (docs/decisions/0001-isolation.md).
VERIFIED = """
    DECLARE
        token text := current_setting('anshou.ctx', true);
        inner_key bytea;
        outer_key bytea;
    BEGIN
        IF token IS NULL OR token = '' THEN
            RETURN NULL;
        END IF;
        SELECT inner_pad, outer_pad INTO inner_key, outer_key FROM control.context_key;
        IF encode(sha256(outer_key || sha256(inner_key || convert_to(
               session_user || '|' || pg_backend_pid() || '|' || left(token, -65), 'UTF8'))), 'hex')
           IS DISTINCT FROM right(token, 64)
        THEN
            RAISE EXCEPTION 'bad context' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF split_part(token, '|', 4)::bigint < extract(epoch FROM transaction_timestamp()) THEN
            RAISE EXCEPTION 'expired context' USING ERRCODE = 'insufficient_privilege';
        END IF;
"""

ANSWERS = {
    "ctx_scope() RETURNS text": "split_part(token, '|', 1)",
    "ctx_person() RETURNS uuid": "nullif(split_part(token, '|', 2), '')::uuid",
    "ctx_merchant() RETURNS uuid": "nullif(split_part(token, '|', 3), '')::uuid",
    # What a merchant's row is compared with: the nil id for the agency, the merchant's id for a merchant.
    "ctx_fence() RETURNS uuid": """CASE split_part(token, '|', 1)
            WHEN 'agency' THEN '00000000-0000-0000-0000-000000000000'::uuid
            WHEN 'merchant' THEN split_part(token, '|', 3)::uuid
        END""",
    # The person whose assignments decide, in the staff scope only.
    "ctx_staff() RETURNS uuid": "CASE split_part(token, '|', 1) WHEN 'staff' THEN split_part(token, '|', 2)::uuid END",
}


def upgrade() -> None:
    op.execute("GRANT USAGE ON SCHEMA control TO PUBLIC")
    for signature, answer in ANSWERS.items():
        op.execute(
            f"""
            CREATE FUNCTION control.{signature} LANGUAGE plpgsql STABLE {DEFINER} AS $$
            {VERIFIED}
                RETURN {answer};
            END $$;
            """
        )
    op.execute(
        f"""
        -- The tenant whose login asks. Stamped into every row that a tenant writes in control.
        CREATE FUNCTION control.own_tenant() RETURNS uuid
        LANGUAGE plpgsql STABLE {DEFINER} AS $$
        DECLARE
            found uuid;
        BEGIN
            SELECT id INTO found FROM control.tenant WHERE role_name = session_user;
            IF found IS NULL THEN
                RAISE EXCEPTION 'not a tenant''s login' USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN found;
        END $$;

        CREATE FUNCTION control.refuse_change() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'restrict_violation';
        END $$;
        """
    )
