"""Used bookings that have no price yet, and the revenue already counted before them."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain.bareme import BAREME
from finance.domain.bookings import UsedBooking
from finance.domain.cashflows import PricingState
from finance.domain.counters import Counters
from finance.domain.ordering import ORDERED_BY_EVENT_SINCE
from finance.domain.pricing import Pricer
from finance.persistence.tables import bookings, pricings

PAGE: Final = 5_000
"""Bookings priced and written at a time: the event loop breathes between pages."""

_b, _p = bookings.c, pricings.c

HOLDS: Final = (_p.status != PricingState.CANCELLED, _p.reversal_of.is_(None), _p.reversed_at.is_(None))
"""What makes a pricing the price of its booking: the same words as the index that allows one only."""

# A venue is its own pricing point; events are of individual bookings only.
_USED_BOOKING = (
    _b.id,
    _b.structure_id,
    _b.venue_id,
    _b.venue_id.label("pricing_point_id"),
    _b.offer_id,
    _b.subcategory_id,
    _b.unit_price_cents,
    _b.quantity,
    _b.created_at,
    _b.used_at,
    _b.starts_at,
)
_HAS_PRICE = sa.exists().where(_p.booking_id == _b.id, *HOLDS)
_WITHOUT_PRICE = sa.select(*_USED_BOOKING).where(_b.status == "USED", ~_HAS_PRICE)
_IN_ORDER = (_b.ordered_at, _b.used_at, _b.id)

_DUE = _WITHOUT_PRICE.where(
    _b.used_at < sa.bindparam("cutoff"),
    sa.or_(_b.starts_at.is_(None), _b.starts_at < sa.bindparam("begun_before")),
)
# Before 2022 a booking was ordered by its use: the index finds the old ones.
_OLD_IN_ORDER = _DUE.where(_b.ordered_at < ORDERED_BY_EVENT_SINCE).order_by(*_IN_ORDER)
_DUE_OF_STRUCTURE = _WITHOUT_PRICE.where(_b.structure_id == sa.bindparam("structure_id")).order_by(*_IN_ORDER)

# A reversal counts against the price that it takes back.
_COUNTED = _p.status != PricingState.CANCELLED
_REVENUE_OF_STRUCTURE = (
    sa.select(_p.venue_id, _p.civil_year, sa.func.sum(_p.booked_cents).label("revenue_cents"))
    .where(
        _COUNTED,
        _p.used_at >= ORDERED_BY_EVENT_SINCE,
        _p.venue_id.in_(
            sa.select(_b.venue_id).where(_b.structure_id == sa.bindparam("structure_id"), _b.status == "USED")
        ),
    )
    .group_by(_p.venue_id, _p.civil_year)
)
_PRICED_BEFORE_2022 = (
    sa.select(*_USED_BOOKING)
    .join(pricings, _p.booking_id == _b.id)
    .where(*HOLDS, _p.used_at < ORDERED_BY_EVENT_SINCE)
    .order_by(_p.ordered_at, _p.used_at, _p.booking_id)
)


def _used(row: sa.Row[*tuple[Any, ...]]) -> UsedBooking:
    return UsedBooking._make((*row, False, None))


async def old_in_order(
    connection: AsyncConnection, *, cutoff: datetime, begun_before: datetime
) -> AsyncIterator[list[UsedBooking]]:
    """Pages of bookings used before 2022, and before the cutoff, whose event had begun, in pricing order."""
    result = await connection.stream(
        _OLD_IN_ORDER,
        {"cutoff": cutoff, "begun_before": begun_before},
        execution_options={"yield_per": PAGE},
    )
    async for rows in result.partitions():
        yield [_used(row) for row in rows]


async def of_structure(connection: AsyncConnection, structure_id: UUID) -> Sequence[UsedBooking]:
    """All used bookings of a structure without a price, in pricing order."""
    rows = await connection.execute(_DUE_OF_STRUCTURE, {"structure_id": structure_id})
    return [_used(row) for row in rows]


async def count_old(connection: AsyncConnection, pricer: Pricer) -> None:
    """Give the pricer's counters what was priced of before 2022, by pricing it again: their scopes look far back."""
    async for rows in (
        await connection.stream(_PRICED_BEFORE_2022, execution_options={"yield_per": PAGE})
    ).partitions():
        for row in rows:
            pricer.price(_used(row))


async def start_counters_of_structure(
    connection: AsyncConnection, counters: Counters, structure_id: UUID
) -> None:
    """Give the counters of a structure's venues what was counted up to now, from 2022 on."""
    rows = await connection.execute(_REVENUE_OF_STRUCTURE, {"structure_id": structure_id})
    rule = BAREME.at(ORDERED_BY_EVENT_SINCE).counter
    for row in rows:
        counters.start_at((rule, row.venue_id, row.civil_year), int(row.revenue_cents))
