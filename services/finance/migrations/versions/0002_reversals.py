"""What is owed back: reversals of processed prices, debit notes, bookings that left while a close ran."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE pricings ADD COLUMN reversal_of uuid REFERENCES pricings (id)",
    "ALTER TABLE pricings ADD COLUMN reversed_at timestamptz",
    "CREATE UNIQUE INDEX pricings_reversed_once ON pricings (reversal_of) WHERE reversal_of IS NOT NULL",
    "DROP INDEX pricings_one_active",
    """
    CREATE UNIQUE INDEX pricings_one_active ON pricings (booking_id)
    WHERE status <> 'cancelled' AND reversal_of IS NULL AND reversed_at IS NULL
    """,
    """
    ALTER TABLE pricings ADD CONSTRAINT pricings_only_processed_are_reversed
    CHECK (reversed_at IS NULL OR status = 'processed')
    """,
    """
    ALTER TABLE pricings ADD CONSTRAINT pricings_reversals_owe
    CHECK ((reversal_of IS NULL) = (booked_cents >= 0 AND reimbursed_cents >= 0)
           OR (booked_cents = 0 AND reimbursed_cents = 0))
    """,
    "ALTER TABLE ledger ALTER COLUMN batch_id DROP NOT NULL",
    """
    CREATE TABLE departures (
        booking_id uuid PRIMARY KEY,
        noticed_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE debit_notes (
        id uuid PRIMARY KEY,
        batch_id uuid NOT NULL REFERENCES batches (id),
        structure_id uuid NOT NULL,
        bank_account_id uuid NOT NULL REFERENCES bank_accounts (id),
        amount_cents bigint NOT NULL,
        CONSTRAINT debit_notes_amount_positive CHECK (amount_cents > 0),
        CONSTRAINT debit_notes_one_per_account_and_batch UNIQUE (batch_id, bank_account_id)
    )
    """,
    "COMMENT ON TABLE departures IS 'Bookings that left USED while a close ran: looked at when it is over'",
    "COMMENT ON TABLE debit_notes IS 'What an account owed for too long and is claimed, once a batch'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
