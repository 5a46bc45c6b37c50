"""Limits that were decided, a narrow row each that says of its ticket what measures tell apart: no look-up is left.

Each limit's ticket used to be looked up one by one; the index of these rows alone says it (decision record 0109).
"""

from alembic import op

from anshou.tickets.ddl import DEPARTMENTS, one_of
from tenants.ddl import fence_by_merchant, grant

revision = "0059_decided_limits"
down_revision = "0058_lists_of_all"

KINDS = "'service_quality', 'data_anomaly', 'contract_dispute'"

# What tickets are told apart by, besides their merchant.
TOLD = "merchant_id, kind, category, department, shop_id, owner_id"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE ticket_limit (
            merchant_id uuid NOT NULL,
            ticket_id uuid NOT NULL,
            clock_id uuid NOT NULL,
            clock text NOT NULL,
            decided_at timestamptz NOT NULL,
            breached boolean NOT NULL,
            {one_of("kind", KINDS)},
            category text,
            {one_of("department", DEPARTMENTS, null=True)},
            shop_id uuid,
            owner_id uuid,
            CONSTRAINT pk_ticket_limit PRIMARY KEY (merchant_id, ticket_id, clock_id),
            CONSTRAINT fk_ticket_limit_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id)
                REFERENCES ticket (merchant_id, id) ON DELETE CASCADE
        );
        INSERT INTO ticket_limit (merchant_id, ticket_id, clock_id, clock, decided_at, breached,
            kind, category, department, shop_id, owner_id)
        SELECT t.merchant_id, t.id, o.id, o.clock, coalesce(o.breached_at, o.met_at), o.breached_at IS NOT NULL,
            t.kind, t.category, t.department, t.shop_id, t.owner_id
        FROM ticket_clock AS o JOIN ticket AS t ON t.merchant_id = o.merchant_id AND t.id = o.ticket_id
        WHERE o.limit_value IS NOT NULL AND coalesce(o.breached_at, o.met_at) IS NOT NULL;
        CREATE INDEX ix_ticket_limit_decided_at ON ticket_limit (decided_at) INCLUDE (clock, breached, {TOLD});
        COMMENT ON TABLE ticket_limit IS 'limits of which it is decided whether they were kept, a row for each';
        COMMENT ON COLUMN ticket_limit.decided_at IS
            'when it passed, or when in time what it asks for was done';
        DROP INDEX ix_ticket_clock_decided;
        """
        + fence_by_merchant("ticket_limit")
        + grant("ticket_limit")
    )
