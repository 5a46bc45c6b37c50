"""Objections to determinations of responsibility and their reviews; what the merchant is told of a determination.

What was determined before this revision was written for the agency alone, and stays so.
"""

from alembic import op

from anshou.tickets.ddl import SIDES, of_ticket, one_of, reference, who_when

revision = "0033_objections"
down_revision = "0032_carried_over"

LEVELS = "'supervisor', 'executive'"
CLOCKS = (
    "'first_response', 'coordination', 'restoration', 'plan_submission', 'plan_execution', 'progress', "
    "'return_visit', 'consumer_answer', 'objection'"
)
# As `anshou.tickets.sealed_contents.CONTENTS`, the ticket's own row left aside.
WITH_CONTENTS = (
    "entry",
    "attachment",
    "closure",
    "reopening",
    "improvement",
    "hold",
    "clock_stop",
    "hand_over",
    "escalation",
    "meeting",
    "meeting_decision",
    "triage",
    "analysis",
    "determination",
    "determination_objection",
    "determination_review",
    "plan",
    "measure",
    "plan_review",
    "plan_answer",
    "rating",
    "return_visit",
    "result",
    "result_confirmation",
    "question",
    "metric_window",
    "observation",
    "evidence_item",
    "point_at_issue",
    "negotiation_round",
    "agreement",
    "proceeding",
    "proceeding_outcome",
    "obligation",
)


def upgrade() -> None:
    told()
    objections()
    sealed()
    clock()


def told() -> None:
    """A determination has readers, and the level of the agency that made it."""
    op.execute(
        f"""
        ALTER TABLE determination
            ADD COLUMN audience text NOT NULL DEFAULT 'agency'
                CONSTRAINT ck_determination_audience CHECK (audience IN ({SIDES})),
            ADD COLUMN level text CONSTRAINT ck_determination_level CHECK (level IN ({LEVELS}));
        ALTER TABLE determination_share
            ADD COLUMN audience text NOT NULL DEFAULT 'agency'
                CONSTRAINT ck_determination_share_audience CHECK (audience IN ({SIDES}));
        ALTER TABLE determination ALTER COLUMN audience DROP DEFAULT;
        ALTER TABLE determination_share ALTER COLUMN audience DROP DEFAULT;
        COMMENT ON COLUMN determination.level IS 'null where the department itself determined';
        """
    )
    for table in ("determination", "determination_share"):
        op.execute(
            f"""
            DROP POLICY {table}_inside ON {table};
            CREATE POLICY {table}_inside ON {table} AS RESTRICTIVE
                USING (audience = 'merchant' OR (SELECT control.ctx_scope()) <> 'merchant') WITH CHECK (true);
            """
        )


def objections() -> None:
    op.execute(
        of_ticket(
            "determination_objection",
            reference("determination_objection", "determination_id", "determination"),
            one_of("level", LEVELS),
            "reason text NOT NULL",
            reference("determination_objection", "attachment_id", "attachment", null=True),
            "heard jsonb",
            who_when("raised"),
            # Each level is asked once about the same determination.
            unique="merchant_id, determination_id, level",
        )
        + of_ticket(
            "determination_review",
            reference("determination_review", "objection_id", "determination_objection"),
            one_of("outcome", "'upheld', 'replaced'"),
            one_of("level", LEVELS),
            "reason text NOT NULL",
            reference("determination_review", "determination_id", "determination", null=True),
            who_when("reviewed"),
            "CONSTRAINT ck_determination_review_replaced "
            "CHECK ((outcome = 'replaced') = (determination_id IS NOT NULL))",
            unique="merchant_id, objection_id",
        )
    )


def sealed() -> None:
    """On a confidential ticket their reasons lie sealed as well."""
    rows = " ".join(
        f"WHEN '{table}' THEN EXISTS (SELECT FROM {table} WHERE {table}.id = sealed_content.id)"
        for table in WITH_CONTENTS
    )
    op.execute(
        f"""
        DROP POLICY sealed_content_inside ON sealed_content;
        CREATE POLICY sealed_content_inside ON sealed_content AS RESTRICTIVE FOR SELECT
            USING ((SELECT control.ctx_scope()) <> 'merchant' OR CASE of_table WHEN 'ticket' THEN true {rows}
                ELSE false END);
        """
    )
    for table in ("determination_objection", "determination_review"):
        op.execute(
            f"CREATE TRIGGER {table}_is_sealed_if_confidential BEFORE INSERT OR UPDATE OF reason ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_plain_content('reason');"
        )


def clock() -> None:
    for table in ("limit_setting", "ticket_clock"):
        op.execute(
            f"""
            ALTER TABLE {table} DROP CONSTRAINT {table}_clock_check,
                ADD CONSTRAINT {table}_clock_check CHECK (clock IN ({CLOCKS}));
            """
        )
