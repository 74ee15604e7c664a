"""A session knows when it was last used: until when an access token of it can be good, once it has ended."""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    "ALTER TABLE sessions ADD COLUMN last_used_at timestamptz",
    "UPDATE sessions SET last_used_at = greatest(opened_at, closed_at)",
    "ALTER TABLE sessions ALTER COLUMN last_used_at SET NOT NULL",
    "COMMENT ON COLUMN sessions.last_used_at IS 'When its last tokens were given'",
    "ALTER TABLE sessions ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now()",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
