"""Book places of a stock: read once, decide by pure rules, write in one guarded statement.

Two round trips in all. When a guard of the database refuses what the rules allowed (somebody
else was faster), everything is read again and the rules say why in their own words.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain import contremarque
from booking.domain.booking import Status
from booking.domain.cancellation import cancellation_limit
from booking.domain.policies import Attempt, AttemptRefusal, Booker, first_refusal, is_used_at_once
from booking.domain.refusals import AccountSuspended, StockNotFound
from booking.domain.stock import Stock
from booking.domain.subcategories import subcategory_of
from booking.domain.wallet import Envelope, Wallet
from booking.messages.booking import event
from booking.persistence import book_statement, bookings
from booking.persistence.book_statement import Asked, Facts, Who
from booking.persistence.records import BookingRecord
from chassis.at_rest import KeyRing
from chassis.db import Database
from chassis.idempotency import IdempotencyConflict, KeyedRequest
from chassis.ids import new_id
from chassis.sealed import Sealer
from chassis.telemetry import traceparent

OPERATION: Final = "bookOffer"

BookOfferRefusal = AccountSuspended | AttemptRefusal

_TRIES = 8


async def book_offer(
    database: Database,
    sealer: Sealer,
    *,
    person_id: UUID,
    structure_ids: Collection[UUID],
    stock_id: UUID,
    quantity: int,
    key: UUID,
    now: datetime,
) -> BookingRecord | BookOfferRefusal:
    """The booking made, or made before with the same key; or why it cannot be made.

    `structure_ids`: those the person acts for, which they cannot book from.
    Takes the database and not a transaction: both statements are atomic by themselves, and BEGIN and
    COMMIT would be two round trips more. Raises IdempotencyConflict when the key was used for something else.
    """
    request = KeyedRequest(person_id, key, OPERATION, {"stock_id": str(stock_id), "quantity": quantity})
    for _ in range(_TRIES):
        async with database.driver() as driver:
            facts = await book_statement.read(
                driver, person_id=person_id, key=key, stock_id=stock_id, now=now
            )
            if facts.done_operation is not None:
                break
            if facts.person_is_active is False:
                return AccountSuspended()
            attempt = _attempt(facts, structure_ids, quantity, now)
            if attempt is None:
                return StockNotFound()
            refusal = first_refusal(attempt)
            if refusal is not None:
                return refusal
            record = _record(facts, attempt, person_id, facts.who(database.ring, person_id))
            asked = Asked(
                record=record,
                stock_version=facts.stock_version,
                offer_rejections=facts.offer_rejections,
                key=key,
                operation=OPERATION,
                fingerprint=request.fingerprint(database.ring),
                event=event(record, "booked", sealer).payload(),
                trace=traceparent(),
            )
            if await book_statement.write(driver, asked):
                return record
    else:
        raise TimeoutError("the booking lost every race for its rows")
    async with database.read() as connection:
        return await _already_done(connection, facts, request, database.ring)


async def _already_done(
    connection: AsyncConnection, facts: Facts, request: KeyedRequest, ring: KeyRing
) -> BookingRecord:
    if facts.done_operation != OPERATION or facts.done_fingerprint is None or facts.done_answer is None:
        raise IdempotencyConflict
    if not request.matches(facts.done_fingerprint, ring):
        raise IdempotencyConflict
    record = await bookings.by_id(connection, UUID(facts.done_answer["booking_id"]))
    assert record is not None
    return record


def _attempt(facts: Facts, structure_ids: Collection[UUID], quantity: int, now: datetime) -> Attempt | None:
    """What the rules look at; None when the stock, its offer or its venue is not known here."""
    if facts.stock_id is None or facts.structure_id is None:
        return None
    return Attempt(
        now=now,
        quantity=quantity,
        stock=Stock(
            price_cents=facts.price_cents,
            capacity=facts.capacity,
            taken=facts.taken,
            starts_at=facts.starts_at,
            booking_limit_at=facts.booking_limit_at,
            booking_opens_at=facts.published_at,
            is_deleted=facts.is_deleted,
            offer_is_active=facts.offer_is_active,
            offer_is_approved=facts.offer_is_approved,
            structure_is_validated=facts.structure_is_validated,
            timezone=facts.timezone,
        ),
        subcategory=subcategory_of(facts.subcategory_id),
        booker=Booker.of(facts.roles or (), _wallet(facts)),
        has_url=bool(facts.url),
        is_duo=facts.is_duo,
        department_code=facts.department_code,
        is_own_structure=facts.structure_id in structure_ids,
        has_booked_offer=facts.has_booked_offer,
    )


def _wallet(facts: Facts) -> Wallet:
    if facts.wallet_id is None:
        return Wallet()
    envelope = Envelope(
        id=str(facts.wallet_id),
        granted_cents=facts.amount_cents,
        expires_at=facts.expires_at,
        digital_cap_cents=facts.digital_cap_cents,
        physical_cap_cents=facts.physical_cap_cents,
        spent_cents=facts.spent_cents,
        digital_spent_cents=facts.digital_spent_cents,
        physical_spent_cents=facts.physical_spent_cents,
    )
    return Wallet((envelope,))


def _record(facts: Facts, attempt: Attempt, person_id: UUID, who: Who) -> BookingRecord:
    """The booking as it will be stored, under a fresh id and contremarque."""
    assert facts.stock_id is not None
    assert facts.structure_id is not None
    now, stock = attempt.now, attempt.stock
    is_used = is_used_at_once(attempt)
    deposit = attempt.booker.wallet.current(now)
    return BookingRecord(
        id=new_id(),
        version=1,
        token=contremarque.write(),
        person_id=person_id,
        stock_id=facts.stock_id,
        offer_id=facts.offer_id,
        venue_id=facts.venue_id,
        structure_id=facts.structure_id,
        offer_name=facts.offer_name,
        subcategory_id=attempt.subcategory.id,
        wallet_id=None if deposit is None else facts.wallet_id,
        deposit_kind=None if deposit is None else facts.wallet_kind,
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
        timezone=facts.timezone,
        first_name=who.first_name,
        last_name=who.last_name,
        email=who.email,
        phone=who.phone,
        url=facts.url,
        price_label=facts.price_label,
        has_payment=False,
        structure_is_closed=False,
    )
