"""What was left of a grant moves into the one that replaces it."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    ALTER TABLE wallets
        ADD COLUMN moved_cents bigint NOT NULL DEFAULT 0,
        ADD COLUMN replaces_id uuid
    """,
    "COMMENT ON COLUMN wallets.amount_cents IS 'all it pays, spent or not: granted, and moved'",
    "COMMENT ON COLUMN wallets.moved_cents IS"
    " 'amount_cents less what was granted: leftovers moved in, less its own moved out'",
    "COMMENT ON COLUMN wallets.replaces_id IS 'the grant whose leftover goes into this one'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
