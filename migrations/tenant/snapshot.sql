-- A new tenant's tables. Written by `make snapshot`; never edit it by hand.
-- revision: 0002_merchants
-- digest: 3875c0904d4c059bd380c9de4f7dbbe24dd5babca01a4e1e2b8f7ea7c6f9c4bb

-- Functions come before the tables that they name.
SET LOCAL check_function_bodies = off;

CREATE FUNCTION keep_version_in_force() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND OLD.ended_on IS NULL
                AND (NEW.id, NEW.merchant_id, NEW.contract_id, NEW.version) =
                    (OLD.id, OLD.merchant_id, OLD.contract_id, OLD.version)
                AND (NEW.valid_from, NEW.valid_until, NEW.terms, NEW.in_force_at) IS NOT DISTINCT FROM
                    (OLD.valid_from, OLD.valid_until, OLD.terms, OLD.in_force_at)
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a contract version in force is kept as it was'
                USING ERRCODE = 'restrict_violation', TABLE = 'contract_version';
        END $$;

CREATE FUNCTION refuse_overlapping_versions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            PERFORM FROM merchant WHERE id = NEW.merchant_id FOR NO KEY UPDATE;
            PERFORM FROM contract_version AS other
                WHERE other.merchant_id = NEW.merchant_id AND other.id <> NEW.id AND other.in_force_at IS NOT NULL
                AND other.valid_from <= coalesce(least(NEW.valid_until, NEW.ended_on), 'infinity')
                AND NEW.valid_from <= coalesce(least(other.valid_until, other.ended_on), 'infinity')
                AND other.valid_from <= coalesce(other.ended_on, 'infinity')
                AND NEW.valid_from <= coalesce(NEW.ended_on, 'infinity');
            IF FOUND THEN
                RAISE EXCEPTION 'contract versions overlap' USING ERRCODE = 'exclusion_violation',
                    CONSTRAINT = 'ex_contract_version_in_force', TABLE = 'contract_version';
            END IF;
            RETURN NULL;
        END $$;

CREATE TABLE account (
    id uuid NOT NULL,
    side text NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    locale text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    suspended_at timestamp with time zone,
    suspended_by uuid,
    privileges_changed_at timestamp with time zone,
    CONSTRAINT ck_account_name CHECK ((name <> ''::text)),
    CONSTRAINT ck_account_side CHECK ((side = ANY (ARRAY['staff'::text, 'merchant'::text])))
);

ALTER TABLE ONLY account FORCE ROW LEVEL SECURITY;

CREATE TABLE agency (
    id uuid NOT NULL,
    one boolean DEFAULT true NOT NULL,
    settings jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid,
    CONSTRAINT ck_agency_one CHECK (one)
);

ALTER TABLE ONLY agency FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE agency IS 'at most one row: what the agency has set about itself';

CREATE TABLE api_key (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    acting_for uuid,
    key_id text NOT NULL,
    secret_hash bytea NOT NULL,
    name text NOT NULL,
    scopes jsonb NOT NULL,
    made_by uuid,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by uuid
);

ALTER TABLE ONLY api_key FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN api_key.acting_for IS 'the merchant that a merchant''s key acts for';

CREATE TABLE assignment (
    merchant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    assigned_at timestamp with time zone NOT NULL,
    assigned_by uuid
);

ALTER TABLE ONLY assignment FORCE ROW LEVEL SECURITY;

CREATE TABLE contract (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    number text NOT NULL,
    title text NOT NULL,
    drawn_up_at timestamp with time zone NOT NULL,
    drawn_up_by uuid,
    CONSTRAINT ck_contract_number CHECK ((number <> ''::text))
);

ALTER TABLE ONLY contract FORCE ROW LEVEL SECURITY;

CREATE TABLE contract_document (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    version_id uuid NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    storage_key text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by uuid,
    CONSTRAINT ck_contract_document_name CHECK ((name <> ''::text)),
    CONSTRAINT ck_contract_document_sha256 CHECK ((length(sha256) = 32)),
    CONSTRAINT ck_contract_document_size CHECK ((size >= 0))
);

