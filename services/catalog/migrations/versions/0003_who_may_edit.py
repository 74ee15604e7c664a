"""What identity says a structure's people may do here."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE structures ADD COLUMN may_edit boolean NOT NULL DEFAULT true")
    op.execute("UPDATE structures SET may_edit = false WHERE status IN ('rejected', 'closed')")
