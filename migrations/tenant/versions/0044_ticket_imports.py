"""Spreadsheets taken over as tickets: each import with how far it is, what a person decides about its rows, which row
became which ticket, and what was chosen for files with the same columns.

A row keeps hashes of what it says, so that the same row of another file is known; what it says is in the ticket alone.
"""

from alembic import op

from anshou.tickets.ddl import of_ticket, one_of, who_when
from tenants.ddl import fence_by_scope, grant, refuse_changes

revision = "0044_ticket_imports"
down_revision = "0043_wishes"

STEPS = "'mapping', 'checking', 'checked', 'importing', 'imported', 'undoing', 'undone', 'refused', 'dropped'"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE ticket_import (
            id uuid CONSTRAINT pk_ticket_import PRIMARY KEY,
            name text NOT NULL,
            sha256 text NOT NULL,
            storage_key text,
            {who_when("asked")},
            {one_of("step", STEPS)},
            sheet text NOT NULL,
            header_line integer NOT NULL,
            choices jsonb NOT NULL,
            changes jsonb NOT NULL,
            skipped jsonb NOT NULL,
            row_count integer NOT NULL DEFAULT 0,
            ready_count integer NOT NULL DEFAULT 0,
            there_count integer NOT NULL DEFAULT 0,
            there jsonb NOT NULL DEFAULT '[]',
            done integer NOT NULL DEFAULT 0,
            ticket_count integer NOT NULL DEFAULT 0,
            refusal text NOT NULL DEFAULT '',
            began_at timestamptz,
            imported_at timestamptz,
            undone_by uuid,
            undone_at timestamptz
        );
        COMMENT ON COLUMN ticket_import.storage_key IS 'what was read of the file, sealed; gone once it is imported';
        COMMENT ON COLUMN ticket_import.there IS 'the first rows that are tickets already: line and number';
        CREATE INDEX ix_ticket_import_asked_at ON ticket_import (asked_at);

        CREATE TABLE ticket_import_finding (
            id uuid CONSTRAINT pk_ticket_import_finding PRIMARY KEY,
            import_id uuid NOT NULL CONSTRAINT fk_ticket_import_finding_import_id REFERENCES ticket_import,
            line integer NOT NULL,
            field text NOT NULL,
            rule text NOT NULL,
            {one_of("weight", "'problem', 'proposal', 'rule'")},
            raw text NOT NULL,
            proposed text NOT NULL,
            count integer NOT NULL,
            {one_of("decision", "'open', 'accepted', 'kept'")}
        );
        COMMENT ON TABLE ticket_import_finding IS 'what a person decides before an import; gone after it';
        CREATE INDEX ix_ticket_import_finding_import_id
            ON ticket_import_finding (import_id, decision, weight, field, rule, line);

        CREATE TABLE ticket_import_mapping (
            id uuid CONSTRAINT pk_ticket_import_mapping PRIMARY KEY,
            signature text NOT NULL,
            choices jsonb NOT NULL,
            {who_when("set")}
        );
        COMMENT ON TABLE ticket_import_mapping IS 'the latest row of a signature is what is suggested';
        CREATE INDEX ix_ticket_import_mapping_signature ON ticket_import_mapping (signature, id);
        """
        + fence_by_scope("ticket_import", "agency")
        + grant("ticket_import", "select, insert, update")
        + fence_by_scope("ticket_import_finding", "agency")
        + grant("ticket_import_finding")
        + fence_by_scope("ticket_import_mapping", "agency")
        + grant("ticket_import_mapping", "select, insert")
        + refuse_changes("ticket_import_mapping")
        + of_ticket(
            "ticket_import_row",
            "import_id uuid NOT NULL CONSTRAINT fk_ticket_import_row_import_id REFERENCES ticket_import",
            "line integer NOT NULL",
            "entries integer NOT NULL",
            "fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32)",
            "identity bytea NOT NULL CHECK (octet_length(identity) = 32)",
            readers="agency",
        )
        + "CREATE INDEX ix_ticket_import_row_import_id ON ticket_import_row (import_id, line);\n"
        + "COMMENT ON COLUMN ticket_import_row.entries IS 'how many entries the import wrote: more are somebody''s';\n"
    )
