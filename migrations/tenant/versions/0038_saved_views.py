"""Views that people saved: what a list is narrowed to, its columns and its order; and with which of them a day begins.

The owner alone changes a view; one that is shared is read by the agency's people, and put in order by who works across
its merchants. A merchant's person has views of their own and sees nobody else's.
"""

from alembic import op

from anshou.tickets.ddl import DEPARTMENTS, one_of
from tenants.ddl import fence_by_scope, grant

revision = "0038_saved_views"
down_revision = "0037_taking_back"

OWN = "account_id = (SELECT control.ctx_person())"
SHARED = "shared_with <> 'nobody'"
SCOPE = "(SELECT control.ctx_scope())"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE TABLE saved_view (
            id uuid CONSTRAINT pk_saved_view PRIMARY KEY,
            account_id uuid NOT NULL CONSTRAINT fk_saved_view_account_id REFERENCES account,
            place text NOT NULL CONSTRAINT ck_saved_view_place CHECK (place IN ('queue', 'search', 'measures')),
            name text NOT NULL CONSTRAINT ck_saved_view_name CHECK (name ~ '\\S' AND length(name) <= 40),
            shared_with text NOT NULL
                CONSTRAINT ck_saved_view_shared_with CHECK (shared_with IN ('nobody', 'department', 'agency')),
            {one_of("department", DEPARTMENTS, null=True)},
            query jsonb NOT NULL,
            columns jsonb NOT NULL,
            sort text NOT NULL,
            position integer NOT NULL,
            saved_at timestamptz NOT NULL,
            changed_at timestamptz NOT NULL,
            CONSTRAINT ck_saved_view_department CHECK ((shared_with = 'department') = (department IS NOT NULL)),
            CONSTRAINT uq_saved_view_name UNIQUE (account_id, place, name)
        );
        COMMENT ON COLUMN saved_view.query IS 'the query string without columns and sort: lists of texts by name';
        CREATE INDEX ix_saved_view_shared ON saved_view (place, name) WHERE shared_with <> 'nobody';
        ALTER TABLE saved_view ENABLE ROW LEVEL SECURITY;
        ALTER TABLE saved_view FORCE ROW LEVEL SECURITY;
        CREATE POLICY saved_view_owned ON saved_view
            USING ({OWN} OR ({SHARED} AND {SCOPE} = 'agency'))
            WITH CHECK ({OWN} OR ({SHARED} AND {SCOPE} = 'agency'));
        CREATE POLICY saved_view_readable ON saved_view FOR SELECT USING ({SHARED} AND {SCOPE} = 'staff');
        """
        + grant("saved_view")
    )
    op.execute(
        """
        CREATE TABLE start_view (
            account_id uuid CONSTRAINT pk_start_view PRIMARY KEY
                CONSTRAINT fk_start_view_account_id REFERENCES account,
            view_id uuid NOT NULL CONSTRAINT fk_start_view_view_id REFERENCES saved_view ON DELETE CASCADE
        );
        COMMENT ON TABLE start_view IS 'with which view a person''s day begins; it may be somebody else''s, shared';
        CREATE INDEX ix_start_view_view_id ON start_view (view_id);
        """
        + fence_by_scope("start_view", "agency", own="account_id")
        + grant("start_view")
    )
