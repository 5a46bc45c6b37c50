"""Who saw what of the confidential fields, for which purpose and matter; objections to it; decoys and their alarms.

No row here holds a word of what was seen: the table and column, the row's id, and who, when and why.
"""

from alembic import op

from tenants.ddl import fence_by_merchant, fence_by_scope, grant, refuse_changes

revision = "0009_reveals"
down_revision = "0008_retention"

# Those who set decoys and those who check. The worker has no person or the system's: it looks whether one was touched.
_WATCHES = """(SELECT control.ctx_scope()) = 'agency' AND (
    (SELECT control.ctx_person()) IS NULL
    OR (SELECT control.ctx_person()) = '00000000-0000-0000-0000-000000000000'
    OR EXISTS (SELECT FROM role_grant WHERE role_grant.account_id = (SELECT control.ctx_person())
        AND role_grant.role IN ('agency_admin', 'auditor')))"""


def upgrade() -> None:
    rules()
    reveals()
    objections()
    alarms()
    decoys()


def rules() -> None:
    op.execute(
        """
        CREATE TABLE reveal_rules (
            id uuid CONSTRAINT pk_reveal_rules PRIMARY KEY,
            rules jsonb NOT NULL,
            changed_at timestamptz NOT NULL,
            changed_by uuid NOT NULL CONSTRAINT fk_reveal_rules_changed_by REFERENCES account
        );
        COMMENT ON TABLE reveal_rules IS 'every version that was ever set; the newest counts';
        CREATE TABLE purpose_change (
            id uuid CONSTRAINT pk_purpose_change PRIMARY KEY,
            code text NOT NULL CONSTRAINT ck_purpose_change_code CHECK (code ~ '^[a-z0-9_]{1,40}$'),
            change text NOT NULL CONSTRAINT ck_purpose_change_change CHECK (change IN ('added', 'retired', 'restored')),
            label text NOT NULL,
            changed_at timestamptz NOT NULL,
            changed_by uuid NOT NULL CONSTRAINT fk_purpose_change_changed_by REFERENCES account
        );
        COMMENT ON TABLE purpose_change IS 'the list of purposes as the changes to its default';
        """
    )
    for table in ("reveal_rules", "purpose_change"):
        op.execute(
            fence_by_scope(table, "agency", readable_by=("staff", "merchant"))
            + grant(table, "select, insert")
            + refuse_changes(table)
        )


def reveals() -> None:
    op.execute(
        """
        CREATE TABLE reveal (
            id uuid CONSTRAINT pk_reveal PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_reveal_merchant_id REFERENCES merchant,
            ticket_id uuid NOT NULL,
            subject_table text NOT NULL,
            field text NOT NULL,
            row_id uuid NOT NULL,
            purpose text NOT NULL,
            viewer_id uuid NOT NULL CONSTRAINT fk_reveal_viewer_id REFERENCES account,
            viewer_name text NOT NULL,
            viewer_role text NOT NULL,
            side text NOT NULL CONSTRAINT ck_reveal_side CHECK (side IN ('agency', 'merchant')),
            shown_at timestamptz NOT NULL,
            leaf_id uuid NOT NULL,
            CONSTRAINT uq_reveal_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT fk_reveal_merchant_id_ticket_id FOREIGN KEY (merchant_id, ticket_id)
                REFERENCES ticket (merchant_id, id)
        );
        COMMENT ON COLUMN reveal.viewer_name IS 'as they were called then; a merchant reads no staff';
        CREATE INDEX ix_reveal_merchant_id_shown_at ON reveal (merchant_id, shown_at DESC, id DESC);
        CREATE INDEX ix_reveal_shown_at ON reveal (shown_at DESC, id DESC);
        CREATE INDEX ix_reveal_viewer_id_shown_at ON reveal (viewer_id, shown_at DESC);
        CREATE INDEX ix_reveal_merchant_id_row_id ON reveal (merchant_id, row_id, shown_at DESC);
        CREATE TABLE reveal_copy (
            id uuid CONSTRAINT pk_reveal_copy PRIMARY KEY,
            merchant_id uuid NOT NULL,
            reveal_id uuid NOT NULL,
            copied_at timestamptz NOT NULL,
            leaf_id uuid NOT NULL,
            CONSTRAINT fk_reveal_copy_merchant_id_reveal_id FOREIGN KEY (merchant_id, reveal_id)
                REFERENCES reveal (merchant_id, id)
        );
        CREATE INDEX ix_reveal_copy_merchant_id_reveal_id ON reveal_copy (merchant_id, reveal_id);
        """
    )
    for table in ("reveal", "reveal_copy"):
        op.execute(fence_by_merchant(table) + grant(table, "select, insert") + refuse_changes(table))


