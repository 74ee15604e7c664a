"""Pricings: written in bulk, undone while they are not processed, settled by structure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.records import columns, each_as
from finance.domain.bookings import UsedBooking
from finance.domain.calendar import civil_year_paris
from finance.domain.cashflows import PricingState
from finance.domain.ordering import ordered_at
from finance.domain.pricing import Pricing
from finance.persistence.copying import copy_into
from finance.persistence.derived_ids import derived_id
from finance.persistence.due import HOLDS
from finance.persistence.records import NewPricing, PricingRecord, Reversal
from finance.persistence.tables import (
    batches,
    bookings,
    departures,
    pricings,
)

_p = pricings.c

SELECT: Final = (
    sa.select(*columns(pricings, PricingRecord, batch_number=batches.c.number))
    .select_from(pricings)
    .join(batches, batches.c.id == _p.batch_id, isouter=True)
)
"""Prices and their reversals, whatever their state, as `PricingRecord(*row)`."""

PUBLISHED: Final = SELECT.where(_p.reversal_of.is_(None))
"""What other contexts hear of: a reversal is between a place and us, they see its price cancelled."""

_settled = (
    sa.func.unnest(
        sa.bindparam("structure_ids", type_=pg.ARRAY(sa.Uuid)),
        sa.bindparam("cashflow_ids", type_=pg.ARRAY(sa.Uuid)),
    )
    .table_valued(sa.column("structure_id", sa.Uuid), sa.column("cashflow_id", sa.Uuid))
    .render_derived(name="settled")
)
_PROCESS = (
    sa.update(pricings)
    .where(
        _p.structure_id == _settled.c.structure_id,
        _p.status == PricingState.VALIDATED,
        _p.ordered_at < sa.bindparam("cutoff"),
    )
    .values(
        status=PricingState.PROCESSED,
        version=_p.version + 1,
        batch_id=sa.bindparam("batch"),
        cashflow_id=sa.case((_p.reimbursed_cents != 0, _settled.c.cashflow_id)),
        paid_at=sa.case(
            (
                sa.and_(_p.reimbursed_cents != 0, _settled.c.cashflow_id.is_not(None)),
                sa.bindparam("at", type_=sa.DateTime(timezone=True)),
            )
        ),
        changed_at=sa.func.now(),
    )
)

# The rows of prices that were settled for a booking that is used no more.
_TO_REVERSE = (
    sa.select(*columns(pricings, NewPricing))
    .join(bookings, bookings.c.id == _p.booking_id)
    .where(
        _p.booking_id == sa.any_(sa.bindparam("booking_ids", type_=pg.ARRAY(sa.Uuid))),
        *HOLDS,
        _p.status == PricingState.PROCESSED,
        bookings.c.status.not_in(("USED", "REIMBURSED")),
    )
    .order_by(_p.id)
    .with_for_update(of=pricings)
)
_REVERSE = (
    sa.update(pricings)
    .where(_p.id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))))
    .values(reversed_at=sa.bindparam("at"), version=_p.version + 1, changed_at=sa.func.now())
)
_BY_IDS = SELECT.where(_p.id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid)))).order_by(_p.id)
_NOTE_DEPARTURE = pg.insert(departures).on_conflict_do_nothing()
_TAKE_DEPARTURES = sa.delete(departures).returning(departures.c.booking_id)


async def record(
    connection: AsyncConnection,
    priced: Iterable[tuple[UsedBooking, Pricing]],
    *,
    batch_id: UUID,
    cutoff: datetime,
) -> list[UUID]:
    """Add prices found by a run; their ids, which follow from the booking and the cutoff."""
    run = cutoff.isoformat()
    rows = [
        NewPricing(
            id=derived_id(booking.booking_id, run),
            version=1,
            booking_id=booking.booking_id,
            structure_id=booking.structure_id,
            venue_id=booking.venue_id,
            booked_cents=pricing.booked_cents,
            reimbursed_cents=pricing.reimbursed_cents,
            rate_bp=pricing.rate_bp,
            rule=pricing.rule.value,
            custom_rule_id=pricing.custom_rule_id,
            revenue_cents=pricing.revenue_cents,
            used_at=booking.used_at,
            ordered_at=ordered_at(booking.used_at, booking.event_starts_at, booking.pricing_point_since),
            civil_year=civil_year_paris(booking.used_at),
            status=PricingState.VALIDATED.value,
            priced_in=batch_id,
        )
        for booking, pricing in priced
    ]
    await copy_into(connection, pricings, rows)
    return [row.id for row in rows]


async def process(
    connection: AsyncConnection,
    settled: Mapping[UUID, UUID | None],
    *,
    batch_id: UUID,
    cutoff: datetime,
    at: datetime,
) -> None:
    """Settle what waits for structures, each with its cashflow (None: there was nothing to pay)."""
    await connection.execute(
        _PROCESS,
        {
            "structure_ids": list(settled),
            "cashflow_ids": list(settled.values()),
            "batch": batch_id,
            "cutoff": cutoff,
            "at": at,
        },
    )


async def to_reverse(connection: AsyncConnection, booking_ids: Sequence[UUID]) -> list[NewPricing]:
    """Settled prices, locked, of those bookings that are used no more."""
    rows = await connection.execute(_TO_REVERSE, {"booking_ids": list(booking_ids)})
    return each_as(NewPricing, rows)


async def reverse(
    connection: AsyncConnection, reversals: Sequence[Reversal], *, at: datetime
) -> list[PricingRecord]:
    """Write reversals; the prices that they take back, as they are now."""
    await copy_into(connection, pricings, reversals)
    ids = [reversal.reversal_of for reversal in reversals]
    await connection.execute(_REVERSE, {"ids": ids, "at": at})
    return each_as(PricingRecord, await connection.execute(_BY_IDS, {"ids": ids}))


async def note_departures(connection: AsyncConnection, booking_ids: Sequence[UUID], *, at: datetime) -> None:
    rows = [{"booking_id": booking_id, "noticed_at": at} for booking_id in booking_ids]
    await connection.execute(_NOTE_DEPARTURE, rows)


async def take_departures(connection: AsyncConnection) -> list[UUID]:
    """The bookings noted while a close ran, which are noted no more."""
    return list((await connection.scalars(_TAKE_DEPARTURES)).all())
