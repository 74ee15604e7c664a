"""Whether identity lets a structure's people enter bank details."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE structures ADD COLUMN may_enter_bank_details boolean NOT NULL DEFAULT true")
    op.execute("UPDATE structures SET may_enter_bank_details = false WHERE status IN ('rejected', 'closed')")
