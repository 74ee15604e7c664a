"""One process of the races: books what it is told, as fast as it can, and says how each attempt ended.

Reads a race from each line of standard input, writes the outcomes as a line of standard output, both
JSON. With `without` set to "stock" or "wallet", it books by a statement that lacks that guard.
"""

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import orjson
import uvloop

from booking.persistence import book_statement
from booking.persistence.records import BookingRecord
from booking.usecases.book_offer import book_offer
from chassis.at_rest import KeyRing
from chassis.db import Database
from chassis.ids import new_id
from chassis.sealed import Sealer

IN_FLIGHT = 24
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


async def race(url: str, storage_key: str, bookings: list[tuple[str, str]]) -> Counter[str]:
    """Book each (person, stock), IN_FLIGHT at a time."""
    database = Database(url, KeyRing("booking", storage_key), pool_size=IN_FLIGHT)
    sealer = Sealer(Sealer.new_key())
    outcomes: Counter[str] = Counter()
    waiting = iter(bookings)

    async def book() -> None:
        for person, stock in waiting:
            try:
                done = await book_offer(
                    database,
                    sealer,
                    person_id=UUID(person),
                    structure_ids=(),
                    stock_id=UUID(stock),
                    quantity=1,
                    key=new_id(),
                    now=NOW,
                )
            except Exception as error:
                outcomes[f"error: {getattr(error, 'sqlstate', None) or type(error).__name__}"] += 1
            else:
                outcomes["booked" if isinstance(done, BookingRecord) else done.code] += 1

    try:
        async with asyncio.TaskGroup() as racers:
            for _ in range(IN_FLIGHT):
                racers.create_task(book())
    finally:
        await database.close()
    return outcomes


def main() -> None:
    statements = {
        None: book_statement.PAY_AND_BOOK,
        "stock": book_statement.write_statement(stock_guard=""),
        "wallet": book_statement.write_statement(wallet_guard=""),
    }
    for line in sys.stdin.buffer:
        told = orjson.loads(line)
        book_statement.PAY_AND_BOOK = statements[told["without"]]
        outcomes = uvloop.run(race(told["url"], told["storage_key"], told["bookings"]))
        sys.stdout.buffer.write(orjson.dumps(outcomes) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
