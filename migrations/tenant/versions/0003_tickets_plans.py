"""What the service and data processes record: causes, determinations, plans, ratings, visits, metrics, questions."""

from alembic import op

from anshou.tickets.ddl import CHANNELS, DEPARTMENTS, basis_points, of_ticket, one_of, reference, who_when

revision = "0003_tickets_plans"
down_revision = "0003_tickets"

FACTORS = "'market', 'competitor', 'campaign_change', 'own_operation', 'platform_rule', 'technical'"
PARTIES = "'agency', 'merchant', 'platform', 'carrier', 'supplier', 'consumer', 'force_majeure'"
FINDINGS = "'not_technical', 'system_fault', 'data_transmission', 'collection'"
STATES = "'in_review', 'sent_back', 'approved', 'accepted', 'rejected', 'revised'"


def upgrade() -> None:
    causes()
    determinations()
    plans()
    answers()
    metrics()
    explanations()


def causes() -> None:
    op.execute(
        of_ticket(
            "triage",
            "round integer NOT NULL",
            one_of("finding", FINDINGS),
            "findings text NOT NULL",
            who_when("triaged"),
            readers="agency",
        )
        + of_ticket(
            "analysis",
            "round integer NOT NULL",
            "cause text NOT NULL",
            one_of("root_cause", FACTORS, null=True),
            one_of("responsible_department", DEPARTMENTS, null=True),
            "responsible_person uuid",
            who_when("analysed"),
            readers="agency",
        )
        + of_ticket(
            "factor",
            reference("factor", "analysis_id", "analysis"),
            one_of("factor", FACTORS),
            basis_points(),
            unique="merchant_id, analysis_id, factor",
            readers="agency",
        )
    )


def determinations() -> None:
    op.execute(
        of_ticket(
            "determination",
            "round integer NOT NULL",
            "basis text NOT NULL",
            "clause text NOT NULL",
            "reason text",
            reference("determination", "replaces_id", "determination", null=True),
            who_when("determined"),
            unique="merchant_id, replaces_id",
            readers="agency",
        )
        + of_ticket(
            "determination_share",
            reference("determination_share", "determination_id", "determination"),
            one_of("party", PARTIES),
            basis_points(),
            unique="merchant_id, determination_id, party",
            readers="agency",
        )
    )


def plans() -> None:
    op.execute(
        of_ticket(
            "plan",
            "round integer NOT NULL",
            "version integer NOT NULL CHECK (version >= 1)",
            "summary text NOT NULL",
            one_of("state", STATES),
            who_when("submitted"),
            unique="merchant_id, ticket_id, version",
            readers="audience",
            changing=True,
        )
        + of_ticket(
            "measure",
            reference("measure", "plan_id", "plan"),
            "position integer NOT NULL",
            "action text NOT NULL",
            "owner_id uuid NOT NULL",
            "deadline timestamptz NOT NULL",
            "result text",
            who_when("done", null=True),
            "CONSTRAINT ck_measure_result CHECK ((result IS NULL) = (done_at IS NULL))",
            unique="merchant_id, plan_id, position",
            readers="audience",
            changing=True,
        )
        + "CREATE INDEX ix_measure_owner_id ON measure (owner_id, ticket_id);"
    )
    op.execute(
        of_ticket(
            "plan_review",
            reference("plan_review", "plan_id", "plan"),
            "approved boolean NOT NULL",
            "comment text",
            who_when("reviewed"),
            unique="merchant_id, plan_id",
            readers="agency",
        )
    )


def answers() -> None:
    op.execute(
        of_ticket(
            "plan_answer",
            reference("plan_answer", "plan_id", "plan"),
            "accepted boolean NOT NULL",
            "comment text",
            "heard jsonb",
            who_when("answered"),
            unique="merchant_id, plan_id",
        )
        + of_ticket(
            "rating",
            "round integer NOT NULL",
            "score integer NOT NULL CHECK (score BETWEEN 1 AND 5)",
            "satisfied boolean NOT NULL",
            "comment text",
            "heard jsonb",
            who_when("rated"),
        )
        + of_ticket(
            "return_visit",
            "round integer NOT NULL",
            "visited_at timestamptz NOT NULL",
            one_of("channel", CHANNELS),
            "spoke_with text NOT NULL",
            "back_to_normal boolean NOT NULL",
            "recurred boolean NOT NULL",
            who_when("recorded"),
        )
    )


def metrics() -> None:
    op.execute(
        of_ticket(
            "metric_window",
            "metric text NOT NULL",
            "unit text NOT NULL",
            "starts_at timestamptz NOT NULL",
            "ends_at timestamptz NOT NULL",
            "expected numeric(20, 4) NOT NULL",
            "observed numeric(20, 4) NOT NULL",
            "CONSTRAINT ck_metric_window_ends CHECK (ends_at > starts_at)",
            unique="merchant_id, ticket_id",
        )
        + of_ticket(
            "observation",
            "round integer NOT NULL",
            "day date NOT NULL",
            "observed numeric(20, 4) NOT NULL",
            "normal boolean NOT NULL",
            "counts boolean NOT NULL",
            who_when("recorded"),
        )
        + "COMMENT ON COLUMN observation.counts IS 'normal on a day since monitoring began: counts towards N days';"
    )


def explanations() -> None:
    op.execute(
        of_ticket(
            "result",
            "round integer NOT NULL",
            "cause text NOT NULL",
            "measures text NOT NULL",
            who_when("told"),
        )
        + of_ticket(
            "result_confirmation",
            "round integer NOT NULL",
            "comment text",
            "heard jsonb",
            who_when("confirmed"),
        )
        + of_ticket(
            "question",
            "round integer NOT NULL",
            "question text NOT NULL",
            "heard jsonb",
            who_when("asked"),
            "answer text",
            who_when("answered", null=True),
            "CONSTRAINT ck_question_answer CHECK ((answer IS NULL) = (answered_at IS NULL))",
            changing=True,
        )
    )
