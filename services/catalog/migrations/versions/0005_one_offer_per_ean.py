"""One active offer of a product in each venue; prices of accepted offers are held near theirs.

Where two are active, the one published last is taken back; it gets a new version with it, so
that what `republish` tells of it is news to every consumer. Its bookings stay valid.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    "UPDATE offers SET is_active = false, published_at = NULL, version = version + 1, changed_at = now()"
    " FROM (SELECT id, row_number() OVER (PARTITION BY venue_id, isbn ORDER BY published_at, id) AS place"
    " FROM offers WHERE is_active AND isbn IS NOT NULL) AS ranked"
    " WHERE ranked.id = offers.id AND ranked.place > 1",
    "CREATE UNIQUE INDEX offers_one_active_per_ean ON offers (venue_id, isbn)"
    " WHERE is_active AND isbn IS NOT NULL",
    "ALTER TABLE offers ADD COLUMN accepted_price_cents bigint",
    "COMMENT ON COLUMN offers.accepted_price_cents IS 'highest when it was accepted'",
    "UPDATE offers SET accepted_price_cents = (SELECT max(price_cents) FROM stocks"
    " WHERE stocks.offer_id = offers.id AND NOT stocks.is_deleted) WHERE validation = 'APPROVED'",
    "CREATE TABLE price_limitations (subcategory_id text PRIMARY KEY,"
    " rate_percent integer NOT NULL CONSTRAINT price_limitations_rate CHECK (rate_percent BETWEEN 0 AND 999))",
    "COMMENT ON TABLE price_limitations IS"
    " 'By how much an accepted offer''s price may move; none for a sub-category that is not here'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
