"""The tables of the catalogue.

Lock order, the same everywhere: structure, venue, offer, stock. Amounts are integer cents;
`changed_at` is the database's clock and serves `republish --since`, every other instant is
the business clock's.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from chassis import public_numbers
from chassis.at_rest import Sealed

METADATA = sa.MetaData()

_INSTANT = sa.DateTime(timezone=True)


def among(column: sa.Column[UUID], name: str) -> sa.ColumnElement[bool]:
    """Whether the column is one of the ids in the parameter `name`: one plan, however many they are."""
    return column == sa.func.any(sa.bindparam(name, type_=sa.ARRAY(sa.Uuid)))


def _changed_at() -> sa.Column[object]:
    return sa.Column("changed_at", _INSTANT, nullable=False, server_default=sa.func.now())


structures = sa.Table(
    "structures",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, comment="identity's; 0 until its event has come"),
    sa.Column("siren", sa.Text, comment="null until its event has come"),
    sa.Column("name", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column(
        "may_edit",
        sa.Boolean,
        nullable=False,
        server_default=sa.true(),
        comment="identity's ability edit_catalog",
    ),
    sa.CheckConstraint(
        "status IN ('pending', 'validated', 'rejected', 'closed')", name="structures_known_status"
    ),
    comment="What identity says of the structures that offer something",
)

venues = sa.Table(
    "venues",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("structure_id", sa.Uuid, sa.ForeignKey("structures.id"), nullable=False),
    sa.Column("is_virtual", sa.Boolean, nullable=False),
    sa.Column("is_validated", sa.Boolean, nullable=False, comment="false: its SIRET is another structure's"),
    sa.Column("siret", sa.Text),
    sa.Column("comment", sa.Text, comment="why a physical venue has no SIRET"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("public_name", sa.Text),
    sa.Column("description", sa.Text),
    sa.Column("street", sa.Text),
    sa.Column("postal_code", sa.Text),
    sa.Column("city", sa.Text),
    sa.Column("department_code", sa.Text),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("latitude", sa.Double),
    sa.Column("longitude", sa.Double),
    sa.Column("booking_email", Sealed("venues.booking_email")),
    sa.Column("created_at", _INSTANT, nullable=False),
    _changed_at(),
    sa.UniqueConstraint("siret", name="venues_siret_unique"),
    sa.CheckConstraint(
        "CASE WHEN is_virtual"
        " THEN num_nonnulls(siret, comment, street, postal_code, city, latitude, longitude) = 0"
        " ELSE num_nonnulls(postal_code, city, department_code, latitude, longitude) = 5"
        " AND (siret IS NOT NULL OR (comment IS NOT NULL AND street IS NOT NULL)) END",
        name="venues_physical_or_virtual",
    ),
    sa.Index(
        "venues_one_virtual_per_structure",
        "structure_id",
        unique=True,
        postgresql_where=sa.text("is_virtual"),
    ),
    sa.Index("venues_of_structure", "structure_id", "id"),
    comment="Places of the structures, and the virtual one of each",
)

offers = sa.Table(
    "offers",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("venue_id", sa.Uuid, sa.ForeignKey("venues.id"), nullable=False),
    sa.Column("structure_id", sa.Uuid, sa.ForeignKey("structures.id"), nullable=False),
    sa.Column("subcategory_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("extra", pg.JSONB, nullable=False, comment="conditional fields of the sub-category"),
    sa.Column("artist", sa.Text),
    sa.Column("is_duo", sa.Boolean, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("isbn", sa.Text),
    sa.Column("product_key", sa.Text, nullable=False, comment="the same for one book or film everywhere"),
    sa.Column("validation", sa.Text, nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("published_at", _INSTANT),
    sa.Column("audio_accessible", sa.Boolean, nullable=False),
    sa.Column("mental_accessible", sa.Boolean, nullable=False),
    sa.Column("motor_accessible", sa.Boolean, nullable=False),
    sa.Column("visual_accessible", sa.Boolean, nullable=False),
    sa.Column("withdrawal_type", sa.Text),
    sa.Column("withdrawal_delay_seconds", sa.Integer),
    sa.Column("withdrawal_details", sa.Text),
    sa.Column("booking_contact", sa.Text),
    sa.Column("ranking_weight", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", _INSTANT, nullable=False),
    sa.Column("accepted_price_cents", sa.BigInteger, comment="highest when it was accepted"),
    public_numbers.column("offers"),
    _changed_at(),
    sa.CheckConstraint(
        "validation IN ('DRAFT', 'PENDING', 'APPROVED', 'REJECTED')", name="offers_known_validation"
    ),
    sa.CheckConstraint(
        "NOT is_active OR (validation = 'APPROVED' AND published_at IS NOT NULL)",
        name="offers_active_only_when_published",
    ),
    public_numbers.constraint("offers"),
    sa.Index("offers_of_venue", "venue_id", "id"),
    sa.Index(
        "offers_one_active_per_ean",
        "venue_id",
        "isbn",
        unique=True,
        postgresql_where=sa.text("is_active AND isbn IS NOT NULL"),
    ),
    sa.Index("offers_of_structure", "structure_id", "id"),
    comment="What the structures offer",
)

price_limitations = sa.Table(
    "price_limitations",
    METADATA,
    sa.Column("subcategory_id", sa.Text, primary_key=True),
    sa.Column("rate_percent", sa.Integer, nullable=False),
    sa.CheckConstraint("rate_percent BETWEEN 0 AND 999", name="price_limitations_rate"),
    comment="By how much an accepted offer's price may move; none for a sub-category that is not here",
)

stocks = sa.Table(
    "stocks",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("offer_id", sa.Uuid, sa.ForeignKey("offers.id"), nullable=False),
    sa.Column("price_label", sa.Text),
    sa.Column("price_cents", sa.BigInteger, nullable=False),
    sa.Column("quantity", sa.Integer, comment="null = unlimited"),
    sa.Column("starts_at", _INSTANT),
    sa.Column("booking_limit_at", _INSTANT),
    sa.Column("is_deleted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("booked", sa.Integer, nullable=False, server_default="0", comment="as booking last said"),
    sa.Column("availability_version", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("created_at", _INSTANT, nullable=False),
    _changed_at(),
    sa.CheckConstraint("price_cents >= 0", name="stocks_price_not_negative"),
    sa.CheckConstraint("quantity >= 0", name="stocks_quantity_not_negative"),
    sa.CheckConstraint("booking_limit_at <= starts_at", name="stocks_limit_before_start"),
    sa.Index("stocks_of_offer", "offer_id", "starts_at"),
    comment="One date and one tariff of an event, or one lot of a thing",
)

booked_offers = sa.Table(
    "booked_offers",
    METADATA,
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("offer_id", sa.Uuid, primary_key=True),
    sa.Column("venue_id", sa.Uuid, nullable=False, comment="where it was when it was booked"),
    sa.Index("booked_offers_of_venue", "person_id", "venue_id"),
    comment="Who has booked what, cancelled bookings included: they go on seeing it",
)
