"""What the catalogue tells the other contexts: the whole public state of a venue, an offer, a stock."""

from uuid import UUID

from catalog.domain.facts import StructureStatus
from catalog.persistence.records import OfferRecord, StockRecord, VenueRecord
from chassis.clock import iso
from chassis.outbox import Event
from chassis.sealed import Sealer

VENUE_TOPIC = "catalog.venue.v1"
OFFER_TOPIC = "catalog.offer.v1"
STOCK_TOPIC = "catalog.stock.v1"


def _plain(id_: UUID) -> UUID:
    """The database driver's UUIDs are of a class of their own, which JSON encoders do not know."""
    return UUID(int=id_.int)


def venue_event(kind: str, venue: VenueRecord, structure_status: str, sealer: Sealer) -> Event:
    """A venue held back is told as one of a pending structure."""
    status = structure_status if venue.is_validated else StructureStatus.PENDING.value
    state = {
        "structure_id": _plain(venue.structure_id),
        "structure_status": status,
        "siret": venue.siret,
        "name": venue.name,
        "public_name": venue.public_name,
        "is_virtual": venue.is_virtual,
        "street": venue.street,
        "postal_code": venue.postal_code,
        "city": venue.city,
        "department_code": venue.department_code,
        "timezone": venue.timezone,
        "latitude": venue.latitude,
        "longitude": venue.longitude,
        "sealed": sealer.seal({"booking_email": venue.booking_email}, (VENUE_TOPIC, venue.id)),
    }
    return Event(VENUE_TOPIC, _plain(venue.id), venue.version, kind, state)


def offer_event(kind: str, offer: OfferRecord) -> Event:
    state = {
        "venue_id": _plain(offer.venue_id),
        "structure_id": _plain(offer.structure_id),
        "subcategory_id": offer.subcategory_id,
        "name": offer.name,
        "description": offer.description,
        "artist": offer.artist,
        "is_duo": offer.is_duo,
        "url": offer.url,
        "isbn": offer.isbn,
        "product_key": offer.product_key,
        "validation": offer.validation,
        "is_active": offer.is_active,
        "published_at": iso(offer.published_at),
        "created_at": iso(offer.created_at),
        "withdrawal_type": offer.withdrawal_type,
        "ranking_weight": offer.ranking_weight,
    }
    return Event(OFFER_TOPIC, _plain(offer.id), offer.version, kind, state)


def stock_event(kind: str, stock: StockRecord) -> Event:
    state = {
        "offer_id": _plain(stock.offer_id),
        "price_label": stock.price_label,
        "price_cents": stock.price_cents,
        "quantity": stock.quantity,
        "starts_at": iso(stock.starts_at),
        "booking_limit_at": iso(stock.booking_limit_at),
        "is_deleted": stock.is_deleted,
        "created_at": iso(stock.created_at),
    }
    return Event(STOCK_TOPIC, _plain(stock.id), stock.version, kind, state)
