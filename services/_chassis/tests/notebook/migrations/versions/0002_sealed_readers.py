"""Who reads is sealed."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    migration = op.get_context()
    migration.config.attributes["seal"](migration, "readers", ("name", "born_on"))
