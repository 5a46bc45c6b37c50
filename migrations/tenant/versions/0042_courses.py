"""Courses: what a ticket took, a row for each time it was open, so that measures need not read its timeline."""

from alembic import op

from anshou.tickets.ddl import DEPARTMENTS, one_of
from tenants.ddl import fence_by_merchant, fence_by_scope, grant

revision = "0042_courses"
down_revision = "0041_search"

KINDS = "'service_quality', 'data_anomaly', 'contract_dispute'"
OUTCOMES = "'resolved', 'withdrawn', 'refused', 'merged', 'unanswered'"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE ticket_course (
            merchant_id uuid NOT NULL,
            ticket_id uuid NOT NULL,
            position smallint NOT NULL CHECK (position >= 0),
            {one_of("kind", KINDS)},
            category text,
            {one_of("department", DEPARTMENTS, null=True)},
            shop_id uuid,
            owner_id uuid,
            started_at timestamptz NOT NULL,
            ended_at timestamptz,
            {one_of("outcome", OUTCOMES, null=True)},
            reopened boolean NOT NULL,
            like_ended_at timestamptz,
            responded_at timestamptz,
            response_minutes integer,
            response_open_minutes integer,
            handling_minutes integer,
            handling_open_minutes integer,
            rated_at timestamptz,
            score smallint,
            satisfied boolean,
            unsatisfied smallint NOT NULL,
            CONSTRAINT pk_ticket_course PRIMARY KEY (merchant_id, ticket_id, position),
            CONSTRAINT fk_ticket_course_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id)
                REFERENCES ticket (merchant_id, id) ON DELETE CASCADE,
            CONSTRAINT ck_ticket_course_ended CHECK ((ended_at IS NULL) = (outcome IS NULL)
                AND (ended_at IS NULL) = (handling_minutes IS NULL)
                AND (ended_at IS NULL) = (handling_open_minutes IS NULL)),
            CONSTRAINT ck_ticket_course_responded CHECK ((responded_at IS NULL) = (response_minutes IS NULL)
                AND (responded_at IS NULL) = (response_open_minutes IS NULL)),
            CONSTRAINT ck_ticket_course_rated CHECK ((rated_at IS NULL) = (score IS NULL)
                AND (rated_at IS NULL) = (satisfied IS NULL))
        );
        CREATE INDEX ix_ticket_course_started_at ON ticket_course (started_at);
        CREATE INDEX ix_ticket_course_ended_at ON ticket_course (ended_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX ix_ticket_course_open ON ticket_course (started_at) WHERE ended_at IS NULL;
        CREATE INDEX ix_ticket_course_responded_at ON ticket_course (responded_at) WHERE responded_at IS NOT NULL;
        CREATE INDEX ix_ticket_course_rated_at ON ticket_course (rated_at) WHERE rated_at IS NOT NULL;
        CREATE INDEX ix_ticket_course_like ON ticket_course (merchant_id, category, ended_at)
            WHERE ended_at IS NOT NULL;
        COMMENT ON TABLE ticket_course IS 'a row for each time a ticket was open: from opening or reopening to its end';
        COMMENT ON COLUMN ticket_course.like_ended_at IS
            'when the last other ticket of the merchant and category had ended before this one was opened';
        COMMENT ON COLUMN ticket_course.unsatisfied IS 'how often the merchant was not satisfied in it';
        """
        + fence_by_merchant("ticket_course")
        + grant("ticket_course")
    )
    op.execute(
        """
        CREATE TABLE course_count (
            only_one boolean CONSTRAINT pk_course_count PRIMARY KEY DEFAULT true CHECK (only_one),
            calendars text NOT NULL,
            reached uuid,
            finished_at timestamptz
        );
        COMMENT ON TABLE course_count IS 'how far all courses were counted, and under which calendars';
        """
        + fence_by_scope("course_count", "agency", readable_by=("staff", "merchant"))
        + grant("course_count")
    )
    op.execute(
        """
        CREATE INDEX ix_ticket_clock_decided ON ticket_clock ((coalesce(breached_at, met_at)))
            INCLUDE (merchant_id, ticket_id, clock, breached_at, met_at)
            WHERE limit_value IS NOT NULL AND coalesce(breached_at, met_at) IS NOT NULL;
        """
    )
