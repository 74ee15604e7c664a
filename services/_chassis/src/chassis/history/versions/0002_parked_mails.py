"""Mails that can never leave are tried no more."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE outgoing_mails ADD COLUMN parked_at timestamptz")
    op.execute("DROP INDEX outgoing_mails_due")
    op.execute(
        "CREATE INDEX outgoing_mails_due ON outgoing_mails (next_attempt_at) "
        "WHERE sent_at IS NULL AND parked_at IS NULL"
    )
