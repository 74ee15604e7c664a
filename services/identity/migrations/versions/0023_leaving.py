"""People leave of their own accord; nothing personal is kept of whose time is over."""

from alembic import op

revision = "0023"
down_revision = "0022"

STATEMENTS = (
    "ALTER TABLE persons ADD COLUMN anonymised_at timestamptz",
    "COMMENT ON COLUMN persons.anonymised_at IS 'From when on nothing personal is kept'",
    "ALTER TABLE suspensions ADD COLUMN why_left text",
    "COMMENT ON COLUMN suspensions.why_left IS 'What somebody said who left by themselves'",
    "COMMENT ON TABLE suspensions IS "
    "'Each time somebody was suspended, or given back (no reason), and by whom: the team, or themselves'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
