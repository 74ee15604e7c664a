"""At the Guichet: which booking a contremarque opens, for those who may know."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain import contremarque
from booking.persistence import bookings
from booking.persistence.records import BookingRecord
from booking.settings import BookingSettings
from chassis import throttle

_WINDOW = timedelta(minutes=1)


class TooManyAttempts(Exception):
    """The person, or the address, tried too many contremarques within a minute."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who stands at the Guichet: a person, the structures they act for, and where the request came from."""

    person_id: UUID
    structure_ids: Collection[UUID]
    place: str
    """Of the client's network, see `Runtime.place_of`."""


async def count_attempt(
    connection: AsyncConnection, settings: BookingSettings, desk: Desk, now: datetime
) -> None:
    """Count one try, per person and per address, right or wrong. Raises TooManyAttempts.

    On a connection of `Database.read`, so that the count outlives what comes of the try.

    `now` is the wall clock: moving the business clock must not open a new window.
    """
    buckets = (
        (f"guichet:person:{desk.person_id}", settings.guichet_attempts_per_minute),
        (f"guichet:place:{desk.place}", settings.guichet_attempts_per_minute_per_address),
    )
    for bucket, limit in buckets:
        if not await throttle.allows(connection, bucket, limit=limit, window=_WINDOW, now=now):
            raise TooManyAttempts


Read = Callable[[AsyncConnection, str], Awaitable[BookingRecord | None]]


async def find_contremarque(
    connection: AsyncConnection, typed: str, desk: Desk, read: Read = bookings.by_token
) -> BookingRecord | None:
    """The booking of a contremarque of one of the desk's structures; `read` may lock it.

    Malformed, unknown and another structure's are all None: a stranger cannot tell them apart.
    """
    token = contremarque.read(typed)
    record = None if token is None else await read(connection, token)
    return record if record is not None and record.structure_id in desk.structure_ids else None