ALTER TABLE ONLY contract_document FORCE ROW LEVEL SECURITY;

CREATE TABLE contract_version (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version integer NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    terms jsonb NOT NULL,
    drafted_at timestamp with time zone NOT NULL,
    drafted_by uuid,
    in_force_at timestamp with time zone,
    in_force_by uuid,
    ended_on date,
    ended_at timestamp with time zone,
    ended_by uuid,
    end_reason text,
    CONSTRAINT ck_contract_version_ended CHECK ((((ended_on IS NULL) = (ended_at IS NULL)) AND ((ended_on IS NULL) = (end_reason IS NULL)) AND ((ended_on IS NULL) OR (in_force_at IS NOT NULL)))),
    CONSTRAINT ck_contract_version_ended_on CHECK ((ended_on >= (valid_from - 1))),
    CONSTRAINT ck_contract_version_valid CHECK ((valid_until >= valid_from)),
    CONSTRAINT ck_contract_version_version CHECK ((version >= 1))
);

ALTER TABLE ONLY contract_version FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN contract_version.valid_until IS 'the last day as agreed; null while open-ended';

COMMENT ON COLUMN contract_version.ended_on IS 'the last day after an early end; the day before valid_from when it never took effect';

CREATE TABLE credential (
    account_id uuid NOT NULL,
    login text NOT NULL,
    email text,
    phone text
);

ALTER TABLE ONLY credential FORCE ROW LEVEL SECURITY;

CREATE TABLE invitation (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    offer jsonb NOT NULL,
    invited_by uuid,
    invited_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    account_id uuid,
    revoked_at timestamp with time zone,
    CONSTRAINT ck_invitation_accepted CHECK (((accepted_at IS NULL) = (account_id IS NULL)))
);

ALTER TABLE ONLY invitation FORCE ROW LEVEL SECURITY;

CREATE TABLE membership (
    merchant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    admitted_by uuid,
    CONSTRAINT ck_membership_role CHECK ((role = ANY (ARRAY['merchant_owner'::text, 'merchant_member'::text])))
);

ALTER TABLE ONLY membership FORCE ROW LEVEL SECURITY;

CREATE TABLE merchant (
    id uuid NOT NULL,
    name text NOT NULL,
    company text NOT NULL,
    note text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by uuid,
    ended_at timestamp with time zone,
    ended_by uuid,
    CONSTRAINT ck_merchant_name CHECK ((name <> ''::text))
);

ALTER TABLE ONLY merchant FORCE ROW LEVEL SECURITY;

CREATE TABLE merchant_contact (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    name text NOT NULL,
    "position" text NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    messenger text NOT NULL,
    preferred_channel text NOT NULL,
    is_primary boolean NOT NULL,
    note text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by uuid,
    CONSTRAINT ck_merchant_contact_name CHECK ((name <> ''::text)),
    CONSTRAINT ck_merchant_contact_preferred_channel CHECK ((preferred_channel = ANY (ARRAY['phone'::text, 'email'::text, 'online_chat'::text, 'instant_messaging'::text, 'portal'::text, 'platform_message'::text, 'meeting'::text])))
);

ALTER TABLE ONLY merchant_contact FORCE ROW LEVEL SECURITY;

