"""Closing a fortnight, beside pure pricing and beside a bare copy of the rows that it writes.

./pass bench close [--bookings 100000] [--structures 300]
"""

import argparse
import os
import random
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import uvloop
from meter import publish
from schwifty import IBAN
from stage import Stage, stage

from chassis.at_rest import KeyRing, sealed_columns
from chassis.clock import FixedClock
from chassis.ids import new_id
from chassis.refusals import Refusal
from finance.domain.bookings import UsedBooking
from finance.domain.pricing import Pricer
from finance.persistence.tables import bank_accounts
from finance.runtime import FinanceRuntime
from finance.settings import FinanceSettings
from finance.usecases.close_fortnight import close_fortnight

LAST_DAY = date(2026, 11, 15)
CLOSED_AT = datetime(2026, 11, 16, 8, tzinfo=UTC)
FIRST_USE = datetime(2026, 11, 1, 8, tzinfo=UTC)
SUBCATEGORIES = ("LIVRE_PAPIER", "LIVRE_PAPIER", "LIVRE_PAPIER", "SEANCE_CINE", "CONCERT", "VOD")
VENUES_EACH = 3
COLUMNS = ("what", "bookings/s", "of bare", "seconds")


async def furnish(
    connection: asyncpg.Connection, ring: KeyRing, structures: int, bookings: int
) -> list[UsedBooking]:
    """Structures with an accepted account each, and used bookings spread over their venues."""
    chance = random.Random(1)
    owners = [new_id() for _ in range(structures)]
    venues = [(new_id(), owner) for owner in owners for _ in range(VENUES_EACH)]
    await connection.copy_records_to_table(
        "structures",
        records=[
            (owner, 1, f"{100_000_000 + number}", f"Structure {number}", "validated")
            for number, owner in enumerate(owners)
        ],
        columns=["id", "version", "siren", "name", "status"],
    )
    await connection.copy_records_to_table(
        "venues",
        records=[
            (venue, 1, owner, "Lieu", "1 rue du Banc", "67000", "Strasbourg") for venue, owner in venues
        ],
        columns=["id", "version", "structure_id", "name", "street", "postal_code", "city"],
    )
    await connection.copy_records_to_table(
        "bank_accounts",
        records=[
            (account, 1, owner, "Banc", *_details(ring, account, number), "accepted", owner, FIRST_USE)
            for number, owner in enumerate(owners)
            for account in [new_id()]
        ],
        columns=[
            "id",
            "version",
            "structure_id",
            "label",
            "iban",
            "bic",
            "status",
            "submitted_by",
            "submitted_at",
        ],
    )
    used = [_booking(chance, venues) for _ in range(bookings)]
    await connection.copy_records_to_table(
        "bookings",
        records=[
            (
                booking.booking_id, 1, booking.structure_id, booking.venue_id, booking.offer_id, "Titre",
                booking.subcategory_id, "GRANT_18_V2", booking.quantity, booking.unit_price_cents, "USED",
                booking.created_at, booking.used_at, booking.used_at,
            )
            for booking in used
        ],
        columns=[
            "id", "version", "structure_id", "venue_id", "offer_id", "offer_name", "subcategory_id",
            "deposit_kind", "quantity", "unit_price_cents", "status", "created_at", "used_at", "ordered_at",
        ],
    )  # fmt: skip
    await connection.execute("ANALYZE")
    return used


def _details(ring: KeyRing, account: UUID, number: int) -> tuple[bytes, bytes]:
    """IBAN and BIC, sealed."""
    iban = IBAN.generate("FR", bank_code="30002", branch_code="00550", account_code=f"{number:011d}")
    sealed = sealed_columns(bank_accounts)
    return sealed["iban"].sealed(ring, account, str(iban)), sealed["bic"].sealed(ring, account, "CRLYFRPP")


def _booking(chance: random.Random, venues: list[tuple[UUID, UUID]]) -> UsedBooking:
    venue, owner = chance.choice(venues)
    used_at = FIRST_USE + timedelta(seconds=chance.randrange(14 * 86_400))
    return UsedBooking(
        booking_id=new_id(),
        structure_id=owner,
        venue_id=venue,
        pricing_point_id=venue,
        offer_id=new_id(),
        subcategory_id=chance.choice(SUBCATEGORIES),
        unit_price_cents=chance.randrange(500, 3000),
        quantity=1,
        created_at=used_at - timedelta(days=3),
        used_at=used_at,
    )


def purely(used: list[UsedBooking]) -> float:
    """Seconds to price them all in memory, in order."""
    ordered = sorted(used, key=lambda booking: (booking.used_at, booking.booking_id))
    pricer = Pricer()
    started = time.perf_counter()
    for booking in ordered:
        pricer.price(booking)
    return time.perf_counter() - started


async def closing(on: Stage) -> float:
    """Seconds of the whole close: priced, posted, settled, the SEPA file made, everything told."""
    os.environ.update(on.platform.settings_of("finance"))
    runtime = FinanceRuntime.build(FinanceSettings.load(), FixedClock(CLOSED_AT))
    started = time.perf_counter()
    outcome = await runtime.database.run(
        lambda connection: close_fortnight(
            connection,
            last_day=LAST_DAY,
            now=CLOSED_AT,
            debtor=runtime.debtor,
            execution_delay=runtime.execution_delay,
            by=None,
        )
    )
    seconds = time.perf_counter() - started
    await runtime.close()
    if isinstance(outcome, Refusal):
        raise SystemExit(f"not closed: {outcome}")
    return seconds


async def bare_copy(connection: asyncpg.Connection) -> float:
    """Seconds to read what the close wrote and to copy it into tables of the same shape."""
    tables = ("pricings", "ledger", "outbox")
    held = {table: await connection.fetch(f"SELECT * FROM {table}") for table in tables}
    for table in tables:
        await connection.execute(f"CREATE TEMPORARY TABLE bare_{table} (LIKE {table} INCLUDING INDEXES)")
    started = time.perf_counter()
    for table, records in held.items():
        await connection.copy_records_to_table(f"bare_{table}", records=records)
    return time.perf_counter() - started


async def main() -> None:
    parser = argparse.ArgumentParser(prog="./pass bench close", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--bookings", type=int, default=100_000)
    parser.add_argument("--structures", type=int, default=300)
    asked = parser.parse_args()
    with stage("postgres", "finance") as on:
        connection = await on.connect("finance")
        used = await furnish(connection, on.key_ring("finance"), asked.structures, asked.bookings)
        pure = purely(used)
        whole = await closing(on)
        bare = await bare_copy(connection)
        await connection.close()
    rows: list[dict[str, Any]] = [
        {"what": "pricing alone, in memory", "seconds": pure},
        {"what": "bare copy of the rows it writes", "seconds": bare},
        {"what": "the whole close", "seconds": whole},
    ]
    for row in rows:
        row["bookings/s"] = asked.bookings / row["seconds"]
        row["of bare"] = f"{bare / row['seconds']:.0%}"
    publish("close", f"{asked.bookings} bookings of {asked.structures} structures", COLUMNS, rows)


if __name__ == "__main__":
    uvloop.run(main())
