"""Accounts, roles, sign-in, invitations, sessions, API keys, and the agency's own settings.

Cards are read widely; what a password, a second factor, a session or a link is checked against is the door's alone, so
that no query on behalf of a signed-in person, injected or not, reaches it.
"""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0001_people"
down_revision = None

STAFF_ROLES = (
    "'account_manager', 'service_agent', 'specialist', 'supervisor', 'finance', 'executive', 'auditor', 'agency_admin'"
)
DEPARTMENTS = (
    "'after_sales_service', 'operations', 'technical_support', 'quality', 'logistics', 'operations_management', "
    "'finance', 'management'"
)
ONLY_THE_DOOR = (
    "password",
    "second_factor",
    "recovery_code",
    "sign_in_delay",
    "sign_in_challenge",
    "web_session",
)


def upgrade() -> None:
    accounts()
    secrets()
    sessions()
    links()
    keys()
    agency()
    fences()


def accounts() -> None:
    op.execute(
        f"""
        CREATE TABLE account (
            id uuid CONSTRAINT pk_account PRIMARY KEY,
            side text NOT NULL CONSTRAINT ck_account_side CHECK (side IN ('staff', 'merchant')),
            name text NOT NULL CONSTRAINT ck_account_name CHECK (name <> ''),
            title text NOT NULL,
            locale text NOT NULL,
            created_at timestamptz NOT NULL,
            suspended_at timestamptz,
            suspended_by uuid,
            privileges_changed_at timestamptz
        );
        CREATE TABLE credential (
            account_id uuid CONSTRAINT pk_credential PRIMARY KEY
                CONSTRAINT fk_credential_account_id REFERENCES account,
            login text NOT NULL CONSTRAINT uq_credential_login UNIQUE,
            email text,
            phone text
        );
        CREATE TABLE role_grant (
            id uuid CONSTRAINT pk_role_grant PRIMARY KEY,
            account_id uuid NOT NULL CONSTRAINT fk_role_grant_account_id REFERENCES account,
            role text NOT NULL CONSTRAINT ck_role_grant_role CHECK (role IN ({STAFF_ROLES})),
            department text CONSTRAINT ck_role_grant_department CHECK (department IN ({DEPARTMENTS})),
            granted_at timestamptz NOT NULL,
            granted_by uuid,
            CONSTRAINT ck_role_grant_department_of_role
                CHECK ((role IN ('specialist', 'supervisor')) = (department IS NOT NULL)),
            CONSTRAINT uq_role_grant_account_id_role_department
                UNIQUE NULLS NOT DISTINCT (account_id, role, department)
        );
        """
    )


def secrets() -> None:
    op.execute(
        """
        CREATE TABLE password (
            account_id uuid CONSTRAINT pk_password PRIMARY KEY
                CONSTRAINT fk_password_account_id REFERENCES account,
            hash text NOT NULL,
            set_at timestamptz NOT NULL
        );
        CREATE TABLE second_factor (
            account_id uuid CONSTRAINT pk_second_factor PRIMARY KEY
                CONSTRAINT fk_second_factor_account_id REFERENCES account,
            sealed_seed bytea,
            enrolled_at timestamptz,
            last_step bigint,
            pending_seed bytea,
            pending_since timestamptz,
            CONSTRAINT ck_second_factor_enrolled CHECK ((sealed_seed IS NULL) = (enrolled_at IS NULL)),
            CONSTRAINT ck_second_factor_pending CHECK ((pending_seed IS NULL) = (pending_since IS NULL))
        );
        COMMENT ON COLUMN second_factor.last_step IS
            'the last time step whose code was accepted (RFC 6238): none is accepted twice';
        CREATE TABLE recovery_code (
            id uuid CONSTRAINT pk_recovery_code PRIMARY KEY,
            account_id uuid NOT NULL CONSTRAINT fk_recovery_code_account_id REFERENCES account,
            code_hash bytea NOT NULL,
            made_at timestamptz NOT NULL,
            used_at timestamptz,
            CONSTRAINT uq_recovery_code_account_id_code_hash UNIQUE (account_id, code_hash)
        );
        CREATE TABLE sign_in_delay (
            subject text CONSTRAINT pk_sign_in_delay PRIMARY KEY,
            failures integer NOT NULL CONSTRAINT ck_sign_in_delay_failures CHECK (failures >= 0),
            last_failed_at timestamptz NOT NULL
        );
        COMMENT ON COLUMN sign_in_delay.subject IS 'login:<sha256 of the login> or address:<IP address>';
        CREATE INDEX ix_sign_in_delay_last_failed_at ON sign_in_delay (last_failed_at);
        CREATE TABLE sign_in_challenge (
            id uuid CONSTRAINT pk_sign_in_challenge PRIMARY KEY,
            account_id uuid NOT NULL CONSTRAINT fk_sign_in_challenge_account_id REFERENCES account,
            token_hash bytea NOT NULL CONSTRAINT uq_sign_in_challenge_token_hash UNIQUE,
            asked_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL
        );
        CREATE INDEX ix_sign_in_challenge_expires_at ON sign_in_challenge (expires_at);
        """
    )


