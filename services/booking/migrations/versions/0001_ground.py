"""The ground: wallets, stocks, bookings, the copies of what other contexts own."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE wallets (
        id uuid PRIMARY KEY,
        version bigint NOT NULL,
        person_id uuid NOT NULL,
        kind text NOT NULL,
        amount_cents bigint NOT NULL,
        digital_cap_cents bigint,
        physical_cap_cents bigint,
        granted_at timestamptz NOT NULL,
        expires_at timestamptz,
        spent_cents bigint NOT NULL DEFAULT 0,
        digital_spent_cents bigint NOT NULL DEFAULT 0,
        physical_spent_cents bigint NOT NULL DEFAULT 0,
        CONSTRAINT wallets_not_overdrawn CHECK (spent_cents BETWEEN 0 AND amount_cents),
        CONSTRAINT wallets_within_digital_cap
            CHECK (digital_spent_cents >= 0 AND digital_spent_cents <= digital_cap_cents),
        CONSTRAINT wallets_within_physical_cap
            CHECK (physical_spent_cents >= 0 AND physical_spent_cents <= physical_cap_cents)
    ) WITH (fillfactor = 80)
    """,
    "CREATE INDEX wallets_of_person ON wallets (person_id)",
    """
    CREATE TABLE stocks (
        id uuid PRIMARY KEY,
        version bigint NOT NULL,
        offer_id uuid NOT NULL,
        price_label text,
        price_cents bigint NOT NULL,
        starts_at timestamptz,
        booking_limit_at timestamptz,
        is_deleted boolean NOT NULL,
        offered integer,
        capacity integer,
        taken integer NOT NULL DEFAULT 0,
        availability_version bigint NOT NULL DEFAULT 1,
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT stocks_not_oversold CHECK (taken >= 0 AND taken <= capacity),
        CONSTRAINT stocks_price_not_negative CHECK (price_cents >= 0)
    ) WITH (fillfactor = 50)
    """,
    "CREATE INDEX stocks_of_offer ON stocks (offer_id)",
    """
    CREATE TABLE bookings (
        id uuid PRIMARY KEY,
        version bigint NOT NULL DEFAULT 1,
        token varchar(6) NOT NULL,
        person_id uuid NOT NULL,
        stock_id uuid NOT NULL REFERENCES stocks (id),
        offer_id uuid NOT NULL,
        venue_id uuid NOT NULL,
        structure_id uuid NOT NULL,
        offer_name text NOT NULL,
        subcategory_id text NOT NULL,
        wallet_id uuid REFERENCES wallets (id),
        deposit_kind text,
        capped_deposit text NOT NULL,
        quantity integer NOT NULL,
        unit_price_cents bigint NOT NULL,
        status text NOT NULL,
        created_at timestamptz NOT NULL,
        starts_at timestamptz,
        cancellation_limit_at timestamptz,
        used_at timestamptz,
        cancelled_at timestamptz,
        cancellation_reason text,
        reimbursed_at timestamptz,
        warned_on date,
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT bookings_quantity_positive CHECK (quantity > 0),
        CONSTRAINT bookings_price_not_negative CHECK (unit_price_cents >= 0),
        CONSTRAINT bookings_known_status CHECK (status IN ('CONFIRMED', 'USED', 'CANCELLED', 'REIMBURSED')),
        CONSTRAINT bookings_cancelled_at CHECK ((status = 'CANCELLED') = (cancelled_at IS NOT NULL)),
        CONSTRAINT bookings_used_at CHECK (status NOT IN ('USED', 'REIMBURSED') OR used_at IS NOT NULL),
        CONSTRAINT bookings_token_unique UNIQUE (token)
    ) WITH (fillfactor = 85)
    """,
    """
    CREATE UNIQUE INDEX bookings_one_per_offer ON bookings (person_id, offer_id)
    WHERE status <> 'CANCELLED'
    """,
    "CREATE INDEX bookings_of_person ON bookings (person_id, id)",
    "CREATE INDEX bookings_of_structure ON bookings (structure_id, id)",
    "CREATE INDEX bookings_waiting_of_stock ON bookings (stock_id) WHERE status = 'CONFIRMED'",
    "CREATE INDEX bookings_waiting_for_event ON bookings (starts_at) WHERE status = 'CONFIRMED'",
    "CREATE INDEX bookings_waiting_for_claim ON bookings (created_at) WHERE status = 'CONFIRMED'",
    """
    CREATE TABLE payments (
        id uuid PRIMARY KEY,
        version bigint NOT NULL,
        booking_id uuid NOT NULL,
        status text NOT NULL,
        paid_at timestamptz
    )
    """,
    "CREATE INDEX payments_of_booking ON payments (booking_id)",
    """
    CREATE TABLE persons (
        id uuid PRIMARY KEY,
        version bigint NOT NULL,
        roles text[] NOT NULL,
        is_active boolean NOT NULL,
        email text,
        first_name text,
        last_name text,
        phone text,
        birth_date date
    )
    """,
    """
    CREATE TABLE venues (
        id uuid PRIMARY KEY,
        version bigint NOT NULL,
        structure_id uuid NOT NULL,
        structure_status text NOT NULL,
        name text NOT NULL,
        street text,
        postal_code text,
        city text,
        department_code text,
        timezone text NOT NULL,
        booking_email text
    )
    """,
    """
    CREATE TABLE offers (
        id uuid PRIMARY KEY,
        version bigint NOT NULL,
        venue_id uuid NOT NULL,
        subcategory_id text NOT NULL,
        name text NOT NULL,
        is_duo boolean NOT NULL,
        url text,
        validation text NOT NULL,
        is_active boolean NOT NULL,
        published_at timestamptz
    )
    """,
    # Lets one statement undo itself: what it wrote before finding the stock sold out is rolled back.
    """
    CREATE FUNCTION refuse(reason text) RETURNS integer LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%', reason USING ERRCODE = 'PC001';
    END $$
    """,
)

COMMENTS = {
    "offers": "Copy of catalog's offers: what may be booked and under which conditions",
    "payments": "What finance says of the reimbursement of a booking",
    "payments.id": "the reimbursement's id",
    "persons": "Copy of identity's persons: who books, and where to write to them",
    "stocks": "Stocks as bookable: capacity and what is taken",
    "stocks.version": "the catalog's version",
    "stocks.offered": "what the structure offers; null = unlimited",
    "stocks.capacity": "max(offered, taken): what is taken stays honoured",
    "venues": "Copy of catalog's venues: where, in which zone, and where to write to",
    "venues.name": "the public name, else the name",
    "wallets": "What is left of each grant: one row per grant; a null cap passes its CHECK",
    "wallets.id": "the grant's id",
    "wallets.version": "the grant's version",
    "bookings": "Every booking ever made",
    "bookings.token": "contremarque, unique for ever",
    "bookings.offer_name": "as it was when booked",
    "bookings.capped_deposit": "digital, physical or -",
    "bookings.warned_on": "day on which its coming expiry was told",
}


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for name, comment in COMMENTS.items():
        kind = "COLUMN" if "." in name else "TABLE"
        op.execute(f"COMMENT ON {kind} {name} IS $${comment}$$")
