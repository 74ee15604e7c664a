"""Bank details, and the transfer orders that hold them, are sealed in their tables."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    migration = op.get_context()
    seal = migration.config.attributes["seal"]
    seal(migration, "bank_accounts", ("iban", "bic"))
    seal(migration, "sepa_files", ("content",), row="batch_id")
