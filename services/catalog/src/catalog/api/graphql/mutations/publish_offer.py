"""`publishOffer`"""

from datetime import datetime
from uuid import UUID

import strawberry

from catalog.api.graphql.access import require_pro
from catalog.api.graphql.loaders import written_offer
from catalog.api.graphql.types import Offer
from catalog.usecases.publish_offer import PublishOfferRefusal, publish_offer
from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal


@strawberry.type(
    description="The offer is published, or will be; see its `bookableFacts` for what others see."
)
class OfferPublished:
    offer: Offer


PublishOfferResult = result_union("PublishOfferResult", OfferPublished, PublishOfferRefusal)


@strawberry.mutation(
    graphql_type=PublishOfferResult, description="Publish an offer now, or at an instant within two years."
)
async def publish_offer_mutation(
    info: Info, offer_id: strawberry.ID, idempotency_key: UUID, publish_at: datetime | None = None
) -> object:
    principal = require_pro(info)
    wanted, now = uuid_of(offer_id), info.context.now
    made = await once(
        info,
        "publishOffer",
        idempotency_key,
        {"offer_id": str(wanted), "publish_at": publish_at},
        lambda connection: publish_offer(
            connection, offer_id=wanted, publish_at=publish_at, principal=principal, now=now
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return OfferPublished(offer=Offer.of(await written_offer(info, made)))
