"""Who has booked what: a ticket-holder goes on seeing the offer and its venue."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    CREATE TABLE booked_offers (
        person_id uuid NOT NULL,
        offer_id uuid NOT NULL,
        venue_id uuid NOT NULL,
        PRIMARY KEY (person_id, offer_id)
    )
    """,
    "CREATE INDEX booked_offers_of_venue ON booked_offers (person_id, venue_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
