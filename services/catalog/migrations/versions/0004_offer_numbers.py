"""Offers have a number for partners' contracts.

They get a new version with it, so that what `republish` tells of them is news to every consumer.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    "CREATE SEQUENCE offers_number AS bigint",
    "ALTER TABLE offers ADD COLUMN number bigint",
    "ALTER TABLE offers ALTER COLUMN number SET DEFAULT nextval('offers_number')",
    "ALTER TABLE offers ADD CONSTRAINT offers_number_unique UNIQUE (number)",
    "COMMENT ON COLUMN offers.number IS 'for the outside, given once'",
    "UPDATE offers SET number = nextval('offers_number'), version = version + 1, changed_at = now()",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
