"""A pro publishes an offer, now or later, or takes it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.publication import Publication, publish, unpublish
from catalog.persistence import offers, stocks
from catalog.persistence.records import OfferRecord
from catalog.usecases.announce import offer_event
from catalog.usecases.owned import lock_own_offer
from chassis.auth import Principal
from chassis.outbox import emit
from chassis.refusals import Refusal


async def publish_offer(
    connection: AsyncConnection,
    *,
    offer_id: UUID,
    publish_at: datetime | None,
    principal: Principal,
    now: datetime,
) -> UUID | Refusal:
    """The offer's id. Others see it once its structure is validated and `publish_at` is reached."""
    offer = await lock_own_offer(connection, offer_id, principal)
    if isinstance(offer, Refusal):
        return offer
    facts = offer.facts(await stocks.live_stocks(connection, offer_id))
    return await _write(connection, offer, publish(facts, publish_at, now), "offer.published")


async def unpublish_offer(
    connection: AsyncConnection, *, offer_id: UUID, principal: Principal
) -> UUID | Refusal:
    """The offer's id. Nobody else sees it any more; its bookings stay valid."""
    offer = await lock_own_offer(connection, offer_id, principal)
    if isinstance(offer, Refusal):
        return offer
    return await _write(connection, offer, unpublish(offer.facts([])), "offer.unpublished")


async def _write(
    connection: AsyncConnection, offer: OfferRecord, outcome: Publication | Refusal, kind: str
) -> UUID | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    written = await offers.write_publication(
        connection,
        offer.id,
        validation=outcome.validation.value,
        is_active=outcome.is_active,
        published_at=outcome.published_at,
    )
    await emit(connection, [offer_event(kind, written)])
    return offer.id
