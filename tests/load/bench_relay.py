"""Events per second from commit to consumer, and the lag at a steady rate.

    ./pass bench relay [--events 30000] [--rate 600 --seconds 10] [--inner-tls]

The outbox of booking is filled in one go, and its relay and a consumer of the topic are timed; then
events are committed at a steady rate (two a booking) and the time from each commit to its arrival is
taken. Beside them: the same messages sent by a bare producer, in the same run.
"""

import argparse
import asyncio
import time
from typing import Any

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from meter import metered, publish
from stage import Stage, stage

from chassis.ids import new_id
from chassis.telemetry import traceparent

TOPIC = "booking.booking.v1"
PAYLOAD_BYTES = 900
COLUMNS = (
    "what",
    "events/s",
    "of bare",
    "p50 ms",
    "p99 ms",
    "CPU ms per 1000: relay",
    "PostgreSQL",
    "Kafka",
)
_INSERT = "INSERT INTO outbox (topic, key, type, payload, trace) VALUES ($1, $2, 'bench', $3, $4)"


def payload(committed_at: float) -> bytes:
    """A message of a booking's size that says when it was committed."""
    return f'{{"at": {committed_at!r}, "pad": "'.encode().ljust(PAYLOAD_BYTES, b"x") + b'"}'


class Arrivals:
    """A consumer that notes when each message came."""

    def __init__(self, on: Stage) -> None:
        self._consumer = AIOKafkaConsumer(TOPIC, **on.broker("booking"), auto_offset_reset="latest")
        self.lags: list[float] = []

    async def __aenter__(self) -> "Arrivals":
        await self._consumer.start()
        await self._consumer.seek_to_end()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def wait_for(self, count: int) -> float:
        """Seconds until `count` messages have come."""
        started, self.lags = time.perf_counter(), []
        while len(self.lags) < count:
            fetched = await self._consumer.getmany(timeout_ms=1000, max_records=5000)
            now = time.time()
            for records in fetched.values():
                self.lags += [now - float(record.value[7 : record.value.index(b",")]) for record in records]
        return time.perf_counter() - started


async def bare_producer(on: Stage, events: int) -> float:
    """Seconds to have as many messages acknowledged, sent by a producer with the same promises."""
    producer = AIOKafkaProducer(**on.broker("booking"), acks="all", enable_idempotence=True, linger_ms=2)
    await producer.start()
    started = time.perf_counter()
    for first in range(0, events, 1000):
        sent = [
            await producer.send(TOPIC, payload(0), str(new_id()).encode())
            for _ in range(min(1000, events - first))
        ]
        await asyncio.gather(*sent)
    seconds = time.perf_counter() - started
    await producer.stop()
    return seconds


async def backlog(on: Stage, connection: asyncpg.Connection, events: int) -> dict[str, Any]:
    """All at once: how fast the relay empties a full outbox into a consumer."""
    records = [(TOPIC, new_id(), "bench", payload(time.time()), traceparent()) for _ in range(events)]
    pids = on.pids("booking-worker", "postgres", "kafka")
    async with Arrivals(on) as arrivals:
        with metered(pids) as used:
            columns = ["topic", "key", "type", "payload", "trace"]
            filling = asyncio.create_task(
                connection.copy_records_to_table("outbox", records=records, columns=columns)
            )
            seconds = await arrivals.wait_for(events)
            await filling
    return {
        "what": f"outbox to consumer, {events} at once",
        "events/s": events / seconds,
        **_each(used, events),
    }


async def steady(on: Stage, connection: asyncpg.Connection, rate: int, seconds: int) -> dict[str, Any]:
    """At a steady rate: how long an event takes from its commit to a consumer."""
    events = rate * seconds
    pids = on.pids("booking-worker", "postgres", "kafka")
    async with Arrivals(on) as arrivals:
        with metered(pids) as used:
            arriving = asyncio.create_task(arrivals.wait_for(events))
            started = time.perf_counter()
            for number in range(events):
                await connection.execute(_INSERT, TOPIC, new_id(), payload(time.time()), traceparent())
                await asyncio.sleep(max(0.0, started + (number + 1) / rate - time.perf_counter()))
            taken = time.perf_counter() - started
            await arriving
    lags = sorted(arrivals.lags)
    return {
        "what": f"lag at {rate} events/s",
        "events/s": events / taken,
        "p50 ms": lags[len(lags) // 2] * 1000,
        "p99 ms": lags[int(len(lags) * 0.99)] * 1000,
        **_each(used, events),
    }


def _each(used: dict[str, float], events: int) -> dict[str, float]:
    per_thousand = {name: seconds * 1_000_000 / events for name, seconds in used.items()}
    return {
        "CPU ms per 1000: relay": per_thousand["booking-worker"],
        "PostgreSQL": per_thousand["postgres"],
        "Kafka": per_thousand["kafka"],
    }


async def main() -> None:
    parser = argparse.ArgumentParser(prog="./pass bench relay", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--events", type=int, default=30_000)
    parser.add_argument("--rate", type=int, default=600, help="events per second: two for each booking")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--inner-tls", action="store_true", help="as in production")
    asked = parser.parse_args()
    parts = ("postgres", "kafka", "identity", "booking", "booking-worker")
    with stage(*parts, inner_tls=asked.inner_tls) as on:
        connection = await on.connect("booking")
        await backlog(on, connection, 1000)  # the first batch pays for connections and metadata
        bare = asked.events / await bare_producer(on, asked.events)
        rows = [
            {"what": "bare producer, acknowledged", "events/s": bare},
            await backlog(on, connection, asked.events),
            await steady(on, connection, asked.rate, asked.seconds),
        ]
        await connection.close()
    for row in rows:
        row["of bare"] = f"{row['events/s'] / bare:.0%}"
    publish("relay", f"{asked.events} events of {PAYLOAD_BYTES} bytes", COLUMNS, rows)


if __name__ == "__main__":
    uvloop.run(main())
