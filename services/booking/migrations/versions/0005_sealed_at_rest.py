"""Who books, and where venues are written to, is sealed in the tables."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    migration = op.get_context()
    seal = migration.config.attributes["seal"]
    seal(migration, "persons", ("email", "first_name", "last_name", "phone", "birth_date"))
    seal(migration, "venues", ("booking_email",))
