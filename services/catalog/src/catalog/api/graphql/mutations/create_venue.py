"""`createVenue`"""

from uuid import UUID

import strawberry

from catalog.api.graphql.access import require_pro
from catalog.api.graphql.loaders import written_venue
from catalog.api.graphql.types import Venue
from catalog.domain.venue import VenueDraft, normalised
from catalog.usecases.create_venue import CreateVenueRefusal, create_venue
from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal


@strawberry.input(description="A place. Its position is found from its town when it is left out.")
class CreateVenueInput:
    structure_id: strawberry.ID
    name: str
    postal_code: str
    city: str
    siret: str | None = strawberry.field(
        default=None, description="14 digits, or a RIDET: NC, 10 digits, XX."
    )
    comment: str | None = strawberry.field(default=None, description="Why there is no SIRET.")
    public_name: str | None = None
    description: str | None = None
    street: str | None = strawberry.field(default=None, description="Needed where there is no SIRET.")
    latitude: float | None = None
    longitude: float | None = None
    booking_email: str | None = strawberry.field(default=None, description="Where bookings are announced.")

    def draft(self) -> VenueDraft:
        return normalised(
            VenueDraft(
                siren=None,
                name=self.name,
                siret=self.siret,
                comment=self.comment,
                public_name=self.public_name,
                description=self.description,
                street=self.street,
                postal_code=self.postal_code,
                city=self.city,
                latitude=self.latitude,
                longitude=self.longitude,
                booking_email=self.booking_email,
            )
        )


@strawberry.type(description="The venue was created.")
class VenueCreated:
    venue: Venue


CreateVenueResult = result_union("CreateVenueResult", VenueCreated, CreateVenueRefusal)


@strawberry.mutation(
    graphql_type=CreateVenueResult, description="Create a physical venue of a structure one acts for."
)
async def create_venue_mutation(info: Info, input: CreateVenueInput, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    structure_id, draft = uuid_of(input.structure_id), input.draft()
    context = info.context
    made = await once(
        info,
        "createVenue",
        idempotency_key,
        input,
        lambda connection: create_venue(
            connection,
            structure_id=structure_id,
            draft=draft,
            principal=principal,
            now=context.now,
            sealer=context.runtime.sealer,
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return VenueCreated(venue=Venue.of(await written_venue(info, made)))
