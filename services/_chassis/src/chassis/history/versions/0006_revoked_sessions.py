"""Beside people, sessions whose access tokens are good no more, for as long as one of them could be."""

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    "ALTER TABLE revocations ADD COLUMN until timestamptz",
    "CREATE INDEX revocations_until ON revocations (until) WHERE until IS NOT NULL",
    "COMMENT ON TABLE revocations IS "
    "'Whose tokens are taken no more: people who were suspended once, and sessions that ended'",
    "COMMENT ON COLUMN revocations.until IS 'Of a session: when its last access token has ended by itself'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
