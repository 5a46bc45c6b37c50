"""Merchants, who serves them and who works for them, shops, and contracts with their versions."""

from alembic import op

from tenants.ddl import ASSIGNED, fence_by_scope, grant

revision = "0002_merchants"
down_revision = "0001_people"

PLATFORMS = "'pinduoduo', 'tmall', 'jd', 'douyin', 'taobao', 'xiaohongshu', 'kuaishou', 'other'"
CHANNELS = "'phone', 'email', 'online_chat', 'instant_messaging', 'portal', 'platform_message', 'meeting'"

JOINED = "SELECT m.merchant_id FROM membership AS m WHERE m.account_id = (SELECT control.ctx_person())"


def upgrade() -> None:
    serving()
    merchants()
    contracts()
    versions_of_a_merchant_never_overlap()
    what_was_in_force_stays()
    fences()


def serving() -> None:
    op.execute(
        """
        CREATE TABLE merchant (
            id uuid CONSTRAINT pk_merchant PRIMARY KEY,
            name text NOT NULL CONSTRAINT ck_merchant_name CHECK (name <> ''),
            company text NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid,
            ended_at timestamptz,
            ended_by uuid
        );
        CREATE TABLE assignment (
            merchant_id uuid NOT NULL CONSTRAINT fk_assignment_merchant_id REFERENCES merchant,
            account_id uuid NOT NULL CONSTRAINT fk_assignment_account_id REFERENCES account,
            assigned_at timestamptz NOT NULL,
            assigned_by uuid,
            CONSTRAINT pk_assignment PRIMARY KEY (merchant_id, account_id)
        );
        CREATE INDEX ix_assignment_account_id_merchant_id ON assignment (account_id, merchant_id);
        CREATE FUNCTION assigned_merchants() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
        BEGIN
            RETURN ARRAY(SELECT a.merchant_id FROM assignment AS a WHERE a.account_id = control.ctx_staff());
        END $$;
        CREATE TABLE membership (
            merchant_id uuid NOT NULL CONSTRAINT fk_membership_merchant_id REFERENCES merchant,
            account_id uuid NOT NULL CONSTRAINT fk_membership_account_id REFERENCES account,
            role text NOT NULL CONSTRAINT ck_membership_role CHECK (role IN ('merchant_owner', 'merchant_member')),
            joined_at timestamptz NOT NULL,
            admitted_by uuid,
            CONSTRAINT pk_membership PRIMARY KEY (merchant_id, account_id)
        );
        CREATE INDEX ix_membership_account_id_merchant_id ON membership (account_id, merchant_id);
        """
    )


def merchants() -> None:
    op.execute(
        f"""
        CREATE TABLE merchant_contact (
            id uuid CONSTRAINT pk_merchant_contact PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_merchant_contact_merchant_id REFERENCES merchant,
            name text NOT NULL CONSTRAINT ck_merchant_contact_name CHECK (name <> ''),
            position text NOT NULL,
            phone text NOT NULL,
            email text NOT NULL,
            messenger text NOT NULL,
            preferred_channel text NOT NULL
                CONSTRAINT ck_merchant_contact_preferred_channel CHECK (preferred_channel IN ({CHANNELS})),
            is_primary boolean NOT NULL,
            note text NOT NULL,
            added_at timestamptz NOT NULL,
            added_by uuid,
            CONSTRAINT uq_merchant_contact_merchant_id_id UNIQUE (merchant_id, id)
        );
        CREATE UNIQUE INDEX uq_merchant_contact_merchant_id_primary ON merchant_contact (merchant_id) WHERE is_primary;
        CREATE TABLE shop (
            id uuid CONSTRAINT pk_shop PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_shop_merchant_id REFERENCES merchant,
            platform text NOT NULL CONSTRAINT ck_shop_platform CHECK (platform IN ({PLATFORMS})),
            name text NOT NULL CONSTRAINT ck_shop_name CHECK (name <> ''),
            platform_number text NOT NULL,
            address text NOT NULL,
            opened_at timestamptz NOT NULL,
            opened_by uuid,
            closed_at timestamptz,
            closed_by uuid,
            CONSTRAINT uq_shop_merchant_id_id UNIQUE (merchant_id, id)
        );
        COMMENT ON COLUMN shop.opened_at IS 'since when the agency operates it';
        """
    )