def sessions() -> None:
    op.execute(
        """
        CREATE TABLE web_session (
            id uuid CONSTRAINT pk_web_session PRIMARY KEY,
            account_id uuid NOT NULL CONSTRAINT fk_web_session_account_id REFERENCES account,
            token_hash bytea NOT NULL CONSTRAINT uq_web_session_token_hash UNIQUE,
            acting_for uuid,
            signed_in_at timestamptz NOT NULL,
            second_factor boolean NOT NULL,
            last_seen_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            address text NOT NULL,
            agent text NOT NULL,
            ended_at timestamptz,
            ended_because text CONSTRAINT ck_web_session_ended_because CHECK (
                ended_because IN ('signed_out', 'revoked', 'password_changed', 'second_factor_changed')),
            CONSTRAINT ck_web_session_ended CHECK ((ended_at IS NULL) = (ended_because IS NULL))
        );
        COMMENT ON COLUMN web_session.acting_for IS 'the merchant that a merchant''s person acts for now';
        CREATE INDEX ix_web_session_account_id_open ON web_session (account_id) WHERE ended_at IS NULL;
        """
    )


def links() -> None:
    op.execute(
        """
        CREATE TABLE invitation (
            id uuid CONSTRAINT pk_invitation PRIMARY KEY,
            token_hash bytea NOT NULL CONSTRAINT uq_invitation_token_hash UNIQUE,
            offer jsonb NOT NULL,
            invited_by uuid,
            invited_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            accepted_at timestamptz,
            account_id uuid CONSTRAINT fk_invitation_account_id REFERENCES account,
            revoked_at timestamptz,
            CONSTRAINT ck_invitation_accepted CHECK ((accepted_at IS NULL) = (account_id IS NULL))
        );
        CREATE TABLE password_link (
            id uuid CONSTRAINT pk_password_link PRIMARY KEY,
            account_id uuid NOT NULL CONSTRAINT fk_password_link_account_id REFERENCES account,
            token_hash bytea NOT NULL CONSTRAINT uq_password_link_token_hash UNIQUE,
            resets_second_factor boolean NOT NULL,
            issued_by uuid,
            issued_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz
        );
        CREATE INDEX ix_password_link_account_id ON password_link (account_id);
        """
    )


def keys() -> None:
    op.execute(
        """
        CREATE TABLE api_key (
            id uuid CONSTRAINT pk_api_key PRIMARY KEY,
            account_id uuid NOT NULL CONSTRAINT fk_api_key_account_id REFERENCES account,
            acting_for uuid,
            key_id text NOT NULL CONSTRAINT uq_api_key_key_id UNIQUE,
            secret_hash bytea NOT NULL,
            name text NOT NULL,
            scopes jsonb NOT NULL,
            made_by uuid,
            made_at timestamptz NOT NULL,
            expires_at timestamptz,
            last_used_at timestamptz,
            revoked_at timestamptz,
            revoked_by uuid
        );
        COMMENT ON COLUMN api_key.acting_for IS 'the merchant that a merchant''s key acts for';
        CREATE INDEX ix_api_key_account_id ON api_key (account_id);
        """
    )


def agency() -> None:
    op.execute(
        """
        CREATE TABLE agency (
            id uuid CONSTRAINT pk_agency PRIMARY KEY,
            one boolean NOT NULL DEFAULT true CONSTRAINT uq_agency_one UNIQUE CONSTRAINT ck_agency_one CHECK (one),
            settings jsonb NOT NULL,
            changed_at timestamptz NOT NULL,
            changed_by uuid
        );
        COMMENT ON TABLE agency IS 'at most one row: what the agency has set about itself';
        """
    )


def fences() -> None:
    op.execute(fence_by_scope("account", "agency", "door", readable_by=("staff",)) + grant("account"))
    op.execute(fence_by_scope("credential", "agency", "door", own="account_id") + grant("credential"))
    op.execute(fence_by_scope("role_grant", "agency", "door", readable_by=("staff",)) + grant("role_grant"))
    op.execute(fence_by_scope("invitation", "agency", "door") + grant("invitation"))
    op.execute(fence_by_scope("password_link", "agency", "door") + grant("password_link"))
    op.execute(fence_by_scope("api_key", "agency", "door") + grant("api_key"))
    op.execute(fence_by_scope("agency", "agency", readable_by=("door", "staff", "merchant")) + grant("agency"))
    for table in ONLY_THE_DOOR:
        op.execute(fence_by_scope(table, "door") + grant(table))
    # The agency gives a new account its first password, and neither reads nor replaces one.
    op.execute(
        """
        CREATE POLICY password_first ON password FOR INSERT WITH CHECK ((SELECT control.ctx_scope()) = 'agency');
        """
    )
