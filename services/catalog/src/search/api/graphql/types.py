"""What a client sends and receives."""

from datetime import datetime, time
from typing import Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql import Cents
from search.domain.geography import Position
from search.domain.hits import Hit
from search.domain.query import DEFAULT_RADIUS_KM, Filters, Hours, Near, Sort

strawberry.enum(Sort, name="SearchSort", description="RELEVANCE: best first. The others: smallest first.")


@strawberry.input(description="Where to search.")
class SearchNear:
    latitude: float
    longitude: float
    radius_km: float | None = strawberry.field(
        default=DEFAULT_RADIUS_KM,
        description="null is everywhere: the position then only ranks. 0 is right here.",
    )

    def near(self) -> Near:
        return Near(Position(self.latitude, self.longitude), self.radius_km)


@strawberry.input(description="Starts of events, both ends inclusive. Offers without a date are left out.")
class SearchDates:
    from_: datetime | None = strawberry.field(name="from", default=None)
    until: datetime | None = None


@strawberry.input(
    description="Times of day at the venue, both ends inclusive; 22:00 to 02:00 goes over midnight."
)
class SearchHours:
    from_: time = strawberry.field(name="from")
    until: time


@strawberry.input(description="All must hold, price, dates, hours and newest for one and the same stock.")
class SearchFilters:
    subcategories: list[str] = strawberry.field(
        default_factory=list, description="Any of these sub-categories, or of searchGroups."
    )
    search_groups: list[str] = strawberry.field(default_factory=list)
    online: bool = strawberry.field(default=False, description="Any chosen one of online, events and things.")
    events: bool = False
    things: bool = False
    duo: bool = False
    free: bool = False
    min_price_cents: Cents | None = None
    max_price_cents: Cents | None = None
    dates: SearchDates | None = None
    hours: SearchHours | None = None
    newest: bool = strawberry.field(default=False, description="Put on sale in the last 15 days.")
    digital: bool = strawberry.field(
        default=True,
        description="false leaves out digital offers, which are otherwise found around everybody.",
    )

    def filters(self) -> Filters:
        dates = self.dates or SearchDates()
        return Filters(
            subcategories=frozenset(self.subcategories),
            search_groups=frozenset(self.search_groups),
            online=self.online,
            events=self.events,
            things=self.things,
            duo=self.duo,
            free=self.free,
            min_price_cents=self.min_price_cents,
            max_price_cents=self.max_price_cents,
            dates_from=dates.from_,
            dates_until=dates.until,
            hours=Hours(self.hours.from_, self.hours.until) if self.hours else None,
            newest=self.newest,
            digital=self.digital,
        )


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Offer:
    """The catalog's."""

    id: strawberry.ID


@strawberry.type(
    description="A bookable offer. Prices and dates are those of the stocks that answer the filters."
)
class SearchHit:
    offer: Offer | None
    offer_id: strawberry.ID
    name: str
    venue_name: str
    city: str | None
    timezone: str = strawberry.field(
        description="IANA zone of the venue's clock, by which its dates are shown."
    )
    latitude: float = strawberry.field(description="Centre of France for an offer without a place.")
    longitude: float
    distance_km: float | None = strawberry.field(description="null without a position, or without a place.")
    prices_cents: list[Cents]
    min_price_cents: Cents
    dates: list[datetime]
    is_duo: bool
    is_digital: bool
    subcategory_id: str
    search_group: str | None

    @classmethod
    def of(cls, hit: Hit) -> Self:
        return cls(
            offer=Offer(id=strawberry.ID(hit.offer_id)),
            offer_id=strawberry.ID(hit.offer_id),
            name=hit.name,
            venue_name=hit.venue_name,
            city=hit.city,
            timezone=hit.timezone,
            latitude=hit.map_position.latitude,
            longitude=hit.map_position.longitude,
            distance_km=None if hit.distance_km is None else round(hit.distance_km, 3),
            prices_cents=[Cents(cents) for cents in hit.prices_cents],
            min_price_cents=Cents(min(hit.prices_cents)),
            dates=list(hit.dates),
            is_duo=hit.is_duo,
            is_digital=hit.is_digital,
            subcategory_id=hit.subcategory_id,
            search_group=hit.search_group,
        )
