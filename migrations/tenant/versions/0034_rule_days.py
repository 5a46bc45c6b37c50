"""From which day on a version of the general rule counts."""

from alembic import op

revision = "0034_rule_days"
down_revision = "0033_objections"


def upgrade() -> None:
    # What was set before counted for every day.
    op.execute(
        """
        ALTER TABLE general_rule ADD COLUMN valid_from date NOT NULL DEFAULT '2000-01-01';
        ALTER TABLE general_rule ALTER COLUMN valid_from DROP DEFAULT;
        COMMENT ON COLUMN general_rule.valid_from IS 'of the versions that count on a day the latest decides';
        COMMENT ON TABLE general_rule IS 'who bears a cost where the contract says nothing';
        """
    )
