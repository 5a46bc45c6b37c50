"""Time limits: the tenant's figures and calendars, and the clocks of tickets with their stops and changes."""

from alembic import op

from anshou.tickets.ddl import DEPARTMENTS, of_ticket, one_of, reference
from tenants.ddl import fence_by_scope, grant

revision = "0004_clocks"
down_revision = "0003_tickets_disputes"

CLOCKS = (
    "'first_response', 'coordination', 'restoration', 'plan_submission', 'plan_execution', 'progress', "
    "'return_visit', 'consumer_answer'"
)
URGENCIES = "'normal', 'urgent'"
CHANNEL_CLASSES = "'chat', 'other', 'any'"
UNITS = "'minutes', 'hours', 'workdays'"
RULES = "'every_day', 'china', 'own'"
RUNNING = "met_at IS NULL AND ended_at IS NULL"
CAUSES = "'urgency', 'contract', 'department', 'setting', 'calendar'"


def upgrade() -> None:
    settings()
    clocks()
    what_is_on_record_stays()
    fences()


def settings() -> None:
    op.execute(
        f"""
        CREATE TABLE limit_setting (
            id uuid CONSTRAINT pk_limit_setting PRIMARY KEY,
            {one_of("clock", CLOCKS)},
            {one_of("urgency", URGENCIES)},
            {one_of("channels", CHANNEL_CLASSES)},
            limit_value integer CHECK (limit_value > 0),
            {one_of("limit_unit", UNITS, null=True)},
            calendar text,
            changed_at timestamptz NOT NULL,
            changed_by uuid NOT NULL,
            CONSTRAINT uq_limit_setting_clock_urgency_channels UNIQUE (clock, urgency, channels),
            CONSTRAINT ck_limit_setting_whole CHECK (num_nulls(limit_value, limit_unit, calendar) IN (0, 3))
        );
        CREATE TABLE calendar_setting (
            id uuid CONSTRAINT pk_calendar_setting PRIMARY KEY,
            code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]*$'),
            {one_of("department", DEPARTMENTS, null=True)},
            label text NOT NULL CHECK (label <> ''),
            zone text NOT NULL,
            week jsonb NOT NULL CHECK (jsonb_array_length(week) = 7),
            {one_of("rule", RULES)},
            makeup_hours text NOT NULL,
            changed_at timestamptz NOT NULL,
            changed_by uuid NOT NULL,
            CONSTRAINT uq_calendar_setting_code_department UNIQUE NULLS NOT DISTINCT (code, department)
        );
        COMMENT ON COLUMN calendar_setting.week IS 'the hours of Monday to Sunday, e.g. 09:00-12:00, 13:30-18:00';
        CREATE TABLE calendar_day (
            id uuid CONSTRAINT pk_calendar_day PRIMARY KEY,
            calendar text NOT NULL,
            day date NOT NULL,
            working boolean NOT NULL,
            name text NOT NULL,
            changed_at timestamptz NOT NULL,
            changed_by uuid NOT NULL,
            CONSTRAINT uq_calendar_day_calendar_day UNIQUE (calendar, day)
        );
        CREATE TABLE calendar_year (
            id uuid CONSTRAINT pk_calendar_year PRIMARY KEY,
            year integer NOT NULL CONSTRAINT uq_calendar_year_year UNIQUE,
            entered_at timestamptz NOT NULL,
            entered_by uuid
        );
        COMMENT ON COLUMN calendar_year.entered_by IS 'null for a year that came published with the product';
        """
    )


def clocks() -> None:
    op.execute(
        of_ticket(
            "ticket_clock",
            one_of("clock", CLOCKS),
            one_of("urgency", URGENCIES),
            one_of("channels", CHANNEL_CLASSES),
            one_of("department", DEPARTMENTS, null=True),
            "clause jsonb",
            "started_at timestamptz NOT NULL",
            "limit_value integer CHECK (limit_value > 0)",
            one_of("limit_unit", UNITS, null=True),
            "calendar text",
            one_of("source", "'setting', 'contract'", null=True),
            "due_at timestamptz",
            "warn_at timestamptz",
            "late_at timestamptz",
            "warned_at timestamptz",
            "breached_at timestamptz",
            "breach_told_at timestamptz",
            "late_told_at timestamptz",
            "met_at timestamptz",
            "ended_at timestamptz",
            "explanation jsonb",
            "CONSTRAINT ck_ticket_clock_limit CHECK ("
            "num_nulls(limit_value, limit_unit, calendar, source, explanation) IN (0, 5))",
            "CONSTRAINT ck_ticket_clock_ended CHECK (met_at IS NULL OR ended_at IS NULL)",
            changing=True,
        )
        + f"""
        CREATE UNIQUE INDEX uq_ticket_clock_running ON ticket_clock (merchant_id, ticket_id, clock) WHERE {RUNNING};
        CREATE INDEX ix_ticket_clock_id_running ON ticket_clock (id) WHERE {RUNNING};
        COMMENT ON COLUMN ticket_clock.limit_value IS 'null while there is no limit at this urgency';
        COMMENT ON COLUMN ticket_clock.due_at IS 'null without a limit, and while a stop keeps it open';
        """
    )
    op.execute(
        of_ticket(
            "clock_stop",
            "since timestamptz NOT NULL",
            "until timestamptz",
            "reason text NOT NULL",
            "CONSTRAINT ck_clock_stop_until CHECK (until >= since)",
            changing=True,
        )
        + "CREATE UNIQUE INDEX uq_clock_stop_lasting ON clock_stop (merchant_id, ticket_id) WHERE until IS NULL;"
    )
    op.execute(
        of_ticket(
            "clock_change",
            reference("clock_change", "clock_id", "ticket_clock"),
            "at timestamptz NOT NULL",
            one_of("cause", CAUSES),
            "old_due_at timestamptz",
            "new_due_at timestamptz",
            "old_limit jsonb",
            "new_limit jsonb",
            readers="agency",
        )
    )


def what_is_on_record_stays() -> None:
    """A clock that was met or breached is what reports and contracts are measured by: nobody corrects it later."""
    op.execute(
        """
        CREATE FUNCTION keep_clock_on_record() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF coalesce(OLD.breached_at, NEW.breached_at) IS DISTINCT FROM NEW.breached_at
                OR coalesce(OLD.met_at, NEW.met_at) IS DISTINCT FROM NEW.met_at
                OR coalesce(OLD.ended_at, NEW.ended_at) IS DISTINCT FROM NEW.ended_at
                OR num_nonnulls(OLD.breached_at, OLD.met_at, OLD.ended_at) > 0
                AND (NEW.id, NEW.merchant_id, NEW.ticket_id, NEW.clock, NEW.started_at, NEW.due_at) IS DISTINCT FROM
                    (OLD.id, OLD.merchant_id, OLD.ticket_id, OLD.clock, OLD.started_at, OLD.due_at)
            THEN
                RAISE EXCEPTION 'a clock that was met or breached is kept as it was'
                    USING ERRCODE = 'restrict_violation', TABLE = 'ticket_clock';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER ticket_clock_is_kept BEFORE UPDATE ON ticket_clock
            FOR EACH ROW EXECUTE FUNCTION keep_clock_on_record();
        """
    )


def fences() -> None:
    """Only the agency sets figures and calendars; everybody's moves are counted by them, so everybody reads them."""
    for table in ("limit_setting", "calendar_setting", "calendar_day", "calendar_year"):
        op.execute(fence_by_scope(table, "agency", readable_by=("staff", "merchant")) + grant(table))
