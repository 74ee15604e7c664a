"""Bookings have a number for the tills; offers bring theirs, and their EAN, from the catalogue."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "CREATE SEQUENCE bookings_number AS bigint",
    # In two steps: with a default from the start the whole table would be rewritten under its lock.
    "ALTER TABLE bookings ADD COLUMN number bigint",
    "ALTER TABLE bookings ALTER COLUMN number SET DEFAULT nextval('bookings_number')",
    "ALTER TABLE bookings ADD CONSTRAINT bookings_number_unique UNIQUE (number)",
    "COMMENT ON COLUMN bookings.number IS 'for the outside, given once'",
    "ALTER TABLE offers ADD COLUMN number bigint, ADD COLUMN isbn text",
    "COMMENT ON COLUMN offers.number IS 'the catalogue''s number, null until it is told'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
