"""Consumer records of tickets with their sealed fields, and which of a merchant's products are private by default."""

from alembic import op

from anshou.tickets.ddl import of_ticket, one_of, reference, who_when
from confidentiality.sealing.ddl import SEAL_VERSION, sealed_columns, sealed_indexes
from tenants.ddl import fence_by_merchant, grant

revision = "0012_consumers"
down_revision = "0011_disclosures"

SOLUTIONS = "'return_refund', 'refund_only', 'exchange', 'repair', 'reissue', 'compensation'"


def upgrade() -> None:
    op.execute(
        of_ticket(
            "consumer_record",
            "origin_id uuid NOT NULL",
            reference("consumer_record", "shop_id", "shop", null=True),
            "quantity integer NOT NULL CHECK (quantity > 0)",
            "is_private boolean NOT NULL",
            one_of("wanted", SOLUTIONS, null=True),
            who_when("added"),
            one_of("ending", "'corrected', 'removed'", null=True),
            who_when("ended", null=True),
            "CONSTRAINT ck_consumer_record_ending CHECK ((ending IS NULL) = (ended_at IS NULL))",
            SEAL_VERSION,
            sealed_columns("name", nullable=True),
            sealed_columns("phone", find=("exact", "last4"), nullable=True),
            sealed_columns("address", nullable=True),
            sealed_columns("order_number", find=("exact",), nullable=True),
            sealed_columns("product", nullable=True),
            sealed_columns("specification", nullable=True),
            sealed_columns("usage", nullable=True),
            sealed_columns("happened", nullable=True),
            changing=True,
        )
        + sealed_indexes("consumer_record", "phone", find=("exact", "last4"))
        + sealed_indexes("consumer_record", "order_number", find=("exact",))
        + grant("consumer_record", "delete")
    )
    op.execute(
        """
        CREATE UNIQUE INDEX uq_consumer_record_merchant_id_origin_id_current
            ON consumer_record (merchant_id, origin_id) WHERE ended_at IS NULL;
        COMMENT ON COLUMN consumer_record.origin_id IS 'the id of the record''s first row, by which it is known';
        """
    )
    op.execute(
        """
        CREATE TABLE private_rule (
            id uuid CONSTRAINT pk_private_rule PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_private_rule_merchant_id REFERENCES merchant,
            shop_id uuid,
            word text,
            added_at timestamptz NOT NULL,
            added_by uuid NOT NULL,
            CONSTRAINT fk_private_rule_merchant_id_shop_id
                FOREIGN KEY (merchant_id, shop_id) REFERENCES shop (merchant_id, id),
            CONSTRAINT ck_private_rule_one CHECK ((shop_id IS NULL) <> (word IS NULL)),
            CONSTRAINT uq_private_rule_merchant_id_shop_id_word UNIQUE NULLS NOT DISTINCT (merchant_id, shop_id, word)
        );
        """
        + fence_by_merchant("private_rule")
        + grant("private_rule", "select, insert, delete")
    )
