"""Group robots of WeCom, DingTalk and Feishu, and what each has to say: numbers and kinds of event, never content."""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0040_group_robots"
down_revision = "0039_drafts"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE group_robot (
            id uuid CONSTRAINT pk_group_robot PRIMARY KEY,
            name text NOT NULL,
            messenger text NOT NULL CONSTRAINT ck_group_robot_messenger
                CHECK (messenger IN ('wecom', 'dingtalk', 'feishu')),
            sealed_url bytea NOT NULL,
            sealed_secret bytea,
            hint text NOT NULL,
            kinds jsonb NOT NULL,
            department text,
            locale text NOT NULL,
            to_all_if_urgent boolean NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL CONSTRAINT fk_group_robot_created_by REFERENCES account,
            silent text CONSTRAINT ck_group_robot_silent CHECK (silent IN ('by_person', 'shut')),
            silent_at timestamptz,
            silent_because text,
            speaks_at timestamptz,
            CONSTRAINT ck_group_robot_silent_at CHECK ((silent IS NULL) = (silent_at IS NULL))
        );
        COMMENT ON COLUMN group_robot.hint IS 'the last characters of the key in the sealed address';
        """
        + fence_by_scope("group_robot", "agency")
        + grant("group_robot")
    )
    op.execute(
        """
        CREATE TABLE robot_saying (
            id uuid CONSTRAINT pk_robot_saying PRIMARY KEY,
            robot_id uuid NOT NULL CONSTRAINT fk_robot_saying_robot_id REFERENCES group_robot ON DELETE CASCADE,
            source uuid NOT NULL,
            event text NOT NULL,
            number text NOT NULL,
            owed_at timestamptz NOT NULL,
            next_attempt_at timestamptz,
            attempts integer NOT NULL,
            last_attempt_at timestamptz,
            sent_at timestamptz,
            failed_at timestamptz,
            reason text,
            held_by uuid,
            held_until timestamptz,
            CONSTRAINT uq_robot_saying_robot_id_source UNIQUE (robot_id, source),
            CONSTRAINT ck_robot_saying_ended CHECK (sent_at IS NULL OR failed_at IS NULL),
            CONSTRAINT ck_robot_saying_held CHECK ((held_by IS NULL) = (held_until IS NULL))
        );
        CREATE INDEX ix_robot_saying_waiting ON robot_saying (robot_id, owed_at)
            WHERE sent_at IS NULL AND failed_at IS NULL;
        CREATE INDEX ix_robot_saying_owed_at ON robot_saying (owed_at DESC, id DESC);
        """
        + fence_by_scope("robot_saying", "agency")
        + grant("robot_saying")
    )
