"""Applying what other contexts tell: insert, or update where the stored version is lower."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.consumer import Subscription
from finance.domain.ordering import ordered_at
from finance.domain.subcategories import SUBCATEGORIES, UnknownSubcategory
from finance.events.consumed import (
    BOOKINGS,
    STRUCTURES,
    VENUES,
    BookingTold,
    StructureTold,
    VenueTold,
)
from finance.persistence import told


async def apply_bookings(connection: AsyncConnection, messages: Sequence[BookingTold]) -> None:
    """Keep bookings. Raises UnknownSubcategory: one that cannot be priced is set aside, not guessed."""
    for message in messages:
        if message.subcategory_id not in SUBCATEGORIES:
            raise UnknownSubcategory(message.subcategory_id)
    await told.keep_bookings(
        connection,
        [
            message.model_dump()
            | {
                "ordered_at": ordered_at(message.used_at, message.starts_at) if message.used_at else None,
            }
            for message in messages
        ],
    )


async def apply_venues(connection: AsyncConnection, messages: Sequence[VenueTold]) -> None:
    await told.keep_venues(connection, [message.model_dump() for message in messages])


async def apply_structures(connection: AsyncConnection, messages: Sequence[StructureTold]) -> None:
    await told.keep_structures(connection, [message.model_dump() for message in messages])


SUBSCRIPTIONS = (
    Subscription(BOOKINGS, BookingTold, apply_bookings),
    Subscription(VENUES, VenueTold, apply_venues),
    Subscription(STRUCTURES, StructureTold, apply_structures),
)
