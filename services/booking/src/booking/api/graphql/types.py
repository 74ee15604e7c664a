"""What booking shows: bookings, wallets, and what it adds to the persons and stocks of others."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from booking.api.graphql.access import JudgesViewer, is_own, may_see, may_see_person
from booking.api.graphql.loaders import load_booking, load_credits, load_page_of_person, load_stock
from booking.domain.access_url import complete
from booking.domain.booking import Status
from booking.domain.cancellation import refuse_own_cancellation
from booking.domain.stock import first_obstacle
from booking.domain.subcategories import Deposit
from booking.domain.visibility import HIDDEN_TOKEN, state_shown, token_shown_to_pro
from booking.persistence.records import BookingRecord, CreditRecord
from chassis.cursors import Window
from chassis.graphql import (
    KEYS,
    After,
    Before,
    Cents,
    Connection,
    First,
    Info,
    Last,
    RefusalInterface,
    known_uuid,
    node_id,
    page,
    window,
)

strawberry.enum(Status, name="BookingStatus", description="Where a booking is in its life.")


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Offer:
    """An offer of the catalogue."""

    id: strawberry.ID


# Every field of these judges its viewer itself.
_of_booking: list[FieldExtension] = [JudgesViewer(lambda shown, principal: may_see(shown.record, principal))]
_of_person: list[FieldExtension] = [
    JudgesViewer(lambda shown, principal: may_see_person(shown.person_id, principal))
]


@strawberry.type(description="Who booked, as the place sees them.")
class Beneficiary:
    record: strawberry.Private[BookingRecord]
    first_name: str | None = strawberry.field(extensions=_of_booking)
    last_name: str | None = strawberry.field(extensions=_of_booking)
    email: str | None = strawberry.field(extensions=_of_booking)
    phone: str | None = strawberry.field(extensions=_of_booking)


@strawberry.federation.type(keys=["id"], description="A stock of the catalogue, as it can be booked.")
class Stock:
    id: strawberry.ID

    @strawberry.field(description="Places left; null when unlimited or unknown.")
    async def remaining(self, info: Info) -> int | None:
        id_ = known_uuid(self.id)
        stock = await load_stock(info, id_) if id_ else None
        return stock.remaining if stock else None

    @strawberry.field(description="Whether a place can be booked now, by somebody who has the credit.")
    async def is_bookable(self, info: Info) -> bool | None:
        id_ = known_uuid(self.id)
        stock = await load_stock(info, id_) if id_ else None
        return stock is not None and first_obstacle(stock, info.context.now) is None

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        return cls(id=id)


@strawberry.federation.type(keys=KEYS, description="One or two places of a stock, booked by a person.")
class Booking:
    record: strawberry.Private[BookingRecord]
    id: strawberry.ID = strawberry.field(extensions=_of_booking)
    node_id: strawberry.ID = node_id(_of_booking)
    status: Status = strawberry.field(extensions=_of_booking)
    quantity: int = strawberry.field(extensions=_of_booking)
    offer_name: str = strawberry.field(description="As it was when booked.", extensions=_of_booking)
    unit_price_cents: Cents = strawberry.field(extensions=_of_booking)
    total_cents: Cents = strawberry.field(extensions=_of_booking)
    created_at: datetime = strawberry.field(extensions=_of_booking)
    starts_at: datetime | None = strawberry.field(
        description="Start of the event; null for things.", extensions=_of_booking
    )
    used_at: datetime | None = strawberry.field(extensions=_of_booking)
    cancelled_at: datetime | None = strawberry.field(extensions=_of_booking)
    cancellable_until: datetime | None = strawberry.field(
        description="First instant at which the booking is firm; null: until it is used or expires.",
        extensions=_of_booking,
    )

    @classmethod
    def of(cls, record: BookingRecord) -> Self:
        return cls(
            record=record,
            id=strawberry.ID(str(record.id)),
            status=Status(record.status),
            quantity=record.quantity,
            offer_name=record.offer_name,
            unit_price_cents=Cents(record.unit_price_cents),
            total_cents=Cents(record.total_cents),
            created_at=record.created_at,
            starts_at=record.starts_at,
            used_at=record.used_at,
            cancelled_at=record.cancelled_at,
            cancellable_until=record.cancellation_limit_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        id_ = known_uuid(id)
        record = await load_booking(info, id_) if id_ else None
        visible = record is not None and may_see(record, info.context.principal)
        return cls.of(record) if record is not None and visible else None

    @strawberry.field(
        description="The code to show; « - » to a place that waits for a thing to be fetched.",
        extensions=_of_booking,
    )
    def contremarque(self, info: Info) -> str:
        if is_own(self.record, info.context.principal):
            return self.record.token
        return token_shown_to_pro(self.record.rules, self.record.token)

    @strawberry.field(
        description="Address of the contremarque's QR code, an SVG image, for a day; null where it is hidden.",
        extensions=_of_booking,
    )
    def qr_code(self, info: Info) -> str | None:
        shown = self.record.token
        if not is_own(self.record, info.context.principal):
            shown = token_shown_to_pro(self.record.rules, shown)
        if shown == HIDDEN_TOKEN:
            return None
        address: str = info.context.runtime.qr_codes.address(self.record.id, shown)
        return address

    @strawberry.field(
        description="Address of a digital offer, completed for this booking; for its owner only.",
        extensions=_of_booking,
    )
    def access_url(self, info: Info) -> str | None:
        record = self.record
        if not record.url or not is_own(record, info.context.principal) or record.status == Status.CANCELLED:
            return None
        return complete(
            record.url, token=record.token, email=record.email or "", offer_id=str(record.offer_id)
        )

    @strawberry.field(
        description="The state in the words of the pro portal: réservé, confirmé, validé, …",
        extensions=_of_booking,
    )
    def state_shown(self, info: Info) -> str:
        return state_shown(self.record.rules, info.context.now).value

    @strawberry.field(description="Whether its beneficiary can cancel it now.", extensions=_of_booking)
    def is_cancellable(self, info: Info) -> bool:
        rules, now = self.record.rules, info.context.now
        return rules.status is not Status.CANCELLED and refuse_own_cancellation(rules, now) is None

    @strawberry.field(extensions=_of_booking)
    def offer(self) -> Offer | None:
        return Offer(id=strawberry.ID(str(self.record.offer_id)))

    @strawberry.field(extensions=_of_booking)
    def stock(self) -> Stock | None:
        return Stock(id=strawberry.ID(str(self.record.stock_id)))

    @strawberry.field(extensions=_of_booking)
    def beneficiary(self) -> Beneficiary:
        record = self.record
        return Beneficiary(
            record=record,
            first_name=record.first_name,
            last_name=record.last_name,
            email=record.email,
            phone=record.phone,
        )


@strawberry.federation.type(
    keys=KEYS, description="What is left of a person's credit. An expired credit has nothing left."
)
class Wallet:
    person_id: strawberry.Private[UUID]
    id: strawberry.ID = strawberry.field(
        description="One a person, and the same whichever credit is in use.", extensions=_of_person
    )
    node_id: strawberry.ID = node_id(_of_person)
    kind: str = strawberry.field(extensions=_of_person)
    granted_cents: Cents = strawberry.field(extensions=_of_person)
    spent_cents: Cents = strawberry.field(extensions=_of_person)
    remaining_cents: Cents = strawberry.field(extensions=_of_person)
    digital_cap_cents: Cents | None = strawberry.field(
        description="Null: no cap on digital offers.", extensions=_of_person
    )
    digital_remaining_cents: Cents = strawberry.field(extensions=_of_person)
    physical_remaining_cents: Cents = strawberry.field(extensions=_of_person)
    expires_at: datetime | None = strawberry.field(extensions=_of_person)

    @classmethod
    def of(cls, person_id: UUID, credit: CreditRecord, now: datetime) -> Self:
        envelope = credit.envelope
        return cls(
            person_id=person_id,
            id=strawberry.ID(str(person_id)),
            kind=credit.kind,
            granted_cents=Cents(envelope.granted_cents),
            spent_cents=Cents(envelope.spent_cents),
            remaining_cents=Cents(envelope.remaining_cents(now)),
            digital_cap_cents=None
            if envelope.digital_cap_cents is None
            else Cents(envelope.digital_cap_cents),
            digital_remaining_cents=Cents(envelope.remaining_in_cents(Deposit.DIGITAL, now)),
            physical_remaining_cents=Cents(envelope.remaining_in_cents(Deposit.PHYSICAL, now)),
            expires_at=envelope.expires_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> "Wallet | None":
        """Of that person, for whoever may see it."""
        person_id = known_uuid(id)
        if person_id is None or not may_see_person(person_id, info.context.principal):
            return None
        return await wallet_of(info, person_id)


async def wallet_of(info: Info, person_id: UUID) -> Wallet | None:
    """The credit in use: the newest active one, else the newest; null for who never had one."""
    credits = await load_credits(info, person_id)
    if not credits:
        return None
    now = info.context.now
    in_use = [credit for credit in credits if credit.envelope.is_active(now)] or credits
    return Wallet.of(person_id, in_use[-1], now)


def bookings_page(records: list[BookingRecord], part: Window) -> Connection[Booking]:
    return page(records, part, node=Booking.of, keys=lambda record: [str(record.id)])


@strawberry.federation.type(
    keys=["id"], description="A person, with what booking knows: credit and bookings."
)
class Person:
    id: strawberry.ID

    @strawberry.field(description="For the person and for support only.")
    async def wallet(self, info: Info) -> Wallet | None:
        id_ = known_uuid(self.id)
        if id_ is None or not may_see_person(id_, info.context.principal):
            return None
        return await wallet_of(info, id_)

    @strawberry.field(description="Newest first; for the person and for support only.")
    async def bookings(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Booking] | None:
        id_ = known_uuid(self.id)
        if id_ is None or not may_see_person(id_, info.context.principal):
            return None
        part = window(first, after, last, before, UUID)
        return bookings_page(await load_page_of_person(info, id_, part), part)

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        return cls(id=id)


@strawberry.type(description="What a contremarque opens at the Guichet.")
class Contremarque:
    booking: Booking
    obstacle: RefusalInterface | None = strawberry.field(
        description="Why it cannot be validated now; null when it can."
    )
