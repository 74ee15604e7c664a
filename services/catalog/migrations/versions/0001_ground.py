"""The ground: structures as identity publishes them, venues, offers, stocks."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE structures (
        id uuid PRIMARY KEY,
        version bigint NOT NULL,
        siren text,
        name text,
        status text NOT NULL,
        CONSTRAINT structures_known_status CHECK (status IN ('pending', 'validated', 'rejected', 'closed'))
    )
    """,
    """
    CREATE TABLE venues (
        id uuid PRIMARY KEY,
        version bigint NOT NULL DEFAULT 1,
        structure_id uuid NOT NULL REFERENCES structures (id),
        is_virtual boolean NOT NULL,
        is_validated boolean NOT NULL,
        siret text,
        comment text,
        name text NOT NULL,
        public_name text,
        description text,
        street text,
        postal_code text,
        city text,
        department_code text,
        timezone text NOT NULL,
        latitude double precision,
        longitude double precision,
        booking_email text,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT venues_siret_unique UNIQUE (siret),
        CONSTRAINT venues_physical_or_virtual CHECK (
            CASE WHEN is_virtual
            THEN num_nonnulls(siret, comment, street, postal_code, city, latitude, longitude) = 0
            ELSE num_nonnulls(postal_code, city, department_code, latitude, longitude) = 5
                AND (siret IS NOT NULL OR (comment IS NOT NULL AND street IS NOT NULL))
            END
        )
    )
    """,
    "CREATE UNIQUE INDEX venues_one_virtual_per_structure ON venues (structure_id) WHERE is_virtual",
    "CREATE INDEX venues_of_structure ON venues (structure_id, id)",
    """
    CREATE TABLE offers (
        id uuid PRIMARY KEY,
        version bigint NOT NULL DEFAULT 1,
        venue_id uuid NOT NULL REFERENCES venues (id),
        structure_id uuid NOT NULL REFERENCES structures (id),
        subcategory_id text NOT NULL,
        name text NOT NULL,
        description text,
        extra jsonb NOT NULL,
        artist text,
        is_duo boolean NOT NULL,
        url text,
        isbn text,
        product_key text NOT NULL,
        validation text NOT NULL,
        is_active boolean NOT NULL,
        published_at timestamptz,
        audio_accessible boolean NOT NULL,
        mental_accessible boolean NOT NULL,
        motor_accessible boolean NOT NULL,
        visual_accessible boolean NOT NULL,
        withdrawal_type text,
        withdrawal_delay_seconds integer,
        withdrawal_details text,
        booking_contact text,
        ranking_weight integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT offers_known_validation
            CHECK (validation IN ('DRAFT', 'PENDING', 'APPROVED', 'REJECTED')),
        CONSTRAINT offers_active_only_when_published
            CHECK (NOT is_active OR (validation = 'APPROVED' AND published_at IS NOT NULL))
    )
    """,
    "CREATE INDEX offers_of_venue ON offers (venue_id, id)",
    "CREATE INDEX offers_of_structure ON offers (structure_id, id)",
    # Booked figures change again and again: leave room for them on the page.
    """
    CREATE TABLE stocks (
        id uuid PRIMARY KEY,
        version bigint NOT NULL DEFAULT 1,
        offer_id uuid NOT NULL REFERENCES offers (id),
        price_label text,
        price_cents bigint NOT NULL,
        quantity integer,
        starts_at timestamptz,
        booking_limit_at timestamptz,
        is_deleted boolean NOT NULL DEFAULT false,
        booked integer NOT NULL DEFAULT 0,
        availability_version bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT stocks_price_not_negative CHECK (price_cents >= 0),
        CONSTRAINT stocks_quantity_not_negative CHECK (quantity >= 0),
        CONSTRAINT stocks_limit_before_start CHECK (booking_limit_at <= starts_at)
    ) WITH (fillfactor = 80)
    """,
    "CREATE INDEX stocks_of_offer ON stocks (offer_id, starts_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
