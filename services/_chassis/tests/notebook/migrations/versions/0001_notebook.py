"""Notes, copies and readers."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE notes (
        id uuid PRIMARY KEY,
        version bigint NOT NULL,
        title text NOT NULL UNIQUE,
        price_cents bigint NOT NULL,
        written_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE TABLE copies (id uuid PRIMARY KEY, version bigint NOT NULL, title text NOT NULL)",
    """
    CREATE TABLE readers (
        id uuid PRIMARY KEY,
        version bigint NOT NULL DEFAULT 1,
        note_id uuid NOT NULL,
        name text NOT NULL,
        born_on date
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
