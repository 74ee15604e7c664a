"""`createOffer`"""

from uuid import UUID

import strawberry

from catalog.api.graphql.access import require_pro
from catalog.api.graphql.loaders import written_offer
from catalog.api.graphql.types import Offer
from catalog.domain.offer import Accessibility, OfferDraft, normalised
from catalog.domain.subcategories import ConditionalField
from catalog.domain.withdrawal import Withdrawal, WithdrawalType
from catalog.usecases.create_offer import CreateOfferRefusal, create_offer
from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from chassis.text import one_line


@strawberry.input(description="Four answers that every offer owes.")
class AccessibilityInput:
    audio: bool
    mental: bool
    motor: bool
    visual: bool


@strawberry.input(
    description="How tickets reach the beneficiary; must be given for concerts, festivals and shows."
)
class WithdrawalInput:
    type: WithdrawalType | None = None
    delay_seconds: int | None = strawberry.field(default=None, description="Before the start of the event.")
    details: str | None = None
    booking_contact: str | None = None


@strawberry.input(description="What the sub-category asks for; see `subcategories { fields }`.")
class ExtraFieldsInput:
    author: str | None = None
    performer: str | None = None
    speaker: str | None = None
    stage_director: str | None = None
    music_type: str | None = None
    show_type: str | None = None
    visa: str | None = None

    def texts(self) -> dict[ConditionalField, str]:
        given = {
            ConditionalField.AUTHOR: self.author,
            ConditionalField.PERFORMER: self.performer,
            ConditionalField.SPEAKER: self.speaker,
            ConditionalField.STAGE_DIRECTOR: self.stage_director,
            ConditionalField.MUSIC_TYPE: self.music_type,
            ConditionalField.SHOW_TYPE: self.show_type,
            ConditionalField.VISA: self.visa,
        }
        return {field: text for field, text in given.items() if text is not None}


@strawberry.input(description="An offer. One with a URL belongs to the structure's virtual venue.")
class CreateOfferInput:
    venue_id: strawberry.ID
    subcategory_id: strawberry.ID
    name: str
    accessibility: AccessibilityInput
    description: str | None = None
    artist: str | None = strawberry.field(default=None, description="Else the people of the extra fields.")
    is_duo: bool = False
    url: str | None = strawberry.field(default=None, description="May hold {token}, {email}, {offerId}.")
    isbn: str | None = strawberry.field(default=None, description="13 or 10 signs; books are offered by it.")
    withdrawal: WithdrawalInput | None = None
    extra_fields: ExtraFieldsInput | None = None

    def draft(self, asked_by_admin: bool) -> OfferDraft:
        withdrawal = self.withdrawal or WithdrawalInput()
        draft = OfferDraft(
            name=self.name,
            subcategory_id=str(self.subcategory_id),
            venue_is_virtual=False,
            accessibility=Accessibility(
                self.accessibility.audio,
                self.accessibility.mental,
                self.accessibility.motor,
                self.accessibility.visual,
            ),
            description=self.description,
            is_duo=self.is_duo,
            url=self.url,
            isbn=self.isbn,
            extra=self.extra_fields.texts() if self.extra_fields else {},
            withdrawal=Withdrawal(
                withdrawal.type,
                withdrawal.delay_seconds,
                withdrawal.details,
                withdrawal.booking_contact,
            ),
            asked_by_admin=asked_by_admin,
        )
        return normalised(draft)


@strawberry.type(description="The offer was created as a draft: add stocks, then publish it.")
class OfferCreated:
    offer: Offer


CreateOfferResult = result_union("CreateOfferResult", OfferCreated, CreateOfferRefusal)


@strawberry.mutation(
    graphql_type=CreateOfferResult, description="Draft an offer of a venue of a structure one acts for."
)
async def create_offer_mutation(info: Info, input: CreateOfferInput, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    now, venue_id = info.context.now, uuid_of(input.venue_id)
    draft, artist = input.draft("admin" in principal.roles), one_line(input.artist or "") or None
    made = await once(
        info,
        "createOffer",
        idempotency_key,
        input,
        lambda connection: create_offer(
            connection, venue_id=venue_id, draft=draft, artist=artist, principal=principal, now=now
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return OfferCreated(offer=Offer.of(await written_offer(info, made)))
