"""What a place would be paid for the bookings that wait, if they were priced now."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain.counters import Counters
from finance.domain.eligibility import makes_a_payment
from finance.domain.pricing import Pricer
from finance.persistence import due, reimbursements


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Used bookings not yet paid that will be, and the amount (cents) the barème gives today."""

    count: int
    amount_cents: int


async def estimate_awaiting(connection: AsyncConnection, structure_id: UUID) -> Awaiting:
    """Nothing is written; the order of bookings to come may still change the amount."""
    priced = await reimbursements.waiting_of_structure(connection, structure_id)
    bookings = await due.of_structure(connection, structure_id)
    if not bookings:
        return Awaiting(priced.count, priced.amount_cents)
    counters = Counters()
    await due.start_counters_of_structure(connection, counters, structure_id)
    pricer = Pricer(counters=counters)
    amounts = [
        pricing.reimbursed_cents
        for pricing in map(pricer.price, bookings)
        if makes_a_payment(pricing.reimbursed_cents)
    ]
    return Awaiting(priced.count + len(amounts), priced.amount_cents + sum(amounts))