def objections() -> None:
    op.execute(
        """
        CREATE TABLE reveal_objection (
            id uuid CONSTRAINT pk_reveal_objection PRIMARY KEY,
            merchant_id uuid NOT NULL,
            reveal_id uuid NOT NULL,
            reason text NOT NULL,
            raised_at timestamptz NOT NULL,
            raised_by uuid NOT NULL CONSTRAINT fk_reveal_objection_raised_by REFERENCES account,
            due_at timestamptz NOT NULL,
            CONSTRAINT uq_reveal_objection_merchant_id_id UNIQUE (merchant_id, id),
            CONSTRAINT uq_reveal_objection_merchant_id_reveal_id UNIQUE (merchant_id, reveal_id),
            CONSTRAINT fk_reveal_objection_merchant_id_reveal_id FOREIGN KEY (merchant_id, reveal_id)
                REFERENCES reveal (merchant_id, id)
        );
        CREATE INDEX ix_reveal_objection_due_at ON reveal_objection (due_at, id);
        CREATE TABLE reveal_objection_answer (
            id uuid CONSTRAINT pk_reveal_objection_answer PRIMARY KEY,
            merchant_id uuid NOT NULL,
            objection_id uuid NOT NULL,
            outcome text NOT NULL CONSTRAINT ck_reveal_objection_answer_outcome
                CHECK (outcome IN ('upheld', 'rejected')),
            explanation text NOT NULL,
            answered_at timestamptz NOT NULL,
            answered_by uuid NOT NULL CONSTRAINT fk_reveal_objection_answer_answered_by REFERENCES account,
            answered_by_name text NOT NULL,
            CONSTRAINT uq_reveal_objection_answer_merchant_id_objection_id UNIQUE (merchant_id, objection_id),
            CONSTRAINT fk_reveal_objection_answer_merchant_id_objection_id FOREIGN KEY (merchant_id, objection_id)
                REFERENCES reveal_objection (merchant_id, id)
        );
        """
    )
    for table in ("reveal_objection", "reveal_objection_answer"):
        op.execute(fence_by_merchant(table) + grant(table, "select, insert") + refuse_changes(table))


def alarms() -> None:
    op.execute(
        """
        CREATE TABLE reveal_alarm (
            id uuid CONSTRAINT pk_reveal_alarm PRIMARY KEY,
            account_id uuid NOT NULL CONSTRAINT fk_reveal_alarm_account_id REFERENCES account,
            shown integer NOT NULL,
            raised_at timestamptz NOT NULL
        );
        COMMENT ON TABLE reveal_alarm IS 'that somebody came to the limit of fields they may see in an hour';
        CREATE INDEX ix_reveal_alarm_raised_at ON reveal_alarm (raised_at DESC, id DESC);
        """
        + fence_by_scope("reveal_alarm", "agency")
        + grant("reveal_alarm", "select, insert")
        + refuse_changes("reveal_alarm")
    )


def decoys() -> None:
    op.execute(
        f"""
        CREATE TABLE decoy (
            id uuid CONSTRAINT pk_decoy PRIMARY KEY,
            merchant_id uuid NOT NULL CONSTRAINT fk_decoy_merchant_id REFERENCES merchant,
            subject_table text NOT NULL,
            row_id uuid NOT NULL,
            note text NOT NULL,
            planted_at timestamptz NOT NULL,
            planted_by uuid NOT NULL CONSTRAINT fk_decoy_planted_by REFERENCES account,
            lifted_at timestamptz,
            lifted_by uuid CONSTRAINT fk_decoy_lifted_by REFERENCES account,
            CONSTRAINT ck_decoy_lifted CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
            CONSTRAINT uq_decoy_merchant_id_id UNIQUE (merchant_id, id)
        );
        COMMENT ON TABLE decoy IS 'which rows are bait; whoever works with them never learns it';
        CREATE INDEX ix_decoy_row_id ON decoy (row_id) WHERE lifted_at IS NULL;
        CREATE TABLE decoy_alarm (
            id uuid CONSTRAINT pk_decoy_alarm PRIMARY KEY,
            merchant_id uuid NOT NULL,
            decoy_id uuid NOT NULL,
            account_id uuid NOT NULL CONSTRAINT fk_decoy_alarm_account_id REFERENCES account,
            touch text NOT NULL CONSTRAINT ck_decoy_alarm_touch CHECK (touch IN ('listed', 'found', 'revealed')),
            touched_at timestamptz NOT NULL,
            CONSTRAINT fk_decoy_alarm_merchant_id_decoy_id FOREIGN KEY (merchant_id, decoy_id)
                REFERENCES decoy (merchant_id, id)
        );
        CREATE INDEX ix_decoy_alarm_touched_at ON decoy_alarm (touched_at DESC, id DESC);
        ALTER TABLE decoy ENABLE ROW LEVEL SECURITY;
        ALTER TABLE decoy FORCE ROW LEVEL SECURITY;
        CREATE POLICY decoy_watch ON decoy USING ({_WATCHES}) WITH CHECK ({_WATCHES});
        ALTER TABLE decoy_alarm ENABLE ROW LEVEL SECURITY;
        ALTER TABLE decoy_alarm FORCE ROW LEVEL SECURITY;
        CREATE POLICY decoy_alarm_watch ON decoy_alarm USING ({_WATCHES}) WITH CHECK ({_WATCHES});
        """
        + grant("decoy", "select, insert, update")
        + grant("decoy_alarm", "select, insert")
        + refuse_changes("decoy_alarm")
    )
