"""A merchant may take its data back again until the erasure begins, and each time is a step of its own."""

from alembic import op

revision = "0019_returns"
down_revision = "0018_costs"

UNIQUE = "uq_data_return_step_merchant_id_return_id_step"


def upgrade() -> None:
    op.execute(
        f"""
        ALTER TABLE data_return_step DROP CONSTRAINT {UNIQUE};
        CREATE UNIQUE INDEX {UNIQUE} ON data_return_step (merchant_id, return_id, step) WHERE step <> 'handed_over';
        CREATE INDEX ix_data_return_step_merchant_id_return_id ON data_return_step (merchant_id, return_id);
        """
    )
