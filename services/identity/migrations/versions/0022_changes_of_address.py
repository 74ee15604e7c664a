"""An account moves to another address, in steps."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE email_changes (
            id uuid NOT NULL CONSTRAINT email_changes_pkey PRIMARY KEY,
            person_id uuid NOT NULL CONSTRAINT email_changes_person_id_fkey REFERENCES persons (id),
            session_id uuid,
            old_email bytea NOT NULL,
            new_email bytea NOT NULL,
            status text NOT NULL,
            asked_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            changed_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT email_changes_status_check
                CHECK (status IN ('asked', 'confirmed', 'applied', 'cancelled'))
        )
        """
    )
    op.execute("CREATE INDEX email_changes_person_id_idx ON email_changes (person_id)")
    op.execute(
        "CREATE UNIQUE INDEX email_changes_one_open ON email_changes (person_id) "
        "WHERE status IN ('asked', 'confirmed')"
    )
    op.execute("COMMENT ON TABLE email_changes IS 'Moves of an account to another address'")
    op.execute("COMMENT ON COLUMN email_changes.session_id IS 'That it was asked from: the one that goes on'")