CREATE TABLE password (
    account_id uuid NOT NULL,
    hash text NOT NULL,
    set_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY password FORCE ROW LEVEL SECURITY;

CREATE TABLE password_link (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    issued_by uuid,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY password_link FORCE ROW LEVEL SECURITY;

CREATE TABLE recovery_code (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY recovery_code FORCE ROW LEVEL SECURITY;

CREATE TABLE role_grant (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    department text,
    granted_at timestamp with time zone NOT NULL,
    granted_by uuid,
    CONSTRAINT ck_role_grant_department CHECK ((department = ANY (ARRAY['after_sales_service'::text, 'operations'::text, 'technical_support'::text, 'quality'::text, 'logistics'::text, 'operations_management'::text, 'finance'::text, 'management'::text]))),
    CONSTRAINT ck_role_grant_department_of_role CHECK (((role = ANY (ARRAY['specialist'::text, 'supervisor'::text])) = (department IS NOT NULL))),
    CONSTRAINT ck_role_grant_role CHECK ((role = ANY (ARRAY['account_manager'::text, 'service_agent'::text, 'specialist'::text, 'supervisor'::text, 'finance'::text, 'executive'::text, 'auditor'::text, 'agency_admin'::text])))
);

ALTER TABLE ONLY role_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE second_factor (
    account_id uuid NOT NULL,
    sealed_seed bytea,
    enrolled_at timestamp with time zone,
    last_step bigint,
    pending_seed bytea,
    pending_since timestamp with time zone,
    CONSTRAINT ck_second_factor_enrolled CHECK (((sealed_seed IS NULL) = (enrolled_at IS NULL))),
    CONSTRAINT ck_second_factor_pending CHECK (((pending_seed IS NULL) = (pending_since IS NULL)))
);

ALTER TABLE ONLY second_factor FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN second_factor.last_step IS 'the last time step whose code was accepted (RFC 6238): none is accepted twice';

CREATE TABLE shop (
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    platform text NOT NULL,
    name text NOT NULL,
    platform_number text NOT NULL,
    address text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    opened_by uuid,
    closed_at timestamp with time zone,
    closed_by uuid,
    CONSTRAINT ck_shop_name CHECK ((name <> ''::text)),
    CONSTRAINT ck_shop_platform CHECK ((platform = ANY (ARRAY['pinduoduo'::text, 'tmall'::text, 'jd'::text, 'douyin'::text, 'taobao'::text, 'xiaohongshu'::text, 'kuaishou'::text, 'other'::text])))
);

ALTER TABLE ONLY shop FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN shop.opened_at IS 'since when the agency operates it';

CREATE TABLE sign_in_challenge (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL
);

ALTER TABLE ONLY sign_in_challenge FORCE ROW LEVEL SECURITY;

CREATE TABLE sign_in_delay (
    subject text NOT NULL,
    failures integer NOT NULL,
    last_failed_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_sign_in_delay_failures CHECK ((failures >= 0))
);

ALTER TABLE ONLY sign_in_delay FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN sign_in_delay.subject IS 'login:<sha256 of the login> or address:<IP address>';

CREATE TABLE web_session (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    acting_for uuid,
    signed_in_at timestamp with time zone NOT NULL,
    second_factor boolean NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    ended_at timestamp with time zone,
    ended_because text,
    CONSTRAINT ck_web_session_ended CHECK (((ended_at IS NULL) = (ended_because IS NULL))),
    CONSTRAINT ck_web_session_ended_because CHECK ((ended_because = ANY (ARRAY['signed_out'::text, 'revoked'::text, 'password_changed'::text, 'second_factor_changed'::text])))
);

ALTER TABLE ONLY web_session FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN web_session.acting_for IS 'the merchant that a merchant''s person acts for now';

ALTER TABLE ONLY account
    ADD CONSTRAINT pk_account PRIMARY KEY (id);

ALTER TABLE ONLY agency
    ADD CONSTRAINT pk_agency PRIMARY KEY (id);

ALTER TABLE ONLY api_key
    ADD CONSTRAINT pk_api_key PRIMARY KEY (id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT pk_assignment PRIMARY KEY (merchant_id, account_id);

ALTER TABLE ONLY contract
    ADD CONSTRAINT pk_contract PRIMARY KEY (id);

ALTER TABLE ONLY contract_document
    ADD CONSTRAINT pk_contract_document PRIMARY KEY (id);

ALTER TABLE ONLY contract_version
    ADD CONSTRAINT pk_contract_version PRIMARY KEY (id);

ALTER TABLE ONLY credential
    ADD CONSTRAINT pk_credential PRIMARY KEY (account_id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT pk_invitation PRIMARY KEY (id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT pk_membership PRIMARY KEY (merchant_id, account_id);

ALTER TABLE ONLY merchant
    ADD CONSTRAINT pk_merchant PRIMARY KEY (id);

ALTER TABLE ONLY merchant_contact
    ADD CONSTRAINT pk_merchant_contact PRIMARY KEY (id);

ALTER TABLE ONLY password
    ADD CONSTRAINT pk_password PRIMARY KEY (account_id);

ALTER TABLE ONLY password_link
    ADD CONSTRAINT pk_password_link PRIMARY KEY (id);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT pk_recovery_code PRIMARY KEY (id);

ALTER TABLE ONLY role_grant
    ADD CONSTRAINT pk_role_grant PRIMARY KEY (id);

ALTER TABLE ONLY second_factor
    ADD CONSTRAINT pk_second_factor PRIMARY KEY (account_id);

ALTER TABLE ONLY shop
    ADD CONSTRAINT pk_shop PRIMARY KEY (id);

ALTER TABLE ONLY sign_in_challenge
    ADD CONSTRAINT pk_sign_in_challenge PRIMARY KEY (id);

ALTER TABLE ONLY sign_in_delay
    ADD CONSTRAINT pk_sign_in_delay PRIMARY KEY (subject);

ALTER TABLE ONLY web_session
    ADD CONSTRAINT pk_web_session PRIMARY KEY (id);

ALTER TABLE ONLY agency
    ADD CONSTRAINT uq_agency_one UNIQUE (one);

ALTER TABLE ONLY api_key
    ADD CONSTRAINT uq_api_key_key_id UNIQUE (key_id);

ALTER TABLE ONLY contract
    ADD CONSTRAINT uq_contract_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY contract
    ADD CONSTRAINT uq_contract_merchant_id_number UNIQUE (merchant_id, number);

ALTER TABLE ONLY contract_version
    ADD CONSTRAINT uq_contract_version_merchant_id_contract_id_version UNIQUE (merchant_id, contract_id, version);

ALTER TABLE ONLY contract_version
    ADD CONSTRAINT uq_contract_version_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY credential
    ADD CONSTRAINT uq_credential_login UNIQUE (login);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY merchant_contact
    ADD CONSTRAINT uq_merchant_contact_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY password_link
    ADD CONSTRAINT uq_password_link_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT uq_recovery_code_account_id_code_hash UNIQUE (account_id, code_hash);

ALTER TABLE ONLY role_grant
    ADD CONSTRAINT uq_role_grant_account_id_role_department UNIQUE NULLS NOT DISTINCT (account_id, role, department);

ALTER TABLE ONLY shop
    ADD CONSTRAINT uq_shop_merchant_id_id UNIQUE (merchant_id, id);

ALTER TABLE ONLY sign_in_challenge
    ADD CONSTRAINT uq_sign_in_challenge_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY web_session
    ADD CONSTRAINT uq_web_session_token_hash UNIQUE (token_hash);

CREATE INDEX ix_api_key_account_id ON api_key USING btree (account_id);

CREATE INDEX ix_assignment_account_id_merchant_id ON assignment USING btree (account_id, merchant_id);

CREATE INDEX ix_contract_document_merchant_id_version_id ON contract_document USING btree (merchant_id, version_id);

CREATE INDEX ix_membership_account_id_merchant_id ON membership USING btree (account_id, merchant_id);

CREATE INDEX ix_password_link_account_id ON password_link USING btree (account_id);

CREATE INDEX ix_sign_in_challenge_expires_at ON sign_in_challenge USING btree (expires_at);

CREATE INDEX ix_sign_in_delay_last_failed_at ON sign_in_delay USING btree (last_failed_at);

CREATE INDEX ix_web_session_account_id_open ON web_session USING btree (account_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX uq_merchant_contact_merchant_id_primary ON merchant_contact USING btree (merchant_id) WHERE is_primary;

CREATE TRIGGER contract_version_is_kept BEFORE DELETE OR UPDATE ON contract_version FOR EACH ROW WHEN ((old.in_force_at IS NOT NULL)) EXECUTE FUNCTION keep_version_in_force();

CREATE TRIGGER contract_version_never_overlaps AFTER INSERT OR UPDATE ON contract_version FOR EACH ROW WHEN ((new.in_force_at IS NOT NULL)) EXECUTE FUNCTION refuse_overlapping_versions();

ALTER TABLE ONLY api_key
    ADD CONSTRAINT fk_api_key_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT fk_assignment_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT fk_assignment_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY contract_document
    ADD CONSTRAINT fk_contract_document_merchant_id_version_id FOREIGN KEY (merchant_id, version_id) REFERENCES contract_version(merchant_id, id);

ALTER TABLE ONLY contract
    ADD CONSTRAINT fk_contract_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY contract_version
    ADD CONSTRAINT fk_contract_version_merchant_id_contract_id FOREIGN KEY (merchant_id, contract_id) REFERENCES contract(merchant_id, id);

ALTER TABLE ONLY credential
    ADD CONSTRAINT fk_credential_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT fk_invitation_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT fk_membership_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT fk_membership_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY merchant_contact
    ADD CONSTRAINT fk_merchant_contact_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY password
    ADD CONSTRAINT fk_password_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY password_link
    ADD CONSTRAINT fk_password_link_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT fk_recovery_code_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY role_grant
    ADD CONSTRAINT fk_role_grant_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY second_factor
    ADD CONSTRAINT fk_second_factor_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY shop
    ADD CONSTRAINT fk_shop_merchant_id FOREIGN KEY (merchant_id) REFERENCES merchant(id);

ALTER TABLE ONLY sign_in_challenge
    ADD CONSTRAINT fk_sign_in_challenge_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE ONLY web_session
    ADD CONSTRAINT fk_web_session_account_id FOREIGN KEY (account_id) REFERENCES account(id);

ALTER TABLE account ENABLE ROW LEVEL SECURITY;

CREATE POLICY account_for_merchant ON account FOR SELECT USING (((( SELECT control.ctx_merchant() AS ctx_merchant) IS NOT NULL) AND ((side = 'staff'::text) OR (id IN ( SELECT m.account_id
   FROM membership m
  WHERE (m.merchant_id = ( SELECT control.ctx_merchant() AS ctx_merchant)))))));

CREATE POLICY account_readable ON account FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text));

CREATE POLICY account_scope ON account USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

ALTER TABLE agency ENABLE ROW LEVEL SECURITY;

CREATE POLICY agency_readable ON agency FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['door'::text, 'staff'::text, 'merchant'::text])));

CREATE POLICY agency_scope ON agency USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY api_key_scope ON api_key USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

ALTER TABLE assignment ENABLE ROW LEVEL SECURITY;

CREATE POLICY assignment_own ON assignment FOR SELECT USING ((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)));

CREATE POLICY assignment_readable ON assignment FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text));

