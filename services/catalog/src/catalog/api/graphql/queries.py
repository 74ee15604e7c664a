"""What can be asked of the catalogue."""

from uuid import UUID

import strawberry

from catalog.api.graphql.access import may_find_offer, may_see_venue
from catalog.api.graphql.loaders import load_offer, load_venue
from catalog.api.graphql.types import Offer, OfferSubcategory, Town, Venue
from catalog.domain.subcategories import SUBCATEGORIES
from catalog.domain.towns import towns_beginning_with
from catalog.persistence.offers import page_of_offers
from catalog.usecases.access import sees_all_of
from chassis.graphql import (
    After,
    ApiError,
    Before,
    Connection,
    ErrorCode,
    First,
    Info,
    Last,
    page,
    uuid_of,
    window,
)

_TOWNS_SHOWN = 10


@strawberry.type
class Query:
    @strawberry.field(description="A venue that one may see; null otherwise.")
    async def venue(self, info: Info, id: strawberry.ID) -> Venue | None:
        seen = await load_venue(info, uuid_of(id))
        return Venue.of(seen) if seen is not None and await may_see_venue(info, seen) else None

    @strawberry.field(description="An offer that can be found and booked, or one's own; null otherwise.")
    async def offer(self, info: Info, id: strawberry.ID) -> Offer | None:
        seen = await load_offer(info, uuid_of(id))
        return Offer.of(seen) if seen is not None and await may_find_offer(info, seen) else None

    @strawberry.field(
        description="Offers of a structure or a venue, newest first: all of one's own, what can be booked of others'."
    )
    async def offers(
        self,
        info: Info,
        structure_id: strawberry.ID | None = None,
        venue_id: strawberry.ID | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Offer] | None:
        asked = window(first, after, last, before, UUID)
        structure = uuid_of(structure_id) if structure_id is not None else None
        venue = uuid_of(venue_id) if venue_id is not None else None
        if structure is None and venue is None:
            raise ApiError(ErrorCode.BAD_INPUT, "Donnez une structure ou un lieu.")
        owner = structure
        if owner is None and venue is not None and (seen := await load_venue(info, venue)) is not None:
            owner = seen.venue.structure_id
        everything = owner is not None and sees_all_of(info.context.principal, owner)
        async with info.context.db.read() as connection:
            found = await page_of_offers(
                connection,
                structure_id=structure,
                venue_id=venue,
                window=asked,
                searchable_at=None if everything else info.context.now,
            )
        return page(found, asked, node=Offer.of, keys=lambda seen: [str(seen.offer.id)])

    @strawberry.field(description="Every sub-category that an offer has had or may have.")
    def subcategories(self, info: Info) -> list[OfferSubcategory] | None:
        return [OfferSubcategory.of(subcategory, info.context.now) for subcategory in SUBCATEGORIES.values()]

    @strawberry.field(description="Towns whose name begins so (two letters at least), the largest first.")
    def towns(self, prefix: str) -> list[Town] | None:
        return [
            Town(
                name=town.name,
                region=town.region,
                department=town.department,
                postal_codes=list(town.postal_codes),
                latitude=town.position[0],
                longitude=town.position[1],
                population=town.population,
            )
            for town in towns_beginning_with(prefix, _TOWNS_SHOWN)
            if town.position is not None
        ]
