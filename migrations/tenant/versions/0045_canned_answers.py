"""Canned answers: one's own, a department's, the agency's. They hold placeholders, never what a ticket says."""

from alembic import op

from tenants.ddl import fence_by_scope, grant

revision = "0045_canned_answers"
down_revision = "0044_ticket_imports"

NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"


OWN_OR_SHARED = f"""(SELECT control.ctx_scope()) IN ('agency', 'staff') AND (
            account_id IS NULL
            OR account_id = (SELECT control.ctx_person())
            OR (SELECT control.ctx_scope()) = 'agency' AND coalesce((SELECT control.ctx_person()), {NOBODY}) = {NOBODY}
        )"""


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE canned_answer (
            id uuid CONSTRAINT pk_canned_answer PRIMARY KEY,
            account_id uuid CONSTRAINT fk_canned_answer_account_id REFERENCES account,
            department text,
            title text NOT NULL CONSTRAINT ck_canned_answer_title CHECK (title <> ''),
            body text NOT NULL CONSTRAINT ck_canned_answer_body CHECK (body <> ''),
            changed_at timestamptz NOT NULL,
            changed_by uuid NOT NULL,
            CONSTRAINT ck_canned_answer_whose CHECK (account_id IS NULL OR department IS NULL)
        );
        COMMENT ON TABLE canned_answer IS 'of one account, of one department, or of the whole agency if of neither';
        CREATE INDEX ix_canned_answer_account_id ON canned_answer (account_id);
        """
        + fence_by_scope("canned_answer", "agency", "staff")
        + grant("canned_answer")
        # A person's own are theirs alone.
        + f"""
        ALTER POLICY canned_answer_scope ON canned_answer USING ({OWN_OR_SHARED}) WITH CHECK ({OWN_OR_SHARED});
        """
    )
