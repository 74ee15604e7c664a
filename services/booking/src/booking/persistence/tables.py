"""The tables of booking.

Lock order, the same everywhere, so that nobody waits in a circle: offer (only by what the catalogue
changes), wallet, booking, stock. The stock comes last: it is the row many people want, and it is held
for the shortest time.

Copies of other contexts' aggregates have no foreign keys between them: their events arrive in
any order. Amounts are integer cents.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from chassis import public_numbers
from chassis.at_rest import Sealed

METADATA = sa.MetaData()

_INSTANT = sa.DateTime(timezone=True)

wallets = sa.Table(
    "wallets",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True, comment="the grant's id"),
    sa.Column("version", sa.BigInteger, nullable=False, comment="the grant's version"),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column(
        "amount_cents",
        sa.BigInteger,
        nullable=False,
        comment="all it pays, spent or not: granted, and moved",
    ),
    sa.Column(
        "moved_cents",
        sa.BigInteger,
        nullable=False,
        server_default="0",
        comment="amount_cents less what was granted: leftovers moved in, less its own moved out",
    ),
    sa.Column("replaces_id", sa.Uuid, comment="the grant whose leftover goes into this one"),
    sa.Column("digital_cap_cents", sa.BigInteger),
    sa.Column("physical_cap_cents", sa.BigInteger),
    sa.Column("granted_at", _INSTANT, nullable=False),
    sa.Column("expires_at", _INSTANT),
    sa.Column("spent_cents", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("digital_spent_cents", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("physical_spent_cents", sa.BigInteger, nullable=False, server_default="0"),
    sa.CheckConstraint("spent_cents BETWEEN 0 AND amount_cents", name="wallets_not_overdrawn"),
    sa.CheckConstraint(
        "digital_spent_cents >= 0 AND digital_spent_cents <= digital_cap_cents",
        name="wallets_within_digital_cap",
    ),
    sa.CheckConstraint(
        "physical_spent_cents >= 0 AND physical_spent_cents <= physical_cap_cents",
        name="wallets_within_physical_cap",
    ),
    sa.Index("wallets_of_person", "person_id"),
    comment="What is left of each grant: one row per grant; a null cap passes its CHECK",
)

stocks = sa.Table(
    "stocks",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, comment="the catalog's version"),
    sa.Column("offer_id", sa.Uuid, nullable=False),
    sa.Column("price_label", sa.Text),
    sa.Column("price_cents", sa.BigInteger, nullable=False),
    sa.Column("starts_at", _INSTANT),
    sa.Column("booking_limit_at", _INSTANT),
    sa.Column("is_deleted", sa.Boolean, nullable=False),
    sa.Column("offered", sa.Integer, comment="what the structure offers; null = unlimited"),
    sa.Column("capacity", sa.Integer, comment="max(offered, taken): what is taken stays honoured"),
    sa.Column("taken", sa.Integer, nullable=False, server_default="0"),
    sa.Column("availability_version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("changed_at", _INSTANT, nullable=False, server_default=sa.func.now()),
    sa.Column(
        "offer_rejections",
        sa.BigInteger,
        nullable=False,
        server_default="0",
        comment="how often its offer was rejected",
    ),
    sa.CheckConstraint("taken >= 0 AND taken <= capacity", name="stocks_not_oversold"),
    sa.CheckConstraint("price_cents >= 0", name="stocks_price_not_negative"),
    sa.Index("stocks_of_offer", "offer_id"),
    comment="Stocks as bookable: capacity and what is taken",
)

bookings = sa.Table(
    "bookings",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("token", sa.String(6), nullable=False, comment="contremarque, unique for ever"),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("stock_id", sa.Uuid, sa.ForeignKey("stocks.id"), nullable=False),
    sa.Column("offer_id", sa.Uuid, nullable=False),
    sa.Column("venue_id", sa.Uuid, nullable=False),
    sa.Column("structure_id", sa.Uuid, nullable=False),
    sa.Column("offer_name", sa.Text, nullable=False, comment="as it was when booked"),
    sa.Column("subcategory_id", sa.Text, nullable=False),
    sa.Column("wallet_id", sa.Uuid, sa.ForeignKey("wallets.id")),
    sa.Column("deposit_kind", sa.Text),
    sa.Column("capped_deposit", sa.Text, nullable=False, comment="digital, physical or -"),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_price_cents", sa.BigInteger, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created_at", _INSTANT, nullable=False),
    sa.Column("starts_at", _INSTANT),
    sa.Column("cancellation_limit_at", _INSTANT),
    sa.Column("used_at", _INSTANT),
    sa.Column("cancelled_at", _INSTANT),
    sa.Column("cancellation_reason", sa.Text),
    sa.Column("reimbursed_at", _INSTANT),
    sa.Column("warned_on", sa.Date, comment="day on which its coming expiry was told"),
    sa.Column("changed_at", _INSTANT, nullable=False, server_default=sa.func.now()),
    public_numbers.column("bookings"),
    public_numbers.constraint("bookings"),
    sa.CheckConstraint("quantity > 0", name="bookings_quantity_positive"),
    sa.CheckConstraint("unit_price_cents >= 0", name="bookings_price_not_negative"),
    sa.CheckConstraint(
        "status IN ('CONFIRMED', 'USED', 'CANCELLED', 'REIMBURSED')", name="bookings_known_status"
    ),
    sa.CheckConstraint("(status = 'CANCELLED') = (cancelled_at IS NOT NULL)", name="bookings_cancelled_at"),
    sa.CheckConstraint(
        "status NOT IN ('USED', 'REIMBURSED') OR used_at IS NOT NULL", name="bookings_used_at"
    ),
    sa.UniqueConstraint("token", name="bookings_token_unique"),
    sa.Index(
        "bookings_one_per_offer",
        "person_id",
        "offer_id",
        unique=True,
        postgresql_where=sa.text("status <> 'CANCELLED'"),
    ),
    sa.Index("bookings_of_person", "person_id", "id"),
    sa.Index("bookings_of_structure", "structure_id", "id"),
    sa.Index("bookings_waiting_of_stock", "stock_id", postgresql_where=sa.text("status = 'CONFIRMED'")),
    sa.Index("bookings_waiting_for_event", "starts_at", postgresql_where=sa.text("status = 'CONFIRMED'")),
    sa.Index("bookings_waiting_for_claim", "created_at", postgresql_where=sa.text("status = 'CONFIRMED'")),
    comment="Every booking ever made",
)

payments = sa.Table(
    "payments",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True, comment="the reimbursement's id"),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("booking_id", sa.Uuid, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("paid_at", _INSTANT),
    sa.Index("payments_of_booking", "booking_id"),
    comment="What finance says of the reimbursement of a booking",
)

PAYMENT_HOLDS = payments.c.status.in_(("processed", "paid"))
"""What makes a payment one that was begun and was not taken back."""

persons = sa.Table(
    "persons",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("roles", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("email", Sealed("persons.email")),
    sa.Column("first_name", Sealed("persons.first_name")),
    sa.Column("last_name", Sealed("persons.last_name")),
    sa.Column("phone", Sealed("persons.phone")),
    sa.Column("birth_date", Sealed("persons.birth_date", date)),
    comment="Copy of identity's persons: who books, and where to write to them",
)

venues = sa.Table(
    "venues",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("structure_id", sa.Uuid, nullable=False),
    sa.Column("structure_status", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False, comment="the public name, else the name"),
    sa.Column("street", sa.Text),
    sa.Column("postal_code", sa.Text),
    sa.Column("city", sa.Text),
    sa.Column("department_code", sa.Text),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("booking_email", Sealed("venues.booking_email")),
    comment="Copy of catalog's venues: where, in which zone, and where to write to",
)

offers = sa.Table(
    "offers",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("venue_id", sa.Uuid, nullable=False),
    sa.Column("subcategory_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("is_duo", sa.Boolean, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("validation", sa.Text, nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("published_at", _INSTANT),
    sa.Column("isbn", sa.Text),
    sa.Column("number", sa.BigInteger, comment="the catalogue's number, null until it is told"),
    comment="Copy of catalog's offers: what may be booked and under which conditions",
)
