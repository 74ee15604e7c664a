"""Pricings: written in bulk, undone while they are not processed, settled by structure."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.records import columns, each_as
from finance.domain.bank_application import Status
from finance.domain.bookings import UsedBooking
from finance.domain.calendar import civil_year_paris
from finance.domain.cashflows import PricingState
from finance.domain.ordering import ordered_at
from finance.domain.pricing import Pricing
from finance.persistence.copying import copy_into
from finance.persistence.due import HOLDS, PAGE
from finance.persistence.records import Balance, NewPricing, PricingRecord, Reversal
from finance.persistence.tables import (
    bank_accounts,
    batches,
    bookings,
    cashflows,
    departures,
    pricings,
    structures,
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

# A pricing still waiting is undone when its booking is no longer used, or when a booking that comes
# before it in its counter has appeared or gone; not once a later one has been processed: the order
# is then broken knowingly, because what is processed is paid (domain.md §5.5).
_DISTURBED = sa.text(
    """
    WITH gone AS (
        SELECT p.id, p.venue_id, p.civil_year, p.ordered_at, p.used_at, p.booking_id
        FROM pricings p LEFT JOIN bookings b ON b.id = p.booking_id
        WHERE p.status = 'validated' AND p.reversal_of IS NULL AND b.status IS DISTINCT FROM 'USED'
    ), appeared AS (
        SELECT b.venue_id, extract(year FROM b.used_at AT TIME ZONE 'Europe/Paris') AS civil_year,
               b.ordered_at, b.used_at, b.id AS booking_id
        FROM bookings b
        WHERE b.status = 'USED' AND b.used_at < :cutoff AND (b.starts_at IS NULL OR b.starts_at < :begun_before)
          AND NOT EXISTS (SELECT FROM pricings p WHERE p.booking_id = b.id AND p.status <> 'cancelled'
                            AND p.reversal_of IS NULL AND p.reversed_at IS NULL)
    ), disturbed AS (
        SELECT DISTINCT ON (venue_id, civil_year) venue_id, civil_year, ordered_at, used_at, booking_id
        FROM (
            SELECT venue_id, civil_year, ordered_at, used_at, booking_id FROM gone
            UNION ALL SELECT venue_id, civil_year, ordered_at, used_at, booking_id FROM appeared
        ) AS changes
        ORDER BY venue_id, civil_year, ordered_at, used_at, booking_id
    )
    SELECT p.id
    FROM pricings p JOIN disturbed d USING (venue_id, civil_year)
    WHERE p.status = 'validated' AND p.reversal_of IS NULL
      AND (p.ordered_at, p.used_at, p.booking_id) > (d.ordered_at, d.used_at, d.booking_id)
      AND NOT EXISTS (
          SELECT FROM pricings later
          WHERE later.venue_id = p.venue_id AND later.civil_year = p.civil_year
            AND later.status = 'processed'
            AND (later.ordered_at, later.used_at, later.booking_id)
                > (d.ordered_at, d.used_at, d.booking_id)
      )
    UNION SELECT id FROM gone
    """
).columns(sa.column("id", sa.Uuid))
_UNDO = (
    sa.update(pricings)
    .where(_p.id.in_(sa.select(_DISTURBED.subquery().c.id)))
    .values(status=PricingState.CANCELLED, version=_p.version + 1, changed_at=sa.func.now())
    # A price that waited was in no batch.
    .returning(*columns(pricings, PricingRecord, batch_number=sa.cast(sa.null(), sa.Integer)))
)

_LAST_CASHFLOW = (
    sa.select(sa.func.max(batches.c.closed_at))
    .join(cashflows, cashflows.c.batch_id == batches.c.id)
    .where(cashflows.c.bank_account_id == bank_accounts.c.id)
    .scalar_subquery()
)
_BALANCES = (
    sa.select(
        *columns(
            pricings,
            Balance,
            bank_account_id=bank_accounts.c.id,
            iban=bank_accounts.c.iban,
            bic=bank_accounts.c.bic,
            name=structures.c.name,
            siren=structures.c.siren,
            total_cents=sa.cast(sa.func.sum(_p.reimbursed_cents), sa.BigInteger),
            last_cashflow_at=_LAST_CASHFLOW,
        )
    )
    .join(
        bank_accounts,
        sa.and_(bank_accounts.c.structure_id == _p.structure_id, bank_accounts.c.status == Status.ACCEPTED),
    )
    .join(structures, structures.c.id == _p.structure_id)
    .where(_p.status == PricingState.VALIDATED, _p.ordered_at < sa.bindparam("cutoff"))
    .group_by(_p.structure_id, bank_accounts.c.id, structures.c.id)
    .order_by(_p.structure_id)
)

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

_OF_RUN = SELECT.where(
    _p.reversal_of.is_(None),
    sa.or_(
        _p.batch_id == sa.bindparam("batch_id"),
        sa.and_(_p.status == PricingState.VALIDATED, _p.priced_in == sa.bindparam("batch_id")),
    ),
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
            id=uuid5(booking.booking_id, run),
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


async def undo_disturbed(
    connection: AsyncConnection, *, cutoff: datetime, begun_before: datetime
) -> list[PricingRecord]:
    """Cancel waiting prices that no longer hold; they as they are after it. Their bookings are due again."""
    values = {"cutoff": cutoff, "begun_before": begun_before}
    return each_as(PricingRecord, await connection.execute(_UNDO, values))


async def balances(connection: AsyncConnection, cutoff: datetime) -> list[Balance]:
    """What waits for each structure that has an accepted account, with that account and whom it names."""
    return each_as(Balance, await connection.execute(_BALANCES, {"cutoff": cutoff}))


async def process(
    connection: AsyncConnection,
    settled: Sequence[tuple[UUID, UUID | None]],
    *,
    batch_id: UUID,
    cutoff: datetime,
    at: datetime,
) -> None:
    """Settle what waits for structures, each with its cashflow (None: there was nothing to pay)."""
    await connection.execute(
        _PROCESS,
        {
            "structure_ids": [structure_id for structure_id, _ in settled],
            "cashflow_ids": [cashflow_id for _, cashflow_id in settled],
            "batch": batch_id,
            "cutoff": cutoff,
            "at": at,
        },
    )


async def of_run(connection: AsyncConnection, batch_id: UUID) -> AsyncIterator[list[PricingRecord]]:
    """Pages of the pricings that a run made or settled, as they are now."""
    result = await connection.stream(_OF_RUN, {"batch_id": batch_id}, execution_options={"yield_per": PAGE})
    async for rows in result.partitions():
        yield each_as(PricingRecord, rows)


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
