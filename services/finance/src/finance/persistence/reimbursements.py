"""Reading for people: reimbursements and exports. Pages are read by keyset."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.cursors import Window
from chassis.keyset import Order, windowed
from chassis.records import columns, each_as
from finance.domain.cashflows import PricingState
from finance.persistence.due import HOLDS
from finance.persistence.records import PaidBooking, ReimbursementRecord, Waiting
from finance.persistence.tables import (
    bank_accounts,
    batches,
    bookings,
    cashflows,
    pricings,
    venues,
)

_p, _b, _n = pricings.c, bookings.c, batches.c

_REIMBURSEMENTS = (
    sa.select(
        *columns(
            pricings,
            ReimbursementRecord,
            offer_name=_b.offer_name,
            batch_number=_n.number,
            transfer_label=_n.transfer_label,
        )
    )
    .select_from(pricings)
    .join(bookings, _b.id == _p.booking_id)
    .join(batches, _n.id == _p.batch_id, isouter=True)
    .where(_p.status != PricingState.CANCELLED)
)
_OF_STRUCTURE = _REIMBURSEMENTS.where(_p.structure_id == sa.bindparam("structure_id"))
_NEWEST_FIRST = (Order(_p.ordered_at, descending=True), Order(_p.id, descending=True))
_BY_IDS = _REIMBURSEMENTS.where(_p.id.in_(sa.bindparam("ids", expanding=True)))
_OF_BOOKINGS = _REIMBURSEMENTS.where(*HOLDS).where(
    _p.booking_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)))
)
_WAITING = sa.select(
    sa.func.count().filter(_p.reversal_of.is_(None)),
    sa.cast(sa.func.coalesce(sa.func.sum(_p.reimbursed_cents), 0), sa.BigInteger),
).where(
    _p.structure_id == sa.bindparam("structure_id"),
    _p.status == PricingState.VALIDATED,
    _p.reimbursed_cents != 0,
)
_PAID_IN_BATCH = (
    sa.select(
        *columns(
            pricings,
            PaidBooking,
            transfer_label=_n.transfer_label,
            venue_name=venues.c.name,
            siret=venues.c.siret,
            street=venues.c.street,
            postal_code=venues.c.postal_code,
            city=venues.c.city,
            iban=bank_accounts.c.iban,
            offer_name=_b.offer_name,
            sealed=_b.sealed,
        )
    )
    .select_from(pricings)
    .join(bookings, _b.id == _p.booking_id)
    .join(batches, _n.id == _p.batch_id)
    .join(cashflows, cashflows.c.id == _p.cashflow_id)
    .join(bank_accounts, bank_accounts.c.id == cashflows.c.bank_account_id)
    .join(venues, venues.c.id == _p.venue_id, isouter=True)
    .where(_p.batch_id == sa.bindparam("batch_id"), _p.structure_id == sa.bindparam("structure_id"))
    .order_by(_p.ordered_at, _p.used_at, _p.booking_id)
)


async def reimbursements_of_structure(
    connection: AsyncConnection, structure_id: UUID, window: Window
) -> list[ReimbursementRecord]:
    """Newest first, by (ordered_at, id)."""
    statement = windowed(_OF_STRUCTURE, window, *_NEWEST_FIRST)
    return each_as(ReimbursementRecord, await connection.execute(statement, {"structure_id": structure_id}))


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, ReimbursementRecord]:
    """By id, whoever's they are; what was cancelled before it was paid is none."""
    rows = await connection.execute(_BY_IDS, {"ids": list(ids)})
    return {record.id: record for record in each_as(ReimbursementRecord, rows)}


async def reimbursements_of_bookings(
    connection: AsyncConnection, booking_ids: Sequence[UUID]
) -> dict[UUID, ReimbursementRecord]:
    """The price that holds of each booking, by the booking's id."""
    rows = await connection.execute(_OF_BOOKINGS, {"ids": list(booking_ids)})
    return {record.booking_id: record for record in each_as(ReimbursementRecord, rows)}


async def waiting_of_structure(connection: AsyncConnection, structure_id: UUID) -> Waiting:
    return Waiting(*(await connection.execute(_WAITING, {"structure_id": structure_id})).one())


async def paid_in_batch(connection: AsyncConnection, structure_id: UUID, batch_id: UUID) -> list[PaidBooking]:
    """Bookings of a structure paid in a batch, in pricing order."""
    values = {"batch_id": batch_id, "structure_id": structure_id}
    return each_as(PaidBooking, await connection.execute(_PAID_IN_BATCH, values))
