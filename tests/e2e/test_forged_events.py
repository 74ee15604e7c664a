"""Whoever can write to the broker is not thereby a producer: no euro, no place, no name comes of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from chassis.clock import iso
from chassis.ids import new_id
from chassis.provenance import HEADER, Signer
from chassis.sealed import Sealer
from local_platform.demo.acting import money
from local_platform.demo.story.scene import LATE, Scene
from local_platform.platform.platform import Platform

from .databases import Databases
from .ids import plain
from .world import World

pytestmark = pytest.mark.platform

BOOKINGS = "booking.booking.v1"
LISTENERS = ("finance", "catalog")
Put = Callable[..., Awaitable[Mapping[str, Any]]]


@pytest.fixture
async def databases(platform: Platform) -> AsyncIterator[Databases]:
    opened = await Databases.open(platform)
    yield opened
    for context in LISTENERS:
        await opened.connections[context].execute("DELETE FROM dead_letters WHERE topic = $1", BOOKINGS)
    await opened.close()


@pytest.fixture
async def put(platform: Platform) -> AsyncIterator[Put]:
    """`await put(signer, **state)`: a used booking of 100 000 € on booking's topic; the event."""
    producer = AIOKafkaProducer(bootstrap_servers=platform.settings_of("booking")["PASS_KAFKA"])
    await producer.start()

    async def put_one(signer: Signer | None, **state: Any) -> Mapping[str, Any]:
        now = iso(datetime.now(UTC))
        event = {
            "id": str(new_id()),
            "version": 9,
            "offer_name": "Livre",
            "subcategory_id": "LIVRE_PAPIER",
            "quantity": 1,
            "unit_price_cents": 10_000_000,
            "status": "USED",
            "created_at": now,
            "used_at": now,
            "starts_at": None,
            "sealed": "",
            **state,
        }
        key, value = event["id"].encode(), orjson.dumps(event)
        proofs = signer.sign([(BOOKINGS, key, value)]) if signer else []
        await producer.send_and_wait(BOOKINGS, value, key, headers=[(HEADER, proof) for proof in proofs])
        return event

    yield put_one
    await producer.stop()


@pytest.mark.parametrize("by", [None, "catalog", "finance", "a stranger"])
async def test_a_forged_booking_is_never_paid(
    by: str | None, platform: Platform, databases: Databases, put: Put, scene: Scene, world: World
) -> None:
    pro, structure = world.who["pro"], world.of["structure"]
    row, *_ = await databases.rows(
        "finance", "SELECT * FROM bookings WHERE structure_id = $1", plain(structure)
    )
    of_the_place = {name: str(row[name]) for name in ("structure_id", "venue_id", "offer_id")}
    before = money.awaiting(scene.client, pro, structure)

    forged = await put(_signer(by, platform), **of_the_place)

    reason = "not signed" if by is None else "not signed by its producer"
    for context in LISTENERS:
        assert await _reasons(databases, context, forged["id"]) == [reason]
    assert await databases.rows("finance", "SELECT 1 FROM bookings WHERE id = $1", forged["id"]) == []
    assert money.awaiting(scene.client, pro, structure) == before


def _signer(by: str | None, platform: Platform) -> Signer | None:
    if by is None:
        return None
    if by == "a stranger":
        return Signer(Sealer.new_key())
    return Signer(platform.settings_of(by)[f"PASS_EVENT_KEY_{by.upper()}"])


async def _reasons(databases: Databases, context: str, id_: str) -> list[str]:
    """Why this context set the event aside, once it did."""
    letters = "SELECT reason FROM dead_letters WHERE topic = $1 AND key = $2"
    async with asyncio.timeout(LATE):
        while not (found := await databases.rows(context, letters, BOOKINGS, id_.encode())):  # noqa: ASYNC110  # others' work
            await asyncio.sleep(0.05)
    return [letter["reason"] for letter in found]