CREATE POLICY assignment_scope ON assignment USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE contract ENABLE ROW LEVEL SECURITY;

ALTER TABLE contract_document ENABLE ROW LEVEL SECURITY;

CREATE POLICY contract_document_scope ON contract_document USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY contract_document_visible ON contract_document FOR SELECT USING (((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT a.merchant_id
   FROM assignment a
  WHERE (a.account_id = ( SELECT control.ctx_staff() AS ctx_staff))))));

CREATE POLICY contract_scope ON contract USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

ALTER TABLE contract_version ENABLE ROW LEVEL SECURITY;

CREATE POLICY contract_version_scope ON contract_version USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY contract_version_visible ON contract_version FOR SELECT USING (((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT a.merchant_id
   FROM assignment a
  WHERE (a.account_id = ( SELECT control.ctx_staff() AS ctx_staff))))));

CREATE POLICY contract_visible ON contract FOR SELECT USING (((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT a.merchant_id
   FROM assignment a
  WHERE (a.account_id = ( SELECT control.ctx_staff() AS ctx_staff))))));

ALTER TABLE credential ENABLE ROW LEVEL SECURITY;

CREATE POLICY credential_scope ON credential USING (((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])) OR (account_id = ( SELECT control.ctx_person() AS ctx_person)))) WITH CHECK (((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])) OR (account_id = ( SELECT control.ctx_person() AS ctx_person))));

ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;

