"""Book places of a stock: read once, decide by pure rules, write in one guarded statement.

Two round trips in all. When a guard of the database refuses what the rules allowed (somebody
else was faster), everything is read again and the rules say why in their own words.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain import contremarque
from booking.domain.booking import Status
from booking.domain.cancellation import cancellation_limit
from booking.domain.policies import Attempt, Booker, first_refusal, is_used_at_once
from booking.domain.refusals import AccountSuspended, BookingRefusal
from booking.domain.stock import Stock
from booking.domain.subcategories import Deposit, subcategory_of
from booking.domain.wallet import Envelope, Wallet
from booking.persistence import book_statement, bookings
from booking.persistence.bookings import BookingRecord
from booking.persistence.direct import DriverError
from booking.usecases.announce import booking_event
from chassis.db import DEADLOCK_DETECTED, UNIQUE_VIOLATION, Database
from chassis.idempotency import IdempotencyConflict, fingerprint
from chassis.ids import new_id
from chassis.sealed import Sealer
from chassis.telemetry import traceparent

OPERATION: Final = "bookOffer"

_TRIES = 8
_LOST_RACES = frozenset({book_statement.REFUSED_BY_STOCK, UNIQUE_VIOLATION, DEADLOCK_DETECTED})


async def book_offer(
    database: Database,
    sealer: Sealer,
    *,
    person_id: UUID,
    stock_id: UUID,
    quantity: int,
    key: UUID,
    now: datetime,
) -> BookingRecord | BookingRefusal:
    """The booking made, or made before with the same key; or why it cannot be made.

    Raises IdempotencyConflict when the key was used for something else.
    """
    asked = fingerprint(OPERATION, {"stock_id": str(stock_id), "quantity": quantity})
    read = {"person_id": person_id, "key": key, "stock_id": stock_id, "now": now}
    for _ in range(_TRIES):
        async with database.read() as connection:
            row = await book_statement.READ.row(connection, read)
            if row["done_operation"] is not None:
                return await _already_done(connection, row, asked)
            if row["person_is_active"] is False:
                return AccountSuspended()
            attempt = _attempt(row, quantity, now)
            refusal = first_refusal(attempt)
            if refusal is not None or attempt is None:
                assert refusal is not None
                return refusal
            record = _record(row, attempt, person_id)
            if await _write(connection, record, key, asked, sealer):
                return record
    raise TimeoutError("the booking lost every race for its rows")


async def _write(
    connection: AsyncConnection, record: BookingRecord, key: UUID, asked: bytes, sealer: Sealer
) -> bool:
    """Whether it was written; False when somebody else was faster and nothing was."""
    statement = book_statement.PAY_AND_BOOK if record.total_cents else book_statement.BOOK_FOR_FREE
    try:
        done = await statement.row(connection, write_parameters(record, key, asked, sealer))
        return bool(done["written"])
    except DriverError as error:
        if error.sqlstate in _LOST_RACES:
            return False
        raise


async def _already_done(connection: AsyncConnection, row: Mapping[str, Any], asked: bytes) -> BookingRecord:
    if row["done_operation"] != OPERATION or row["done_fingerprint"] != asked:
        raise IdempotencyConflict
    record = await bookings.by_id(connection, UUID(row["done_answer"]["booking_id"]))
    assert record is not None
    return record


def _attempt(row: Mapping[str, Any], quantity: int, now: datetime) -> Attempt | None:
    """What the rules look at; None when the stock, its offer or its venue is not known here."""
    if row["stock_id"] is None or row["structure_id"] is None:
        return None
    return Attempt(
        now=now,
        quantity=quantity,
        stock=Stock(
            price_cents=row["price_cents"],
            capacity=row["capacity"],
            taken=row["taken"],
            starts_at=row["starts_at"],
            booking_limit_at=row["booking_limit_at"],
            booking_opens_at=row["published_at"],
            is_deleted=row["is_deleted"],
            offer_is_active=row["offer_is_active"],
            offer_is_approved=row["offer_is_approved"],
            structure_is_validated=row["structure_is_validated"],
        ),
        subcategory=subcategory_of(row["subcategory_id"]),
        booker=_booker(row),
        has_url=bool(row["url"]),
        is_duo=row["is_duo"],
        department_code=row["department_code"],
        has_booked_offer=row["has_booked_offer"],
    )


def _booker(row: Mapping[str, Any]) -> Booker:
    if row["wallet_id"] is None:
        wallet = Wallet()
    else:
        envelope = Envelope(
            id=str(row["wallet_id"]),
            granted_cents=row["amount_cents"],
            expires_at=row["expires_at"],
            digital_cap_cents=row["digital_cap_cents"],
            physical_cap_cents=row["physical_cap_cents"],
            spent_cents=row["spent_cents"],
            digital_spent_cents=row["digital_spent_cents"],
            physical_spent_cents=row["physical_spent_cents"],
        )
        wallet = Wallet((envelope,))
    return Booker.of(row["roles"] or (), wallet)


def _record(row: Mapping[str, Any], attempt: Attempt, person_id: UUID) -> BookingRecord:
    """The booking as it will be stored, under a fresh id and contremarque."""
    now, stock = attempt.now, attempt.stock
    is_used = is_used_at_once(attempt)
    deposit = attempt.booker.wallet.current(now)
    return BookingRecord(
        id=new_id(),
        version=1,
        token=contremarque.write(),
        person_id=person_id,
        stock_id=row["stock_id"],
        offer_id=row["offer_id"],
        venue_id=row["venue_id"],
        structure_id=row["structure_id"],
        offer_name=row["offer_name"],
        subcategory_id=attempt.subcategory.id,
        wallet_id=None if deposit is None else row["wallet_id"],
        deposit_kind=None if deposit is None else row["wallet_kind"],
        capped_deposit=attempt.purchase.deposit.value,
        quantity=attempt.quantity,
        unit_price_cents=stock.price_cents,
        status=(Status.USED if is_used else Status.CONFIRMED).value,
        created_at=now,
        starts_at=stock.starts_at,
        cancellation_limit_at=cancellation_limit(attempt.subcategory, stock.starts_at, now),
        used_at=now if is_used else None,
        cancelled_at=None,
        cancellation_reason=None,
        reimbursed_at=None,
        warned_on=None,
        timezone=row["timezone"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        email=row["email"],
        phone=row["phone"],
        url=row["url"],
        price_label=row["price_label"],
        has_payment=False,
    )


def write_parameters(record: BookingRecord, key: UUID, asked: bytes, sealer: Sealer) -> dict[str, Any]:
    """The parameters of `book_statement.PAY_AND_BOOK` and `book_statement.BOOK_FOR_FREE`."""
    total, reference = record.total_cents, f'{{"booking_id":"{record.id}"}}'
    parameters: dict[str, Any] = {
        "id": record.id,
        "token": record.token,
        "person_id": record.person_id,
        "stock_id": record.stock_id,
        "offer_id": record.offer_id,
        "venue_id": record.venue_id,
        "structure_id": record.structure_id,
        "offer_name": record.offer_name,
        "subcategory_id": record.subcategory_id,
        "wallet_id": record.wallet_id,
        "deposit_kind": record.deposit_kind,
        "capped_deposit": record.capped_deposit,
        "quantity": record.quantity,
        "unit_price_cents": record.unit_price_cents,
        "status": record.status,
        "created_at": record.created_at,
        "starts_at": record.starts_at,
        "cancellation_limit_at": record.cancellation_limit_at,
        "used_at": record.used_at,
        "key": key,
        "operation": OPERATION,
        "fingerprint": asked,
        "answer": reference,
        "mail": reference,
        "event": booking_event(record, "booked", sealer).payload(),
        "trace": traceparent(),
    }
    if total:
        parameters["total_cents"] = total
        parameters["digital_cents"] = total if record.capped_deposit == Deposit.DIGITAL else 0
        parameters["physical_cents"] = total if record.capped_deposit == Deposit.PHYSICAL else 0
    return parameters
