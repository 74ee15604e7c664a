"""Closing a fortnight, at several sizes, beside a loop through an ORM that does the same row by row.

./pass bench close [10000 100000 …] [--loop 10000]

Each size has servers of its own. A hundred bookings a venue, three venues a structure, each with an account.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import psutil
import uvloop
from meter import cpu_seconds, publish
from orm_close import close_by_orm
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
BOOKINGS_EACH = 100
VENUES_EACH = 3
COLUMNS = (
    *("what", "bookings", "seconds", "bookings/s", "CPU s, PostgreSQL", "CPU s, process"),
    *("CPU µs a booking", "MB, process", "MB, PostgreSQL"),
)
USED = """
    INSERT INTO bookings (
        id, version, structure_id, venue_id, offer_id, offer_name, subcategory_id, deposit_kind, quantity,
        unit_price_cents, status, created_at, used_at, ordered_at
    )
    SELECT uuidv7(), 1, structure_id, venue_id, gen_random_uuid(), 'Titre',
           ('{LIVRE_PAPIER,LIVRE_PAPIER,LIVRE_PAPIER,SEANCE_CINE,CONCERT,VOD}'::text[])[1 + floor(random() * 6)::int],
           'GRANT_18_V2', 1, 500 + floor(random() * 2500)::int, 'USED', used_at - interval '3 days', used_at, used_at
    FROM (
        SELECT ($2::uuid[])[1 + n % cardinality($2)] AS venue_id, ($3::uuid[])[1 + n % cardinality($2)] AS structure_id,
               $4::timestamptz + random() * interval '14 days' AS used_at
        FROM generate_series(1, $1) AS n
    ) AS uses
    """


@dataclass
class Cost:
    """What something took, of the process and of PostgreSQL."""

    seconds: float = 0
    process_cpu: float = 0
    postgres_cpu: float = 0
    process_mb: float = 0
    postgres_mb: float = 0

    def row(self, what: str, bookings: int) -> dict[str, Any]:
        cpu = self.process_cpu + self.postgres_cpu
        values = (what, bookings, self.seconds, bookings / self.seconds, self.postgres_cpu, self.process_cpu)
        return dict(
            zip(COLUMNS, (*values, cpu / bookings * 1e6, self.process_mb, self.postgres_mb), strict=True)
        )


@contextmanager
def costing(on: Stage) -> Iterator[Cost]:
    """`with costing(on) as cost:` fills it; memory is what both have of their own, at its peak."""
    server, process, cost = on.pids("postgres")["postgres"], psutil.Process(), Cost()
    before, own, started = cpu_seconds(server), process.cpu_times(), time.perf_counter()

    async def watch() -> None:
        while True:
            backends = psutil.Process(server).children()
            cost.process_mb = max(cost.process_mb, process.memory_info().rss / 1e6)
            cost.postgres_mb = max(cost.postgres_mb, sum(map(_own_bytes, backends)) / 1e6)
            await asyncio.sleep(0.5)

    watching = asyncio.get_running_loop().create_task(watch())
    yield cost
    watching.cancel()
    cost.seconds = time.perf_counter() - started
    times = process.cpu_times()
    cost.process_cpu = times.user + times.system - own.user - own.system
    cost.postgres_cpu = cpu_seconds(server) - before


def _own_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().uss)
    except psutil.NoSuchProcess:
        return 0


async def furnish(connection: asyncpg.Connection, ring: KeyRing, bookings: int) -> None:
    """Structures with an accepted account each, and used bookings spread over their venues."""
    venue_count = max(VENUES_EACH, bookings // BOOKINGS_EACH)
    owners = [new_id() for _ in range(-(-venue_count // VENUES_EACH))]
    venues = [(new_id(), owners[number // VENUES_EACH]) for number in range(venue_count)]
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
            *(
                "id",
                "version",
                "structure_id",
                "label",
                "iban",
                "bic",
                "status",
                "submitted_by",
                "submitted_at",
            )
        ],
    )
    await connection.execute("SELECT setseed(0.5)")
    await connection.execute(
        USED, bookings, [venue for venue, _ in venues], [owner for _, owner in venues], FIRST_USE, timeout=600
    )
    await connection.execute("ANALYZE bookings, structures, venues, bank_accounts")


def _details(ring: KeyRing, account: UUID, number: int) -> tuple[bytes | None, bytes | None]:
    """IBAN and BIC, sealed."""
    iban = IBAN.generate("FR", bank_code="30002", branch_code="00550", account_code=f"{number:011d}")
    sealed = sealed_columns(bank_accounts)
    return sealed["iban"].sealed(ring, account, str(iban)), sealed["bic"].sealed(ring, account, "CRLYFRPP")


async def used_bookings(connection: asyncpg.Connection) -> list[UsedBooking]:
    """All of them, in pricing order."""
    return [
        UsedBooking(*row)
        for row in await connection.fetch(
            "SELECT id, structure_id, venue_id, venue_id AS pricing_point_id, offer_id, subcategory_id,"
            " unit_price_cents, quantity, created_at, used_at FROM bookings ORDER BY ordered_at, used_at, id"
        )
    ]


async def closing(on: Stage, bookings: int) -> Cost:
    """The whole close: priced, posted, settled, the SEPA file made, everything in the outbox, all committed."""
    runtime = _runtime(on)
    with costing(on) as cost:
        outcome = await close_fortnight(
            runtime.database,
            last_day=LAST_DAY,
            now=CLOSED_AT,
            debtor=runtime.debtor,
            execution_delay=runtime.execution_delay,
            by=None,
        )
    await runtime.close()
    if isinstance(outcome, Refusal):
        raise SystemExit(f"not closed: {outcome}")
    await _check(on, bookings)
    return cost


async def _check(on: Stage, bookings: int) -> None:
    """Nothing was left out, and the ledger stands."""
    connection = await on.connect("finance")
    priced, published = await connection.fetchrow(
        "SELECT (SELECT count(*) FROM pricings WHERE status = 'processed'), (SELECT count(*) FROM outbox)"
    )
    balance = await connection.fetchval("SELECT sum(amount_cents) FROM ledger")
    await connection.close()
    if (priced, published, balance) != (bookings, bookings, 0):
        raise SystemExit(f"closed {priced} and published {published} of {bookings}, the ledger at {balance}")


def _runtime(on: Stage) -> FinanceRuntime:
    os.environ.update(on.platform.settings_of("finance"))
    return FinanceRuntime.build(FinanceSettings.load(), FixedClock(CLOSED_AT))


async def by_loop(bookings: int) -> list[dict[str, Any]]:
    """The same fortnight through an ORM, and its pricing alone."""
    with stage("postgres", "finance") as on:
        connection = await on.connect("finance")
        await furnish(connection, on.key_ring("finance"), bookings)
        used, pricer, alone = await used_bookings(connection), Pricer(), Cost()
        started = time.process_time()
        for booking in used:
            pricer.price(booking)
        alone.seconds = alone.process_cpu = time.process_time() - started
        del used
        await connection.close()
        runtime = _runtime(on)
        with costing(on) as loop:
            await close_by_orm(runtime, LAST_DAY, CLOSED_AT)
        await runtime.close()
        await _check(on, bookings)
    return [alone.row("pricing alone, in memory", bookings), loop.row("row by row, by an ORM", bookings)]


async def main() -> None:
    parser = argparse.ArgumentParser(prog="./pass bench close", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "sizes", type=int, nargs="*", default=[10_000, 100_000], help="1 000 000: ten minutes"
    )
    parser.add_argument("--loop", type=int, default=10_000, help="size of the loop beside; 0: none")
    asked = parser.parse_args()
    rows = await by_loop(asked.loop) if asked.loop else []
    for bookings in asked.sizes:
        with stage("postgres", "finance") as on:
            connection = await on.connect("finance")
            await furnish(connection, on.key_ring("finance"), bookings)
            await connection.close()
            rows.append((await closing(on, bookings)).row("the whole close", bookings))
    publish("close", "the close of a fortnight", COLUMNS, rows)


if __name__ == "__main__":
    uvloop.run(main())
