"""What the catalogue makes of other contexts' events. Any order, any number of times."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.events.consumed import AVAILABILITY_TOPIC, STRUCTURE_TOPIC, AvailabilityTold, StructureTold
from catalog.persistence import stocks
from catalog.usecases.hear_structure import hear_structure
from chassis.clock import Clock
from chassis.consumer import Subscription
from chassis.sealed import Sealer


def consumed(sealer: Sealer, clock: Clock) -> Sequence[Subscription[Any]]:
    """The topics that the catalogue listens to."""

    async def apply_structures(connection: AsyncConnection, messages: Sequence[StructureTold]) -> None:
        for message in _latest(messages):
            await hear_structure(
                connection,
                structure_id=message.id,
                version=message.version,
                siren=message.siren,
                name=message.name,
                status=message.status,
                now=clock.now(),
                sealer=sealer,
            )

    async def apply_availabilities(connection: AsyncConnection, messages: Sequence[AvailabilityTold]) -> None:
        heard = [(message.id, message.version, message.booked) for message in _latest(messages)]
        await stocks.hear_availability(connection, heard)

    return (
        Subscription(STRUCTURE_TOPIC, StructureTold, apply_structures),
        Subscription(AVAILABILITY_TOPIC, AvailabilityTold, apply_availabilities),
    )


def _latest(messages: Sequence[Any]) -> list[Any]:
    """One message per aggregate, the newest, in order of id: rows are always locked in one order."""
    newest: dict[Any, Any] = {}
    for message in messages:
        known = newest.get(message.id)
        if known is None or known.version < message.version:
            newest[message.id] = message
    return sorted(newest.values(), key=lambda message: message.id)
