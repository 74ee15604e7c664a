"""A structure of New Caledonia has a RID7 where others have a SIREN."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE structures DROP CONSTRAINT structures_siren_check")
    op.execute(
        "ALTER TABLE structures ADD CONSTRAINT structures_siren_check CHECK (siren ~ '^([0-9]{9}|NC[0-9]{7})$')"
    )
