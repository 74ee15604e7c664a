"""`createProvider`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_provider
from identity.api.graphql.types import Provider
from identity.usecases.create_provider import CreateProviderRefusal, create_provider


@strawberry.type(description="The technical partner is in the public list.")
class ProviderCreated:
    provider: Provider


CreateProviderResult = result_union("CreateProviderResult", ProviderCreated, CreateProviderRefusal)


@strawberry.mutation(graphql_type=CreateProviderResult, description="Team: make a technical partner known.")
async def create_provider_mutation(info: Info, provider_name: str, idempotency_key: UUID) -> object:
    principal, now = await acting(info, "admin"), info.context.now
    done = await once(
        info,
        "createProvider",
        idempotency_key,
        {"provider_name": provider_name},
        lambda connection: create_provider(connection, provider_name, principal.person_id, now),
    )
    if isinstance(done, Refusal):
        return answer(done)
    provider = await written_provider(info, done)
    return ProviderCreated(provider=Provider.of(provider))
