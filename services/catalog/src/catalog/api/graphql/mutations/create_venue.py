"""`createVenue`"""

from uuid import UUID

import strawberry

from catalog.api.graphql.acting import act, require_pro
from catalog.api.graphql.identifiers import uuid_of
from catalog.api.graphql.loaders import load_venue
from catalog.api.graphql.texts import one_line, one_line_or_none, tidy, tidy_or_none
from catalog.api.graphql.types import Venue
from catalog.domain.refusals import venue as no
from catalog.domain.venue import VenueDraft
from catalog.usecases.create_venue import create_venue as create
from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal


@strawberry.input(description="A place. Its position is found from its town when it is left out.")
class CreateVenueInput:
    structure_id: strawberry.ID
    name: str
    postal_code: str
    city: str
    siret: str | None = strawberry.field(default=None, description="14 digits, blanks allowed.")
    comment: str | None = strawberry.field(default=None, description="Why there is no SIRET.")
    public_name: str | None = None
    description: str | None = None
    street: str | None = strawberry.field(default=None, description="Needed where there is no SIRET.")
    latitude: float | None = None
    longitude: float | None = None
    booking_email: str | None = strawberry.field(default=None, description="Where bookings are told.")

    def draft(self) -> VenueDraft:
        siret = tidy_or_none(self.siret)
        return VenueDraft(
            siren=None,
            name=one_line(self.name),
            siret="".join(siret.split()) if siret else None,
            comment=tidy_or_none(self.comment),
            public_name=one_line_or_none(self.public_name),
            description=tidy_or_none(self.description),
            street=one_line_or_none(self.street),
            postal_code=tidy(self.postal_code),
            city=one_line(self.city),
            latitude=self.latitude,
            longitude=self.longitude,
            booking_email=tidy_or_none(self.booking_email),
        )


@strawberry.type(description="The venue was created.")
class VenueCreated:
    venue: Venue


CreateVenueResult = result_union(
    "CreateVenueResult",
    VenueCreated,
    no.StructureNotFound,
    no.VenueFieldRequired,
    no.VenueTextTooLong,
    no.InvalidSiret,
    no.SiretNotOfStructure,
    no.SiretOrCommentRequired,
    no.SiretAlreadyUsed,
    no.InvalidPostalCode,
    no.InvalidCoordinates,
    no.UnknownTown,
    no.InvalidBookingEmail,
)


@strawberry.mutation(
    graphql_type=CreateVenueResult, description="Create a physical venue of a structure one acts for."
)
async def create_venue(info: Info, input: CreateVenueInput, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    structure_id, draft = uuid_of(input.structure_id), input.draft()
    context = info.context
    made = await act(
        info,
        principal,
        "createVenue",
        idempotency_key,
        input,
        lambda connection: create(
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
    seen = await load_venue(info, made[0])
    assert seen is not None
    return VenueCreated(venue=Venue.of(seen))
