"""What booking makes of other contexts' events."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.events.consumed import (
    Grant,
    Offer,
    Person,
    Reimbursement,
    SealedPerson,
    SealedVenue,
    Stock,
    Venue,
    fields_of,
)
from booking.persistence import copies
from booking.settings import BookingSettings
from booking.usecases.follow_grants import follow_grants
from booking.usecases.follow_payment import follow_payment
from booking.usecases.follow_stock import follow_stock
from chassis.consumer import Subscription
from chassis.sealed import Sealer
from chassis.service import Runtime


def subscriptions(runtime: Runtime[BookingSettings]) -> Sequence[Subscription[Any]]:
    """Every topic booking listens to, with what it does."""
    sealer, clock = runtime.sealer, runtime.clock

    async def stocks(connection: AsyncConnection, messages: Sequence[Stock]) -> None:
        for stock in copies.newest(fields_of(message) for message in messages):
            await follow_stock(connection, sealer, {**stock, "offered": stock.pop("quantity")}, clock.now())

    async def payments(connection: AsyncConnection, messages: Sequence[Reimbursement]) -> None:
        for payment in copies.newest(fields_of(message) for message in messages):
            await follow_payment(connection, sealer, payment)

    async def persons(connection: AsyncConnection, messages: Sequence[Person]) -> None:
        await copies.put_persons(connection, [_person(message, sealer) for message in messages])

    async def venues(connection: AsyncConnection, messages: Sequence[Venue]) -> None:
        await copies.put_venues(connection, [_venue(message, sealer) for message in messages])

    async def offers(connection: AsyncConnection, messages: Sequence[Offer]) -> None:
        await copies.put_offers(connection, [fields_of(message) for message in messages])

    async def grants(connection: AsyncConnection, messages: Sequence[Grant]) -> None:
        await follow_grants(connection, [_grant(message) for message in messages])

    return (
        Subscription("identity.person.v1", Person, persons),
        Subscription("identity.grant.v1", Grant, grants),
        Subscription("catalog.venue.v1", Venue, venues),
        Subscription("catalog.offer.v1", Offer, offers),
        Subscription("catalog.stock.v1", Stock, stocks),
        Subscription("finance.reimbursement.v1", Reimbursement, payments),
    )


def _person(message: Person, sealer: Sealer) -> dict[str, object]:
    private = SealedPerson.model_validate(
        sealer.open(message.sealed, ("identity.person.v1", message.id)) if message.sealed else {}
    )
    return {**fields_of(message, "sealed"), **fields_of(private)}


def _grant(message: Grant) -> dict[str, object]:
    return {**fields_of(message, "replaces_grant_id"), "replaces_id": message.replaces_grant_id}


def _venue(message: Venue, sealer: Sealer) -> dict[str, object]:
    private = SealedVenue.model_validate(
        sealer.open(message.sealed, ("catalog.venue.v1", message.id)) if message.sealed else {}
    )
    told = fields_of(message, "sealed", "public_name")
    return {**told, "name": message.public_name or message.name, "booking_email": private.booking_email}
