"""Why an account sleeps, and who decided so when."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("ALTER TABLE persons ADD COLUMN suspension_reason text")
    # Nothing but a hand in the database could make an account sleep until now.
    op.execute("UPDATE persons SET suspension_reason = 'end_of_contract' WHERE NOT is_active")
    op.execute(
        "ALTER TABLE persons ADD CONSTRAINT persons_suspended_for_a_reason_check "
        "CHECK (is_active = (suspension_reason IS NULL))"
    )
    op.execute(
        """
        CREATE TABLE suspensions (
            id uuid NOT NULL CONSTRAINT suspensions_pkey PRIMARY KEY,
            person_id uuid NOT NULL CONSTRAINT suspensions_person_id_fkey REFERENCES persons (id),
            reason text,
            decided_by uuid NOT NULL,
            decided_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        "COMMENT ON TABLE suspensions IS 'Each time the team suspended somebody, or gave back (no reason)'"
    )
    op.execute("CREATE INDEX suspensions_person_id_idx ON suspensions (person_id)")
