"""Reading for people: reimbursements, batches, exports. Pages are read by keyset."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain.cashflows import PricingState
from finance.persistence.rows import AnyRow
from finance.persistence.tables import (
    bank_accounts,
    batches,
    bookings,
    cashflows,
    pricings,
    sepa_files,
    venues,
)

_p, _b, _n = pricings.c, bookings.c, batches.c

_REIMBURSEMENTS = (
    sa.select(
        pricings,
        _b.offer_name,
        _n.number.label("batch_number"),
        _n.transfer_label,
    )
    .select_from(pricings)
    .join(bookings, _b.id == _p.booking_id)
    .join(batches, _n.id == _p.batch_id, isouter=True)
    .where(_p.status != PricingState.CANCELLED)
)
_OF_STRUCTURE = (
    _REIMBURSEMENTS.where(
        _p.structure_id == sa.bindparam("structure_id"),
        sa.or_(
            sa.bindparam("before", type_=sa.DateTime(timezone=True)).is_(None),
            sa.tuple_(_p.ordered_at, _p.id)
            < sa.tuple_(sa.bindparam("before"), sa.bindparam("before_id", type_=sa.Uuid)),
        ),
    )
    .order_by(_p.ordered_at.desc(), _p.id.desc())
    .limit(sa.bindparam("limit"))
)
_OF_BOOKINGS = _REIMBURSEMENTS.where(_p.booking_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))
_WAITING = sa.select(
    sa.func.count().label("waiting"),
    sa.func.coalesce(sa.func.sum(_p.reimbursed_cents), 0).label("amount_cents"),
).where(
    _p.structure_id == sa.bindparam("structure_id"),
    _p.status == PricingState.VALIDATED,
    _p.reimbursed_cents > 0,
)
_BATCHES = (
    sa.select(batches)
    .where(sa.or_(sa.bindparam("before", type_=sa.Integer).is_(None), _n.number < sa.bindparam("before")))
    .order_by(_n.number.desc())
    .limit(sa.bindparam("limit"))
)
_BATCH = sa.select(batches).where(_n.id == sa.bindparam("id"))
_FILE = sa.select(sepa_files).where(sepa_files.c.batch_id == sa.bindparam("batch_id"))
_PAID_IN_BATCH = (
    sa.select(
        _n.transfer_label,
        venues.c.name.label("venue_name"),
        venues.c.siret,
        venues.c.street,
        venues.c.postal_code,
        venues.c.city,
        bank_accounts.c.iban,
        _b.offer_name,
        _b.sealed,
        _p.used_at,
        _p.booked_cents,
        _p.rate_bp,
        _p.reimbursed_cents,
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
    connection: AsyncConnection, structure_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[AnyRow]:
    """Newest first, strictly before the given (ordered_at, id)."""
    ordered_at, pricing_id = before or (None, None)
    return (
        await connection.execute(
            _OF_STRUCTURE,
            {"structure_id": structure_id, "before": ordered_at, "before_id": pricing_id, "limit": limit},
        )
    ).all()


async def reimbursements_of_bookings(
    connection: AsyncConnection, booking_ids: Sequence[UUID]
) -> Sequence[AnyRow]:
    return (await connection.execute(_OF_BOOKINGS, {"ids": list(booking_ids)})).all()


async def waiting_of_structure(connection: AsyncConnection, structure_id: UUID) -> AnyRow:
    """Priced and not yet paid: count and amount in cents."""
    return (await connection.execute(_WAITING, {"structure_id": structure_id})).one()


async def newest_batches(
    connection: AsyncConnection, before_number: int | None, limit: int
) -> Sequence[AnyRow]:
    return (await connection.execute(_BATCHES, {"before": before_number, "limit": limit})).all()


async def batch(connection: AsyncConnection, batch_id: UUID) -> AnyRow | None:
    return (await connection.execute(_BATCH, {"id": batch_id})).one_or_none()


async def sepa_file(connection: AsyncConnection, batch_id: UUID) -> AnyRow | None:
    """None when the batch paid nobody."""
    return (await connection.execute(_FILE, {"batch_id": batch_id})).one_or_none()


async def paid_in_batch(connection: AsyncConnection, structure_id: UUID, batch_id: UUID) -> Sequence[AnyRow]:
    """Bookings of a structure paid in a batch, in pricing order."""
    values = {"batch_id": batch_id, "structure_id": structure_id}
    return (await connection.execute(_PAID_IN_BATCH, values)).all()
