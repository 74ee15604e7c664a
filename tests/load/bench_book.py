"""Bookings per second, beside a bare asyncpg loop that writes the same rows.

    ./pass bench book [--bookings 3000] [--in-flight 16] [--inner-tls]

Five ways — the bare loop, the subgraph itself, Hive Gateway, Hive Router, and Hive Router with the door
before it — on one hot stock and on many, all in one run against the same PostgreSQL. People's tokens have
been seen before, as those of people who look before they book.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvloop
from meter import metered, publish
from stage import Stage, door, router, stage
from wire import Outcome, Request, post_all
from world import PRICE_CENTS, World, furnish, tokens

from booking.domain import contremarque
from booking.persistence import book_statement
from booking.persistence.book_statement import Asked
from booking.persistence.records import BookingRecord
from chassis.graphql import global_id
from chassis.ids import new_id
from chassis.telemetry import traceparent

BOOK = (
    "mutation Book($input: BookOfferInput!, $key: UUID!) { bookOffer(input: $input, idempotencyKey: $key)"
    " { __typename ... on OfferBooked { booking { id contremarque totalCents } } ... on Refusal { code message } } }"
)
BEHIND_THE_DOOR = ", the door"
HELLO = Request(orjson.dumps({"query": "{ wallet { remainingCents } }"}), "")
PARTS = ("postgres", "kafka", "identity", "booking", "booking-worker")
COLUMNS = (
    "stock", "through", "bookings/s", "of bare", "p50 ms", "p95 ms",
    "CPU ms each: door", "router", "subgraph", "PostgreSQL", "relay", "Kafka",
)  # fmt: skip


def judge(answer: dict[str, Any]) -> str:
    booked = (answer.get("data") or {}).get("bookOffer") or {}
    if booked.get("__typename") == "OfferBooked":
        return "good"
    return str(booked.get("code") or answer.get("errors"))


def pairs(world: World, hot: bool, count: int) -> Iterator[tuple[UUID, UUID]]:
    """(person, stock) of each booking: nobody twice on one offer, people in turn."""
    if hot:
        yield from ((person, world.stocks[0]) for person in world.people[:count])
        return
    for number in range(count):
        person = number % len(world.people)
        yield (
            world.people[person],
            world.stocks[1 + (person + number // len(world.people)) % (len(world.stocks) - 1)],
        )


async def bare_loop(
    connections: Sequence[asyncpg.Connection], chosen: Sequence[tuple[UUID, UUID]]
) -> Outcome:
    """The rows of each booking by prepared statement and nothing else: no HTTP, no rules, no reading."""
    write = book_statement.PAY_AND_BOOK
    facts = await _facts(connections[0])
    outcome, waiting = Outcome(), iter(chosen)

    async def worker(connection: asyncpg.Connection) -> None:
        statement = await connection.prepare(write.sql)
        for person, stock in waiting:
            started = time.perf_counter()
            booked = None
            while booked is None:
                parameters = _asked(person, stock, facts).parameters()
                try:
                    booked = await statement.fetchval(*(parameters[name] for name in write.names))
                except asyncpg.UniqueViolationError:
                    continue  # the contremarque is taken: it draws again, as the product does
            outcome.latencies.append(time.perf_counter() - started)
            outcome.good += bool(booked)

    started = time.perf_counter()
    await asyncio.gather(*map(worker, connections))
    outcome.seconds = time.perf_counter() - started
    return outcome


async def _facts(connection: asyncpg.Connection) -> dict[str, Any]:
    offers = {row["id"]: row["offer_id"] for row in await connection.fetch("SELECT id, offer_id FROM stocks")}
    wallets = {
        row["person_id"]: row["id"] for row in await connection.fetch("SELECT id, person_id FROM wallets")
    }
    venue = await connection.fetchrow("SELECT id, structure_id FROM venues LIMIT 1")
    stock = await connection.fetchrow("SELECT starts_at, version FROM stocks LIMIT 1")
    return {
        "offers": offers,
        "wallets": wallets,
        "venue": venue,
        "start": stock["starts_at"],
        "version": stock["version"],
    }


_EMPTY = (
    "used_at", "cancelled_at", "cancellation_reason", "reimbursed_at", "warned_on",
    "first_name", "last_name", "email", "phone", "url", "price_label",
)  # fmt: skip


def _asked(person: UUID, stock: UUID, facts: dict[str, Any]) -> Asked:
    record = BookingRecord(
        id=new_id(),
        version=1,
        token=contremarque.write(),
        person_id=person,
        stock_id=stock,
        offer_id=facts["offers"][stock],
        venue_id=facts["venue"]["id"],
        structure_id=facts["venue"]["structure_id"],
        offer_name="Concert du banc",
        subcategory_id="CONCERT",
        wallet_id=facts["wallets"][person],
        deposit_kind="GRANT_18_V2",
        capped_deposit="-",
        quantity=1,
        unit_price_cents=PRICE_CENTS,
        status="CONFIRMED",
        created_at=facts["start"],
        starts_at=facts["start"],
        cancellation_limit_at=facts["start"],
        **dict.fromkeys(_EMPTY),
        timezone="Europe/Paris",
        has_payment=False,
        structure_is_closed=False,
    )
    return Asked(
        record,
        stock_version=facts["version"],
        offer_rejections=0,
        key=new_id(),
        operation="bookOffer",
        fingerprint=bytes(32),
        event=bytes(700),
        trace=traceparent(),
    )


def requests(chosen: Sequence[tuple[UUID, UUID]], token_of: dict[UUID, str]) -> list[Request]:
    return [
        Request(
            orjson.dumps(
                {
                    "query": BOOK,
                    "variables": {"input": {"stockId": global_id("Stock", stock)}, "key": str(new_id())},
                }
            ),
            token_of[person],
        )
        for person, stock in chosen
    ]


async def measure(
    stage: Stage, through: str, hot: bool, bookings: int, in_flight: int
) -> dict[str, Any] | None:
    """One line of the table."""
    connection = await stage.connect("booking")
    people = bookings if hot else max(1, bookings // 10)
    world = await furnish(connection, stage.key_ring("booking"), people, offers=30)
    chosen = list(pairs(world, hot, bookings))
    pids = dict(stage.pids("postgres", "booking", "booking-worker", "kafka"))
    if through == "bare loop":
        connections = [await stage.connect("booking") for _ in range(in_flight)]
        with metered(pids) as used:
            outcome = await bare_loop(connections, chosen)
        for each_connection in connections:
            await each_connection.close()
    else:
        with ExitStack() as before:
            name = through.removesuffix(BEHIND_THE_DOOR)
            target = before.enter_context(router(stage, name) if name != "subgraph" else _itself(stage))
            if target is None:
                return None
            url, pid = target
            if pid:
                pids["router"] = pid
            if name != through:
                url, pids["door"] = before.enter_context(door(stage, url))
            token_of = dict(zip(world.people, tokens(world.people, _signing_key(stage)), strict=True))
            seen = [Request(HELLO.body, token) for token in token_of.values()]
            tls = stage.shown_by("operator")
            await post_all(
                url, seen, in_flight, lambda answer: "good" if answer.get("data") else str(answer), tls
            )
            ready = requests(chosen, token_of)
            with metered(pids) as used:
                outcome = await post_all(url, ready, in_flight, judge, tls)
    await _settle(connection)
    await connection.close()
    if outcome.other:
        raise SystemExit(f"{through}: not every booking was made: {outcome.other}")
    each = {name: seconds / outcome.good * 1000 for name, seconds in used.items()}
    return {
        "stock": "one hot" if hot else "many",
        "through": through,
        "bookings/s": outcome.per_second,
        "p50 ms": outcome.percentile(0.5) * 1000,
        "p95 ms": outcome.percentile(0.95) * 1000,
        "CPU ms each: door": each.get("door"),
        "router": each.get("router"),
        "subgraph": each["booking"] if through != "bare loop" else None,
        "PostgreSQL": each["postgres"],
        "relay": each["booking-worker"],
        "Kafka": each["kafka"],
    }


class _itself:  # noqa: N801
    """The subgraph without a router, in the shape of `router`."""

    def __init__(self, stage: Stage) -> None:
        self._url = stage.url("booking")

    def __enter__(self) -> tuple[str, int]:
        return self._url, 0

    def __exit__(self, *_: object) -> None:
        return None


def _signing_key(stage: Stage) -> str:
    return stage.platform.secrets["PASS_SIGNING_KEY"]


async def _settle(connection: asyncpg.Connection) -> None:
    """Wait until the relay has emptied the outbox: the next line must not pay for this one."""
    while await connection.fetchval("SELECT count(*) FROM outbox"):  # noqa: ASYNC110
        await asyncio.sleep(0.2)


async def main() -> None:
    parser = argparse.ArgumentParser(prog="./pass bench book", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--bookings", type=int, default=3000)
    parser.add_argument("--in-flight", type=int, default=16)
    parser.add_argument("--inner-tls", action="store_true", help="as in production")
    asked = parser.parse_args()
    rows = []
    with stage(*PARTS, inner_tls=asked.inner_tls) as on:
        for hot in (False, True):
            bare = 0.0
            for through in (
                "bare loop",
                "subgraph",
                "hive-gateway",
                "hive-router",
                f"hive-router{BEHIND_THE_DOOR}",
            ):
                row = await measure(on, through, hot, asked.bookings, asked.in_flight)
                if row is None:
                    continue
                bare = bare or row["bookings/s"]
                row["of bare"] = f"{row['bookings/s'] / bare:.0%}"
                rows.append(row)
    title = f"{asked.bookings} bookings, {asked.in_flight} in flight"
    publish("book", title, COLUMNS, rows)


if __name__ == "__main__":
    uvloop.run(main())
