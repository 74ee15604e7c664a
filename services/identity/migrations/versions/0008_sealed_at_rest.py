"""Names, birth dates, phones and towns of people are sealed in their tables."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    migration = op.get_context()
    seal = migration.config.attributes["seal"]
    who = ("first_name", "last_name", "birth_date", "postal_code")
    seal(migration, "persons", (*who, "phone", "city", "activity"))
    seal(migration, "identity_checks", (*who, "city", "activity"))
    seal(migration, "sign_up_forms", (*who, "phone"))