CREATE POLICY invitation_scope ON invitation USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

ALTER TABLE membership ENABLE ROW LEVEL SECURITY;

CREATE POLICY membership_readable ON membership FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

CREATE POLICY membership_scope ON membership USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY membership_visible ON membership FOR SELECT USING (((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT a.merchant_id
   FROM assignment a
  WHERE (a.account_id = ( SELECT control.ctx_staff() AS ctx_staff))))));

ALTER TABLE merchant ENABLE ROW LEVEL SECURITY;

ALTER TABLE merchant_contact ENABLE ROW LEVEL SECURITY;

CREATE POLICY merchant_contact_kept_by_staff ON merchant_contact USING ((merchant_id IN ( SELECT a.merchant_id
   FROM assignment a
  WHERE (a.account_id = ( SELECT control.ctx_staff() AS ctx_staff))))) WITH CHECK ((merchant_id IN ( SELECT a.merchant_id
   FROM assignment a
  WHERE (a.account_id = ( SELECT control.ctx_staff() AS ctx_staff)))));

CREATE POLICY merchant_contact_scope ON merchant_contact USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY merchant_contact_visible ON merchant_contact FOR SELECT USING (((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT a.merchant_id
   FROM assignment a
  WHERE (a.account_id = ( SELECT control.ctx_staff() AS ctx_staff))))));

