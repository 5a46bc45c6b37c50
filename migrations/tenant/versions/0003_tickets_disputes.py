"""What a dispute records: evidence, points at issue, negotiation, agreements, signatures, proceedings, duties."""

from alembic import op

from anshou.tickets.ddl import CHANNELS, SIDES, of_ticket, one_of, reference, who_when

revision = "0003_tickets_disputes"
down_revision = "0003_tickets_plans"

EVIDENCE = "'contract_document', 'service_record', 'communication_record'"
FORUMS = "'arbitration', 'litigation'"
RULINGS = "'award', 'judgment', 'mediation', 'dismissed', 'withdrawn'"


def upgrade() -> None:
    investigation()
    settlement()
    proceedings()
    obligations()


def investigation() -> None:
    op.execute(
        of_ticket(
            "evidence_item",
            "round integer NOT NULL",
            one_of("sort", EVIDENCE),
            "content text NOT NULL",
            reference("evidence_item", "attachment_id", "attachment", null=True),
            who_when("recorded"),
            readers="agency",
        )
        + of_ticket(
            "point_at_issue",
            "round integer NOT NULL",
            "position integer NOT NULL",
            "issue text NOT NULL",
            "agency_part text NOT NULL",
            "merchant_part text NOT NULL",
            "clause text",
            who_when("recorded"),
            readers="agency",
        )
    )


def settlement() -> None:
    op.execute(
        of_ticket(
            "negotiation_round",
            "round integer NOT NULL",
            "held_at timestamptz NOT NULL",
            one_of("channel", CHANNELS),
            "people text NOT NULL",
            "agency_position text NOT NULL",
            "merchant_position text NOT NULL",
            "agency_offer text",
            "merchant_offer text",
            one_of("recorded_side", SIDES),
            who_when("recorded"),
        )
        + of_ticket(
            "agreement",
            "round integer NOT NULL",
            "version integer NOT NULL CHECK (version >= 1)",
            "title text NOT NULL",
            "document bytea NOT NULL",
            "sha256 text NOT NULL CHECK (sha256 = encode(sha256(document), 'hex'))",
            who_when("proposed"),
            unique="merchant_id, ticket_id, version",
        )
        + "COMMENT ON COLUMN agreement.document IS 'the canonical text that is shown, hashed and signed';"
        + of_ticket(
            "signature",
            reference("signature", "agreement_id", "agreement"),
            one_of("side", SIDES),
            "name text NOT NULL",
            "address text NOT NULL",
            "session_id uuid NOT NULL",
            "second_factor boolean NOT NULL",
            "sha256 text NOT NULL",
            who_when("signed"),
            unique="merchant_id, agreement_id, side",
        )
    )


def proceedings() -> None:
    op.execute(
        of_ticket(
            "proceeding",
            "round integer NOT NULL",
            one_of("forum", FORUMS),
            "body text NOT NULL",
            "case_number text NOT NULL",
            "filed_on date NOT NULL",
            "hearing_on date",
            who_when("recorded"),
        )
        + of_ticket(
            "proceeding_outcome",
            "round integer NOT NULL",
            one_of("ruling", RULINGS),
            "decided_on date NOT NULL",
            "text text NOT NULL",
            who_when("recorded"),
        )
    )


def obligations() -> None:
    op.execute(
        of_ticket(
            "obligation",
            "round integer NOT NULL",
            reference("obligation", "agreement_id", "agreement", null=True),
            reference("obligation", "outcome_id", "proceeding_outcome", null=True),
            "position integer NOT NULL",
            one_of("side", SIDES),
            "duty text NOT NULL",
            "due_on date NOT NULL",
            "superseded boolean NOT NULL",
            "performed_on date",
            reference("obligation", "proof_id", "attachment", null=True),
            who_when("recorded", null=True),
            "CONSTRAINT ck_obligation_source CHECK ((agreement_id IS NULL) <> (outcome_id IS NULL))",
            "CONSTRAINT ck_obligation_performed CHECK ((performed_on IS NULL) = (recorded_at IS NULL)"
            " AND (performed_on IS NULL) = (proof_id IS NULL))",
            changing=True,
        )
    )
