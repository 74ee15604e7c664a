"""A pro takes an offer back."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.publication import Publication, unpublish
from catalog.domain.refusals.offer import OfferNotEditable, OfferNotFound
from catalog.messages.offer import offer_event
from catalog.persistence import offers
from catalog.persistence.records import OfferRecord
from catalog.usecases.access import lock_own_offer
from chassis.auth import Principal
from chassis.outbox import emit

UnpublishOfferRefusal = OfferNotFound | OfferNotEditable


async def unpublish_offer(
    connection: AsyncConnection, *, offer_id: UUID, principal: Principal
) -> OfferRecord | UnpublishOfferRefusal:
    """The offer. Nobody else finds it any more; its bookings stay valid."""
    offer = await lock_own_offer(connection, offer_id, principal)
    if isinstance(offer, OfferNotFound):
        return offer
    taken_back = unpublish(offer.facts([]))
    if not isinstance(taken_back, Publication):
        return taken_back
    written = await offers.write_publication(connection, offer_id, taken_back, offer.accepted_price_cents)
    assert written is not None, "an offer that is not active is in no other's way"
    await emit(connection, [offer_event("offer.unpublished", written)])
    return written
