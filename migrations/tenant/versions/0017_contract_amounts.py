"""The amounts that contracts agree, sealed; their documents lie sealed in the storage; accounts for settling."""

from alembic import op

from confidentiality.sealing.ddl import SEAL_VERSION, sealed_columns, sealed_indexes
from tenants.ddl import fence_by_merchant, grant

revision = "0017_contract_amounts"
down_revision = "0016_duties"

PARTIES = "'agency', 'merchant', 'platform', 'carrier', 'supplier', 'consumer', 'force_majeure'"


def upgrade() -> None:
    op.execute("ALTER TABLE contract_document ADD COLUMN is_sealed boolean NOT NULL DEFAULT false")
    op.execute(
        f"""
        CREATE TABLE contract_amount (
            id uuid CONSTRAINT pk_contract_amount PRIMARY KEY,
            merchant_id uuid NOT NULL,
            version_id uuid NOT NULL,
            clause text NOT NULL,
            party text NOT NULL CONSTRAINT ck_contract_amount_party CHECK (party IN ({PARTIES})),
            per text NOT NULL CONSTRAINT ck_contract_amount_per CHECK (per IN ('item', 'month', 'term')),
            {SEAL_VERSION},
            {sealed_columns("amount")},
            CONSTRAINT fk_contract_amount_merchant_id_version_id
                FOREIGN KEY (merchant_id, version_id) REFERENCES contract_version (merchant_id, id),
            CONSTRAINT uq_contract_amount_merchant_id_version_id_clause_party_per
                UNIQUE (merchant_id, version_id, clause, party, per)
        );
        """
        + fence_by_merchant("contract_amount")
        + grant("contract_amount")
    )
    what_was_in_force_stays()
    accounts()


def what_was_in_force_stays() -> None:
    """As the terms of a version in force: its amounts neither come nor go, though they may be sealed anew."""
    op.execute(
        """
        CREATE FUNCTION keep_amounts_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            changed contract_amount := coalesce(NEW, OLD);
        BEGIN
            PERFORM FROM contract_version
                WHERE merchant_id = changed.merchant_id AND id = changed.version_id AND in_force_at IS NOT NULL;
            IF FOUND AND NOT control.erasing(TG_RELID) THEN
                RAISE EXCEPTION 'the amounts of a contract version in force are kept as they were'
                    USING ERRCODE = 'restrict_violation', TABLE = 'contract_amount';
            END IF;
            RETURN changed;
        END $$;
        CREATE TRIGGER contract_amount_is_kept BEFORE INSERT OR DELETE ON contract_amount
            FOR EACH ROW EXECUTE FUNCTION keep_amounts_in_force();
        """
    )


def accounts() -> None:
    op.execute(
        f"""
        CREATE TABLE settlement_account (
            id uuid CONSTRAINT pk_settlement_account PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_settlement_account_merchant_id REFERENCES merchant,
            bank text NOT NULL CONSTRAINT ck_settlement_account_bank CHECK (bank <> ''),
            kept_at timestamptz NOT NULL,
            kept_by uuid NOT NULL,
            retired_at timestamptz,
            retired_by uuid,
            {SEAL_VERSION},
            {sealed_columns("holder")},
            {sealed_columns("number", find=("exact", "last4"))},
            {sealed_columns("identity_number", find=("exact",), nullable=True)},
            CONSTRAINT uq_settlement_account_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT ck_settlement_account_retired CHECK ((retired_at IS NULL) = (retired_by IS NULL))
        );
        COMMENT ON TABLE settlement_account IS 'an account by which is settled; retired, never changed';
        """
        + sealed_indexes("settlement_account", "number", find=("exact", "last4"))
        + sealed_indexes("settlement_account", "identity_number", find=("exact",))
        + fence_by_merchant("settlement_account")
        + grant("settlement_account", "select, insert, update")
    )