CREATE POLICY merchant_scope ON merchant USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY merchant_visible ON merchant FOR SELECT USING (((id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (id IN ( SELECT a.merchant_id
   FROM assignment a
  WHERE (a.account_id = ( SELECT control.ctx_staff() AS ctx_staff)))) OR ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text) AND (id IN ( SELECT m.merchant_id
   FROM membership m
  WHERE (m.account_id = ( SELECT control.ctx_person() AS ctx_person)))))));

ALTER TABLE password ENABLE ROW LEVEL SECURITY;

ALTER TABLE password_link ENABLE ROW LEVEL SECURITY;

CREATE POLICY password_link_scope ON password_link USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

CREATE POLICY password_scope ON password USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY;

CREATE POLICY recovery_code_scope ON recovery_code USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE role_grant ENABLE ROW LEVEL SECURITY;

CREATE POLICY role_grant_readable ON role_grant FOR SELECT USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'staff'::text));

CREATE POLICY role_grant_scope ON role_grant USING ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text]))) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = ANY (ARRAY['agency'::text, 'door'::text])));

ALTER TABLE second_factor ENABLE ROW LEVEL SECURITY;

CREATE POLICY second_factor_scope ON second_factor USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE shop ENABLE ROW LEVEL SECURITY;

CREATE POLICY shop_scope ON shop USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'agency'::text));

CREATE POLICY shop_visible ON shop FOR SELECT USING (((merchant_id = ( SELECT control.ctx_fence() AS ctx_fence)) OR (merchant_id IN ( SELECT a.merchant_id
   FROM assignment a
  WHERE (a.account_id = ( SELECT control.ctx_staff() AS ctx_staff))))));

ALTER TABLE sign_in_challenge ENABLE ROW LEVEL SECURITY;

CREATE POLICY sign_in_challenge_scope ON sign_in_challenge USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE sign_in_delay ENABLE ROW LEVEL SECURITY;

CREATE POLICY sign_in_delay_scope ON sign_in_delay USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

ALTER TABLE web_session ENABLE ROW LEVEL SECURITY;

CREATE POLICY web_session_scope ON web_session USING ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text)) WITH CHECK ((( SELECT control.ctx_scope() AS ctx_scope) = 'door'::text));

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE account TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agency TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE api_key TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE assignment TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE contract TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE contract_document TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE contract_version TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE credential TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE invitation TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE membership TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE merchant TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE merchant_contact TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE password TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE password_link TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE recovery_code TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE role_grant TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE second_factor TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE shop TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sign_in_challenge TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sign_in_delay TO "{role}";

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE web_session TO "{role}";
