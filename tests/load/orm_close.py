"""A close as it is often written first: objects of an ORM, one at a time, the same rows in the same tables."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import registry

from chassis import tables as common
from chassis.at_rest import InRow
from chassis.ids import new_id
from chassis.outbox import Event
from finance.domain import ledger as entries
from finance.domain.bank_details import BankDetails
from finance.domain.bookings import UsedBooking
from finance.domain.calendar import PARIS, Fortnight, civil_year_paris, target_day, transfer_label
from finance.domain.pricing import Pricer
from finance.files import sepa
from finance.files.sepa import Address, Transfer
from finance.messages.reimbursement import reimbursement
from finance.persistence import tables
from finance.persistence.records import PricingRecord
from finance.runtime import FinanceRuntime

_MAPPED = registry()
_MAPPED_TABLES = (
    *(tables.bookings, tables.structures, tables.venues, tables.bank_accounts, tables.batches),
    *(tables.cashflows, tables.pricings, tables.ledger, tables.sepa_files, common.outbox),
)
_CLASSES: dict[str, Any] = {}
for _table in _MAPPED_TABLES:
    _CLASSES[_table.name] = type(_table.name.title().replace("_", ""), (), {})
    _MAPPED.map_imperatively(_CLASSES[_table.name], _table)


def _made(table: sa.Table, **values: Any) -> Any:
    made = _CLASSES[table.name]()
    for name, value in values.items():
        setattr(made, name, value)
    return made


async def close_by_orm(runtime: FinanceRuntime, last_day: date, now: datetime) -> None:
    """Price each booking, then settle each structure; a transaction for each structure."""
    fortnight = Fortnight.ending_on(last_day)
    assert isinstance(fortnight, Fortnight)
    engine = runtime.database.engine
    async with AsyncSession(engine, expire_on_commit=False) as session:
        batch = _made(
            tables.batches,
            id=new_id(),
            number=1,
            last_day=last_day,
            cutoff=fortnight.cutoff,
            closed_at=now,
            transfer_label=transfer_label(now, fortnight),
            execution_date=target_day((now + runtime.execution_delay).astimezone(PARIS).date()),
            total_cents=0,
            transfer_count=0,
            booking_count=0,
        )
        session.add(batch)
        await session.commit()
        await _price(session, batch)
        structures = (await session.scalars(sa.select(_CLASSES["structures"]))).all()
        transfers = [await _settle(session, batch, structure) for structure in structures]
        order = sepa.write(
            sorted(transfers, key=lambda transfer: transfer.details.iban),
            runtime.debtor,
            batch_number=batch.number,
            created_at=now,
            execution_date=batch.execution_date,
        )
        session.add(
            _made(
                tables.sepa_files,
                batch_id=batch.id,
                name=order.name,
                sha256=order.sha256,
                content=InRow(batch.id, order.content.decode()),
                transaction_count=order.transaction_count,
                control_sum_cents=order.control_sum_cents,
            )
        )
        batch.total_cents, batch.transfer_count = order.control_sum_cents, len(transfers)
        batch.settled_at = now
        await session.commit()


async def _price(session: AsyncSession, batch: Any) -> None:
    booking_class, pricer = _CLASSES["bookings"], Pricer()
    due = sa.select(booking_class.id).order_by(
        booking_class.ordered_at, booking_class.used_at, booking_class.id
    )
    for id_ in (await session.scalars(due)).all():
        booking = await session.get(booking_class, id_)
        assert booking is not None
        used = UsedBooking(
            booking.id,
            booking.structure_id,
            booking.venue_id,
            booking.venue_id,
            booking.offer_id,
            booking.subcategory_id,
            booking.unit_price_cents,
            booking.quantity,
            booking.created_at,
            booking.used_at,
            booking.starts_at,
        )
        price = pricer.price(used)
        pricing = _made(
            tables.pricings,
            id=new_id(),
            version=1,
            booking_id=booking.id,
            structure_id=booking.structure_id,
            venue_id=booking.venue_id,
            booked_cents=price.booked_cents,
            reimbursed_cents=price.reimbursed_cents,
            rate_bp=price.rate_bp,
            rule=price.rule.value,
            revenue_cents=price.revenue_cents,
            used_at=booking.used_at,
            ordered_at=booking.ordered_at,
            civil_year=civil_year_paris(booking.used_at),
            status="validated",
            priced_in=batch.id,
        )
        session.add(pricing)
        _post(session, batch, pricing, entries.priced(price.booked_cents, price.reimbursed_cents))
        await session.commit()
        session.expunge_all()
        session.add(batch)


async def _settle(session: AsyncSession, batch: Any, structure: Any) -> Transfer:
    account_class, pricing_class, venue_class = (
        _CLASSES[name] for name in ("bank_accounts", "pricings", "venues")
    )
    account = (
        await session.scalars(sa.select(account_class).where(account_class.structure_id == structure.id))
    ).one()
    waiting = (
        await session.scalars(
            sa.select(pricing_class).where(
                pricing_class.structure_id == structure.id, pricing_class.status == "validated"
            )
        )
    ).all()
    venue = (
        await session.scalars(
            sa.select(venue_class).where(venue_class.structure_id == structure.id).order_by(venue_class.id)
        )
    ).first()
    assert venue is not None
    cashflow = _made(
        tables.cashflows,
        id=new_id(), batch_id=batch.id, structure_id=structure.id, bank_account_id=account.id,
        amount_cents=sum(pricing.reimbursed_cents for pricing in waiting), end_to_end_id=new_id().hex,
        recipient_name=structure.name, recipient_siren=structure.siren,
    )  # fmt: skip
    session.add(cashflow)
    await session.flush()
    _post(session, batch, cashflow, entries.cashflow(cashflow.amount_cents))
    for pricing in waiting:
        pricing.status, pricing.version, pricing.batch_id = "processed", 2, batch.id
        if pricing.reimbursed_cents:
            pricing.cashflow_id, pricing.paid_at = cashflow.id, batch.closed_at
        await session.flush()
        session.add(_outgoing(pricing, batch))
    await session.commit()
    return Transfer(
        details=BankDetails(account.iban, account.bic), amount_cents=cashflow.amount_cents,
        name=structure.name, siren=structure.siren, label=batch.transfer_label,
        end_to_end_id=cashflow.end_to_end_id,
        address=Address.from_lines(venue.street, venue.postal_code, venue.city, "FR"),
    )  # fmt: skip


def _post(session: AsyncSession, batch: Any, subject: Any, entry: entries.Entry) -> None:
    entry_id = new_id()
    session.add_all(
        _made(
            tables.ledger,
            entry_id=entry_id,
            kind=entry.kind.value,
            account=line.account.value,
            amount_cents=line.amount_cents,
            structure_id=subject.structure_id,
            batch_id=batch.id,
            subject_id=subject.id,
            recorded_at=batch.closed_at,
        )
        for line in entry.lines
    )


def _outgoing(pricing: Any, batch: Any) -> Any:
    event: Event = reimbursement(
        PricingRecord(
            pricing.id,
            pricing.version,
            pricing.booking_id,
            pricing.structure_id,
            pricing.booked_cents,
            pricing.reimbursed_cents,
            pricing.rate_bp,
            pricing.status,
            pricing.paid_at,
            None,
            batch.number,
        )
    )
    return _made(
        common.outbox, topic=event.topic, key=event.key, type=event.type, payload=event.payload(), trace=""
    )
