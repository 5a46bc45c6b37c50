"""Tickets: where each stands, its one timeline, how it ended, and who carried it how urgently.

Who reads which table, and why two policies: `src/anshou/tickets/ddl.py`.
"""

from alembic import op

from anshou.tickets.ddl import CHANNELS, DEPARTMENTS, SIDES, guard, of_ticket, one_of, reference, who_when
from tenants.ddl import fence_by_scope, grant

revision = "0003_tickets"
down_revision = "0002_merchants"

KINDS = "'service_quality', 'data_anomaly', 'contract_dispute'"
STATUSES = "'pending', 'in_progress', 'awaiting_customer', 'done', 'closed'"
OUTCOMES = "'resolved', 'withdrawn', 'refused', 'merged', 'unanswered'"
LEVELS = "'supervisor', 'executive'"
SORTS = "'message', 'note', 'contact', 'move', 'system', 'attachment'"
RELATIONS = "'related', 'caused_by', 'follows', 'duplicates'"


def upgrade() -> None:
    tickets()
    queues()
    timeline()
    ends()
    steering()
    meetings()


def tickets() -> None:
    op.execute(
        """
        CREATE TABLE ticket_series (
            series text CONSTRAINT pk_ticket_series PRIMARY KEY,
            last integer NOT NULL CONSTRAINT ck_ticket_series_last CHECK (last > 0)
        );
        COMMENT ON TABLE ticket_series IS 'the last number given in each series, such as FW2611';
        """
        + fence_by_scope("ticket_series", "agency", "staff", "merchant")
        + grant("ticket_series", "select, insert, update")
    )
    op.execute(
        f"""
        CREATE TABLE ticket (
            id uuid CONSTRAINT pk_ticket PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_ticket_merchant_id REFERENCES merchant,
            number text NOT NULL,
            {one_of("kind", KINDS)},
            shop_id uuid,
            contract_version_id uuid,
            {one_of("channel", CHANNELS)},
            title text NOT NULL CHECK (title <> ''),
            description text NOT NULL,
            request text NOT NULL,
            category text,
            {one_of("urgency", "'normal', 'urgent'")},
            owner_id uuid,
            {one_of("department", DEPARTMENTS, null=True)},
            promised_at timestamptz,
            step text NOT NULL,
            step_since timestamptz NOT NULL,
            {one_of("status", STATUSES)},
            round integer NOT NULL CHECK (round >= 1),
            on_hold boolean NOT NULL,
            awaiting_since timestamptz,
            version integer NOT NULL CHECK (version >= 1),
            occurred_on date NOT NULL,
            opened_at timestamptz NOT NULL,
            opened_by uuid NOT NULL,
            closed_at timestamptz,
            {one_of("outcome", OUTCOMES, null=True)},
            next_due_at timestamptz,
            last_entry_at timestamptz NOT NULL,
            CONSTRAINT ck_ticket_closed CHECK ((step = 'closed') = (closed_at IS NOT NULL)
                AND (step = 'closed') = (outcome IS NOT NULL) AND (step = 'closed') = (status = 'closed')),
            CONSTRAINT fk_ticket_merchant_id_shop_id
                FOREIGN KEY (merchant_id, shop_id) REFERENCES shop (merchant_id, id),
            CONSTRAINT fk_ticket_merchant_id_contract_version_id
                FOREIGN KEY (merchant_id, contract_version_id) REFERENCES contract_version (merchant_id, id),
            CONSTRAINT uq_ticket_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT uq_ticket_merchant_id_number UNIQUE (merchant_id, number)
        );
        COMMENT ON COLUMN ticket.contract_version_id IS 'in force on occurred_on';
        COMMENT ON COLUMN ticket.next_due_at IS 'the earliest due time of its running clocks, kept by them';
        COMMENT ON COLUMN ticket.awaiting_since IS 'since when the merchant owes an answer';
        """
        + guard("ticket", readers="both", changing=True)
    )
    op.execute(
        of_ticket(
            "ticket_desk",
            one_of("severity", "'minor', 'moderate', 'major', 'critical'", null=True),
            one_of("level", LEVELS, null=True),
            unique="merchant_id, ticket_id",
            readers="agency",
            changing=True,
        )
        + "COMMENT ON TABLE ticket_desk IS 'what of a ticket''s standing only the agency knows';"
    )


