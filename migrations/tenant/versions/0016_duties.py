"""What the agency must be able to show: entrustments and their end, register, assessments, breaches.

Records of processing and impact assessments are kept for three years at least (PIPL art. 56): the database refuses to
delete them earlier, whoever asks.
"""

from alembic import op

from anshou.privacy.ddl import hashed, of_merchant, signed
from anshou.tickets.ddl import one_of, reference, who_when
from tenants.ddl import fence_by_merchant, fence_by_scope, grant, refuse_changes

revision = "0016_duties"
down_revision = "0015_confidential_tickets"

STEPS = "'chosen_return', 'chosen_deletion', 'handed_over', 'erasing', 'destruction_proposed'"
BASES = "'consent', 'contract', 'legal_duty', 'emergency', 'public_information', 'other'"
REASONS = "'sensitive', 'automated', 'entrusted_or_provided', 'abroad', 'significant'"
CONCLUSIONS = "'acceptable', 'with_measures', 'not_acceptable'"


def upgrade() -> None:
    entrustments()
    returns()
    register()
    breaches()


def entrustments() -> None:
    op.execute(
        of_merchant(
            "entrustment",
            reference("entrustment", "contract_id", "contract"),
            "version integer NOT NULL CHECK (version >= 1)",
            "purpose text NOT NULL",
            "duration text NOT NULL",
            "method text NOT NULL",
            "data_kinds jsonb NOT NULL",
            "measures text NOT NULL",
            who_when("recorded"),
            unique=("contract_id, version",),
        )
        + of_merchant(
            "subprocessor",
            reference("subprocessor", "contract_id", "contract"),
            "name text NOT NULL",
            "purpose text NOT NULL",
            "data_kinds jsonb NOT NULL",
            "place text NOT NULL",
            who_when("proposed"),
        )
        + of_merchant(
            "subprocessor_decision",
            reference("subprocessor_decision", "subprocessor_id", "subprocessor"),
            "agreed boolean NOT NULL",
            "reason text NOT NULL",
            who_when("decided"),
        )
    )


def returns() -> None:
    op.execute(
        of_merchant(
            "data_return",
            reference("data_return", "contract_id", "contract"),
            "number text NOT NULL",
            "due_at timestamptz NOT NULL",
            who_when("begun"),
            unique=("number",),
            lockable=True,
        )
        + of_merchant(
            "data_return_step",
            reference("data_return_step", "return_id", "data_return"),
            one_of("step", STEPS),
            "details jsonb NOT NULL",
            who_when("done"),
            unique=("return_id, step",),
        )
        + of_merchant(
            "erasure_certificate",
            reference("erasure_certificate", "return_id", "data_return"),
            "number text NOT NULL",
            hashed(),
            signed().replace("sha256 text NOT NULL, ", ""),
            unique=("return_id", "number"),
        )
    )


def register() -> None:
    op.execute(
        """
        CREATE FUNCTION keep_for_three_years() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.recorded_at > now() - interval '3 years' THEN
                RAISE EXCEPTION 'records of processing are kept for three years' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN OLD;
        END $$;
        """
    )
    op.execute(
        f"""
        CREATE TABLE processing_activity (
            id uuid CONSTRAINT pk_processing_activity PRIMARY KEY,
            activity_id uuid NOT NULL,
            version integer NOT NULL CHECK (version >= 1),
            name text NOT NULL,
            purpose text NOT NULL,
            {one_of("basis", BASES)},
            data_kinds jsonb NOT NULL,
            subjects text NOT NULL,
            sensitive boolean NOT NULL,
            recipients text NOT NULL,
            retention text NOT NULL,
            measures text NOT NULL,
            ended boolean NOT NULL,
            {who_when("recorded")},
            CONSTRAINT uq_processing_activity_activity_id_version UNIQUE (activity_id, version)
        );
        CREATE TABLE impact_assessment (
            id uuid CONSTRAINT pk_impact_assessment PRIMARY KEY,
            activity_id uuid,
            title text NOT NULL,
            {one_of("reason", REASONS)},
            lawfulness text NOT NULL,
            impact text NOT NULL,
            measures text NOT NULL,
            {one_of("conclusion", CONCLUSIONS)},
            assessed_on date NOT NULL,
            {who_when("recorded")}
        );
        """
        + "".join(_kept(table) for table in ("processing_activity", "impact_assessment"))
    )


def breaches() -> None:
    op.execute(
        f"""
        CREATE TABLE breach (
            id uuid CONSTRAINT pk_breach PRIMARY KEY,
            number text NOT NULL CONSTRAINT uq_breach_number UNIQUE,
            discovered_at timestamptz NOT NULL,
            data_kinds jsonb NOT NULL,
            people integer CHECK (people >= 0),
            cause text NOT NULL,
            harm text NOT NULL,
            measures text NOT NULL,
            advice text NOT NULL,
            contact text NOT NULL,
            merchants jsonb NOT NULL,
            merchants_due_at timestamptz NOT NULL,
            authority_due_at timestamptz NOT NULL,
            {who_when("recorded")}
        );
        """
        + fence_by_scope("breach", "agency")
        + grant("breach", "select, insert")
        + refuse_changes("breach")
        + f"""
        -- A notice to the authority belongs to no merchant and is seen by the agency alone.
        CREATE TABLE breach_notice (
            id uuid CONSTRAINT pk_breach_notice PRIMARY KEY,
            breach_id uuid NOT NULL CONSTRAINT fk_breach_notice_breach_id REFERENCES breach,
            merchant_id uuid CONSTRAINT fk_breach_notice_merchant_id REFERENCES merchant,
            number text NOT NULL,
            addressee text NOT NULL,
            method text NOT NULL,
            {hashed()},
            {who_when("told")}
        );
        CREATE INDEX ix_breach_notice_merchant_id ON breach_notice (merchant_id, id);
        """
        + fence_by_merchant("breach_notice")
        + grant("breach_notice", "select, insert")
        + refuse_changes("breach_notice")
    )


def _kept(table: str) -> str:
    return (
        fence_by_scope(table, "agency")
        + grant(table, "select, insert, delete")
        + f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION keep_for_three_years();\n"
    )
