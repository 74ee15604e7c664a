"""A dead letter keeps its producer's signature: tried again, it is checked again."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = ("ALTER TABLE dead_letters ADD COLUMN proof bytea",)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
