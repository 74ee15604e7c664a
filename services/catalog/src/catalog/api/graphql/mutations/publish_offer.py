"""`publishOffer` and `unpublishOffer`"""

from datetime import datetime
from uuid import UUID

import strawberry

from catalog.api.graphql.acting import act, require_pro
from catalog.api.graphql.identifiers import uuid_of
from catalog.api.graphql.loaders import load_offer
from catalog.api.graphql.types import Offer
from catalog.domain.refusals import offer as no
from catalog.usecases.publish_offer import publish_offer as publish
from catalog.usecases.publish_offer import unpublish_offer as unpublish
from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal


@strawberry.type(
    description="The offer is published, or will be; see its `bookableFacts` for what others see."
)
class OfferPublished:
    offer: Offer


@strawberry.type(description="The offer is not shown any more; its bookings stay valid.")
class OfferUnpublished:
    offer: Offer


PublishOfferResult = result_union(
    "PublishOfferResult",
    OfferPublished,
    no.OfferNotFound,
    no.OfferNotEditable,
    no.OfferWithoutStock,
    no.PublicationInPast,
    no.PublicationTooFar,
)
UnpublishOfferResult = result_union(
    "UnpublishOfferResult", OfferUnpublished, no.OfferNotFound, no.OfferNotEditable
)


@strawberry.mutation(
    graphql_type=PublishOfferResult, description="Publish an offer now, or at an instant within two years."
)
async def publish_offer(
    info: Info, offer_id: strawberry.ID, idempotency_key: UUID, publish_at: datetime | None = None
) -> object:
    principal = require_pro(info)
    wanted, now = uuid_of(offer_id), info.context.now
    made = await act(
        info,
        principal,
        "publishOffer",
        idempotency_key,
        {"offer_id": str(wanted), "publish_at": publish_at},
        lambda connection: publish(
            connection, offer_id=wanted, publish_at=publish_at, principal=principal, now=now
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return OfferPublished(offer=await _offer(info, made[0]))


@strawberry.mutation(graphql_type=UnpublishOfferResult, description="Take an offer back.")
async def unpublish_offer(info: Info, offer_id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    wanted = uuid_of(offer_id)
    made = await act(
        info,
        principal,
        "unpublishOffer",
        idempotency_key,
        {"offer_id": str(wanted)},
        lambda connection: unpublish(connection, offer_id=wanted, principal=principal),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return OfferUnpublished(offer=await _offer(info, made[0]))


async def _offer(info: Info, id_: UUID) -> Offer:
    seen = await load_offer(info, id_)
    assert seen is not None
    return Offer.of(seen)
