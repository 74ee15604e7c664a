"""A close is done in parts, each in a transaction of its own: which, how far, and whether it is over."""

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    "ALTER TABLE batches ADD COLUMN settled_at timestamptz",
    "UPDATE batches SET settled_at = closed_at",
    "ALTER TABLE batches ADD CONSTRAINT batches_accepted_once_settled"
    " CHECK (accepted_at IS NULL OR settled_at IS NOT NULL)",
    "CREATE UNIQUE INDEX batches_one_under_way ON batches ((settled_at IS NULL)) WHERE settled_at IS NULL",
    """
    CREATE TABLE close_parts (
        batch_id uuid NOT NULL REFERENCES batches (id),
        part integer NOT NULL,
        structure_ids uuid[] NOT NULL,
        is_settled boolean NOT NULL DEFAULT false,
        PRIMARY KEY (batch_id, part)
    )
    """,
    "CREATE INDEX cashflows_of_account ON cashflows (bank_account_id)",
    "COMMENT ON TABLE close_parts IS 'What is left to do of the close under way: structures settled, then published'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
