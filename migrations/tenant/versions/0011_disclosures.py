"""Disclosures (对外提供): what is asked, the merchant's signatures, how a consent ended, and what was handed out."""

from alembic import op

from anshou.privacy.ddl import hashed, of_merchant, signed
from anshou.tickets.ddl import one_of, reference, who_when

revision = "0011_disclosures"
down_revision = "0010_keys"

RECIPIENTS = "'carrier', 'platform', 'supplier', 'lawyer', 'authority', 'appraiser', 'insurer', 'other'"
PARTS = "'general', 'sensitive'"
ENDS = "'refused', 'retracted', 'withdrawn', 'expired'"
FORMATS = "'xlsx', 'json', 'file'"


def upgrade() -> None:
    op.execute(
        of_merchant(
            "disclosure",
            "number text NOT NULL",
            "recipient_name text NOT NULL",
            one_of("recipient_kind", RECIPIENTS),
            "purpose text NOT NULL",
            "asks_sensitive boolean NOT NULL",
            "valid_from timestamptz NOT NULL",
            "valid_until timestamptz NOT NULL CHECK (valid_until > valid_from)",
            hashed(),
            who_when("requested"),
            unique=("number",),
            lockable=True,
        )
        + "COMMENT ON COLUMN disclosure.document IS 'the canonical text that is shown, hashed and signed';"
        + of_merchant(
            "consent_signature",
            reference("consent_signature", "disclosure_id", "disclosure"),
            one_of("part", PARTS),
            signed(),
            unique=("disclosure_id, part",),
        )
        + of_merchant(
            "consent_end",
            reference("consent_end", "disclosure_id", "disclosure"),
            one_of("part", PARTS),
            one_of("sort", ENDS),
            "reason text NOT NULL",
            who_when("ended"),
            unique=("disclosure_id, part",),
        )
        + of_merchant(
            "disclosure_export",
            reference("disclosure_export", "disclosure_id", "disclosure"),
            "sequence integer NOT NULL CHECK (sequence >= 1)",
            one_of("format", FORMATS),
            "fields jsonb NOT NULL",
            "row_count integer NOT NULL",
            "left_out integer NOT NULL",
            "attachment_id uuid",
            "file_name text NOT NULL",
            "size bigint NOT NULL",
            "sha256 text NOT NULL",
            "leaf_hash bytea NOT NULL",
            who_when("exported"),
            unique=("disclosure_id, sequence",),
        )
    )
