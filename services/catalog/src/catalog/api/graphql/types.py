"""What the catalogue shows: venues, offers, stocks, and what it adds to the structures of identity."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from catalog.api.graphql.access import may_follow_to_offer, may_see_venue, owns
from catalog.api.graphql.loaders import load_live_stocks, load_offer, load_stock, load_venue, load_venues_of
from catalog.domain.compliance import OfferValidation
from catalog.domain.status import OfferStatus, offer_status
from catalog.domain.subcategories import SUBCATEGORIES, ConditionalField, Platform, Subcategory, is_selectable
from catalog.domain.visibility import (
    CONDITIONS,
    EXPLANATIONS,
    Condition,
    missing_for_offer,
    missing_for_stock,
)
from catalog.domain.withdrawal import WITHDRAWALS, WithdrawalType
from catalog.persistence.records import SeenOffer, SeenVenue, StockRecord
from catalog.usecases.access import sees_all_of
from chassis.graphql import KEYS, Cents, Info, known_uuid, node_id, page_size

strawberry.enum(
    OfferStatus, name="OfferStatus", description="The status of an offer; the first that matches."
)
strawberry.enum(OfferValidation, name="OfferValidation", description="The team's verdict on an offer.")
strawberry.enum(WithdrawalType, name="WithdrawalType", description="How tickets are withdrawn.")
strawberry.enum(Platform, name="OfferPlatform", description="Where offers of a sub-category take place.")
strawberry.enum(Condition, name="BookableCondition", description="What it takes to be found and booked.")


def _id(value: object) -> strawberry.ID:
    return strawberry.ID(str(value))


@strawberry.type(description="What an offer can be: asks and allowances of a sub-category.")
class OfferSubcategory:
    id: strawberry.ID
    category: str
    label: str
    is_event: bool
    can_be_duo: bool
    can_expire: bool
    platform: Platform
    is_selectable: bool = strawberry.field(description="Whether new offers may use it.")
    search_group: str
    fields: list[str] = strawberry.field(description="Extra data it asks for.")
    needs_withdrawal: bool = strawberry.field(description="Whether the withdrawal of tickets must be given.")

    @classmethod
    def of(cls, subcategory: Subcategory, now: datetime) -> Self:
        return cls(
            id=_id(subcategory.id),
            category=subcategory.category,
            label=subcategory.label,
            is_event=subcategory.is_event,
            can_be_duo=subcategory.can_be_duo,
            can_expire=subcategory.can_expire,
            platform=subcategory.platform,
            is_selectable=is_selectable(subcategory, now),
            search_group=subcategory.search_group,
            fields=sorted(field.value for field in subcategory.conditional_fields),
            needs_withdrawal=subcategory.id in WITHDRAWALS.at(now).mandatory_for,
        )


@strawberry.type(description="A French town and where it is.")
class Town:
    name: str
    region: str = strawberry.field(description="INSEE code of the region.")
    department: str
    postal_codes: list[str]
    latitude: float
    longitude: float
    population: int


@strawberry.type(description="One condition of being found and booked, and whether it holds now.")
class BookableFact:
    condition: Condition
    holds: bool
    explanation: str = strawberry.field(description="What it asks, in French.")

    @classmethod
    def of(cls, condition: Condition, holds: bool) -> Self:
        return cls(condition=condition, holds=holds, explanation=EXPLANATIONS[condition])


@strawberry.federation.type(keys=["id"], description="A structure of identity, with its places.")
class Structure:
    id: strawberry.ID

    @strawberry.field(description="Its venues, the virtual one included; those that the asker may see.")
    async def venues(self, info: Info) -> list["Venue"] | None:
        id_ = known_uuid(self.id)
        found = await load_venues_of(info, id_) if id_ else []
        return [Venue.of(seen) for seen in found if await may_see_venue(info, seen)]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        return cls(id=id)


@strawberry.federation.type(keys=KEYS, description="A place of a structure, or its virtual venue.")
class Venue:
    seen: strawberry.Private[SeenVenue]
    id: strawberry.ID
    node_id: strawberry.ID = node_id()
    name: str
    public_name: str | None
    is_virtual: bool = strawberry.field(
        description="Whether it is the one for the structure's online offers."
    )
    siret: str | None
    description: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    department_code: str | None
    timezone: str = strawberry.field(description="IANA zone of its clock.")
    latitude: float | None
    longitude: float | None

    @classmethod
    def of(cls, seen: SeenVenue) -> Self:
        venue = seen.venue
        return cls(
            seen=seen,
            id=_id(venue.id),
            name=venue.name,
            public_name=venue.public_name,
            is_virtual=venue.is_virtual,
            siret=venue.siret,
            description=venue.description,
            street=venue.street,
            postal_code=venue.postal_code,
            city=venue.city,
            department_code=venue.department_code,
            timezone=venue.timezone,
            latitude=venue.latitude,
            longitude=venue.longitude,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        id_ = known_uuid(id)
        seen = await load_venue(info, id_) if id_ else None
        return cls.of(seen) if seen is not None and await may_see_venue(info, seen) else None

    @strawberry.field
    def structure(self) -> Structure | None:
        return Structure(id=_id(self.seen.venue.structure_id))

    @strawberry.field(description="Where bookings are announced; for those who act for the structure.")
    def booking_email(self, info: Info) -> str | None:
        venue = self.seen.venue
        return venue.booking_email if sees_all_of(info.context.principal, venue.structure_id) else None

    @strawberry.field(description="Why it has no SIRET; for those who act for the structure.")
    def comment(self, info: Info) -> str | None:
        venue = self.seen.venue
        return venue.comment if sees_all_of(info.context.principal, venue.structure_id) else None


@strawberry.type(description="Whether the offer suits people with a disability.")
class OfferAccessibility:
    audio: bool
    mental: bool
    motor: bool
    visual: bool


@strawberry.type(description="How tickets reach the beneficiary.")
class OfferWithdrawal:
    type: WithdrawalType | None
    delay_seconds: int | None = strawberry.field(description="Before the start of the event.")
    details: str | None
    booking_contact: str | None = strawberry.field(description="E-mail address for those who book.")


@strawberry.type(description="An extra datum that the sub-category asks for.")
class OfferExtraField:
    name: str
    value: str


@strawberry.federation.type(keys=KEYS, description="What a venue offers.")
class Offer:
    seen: strawberry.Private[SeenOffer]
    id: strawberry.ID
    node_id: strawberry.ID = node_id()
    name: str
    description: str | None
    artist: str | None
    subcategory_id: strawberry.ID
    is_duo: bool
    is_digital: bool
    isbn: str | None
    product_key: str = strawberry.field(description="The same for one book or film at every venue.")
    published_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, seen: SeenOffer) -> Self:
        offer = seen.offer
        return cls(
            seen=seen,
            id=_id(offer.id),
            name=offer.name,
            description=offer.description,
            artist=offer.artist,
            subcategory_id=_id(offer.subcategory_id),
            is_duo=offer.is_duo,
            is_digital=offer.url is not None,
            isbn=offer.isbn,
            product_key=offer.product_key,
            published_at=offer.published_at,
            created_at=offer.created_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        id_ = known_uuid(id)
        seen = await load_offer(info, id_) if id_ else None
        return cls.of(seen) if seen is not None and await may_follow_to_offer(info, seen) else None

    @strawberry.field
    async def venue(self, info: Info) -> Venue | None:
        seen = await load_venue(info, self.seen.offer.venue_id)
        return Venue.of(seen) if seen is not None and await may_see_venue(info, seen) else None

    @strawberry.field
    def subcategory(self, info: Info) -> OfferSubcategory:
        return OfferSubcategory.of(SUBCATEGORIES[self.seen.offer.subcategory_id], info.context.now)

    @strawberry.field(
        description="Its stocks by start, deleted ones left out; for others than its structure, those to come."
    )
    async def stocks(
        self,
        info: Info,
        first: int = 100,
        from_: Annotated[datetime | None, strawberry.argument(name="from")] = None,
    ) -> list["Stock"]:
        size, now, everything = page_size(first), info.context.now, owns(info, self.seen)
        shown = [
            stock
            for stock in await load_live_stocks(info, self.seen.offer.id)
            if (everything or stock.starts_at is None or stock.starts_at > now)
            and (from_ is None or stock.starts_at is None or stock.starts_at >= from_)
        ]
        return [Stock.of(stock) for stock in shown[:size]]

    @strawberry.field
    async def status(self, info: Info) -> OfferStatus:
        facts = self.seen.offer.facts(await load_live_stocks(info, self.seen.offer.id))
        return offer_status(facts, info.context.now)

    @strawberry.field(description="Its address before it is completed for a booking; for its structure only.")
    def url(self, info: Info) -> str | None:
        return self.seen.offer.url if owns(info, self.seen) else None

    @strawberry.field(description="The team's verdict; for its structure only.")
    def validation(self, info: Info) -> OfferValidation | None:
        return OfferValidation(self.seen.offer.validation) if owns(info, self.seen) else None

    @strawberry.field(
        description="Why others can or cannot find and book it, condition by condition; for its structure only."
    )
    async def bookable_facts(self, info: Info) -> list[BookableFact] | None:
        if not owns(info, self.seen):
            return None
        now = info.context.now
        facts = self.seen.offer.facts(await load_live_stocks(info, self.seen.offer.id))
        missing = missing_for_offer(facts, self.seen.place, now)
        names = [name for name, _ in CONDITIONS.at(now).offer]
        return [BookableFact.of(name, name not in missing) for name in (*names, Condition.HAS_BOOKABLE_STOCK)]

    @strawberry.field
    def accessibility(self) -> OfferAccessibility:
        offer = self.seen.offer
        return OfferAccessibility(
            audio=offer.audio_accessible,
            mental=offer.mental_accessible,
            motor=offer.motor_accessible,
            visual=offer.visual_accessible,
        )

    @strawberry.field
    def withdrawal(self) -> OfferWithdrawal:
        offer = self.seen.offer
        return OfferWithdrawal(
            type=WithdrawalType(offer.withdrawal_type) if offer.withdrawal_type else None,
            delay_seconds=offer.withdrawal_delay_seconds,
            details=offer.withdrawal_details,
            booking_contact=offer.booking_contact,
        )

    @strawberry.field(description="Author, performer, visa, …: what the sub-category asks for, as given.")
    def extra_fields(self) -> list[OfferExtraField]:
        extra = self.seen.offer.extra
        return [
            OfferExtraField(name=field.value, value=extra[field.value])
            for field in ConditionalField
            if field.value in extra
        ]


@strawberry.federation.type(
    keys=KEYS, description="One date and one tariff of an event, or a lot of a thing."
)
class Stock:
    record: strawberry.Private[StockRecord]
    id: strawberry.ID
    node_id: strawberry.ID = node_id()
    price_label: str | None = strawberry.field(description="Name of the tariff; null for things.")
    price_cents: Cents
    quantity: int | None = strawberry.field(description="Places offered; null when unlimited.")
    starts_at: datetime | None = strawberry.field(description="Start of the event; null for things.")
    booking_limit_at: datetime | None

    @classmethod
    def of(cls, record: StockRecord) -> Self:
        return cls(
            record=record,
            id=_id(record.id),
            price_label=record.price_label,
            price_cents=Cents(record.price_cents),
            quantity=record.quantity,
            starts_at=record.starts_at,
            booking_limit_at=record.booking_limit_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        id_ = known_uuid(id)
        record = await load_stock(info, id_) if id_ else None
        seen = await load_offer(info, record.offer_id) if record is not None else None
        if record is None or seen is None or not await may_follow_to_offer(info, seen):
            return None
        return cls.of(record)

    @strawberry.field
    async def offer(self, info: Info) -> Offer | None:
        seen = await load_offer(info, self.record.offer_id)
        return Offer.of(seen) if seen is not None and await may_follow_to_offer(info, seen) else None

    @strawberry.field(description="Places booked, as booking last said; for its structure only.")
    async def booked(self, info: Info) -> int | None:
        seen = await load_offer(info, self.record.offer_id)
        return self.record.booked if seen is not None and owns(info, seen) else None

    @strawberry.field(description="Why this stock alone can or cannot be booked; for its structure only.")
    async def bookable_facts(self, info: Info) -> list[BookableFact] | None:
        seen = await load_offer(info, self.record.offer_id)
        if seen is None or not owns(info, seen):
            return None
        missing = missing_for_stock(self.record.facts, info.context.now)
        names = [name for name, _ in CONDITIONS.at(info.context.now).stock]
        return [BookableFact.of(name, name not in missing) for name in names]
