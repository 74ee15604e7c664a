"""The team acts for no structure: the database says so too."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # Whoever is of the team today and was attached before is no pro from now on.
    op.execute(
        "UPDATE persons SET roles = array_remove(roles, 'pro'), version = version + 1, changed_at = now() "
        "WHERE roles && '{admin,finance}' AND roles && '{pro}'"
    )
    op.execute(
        "ALTER TABLE persons ADD CONSTRAINT persons_staff_acts_for_nobody_check "
        "CHECK (NOT (roles && '{admin,finance}' AND roles && '{pro}'))"
    )
