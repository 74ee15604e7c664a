"""Who sees what.

Those who act for its structure see all of it; who has booked it goes on seeing it, whatever becomes of it:
unpublished, refused, closed, moved; anybody else sees what is public.
"""

from catalog.api.graphql.loaders import has_booked, has_booked_at, load_live_stocks
from catalog.domain.facts import StructureStatus
from catalog.domain.visibility import Condition, is_searchable, missing_for_offer
from catalog.persistence.records import SeenOffer, SeenVenue
from catalog.usecases.access import sees_all_of
from chassis.auth import Principal
from chassis.graphql import Info, require


def require_pro(info: Info) -> Principal:
    """The pro who asks. Raises ApiError; call it before reading what is asked."""
    return require(info, "pro")


async def may_see_venue(info: Info, seen: SeenVenue) -> bool:
    """A venue is public once its structure is validated and it is not held back itself."""
    if sees_all_of(info.context.principal, seen.venue.structure_id):
        return True
    if seen.structure_status is StructureStatus.VALIDATED and seen.venue.is_validated:
        return True
    return await has_booked_at(info, seen.venue.id)


def owns(info: Info, seen: SeenOffer) -> bool:
    return sees_all_of(info.context.principal, seen.offer.structure_id)


async def may_find_offer(info: Info, seen: SeenOffer) -> bool:
    """Whether somebody who looks for this offer finds it: it is searchable, one's own, or booked."""
    if owns(info, seen):
        return True
    facts = seen.offer.facts(await load_live_stocks(info, seen.offer.id))
    return is_searchable(facts, seen.place, info.context.now) or await has_booked(info, seen.offer.id)


async def may_follow_to_offer(info: Info, seen: SeenOffer) -> bool:
    """Whether somebody who comes from a booking or a search hit may see this offer.

    Who has not booked it sees what is public, though it may be sold out or over.
    """
    if owns(info, seen):
        return True
    missing = missing_for_offer(seen.offer.facts(()), seen.place, info.context.now)
    return set(missing) <= {Condition.HAS_BOOKABLE_STOCK} or await has_booked(info, seen.offer.id)
