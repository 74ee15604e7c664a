"""`unpublishOffer`"""

from uuid import UUID

import strawberry

from catalog.api.graphql.access import require_pro
from catalog.api.graphql.loaders import written_offer
from catalog.api.graphql.types import Offer
from catalog.usecases.unpublish_offer import UnpublishOfferRefusal, unpublish_offer
from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal


@strawberry.type(description="The offer is not shown any more; its bookings stay valid.")
class OfferUnpublished:
    offer: Offer


UnpublishOfferResult = result_union("UnpublishOfferResult", OfferUnpublished, UnpublishOfferRefusal)


@strawberry.mutation(graphql_type=UnpublishOfferResult, description="Take an offer back.")
async def unpublish_offer_mutation(info: Info, offer_id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    wanted = uuid_of(offer_id)
    made = await once(
        info,
        "unpublishOffer",
        idempotency_key,
        {"offer_id": str(wanted)},
        lambda connection: unpublish_offer(connection, offer_id=wanted, principal=principal),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return OfferUnpublished(offer=Offer.of(await written_offer(info, made)))