def contracts() -> None:
    op.execute(
        """
        CREATE TABLE contract (
            id uuid CONSTRAINT pk_contract PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_contract_merchant_id REFERENCES merchant,
            number text NOT NULL CONSTRAINT ck_contract_number CHECK (number <> ''),
            title text NOT NULL,
            drawn_up_at timestamptz NOT NULL,
            drawn_up_by uuid,
            CONSTRAINT uq_contract_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT uq_contract_merchant_id_number UNIQUE (merchant_id, number)
        );
        CREATE TABLE contract_version (
            id uuid CONSTRAINT pk_contract_version PRIMARY KEY,
            merchant_id uuid NOT NULL,
            contract_id uuid NOT NULL,
            version integer NOT NULL CONSTRAINT ck_contract_version_version CHECK (version >= 1),
            valid_from date NOT NULL,
            valid_until date,
            terms jsonb NOT NULL,
            drafted_at timestamptz NOT NULL,
            drafted_by uuid,
            in_force_at timestamptz,
            in_force_by uuid,
            ended_on date,
            ended_at timestamptz,
            ended_by uuid,
            end_reason text,
            CONSTRAINT fk_contract_version_merchant_id_contract_id
                FOREIGN KEY (merchant_id, contract_id) REFERENCES contract (merchant_id, id),
            CONSTRAINT uq_contract_version_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT uq_contract_version_merchant_id_contract_id_version UNIQUE (merchant_id, contract_id, version),
            CONSTRAINT ck_contract_version_valid CHECK (valid_until >= valid_from),
            CONSTRAINT ck_contract_version_ended CHECK (
                (ended_on IS NULL) = (ended_at IS NULL) AND (ended_on IS NULL) = (end_reason IS NULL)
                AND (ended_on IS NULL OR in_force_at IS NOT NULL)),
            CONSTRAINT ck_contract_version_ended_on CHECK (ended_on >= valid_from - 1)
        );
        COMMENT ON COLUMN contract_version.valid_until IS 'the last day as agreed; null while open-ended';
        COMMENT ON COLUMN contract_version.ended_on IS
            'the last day after an early end; the day before valid_from when it never took effect';
        CREATE TABLE contract_document (
            id uuid CONSTRAINT pk_contract_document PRIMARY KEY,
            merchant_id uuid NOT NULL,
            version_id uuid NOT NULL,
            name text NOT NULL CONSTRAINT ck_contract_document_name CHECK (name <> ''),
            media_type text NOT NULL,
            size bigint NOT NULL CONSTRAINT ck_contract_document_size CHECK (size >= 0),
            sha256 bytea NOT NULL CONSTRAINT ck_contract_document_sha256 CHECK (length(sha256) = 32),
            storage_key text NOT NULL,
            added_at timestamptz NOT NULL,
            added_by uuid,
            CONSTRAINT fk_contract_document_merchant_id_version_id
                FOREIGN KEY (merchant_id, version_id) REFERENCES contract_version (merchant_id, id)
        );
        CREATE INDEX ix_contract_document_merchant_id_version_id ON contract_document (merchant_id, version_id);
        """
    )


def versions_of_a_merchant_never_overlap() -> None:
    """Two versions in force on one day would leave it to chance which decides: the database refuses them.

    An exclusion constraint on (merchant_id, daterange) would need btree_gist, which not every server has. The lock on
    the merchant lets only one transaction at a time decide; the query after it sees what the one before committed.
    """
    op.execute(
        """
        CREATE FUNCTION refuse_overlapping_versions() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER contract_version_never_overlaps AFTER INSERT OR UPDATE ON contract_version
            FOR EACH ROW WHEN (NEW.in_force_at IS NOT NULL) EXECUTE FUNCTION refuse_overlapping_versions();
        """
    )


def what_was_in_force_stays() -> None:
    """A version once in force is evidence: it may be ended, once, and otherwise neither changed nor deleted."""
    op.execute(
        """
        CREATE FUNCTION keep_version_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
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
        CREATE TRIGGER contract_version_is_kept BEFORE UPDATE OR DELETE ON contract_version
            FOR EACH ROW WHEN (OLD.in_force_at IS NOT NULL) EXECUTE FUNCTION keep_version_in_force();
        """
    )


def fences() -> None:
    """Only the agency writes here, and assigned staff its merchants' contacts; a merchant and assigned staff read.

    Whoever could write assignments or memberships could let themselves in; the door may, for accepted invitations.
    """
    op.execute(
        fence_by_scope("merchant", "agency")
        + f"""
        CREATE POLICY merchant_visible ON merchant FOR SELECT USING (
            id = (SELECT control.ctx_fence()) OR id IN ({ASSIGNED})
            OR (SELECT control.ctx_scope()) = 'door' AND id IN ({JOINED}));
        """
        + grant("merchant")
    )
    # Assigned staff see who serves whom, as ids: asking for the merchants assigned to them would ask this very policy.
    op.execute(
        fence_by_scope("assignment", "agency", "door", readable_by=("staff",))
        + """
        CREATE POLICY assignment_own ON assignment FOR SELECT USING (merchant_id = (SELECT control.ctx_fence()));
        """
        + grant("assignment")
    )
    op.execute(fence_by_scope("membership", "agency", "door") + visible("membership"))
    for table in ("shop", "contract", "contract_document"):
        op.execute(fence_by_scope(table, "agency") + visible(table))
    # A draft is the agency's own affair until it is in force.
    op.execute(fence_by_scope("contract_version", "agency") + visible("contract_version", "in_force_at IS NOT NULL"))
    op.execute(fence_by_scope("merchant_contact", "agency") + visible("merchant_contact"))
    op.execute(
        f"""
        CREATE POLICY merchant_contact_kept_by_staff ON merchant_contact
            USING (merchant_id IN ({ASSIGNED})) WITH CHECK (merchant_id IN ({ASSIGNED}));
        -- A merchant's people see the cards of the agency's people and of their own colleagues.
        CREATE POLICY account_for_merchant ON account FOR SELECT USING (
            (SELECT control.ctx_merchant()) IS NOT NULL AND (
                side = 'staff' OR id IN (
                    SELECT m.account_id FROM membership AS m WHERE m.merchant_id = (SELECT control.ctx_merchant()))));
        """
    )


def visible(table: str, to_the_merchant: str = "true") -> str:
    """The merchant reads its own rows, as far as the condition goes, assigned staff those of their merchants."""
    return f"""
        CREATE POLICY {table}_visible ON {table} FOR SELECT USING (
            merchant_id = (SELECT control.ctx_fence()) AND {to_the_merchant} OR merchant_id IN ({ASSIGNED}));
        """ + grant(table)
