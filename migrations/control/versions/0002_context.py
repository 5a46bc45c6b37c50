"""The functions that policies and tenants' logins may call.

All are SECURITY DEFINER with a fixed search_path. EXECUTE goes to PUBLIC rather than to each login, because an access
list with a thousand entries would be copied at every look at the function; who is no tenant gets an error or nothing.
"""

from alembic import op

revision = "0002_context"
down_revision = "0001_registry"


def upgrade() -> None:
    op.execute(
        """
        GRANT USAGE ON SCHEMA control TO PUBLIC;

        -- The verified parts of the context: scope, person, merchant. Null when none is set, an error when one is set
        -- that this login and this backend process did not get for this minute.
        CREATE FUNCTION control.ctx() RETURNS text[]
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            token text := current_setting('anshou.ctx', true);
            part text[];
            pads record;
            mac text;
        BEGIN
            IF token IS NULL OR token = '' THEN
                RETURN NULL;
            END IF;
            part := string_to_array(token, '|');
            SELECT inner_pad, outer_pad INTO pads FROM control.context_key;
            mac := encode(sha256(pads.outer_pad || sha256(pads.inner_pad || convert_to(
                session_user || '|' || pg_backend_pid() || '|' || array_to_string(part[1:4], '|'), 'UTF8'))), 'hex');
            IF mac IS DISTINCT FROM part[5] OR cardinality(part) <> 5 THEN
                RAISE EXCEPTION 'bad context' USING ERRCODE = 'insufficient_privilege';
            END IF;
            IF part[4]::bigint < extract(epoch FROM transaction_timestamp()) THEN
                RAISE EXCEPTION 'expired context' USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN part;
        END $$;

        CREATE FUNCTION control.ctx_scope() RETURNS text
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            RETURN (control.ctx())[1];
        END $$;

        CREATE FUNCTION control.ctx_person() RETURNS uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            RETURN nullif((control.ctx())[2], '')::uuid;
        END $$;

        CREATE FUNCTION control.ctx_merchant() RETURNS uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            RETURN nullif((control.ctx())[3], '')::uuid;
        END $$;

        -- What a merchant's row is compared with: the nil id for the agency, the merchant's id for a merchant.
        CREATE FUNCTION control.ctx_fence() RETURNS uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            part text[] := control.ctx();
        BEGIN
            CASE part[1]
                WHEN 'agency' THEN RETURN '00000000-0000-0000-0000-000000000000';
                WHEN 'merchant' THEN RETURN part[3]::uuid;
                ELSE RETURN NULL;
            END CASE;
        END $$;

        -- The person whose assignments decide, in the staff scope only.
        CREATE FUNCTION control.ctx_staff() RETURNS uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            part text[] := control.ctx();
        BEGIN
            RETURN CASE WHEN part[1] = 'staff' THEN part[2]::uuid END;
        END $$;

        -- The tenant whose login asks. Stamped into every row that a tenant writes in control.
        CREATE FUNCTION control.own_tenant() RETURNS uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

        REVOKE EXECUTE ON FUNCTION control.ctx() FROM PUBLIC;
        """
    )
