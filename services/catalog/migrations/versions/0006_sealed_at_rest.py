"""Where venues are written to is sealed in their table."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    migration = op.get_context()
    migration.config.attributes["seal"](migration, "venues", ("booking_email",))
