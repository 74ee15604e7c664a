"""Copies of what other contexts own and booking only reads: see `chassis.copies`.

Copies with something of ours beside them stand with it: stocks in `stocks`, grants in `wallets`.
"""

from collections.abc import Sequence
from dataclasses import asdict, fields
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import tables
from booking.persistence.records import OfferCopy, PaymentCopy, PersonCopy, VenueCopy
from chassis.at_rest import placed
from chassis.copies import keep_newer

_KEEP_PERSONS = keep_newer(tables.persons)
_KEEP_VENUES = keep_newer(tables.venues)
_KEEP_OFFERS = keep_newer(tables.offers)
_KEEP_PAYMENT = keep_newer(tables.payments).returning(tables.payments.c.id)

_ACTIVE_PERSONS = sa.select(tables.persons.c.id, tables.persons.c.version).where(
    tables.persons.c.id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))), tables.persons.c.is_active
)
_HAS_PAYMENT = sa.select(
    sa.exists().where(tables.payments.c.booking_id == sa.bindparam("booking_id"), tables.PAYMENT_HOLDS)
)

_OFFERS = sa.select(*(tables.offers.c[field.name] for field in fields(OfferCopy))).where(
    tables.offers.c.id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid)))
)
_HOLD_OFFERS = (
    sa.select(tables.offers.c.id)
    .where(tables.offers.c.id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))))
    .order_by(tables.offers.c.id)
    .with_for_update(read=True)
)
_VENUE = sa.select(*(tables.venues.c[field.name] for field in fields(VenueCopy))).where(
    tables.venues.c.id == sa.bindparam("venue_id")
)


async def keep_persons(connection: AsyncConnection, persons: Sequence[PersonCopy]) -> None:
    """Each aggregate once, here and below."""
    await connection.execute(_KEEP_PERSONS, [placed(tables.persons, asdict(person)) for person in persons])


async def active_persons(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Of these people those who are active as far as is known, with the version that said so."""
    rows = await connection.execute(_ACTIVE_PERSONS, {"ids": list(ids)})
    return {row.id: row.version for row in rows}


async def keep_venues(connection: AsyncConnection, venues: Sequence[VenueCopy]) -> None:
    await connection.execute(_KEEP_VENUES, [placed(tables.venues, asdict(venue)) for venue in venues])


async def keep_offers(connection: AsyncConnection, offers: Sequence[OfferCopy]) -> None:
    await connection.execute(_KEEP_OFFERS, [asdict(offer) for offer in offers])


async def known_offers(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, OfferCopy]:
    """Offers as they are known until now."""
    return {row.id: OfferCopy(*row) for row in await connection.execute(_OFFERS, {"ids": list(ids)})}


async def hold_offers(connection: AsyncConnection, ids: Sequence[UUID]) -> None:
    """Until the end of the transaction these offers do not change; who changes them now is waited for."""
    await connection.execute(_HOLD_OFFERS, {"ids": list(ids)})


async def keep_payment(connection: AsyncConnection, payment: PaymentCopy) -> bool:
    """Whether this version was news."""
    return (await connection.execute(_KEEP_PAYMENT, asdict(payment))).one_or_none() is not None


async def has_payment(connection: AsyncConnection, booking_id: UUID) -> bool:
    """Whether a payment for the booking was begun and was not taken back."""
    return bool(await connection.scalar(_HAS_PAYMENT, {"booking_id": booking_id}))


async def venue(connection: AsyncConnection, venue_id: UUID) -> VenueCopy | None:
    row = (await connection.execute(_VENUE, {"venue_id": venue_id})).one_or_none()
    return None if row is None else VenueCopy(*row)
