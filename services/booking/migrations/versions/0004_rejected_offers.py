"""A stock knows how often its offer was rejected: a booking in flight meanwhile is not written."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    "ALTER TABLE stocks ADD COLUMN offer_rejections bigint NOT NULL DEFAULT 0",
    "COMMENT ON COLUMN stocks.offer_rejections IS 'how often its offer was rejected'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
