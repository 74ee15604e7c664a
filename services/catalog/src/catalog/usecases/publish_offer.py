"""A pro publishes an offer, now or later."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.compliance import OfferValidation
from catalog.domain.duplicates import check_ean
from catalog.domain.price_limitation import accepted_price
from catalog.domain.publication import Publication, PublicationRefusal, publish
from catalog.domain.refusals.offer import EanAlreadyOffered, OfferNotFound
from catalog.domain.refusals.venue import StructureNotOpen
from catalog.messages.offer import offer_event
from catalog.persistence import offers, stocks
from catalog.persistence.records import OfferRecord
from catalog.usecases.access import check_structure, lock_own_offer
from chassis.auth import Principal
from chassis.outbox import emit

PublishOfferRefusal = OfferNotFound | StructureNotOpen | PublicationRefusal | EanAlreadyOffered


async def publish_offer(
    connection: AsyncConnection,
    *,
    offer_id: UUID,
    publish_at: datetime | None,
    principal: Principal,
    now: datetime,
) -> OfferRecord | PublishOfferRefusal:
    """The offer. Others see it once its structure is validated and `publish_at` is reached."""
    offer = await lock_own_offer(connection, offer_id, principal)
    if isinstance(offer, OfferNotFound):
        return offer
    not_open = await check_structure(connection, offer.structure_id)
    if not_open is not None:
        return not_open
    facts = offer.facts(await stocks.live_stocks(connection, offer_id))
    published = publish(facts, publish_at, now)
    if not isinstance(published, Publication):
        return published
    twice = check_ean(
        offer.isbn, await offers.is_offered(connection, offer.venue_id, offer.isbn, but=offer_id), now
    )
    if twice is not None:
        return twice
    price = accepted_price(
        OfferValidation(offer.validation), published.validation, facts.stocks, offer.accepted_price_cents
    )
    written = await offers.write_publication(connection, offer_id, published, price)
    if written is None:
        return EanAlreadyOffered(offer.isbn or "")
    await emit(connection, [offer_event("offer.published", written)])
    return written