def queues() -> None:
    """Queues run in the order of the next due time; a number is looked up without its merchant."""
    op.execute(
        """
        CREATE INDEX ix_ticket_number ON ticket (number);
        CREATE INDEX ix_ticket_due ON ticket ((coalesce(next_due_at, 'infinity')), id) WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_merchant_id_due ON ticket (merchant_id, (coalesce(next_due_at, 'infinity')), id)
            WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_owner_id_due ON ticket (owner_id, (coalesce(next_due_at, 'infinity')), id)
            WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_department_due ON ticket (department, (coalesce(next_due_at, 'infinity')), id)
            WHERE closed_at IS NULL;
        CREATE INDEX ix_ticket_closed_at ON ticket (closed_at DESC, id DESC) WHERE closed_at IS NOT NULL;
        CREATE INDEX ix_ticket_merchant_id_closed_at ON ticket (merchant_id, closed_at DESC, id DESC)
            WHERE closed_at IS NOT NULL;
        """
    )


def timeline() -> None:
    op.execute(
        of_ticket(
            "entry",
            "at timestamptz NOT NULL",
            one_of("sort", SORTS),
            "author_id uuid NOT NULL",
            "author_name text NOT NULL",
            one_of("author_side", SIDES),
            "move text",
            "body text",
            "record jsonb NOT NULL",
            "changes jsonb NOT NULL",
            "round integer NOT NULL",
            "version integer NOT NULL",
            reference("entry", "part_of", "entry", null=True),
            reference("entry", "corrects", "entry", null=True),
            "CONSTRAINT ck_entry_move CHECK (sort <> 'move' OR move IS NOT NULL)",
            readers="audience",
        )
        + """
        COMMENT ON COLUMN entry.audience IS 'merchant: both sides read it; agency: it never leaves the agency';
        COMMENT ON COLUMN entry.part_of IS 'the entry both sides read, of which this is what the agency alone reads';
        COMMENT ON COLUMN entry.version IS 'the ticket''s version after it';
        """
    )
    op.execute(
        of_ticket(
            "attachment",
            reference("attachment", "entry_id", "entry"),
            "name text NOT NULL CHECK (name <> '')",
            "media_type text NOT NULL",
            "size bigint NOT NULL CHECK (size >= 0)",
            "sha256 text NOT NULL CHECK (length(sha256) = 64)",
            "storage_key text NOT NULL",
            who_when("added"),
            readers="audience",
        )
    )


def ends() -> None:
    op.execute(
        of_ticket(
            "closure",
            "round integer NOT NULL",
            one_of("outcome", OUTCOMES),
            "said text",
            reference("closure", "merged_into", "ticket", null=True),
            who_when("closed"),
        )
        + of_ticket("reopening", "round integer NOT NULL", "reason text NOT NULL", who_when("reopened"))
        + of_ticket(
            "improvement",
            "action text NOT NULL",
            "owner_id uuid NOT NULL",
            "deadline timestamptz NOT NULL",
            who_when("agreed"),
            readers="agency",
        )
    )


def steering() -> None:
    op.execute(
        of_ticket("hold", "reason text NOT NULL", who_when("held"), who_when("ended", null=True), changing=True)
        + "CREATE UNIQUE INDEX uq_hold_running ON hold (merchant_id, ticket_id) WHERE ended_at IS NULL;"
    )
    op.execute(
        of_ticket(
            "hand_over",
            one_of("from_department", DEPARTMENTS, null=True),
            one_of("to_department", DEPARTMENTS),
            "reason text",
            who_when("handed"),
            readers="agency",
        )
        + "CREATE INDEX ix_hand_over_to_department ON hand_over (to_department, ticket_id);"
    )
    op.execute(
        of_ticket(
            "escalation",
            one_of("level", LEVELS),
            "reason text NOT NULL",
            who_when("escalated"),
            "decision text",
            who_when("decided", null=True),
            "CONSTRAINT ck_escalation_decision CHECK ((decision IS NULL) = (decided_at IS NULL))",
            readers="agency",
            changing=True,
        )
    )
    op.execute(
        of_ticket(
            "ticket_link",
            reference("ticket_link", "other_id", "ticket"),
            one_of("relation", RELATIONS),
            who_when("linked"),
            "CONSTRAINT ck_ticket_link_other CHECK (other_id <> ticket_id)",
            unique="merchant_id, ticket_id, other_id, relation",
            readers="agency",
        )
        + "CREATE INDEX ix_ticket_link_merchant_id_other_id ON ticket_link (merchant_id, other_id);"
    )


def meetings() -> None:
    op.execute(
        of_ticket(
            "meeting",
            "held_at timestamptz NOT NULL",
            "departments jsonb NOT NULL",
            "people text NOT NULL",
            "discussion text NOT NULL",
            who_when("recorded"),
            readers="agency",
        )
        + of_ticket(
            "meeting_decision",
            reference("meeting_decision", "meeting_id", "meeting"),
            "position integer NOT NULL",
            "decision text NOT NULL",
            "owner_id uuid",
            "deadline timestamptz",
            readers="agency",
        )
    )
