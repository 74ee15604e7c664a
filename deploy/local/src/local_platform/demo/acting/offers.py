"""Venues, offers and stocks of a place, and finding them."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from local_platform.demo.gateway_client import GatewayClient, Refused, Session
from local_platform.demo.story.cast import Place

HEARING_PATIENCE = 15.0
"""Seconds for the catalogue to hear of a new structure."""

DOORS = timedelta(minutes=30)
"""Booking ends so long before an event starts."""

NO_ACCESSIBILITY = {"audio": False, "mental": False, "motor": True, "visual": False}

CREATE_VENUE = """
mutation CreateVenue($input: CreateVenueInput!, $key: UUID!) {
  createVenue(input: $input, idempotencyKey: $key) {
    ... on VenueCreated { venue { id name city latitude longitude departmentCode } }
    ... on Refusal { code message }
  }
}
"""
VENUES = """
query Venues($structureId: ID!) {
  structure(id: $structureId) { name status venues { id name isVirtual } }
}
"""
CREATE_OFFER = """
mutation CreateOffer($input: CreateOfferInput!, $key: UUID!) {
  createOffer(input: $input, idempotencyKey: $key) {
    ... on OfferCreated { offer { id name status } }
    ... on Refusal { code message }
  }
}
"""
ADD_STOCKS = """
mutation AddStocks($input: AddStocksInput!, $key: UUID!) {
  addStocks(input: $input, idempotencyKey: $key) {
    ... on StocksAdded { stocks { id priceLabel priceCents startsAt quantity } }
    ... on Refusal { code message }
  }
}
"""
ADD_THING_STOCK = """
mutation AddThingStock($input: AddThingStockInput!, $key: UUID!) {
  addThingStock(input: $input, idempotencyKey: $key) {
    ... on ThingStockAdded { stock { id priceCents quantity } }
    ... on Refusal { code message }
  }
}
"""
PUBLISH_OFFER = """
mutation PublishOffer($offerId: ID!, $key: UUID!) {
  publishOffer(offerId: $offerId, idempotencyKey: $key) {
    ... on OfferPublished { offer { id name status } }
    ... on Refusal { code message }
  }
}
"""
OFFER = """
query Offer($id: ID!) {
  offer(id: $id) {
    id name status
    venue { name city }
    stocks { id priceLabel priceCents startsAt remaining isBookable }
  }
}
"""
SEARCH = """
query Search($query: String!, $near: SearchNear, $sort: SearchSort!, $filters: SearchFilters, $first: Int!) {
  searchOffers(query: $query, near: $near, sort: $sort, filters: $filters, first: $first) {
    edges { node { offerId name venueName city distanceKm pricesCents minPriceCents dates isDuo } }
  }
}
"""


def create_venue(client: GatewayClient, pro: Session, structure_id: str, place: Place) -> dict[str, Any]:
    """The venue, whose coordinates are found from the town. Waits until the catalogue knows the structure."""
    form = {
        "structureId": structure_id,
        "siret": place.siret,
        "name": place.venue_name,
        "street": place.street,
        "postalCode": place.postal_code,
        "city": place.city,
        "bookingEmail": place.booking_email,
    }
    deadline = time.monotonic() + HEARING_PATIENCE
    while True:
        try:
            venue: dict[str, Any] = client.act(CREATE_VENUE, pro, input=form)["venue"]
            return venue
        except Refused as refused:
            if refused.code != "STRUCTURE_NOT_FOUND" or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def virtual_venue(client: GatewayClient, pro: Session, structure_id: str) -> str:
    """The id of the venue of the structure's online offers."""
    venues = client.ask(VENUES, pro, structureId=structure_id)["structure"]["venues"]
    return next(str(venue["id"]) for venue in venues if venue["isVirtual"])


def create_offer(client: GatewayClient, pro: Session, venue_id: str, offer: Mapping[str, Any]) -> str:
    """Its id; `offer` has the fields of CreateOfferInput but for the venue and the accessibility."""
    form = {"venueId": venue_id, "accessibility": NO_ACCESSIBILITY, **offer}
    return str(client.act(CREATE_OFFER, pro, input=form)["offer"]["id"])


def add_dates(
    client: GatewayClient,
    pro: Session,
    offer_id: str,
    prices: Mapping[str, int],
    dates: Sequence[datetime],
    places: int,
) -> list[dict[str, Any]]:
    """Stocks of an event: each date with each tariff (label → cents), so many places each."""
    form = {
        "offerId": offer_id,
        "priceCategories": [{"label": label, "priceCents": cents} for label, cents in prices.items()],
        "dates": [
            {"startsAt": instant(date), "bookingLimitAt": instant(date - DOORS), "quantity": places}
            for date in dates
        ],
    }
    stocks: list[dict[str, Any]] = client.act(ADD_STOCKS, pro, input=form)["stocks"]
    return stocks


def add_copies(
    client: GatewayClient, pro: Session, offer_id: str, price_cents: int, copies: int | None
) -> str:
    """The stock of a thing, its id; `copies` None: no limit."""
    form = {"offerId": offer_id, "priceCents": price_cents, "quantity": copies}
    return str(client.act(ADD_THING_STOCK, pro, input=form)["stock"]["id"])


def publish(client: GatewayClient, pro: Session, offer_id: str) -> str:
    """The status that the publication gives."""
    return str(client.act(PUBLISH_OFFER, pro, offerId=offer_id)["offer"]["status"])


def look_at(client: GatewayClient, session: Session | None, offer_id: str) -> dict[str, Any] | None:
    """The offer as this person sees it; None when they do not."""
    offer: dict[str, Any] | None = client.ask(OFFER, session, id=offer_id)["offer"]
    return offer


def search(
    client: GatewayClient,
    words: str,
    near: tuple[float, float, float],
    sort: str = "DISTANCE",
    first: int = 50,
    filters: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Hits around a point: `near` is latitude, longitude, radius in km."""
    latitude, longitude, radius = near
    place = {"latitude": latitude, "longitude": longitude, "radiusKm": radius}
    found = client.ask(SEARCH, query=words, near=place, sort=sort, filters=filters, first=first)
    return [edge["node"] for edge in found["searchOffers"]["edges"]]


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC with Z."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
