"""What booking shows: bookings, wallets, and what it adds to the persons and stocks of others."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from booking.api.graphql.access import is_own, may_see, may_see_person
from booking.api.graphql.identifiers import known_uuid
from booking.api.graphql.loaders import load_booking, load_stock
from booking.api.graphql.qr import svg_data_uri
from booking.domain.access_url import complete
from booking.domain.booking import Status
from booking.domain.cancellation import Canceller, refuse_cancellation
from booking.domain.stock import first_obstacle
from booking.domain.subcategories import Deposit
from booking.domain.visibility import HIDDEN_TOKEN, state_shown, token_shown_to_pro
from booking.persistence import bookings, wallets
from booking.persistence.bookings import BookingRecord
from booking.persistence.wallets import Grant
from chassis.graphql import Cents, Connection, Info, RefusalInterface, decode_cursor, page, page_size

strawberry.enum(Status, name="BookingStatus", description="Where a booking is in its life.")


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Offer:
    """An offer of the catalogue."""

    id: strawberry.ID


@strawberry.type(description="Who booked, as the place is told.")
class Beneficiary:
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None


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


@strawberry.federation.type(keys=["id"], description="One or two places of a stock, booked by a person.")
class Booking:
    record: strawberry.Private[BookingRecord]
    id: strawberry.ID
    status: Status
    quantity: int
    offer_name: str = strawberry.field(description="As it was when booked.")
    unit_price_cents: Cents
    total_cents: Cents
    created_at: datetime
    starts_at: datetime | None = strawberry.field(description="Start of the event; null for things.")
    used_at: datetime | None
    cancelled_at: datetime | None
    cancellable_until: datetime | None = strawberry.field(
        description="First instant at which the booking is firm; null: until it is used or expires."
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

    @strawberry.field(description="The code to show; « - » to a place that waits for a thing to be fetched.")
    def contremarque(self, info: Info) -> str:
        if is_own(self.record, info.context.principal):
            return self.record.token
        return token_shown_to_pro(self.record.rules, self.record.token)

    @strawberry.field(description="The contremarque as a QR code, an SVG data URI; null where it is hidden.")
    def qr_code(self, info: Info) -> str | None:
        shown = self.record.token
        if not is_own(self.record, info.context.principal):
            shown = token_shown_to_pro(self.record.rules, shown)
        return None if shown == HIDDEN_TOKEN else svg_data_uri(shown)

    @strawberry.field(
        description="Address of a digital offer, completed for this booking; for its owner only."
    )
    def access_url(self, info: Info) -> str | None:
        record = self.record
        if not record.url or not is_own(record, info.context.principal) or record.status == Status.CANCELLED:
            return None
        return complete(
            record.url, token=record.token, email=record.email or "", offer_id=str(record.offer_id)
        )

    @strawberry.field(description="The state in the words of the pro portal: réservé, confirmé, validé, …")
    def state_shown(self, info: Info) -> str:
        return state_shown(self.record.rules, info.context.now).value

    @strawberry.field(description="Whether its beneficiary can cancel it now.")
    def is_cancellable(self, info: Info) -> bool:
        rules, now = self.record.rules, info.context.now
        return (
            rules.status is not Status.CANCELLED
            and refuse_cancellation(rules, Canceller.BENEFICIARY, now) is None
        )

    @strawberry.field
    def offer(self) -> Offer | None:
        return Offer(id=strawberry.ID(str(self.record.offer_id)))

    @strawberry.field
    def stock(self) -> Stock | None:
        return Stock(id=strawberry.ID(str(self.record.stock_id)))

    @strawberry.field
    def beneficiary(self) -> Beneficiary:
        record = self.record
        return Beneficiary(
            first_name=record.first_name,
            last_name=record.last_name,
            email=record.email,
            phone=record.phone,
        )


@strawberry.type(description="What is left of a person's credit. An expired credit has nothing left.")
class Wallet:
    kind: str
    granted_cents: Cents
    spent_cents: Cents
    remaining_cents: Cents
    digital_cap_cents: Cents | None = strawberry.field(description="Null: no cap on digital offers.")
    digital_remaining_cents: Cents
    physical_remaining_cents: Cents
    expires_at: datetime | None

    @classmethod
    def of(cls, grant: Grant, now: datetime) -> Self:
        envelope = grant.envelope
        return cls(
            kind=grant.kind,
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


async def wallet_of(info: Info, person_id: UUID) -> Wallet | None:
    """The credit in use: the newest active grant, else the newest; null for who never had one."""
    async with info.context.db.read() as connection:
        wallet, grants = await wallets.of_person(connection, person_id)
    if not grants:
        return None
    current = wallet.current(info.context.now)
    shown = next((grant for grant in grants if grant.envelope is current), grants[-1])
    return Wallet.of(shown, info.context.now)


def bookings_page(records: list[BookingRecord], first: int) -> Connection[Booking]:
    return page(records, first, node=Booking.of, keys=lambda record: [str(record.id)])


async def bookings_of_person(
    info: Info, person_id: UUID, first: int, after: str | None
) -> Connection[Booking]:
    """Newest first."""
    size, cursor = page_size(first), decode_cursor(after, UUID)
    async with info.context.db.read() as connection:
        records = await bookings.of_person(connection, person_id, cursor[0] if cursor else None, size + 1)
    return bookings_page(records, size)


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
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[Booking] | None:
        id_ = known_uuid(self.id)
        if id_ is None or not may_see_person(id_, info.context.principal):
            return None
        return await bookings_of_person(info, id_, first, after)

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        return cls(id=id)


@strawberry.type(description="What a contremarque opens at the Guichet.")
class Contremarque:
    booking: Booking
    obstacle: RefusalInterface | None = strawberry.field(
        description="Why it cannot be validated now; null when it can."
    )
