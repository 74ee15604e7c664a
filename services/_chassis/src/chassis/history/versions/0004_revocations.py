"""People whose tokens are good no more."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    """
    CREATE TABLE revocations (
        id uuid PRIMARY KEY,
        version bigint NOT NULL,
        is_active boolean NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE INDEX revocations_changed_at ON revocations (changed_at)",
    "COMMENT ON TABLE revocations IS 'People who were suspended once, and whether they still are'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
