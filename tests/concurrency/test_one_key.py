"""One idempotency key sent 50 times at once: one effect, 50 equal answers; another body: a conflict."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from booking_support.world import NOW, World
from chassis.auth import Principal
from chassis.ids import new_id
from chassis.testing import SubgraphClient, principal

pytestmark = pytest.mark.servers

TIMES = 50
Check = Callable[[], Awaitable[None]]

BOOK = """mutation ($what: ID!, $key: UUID!) {
  done: bookOffer(input: {stockId: $what}, idempotencyKey: $key) {
    __typename ... on OfferBooked { booking { id contremarque status createdAt } } ... on Refusal { code } } }"""
CANCEL = """mutation ($what: ID!, $key: UUID!) { done: cancelBooking(bookingId: $what, idempotencyKey: $key) {
    __typename ... on BookingCancelled { booking { id status cancelledAt } } ... on Refusal { code } } }"""
VALIDATE = """mutation ($what: String!, $key: UUID!) {
  done: validateContremarque(code: $what, idempotencyKey: $key) {
    __typename ... on ContremarqueValidated { booking { id status usedAt } } ... on Refusal { code } } }"""
UNDO = """mutation ($what: String!, $key: UUID!) { done: undoValidation(code: $what, idempotencyKey: $key) {
    __typename ... on ValidationUndone { booking { id status usedAt } } ... on Refusal { code } } }"""


async def send(
    subgraph: SubgraphClient, document: str, what: object, other: object, by: Principal
) -> dict[str, Any]:
    """The one answer that 50 equal requests get; then the key is tried with another body."""
    key, at = str(new_id()), NOW + timedelta(hours=48)
    variables = {"what": str(what), "key": key}
    answers = await asyncio.gather(*(subgraph.data(document, variables, by=by, at=at) for _ in range(TIMES)))
    assert all(answer == answers[0] for answer in answers)
    conflict = await subgraph.error_code(document, {"what": str(other), "key": key}, by=by, at=at)
    assert conflict == "IDEMPOTENCY_CONFLICT"
    done: dict[str, Any] = answers[0]["done"]
    return done


@pytest.fixture
async def me(world: World) -> Principal:
    return principal("beneficiary", person_id=await world.person())


async def effects(world: World, id_: UUID | str, type_: str) -> int:
    told = await world.events("booking.booking.v1")
    return sum(event["id"] == str(id_) and event["type"] == type_ for event in told)


async def test_booking(world: World, subgraph: SubgraphClient, me: Principal, balanced: Check) -> None:
    stock = await world.event_stock()
    done = await send(subgraph, BOOK, stock, await world.event_stock(), me)
    assert done["__typename"] == "OfferBooked"
    assert await world.left(stock) == (100, 1)
    assert await effects(world, done["booking"]["id"], "booking.booked") == 1
    await balanced()


async def test_cancelling(world: World, subgraph: SubgraphClient, me: Principal, balanced: Check) -> None:
    stock = await world.thing_stock()
    record = await world.booked(me.person_id, stock)
    done = await send(subgraph, CANCEL, record.id, new_id(), me)
    assert done["__typename"] == "BookingCancelled"
    assert await world.left(stock) == (100, 0)
    assert await effects(world, record.id, "booking.cancelled") == 1
    await balanced()


async def test_validating_and_undoing(world: World, subgraph: SubgraphClient, me: Principal) -> None:
    record = await world.booked(me.person_id, await world.event_stock())
    pro = principal("pro", structures=(world.structure_id,))
    done = await send(subgraph, VALIDATE, record.token, "ZZZZZZ", pro)
    assert done["__typename"] == "ContremarqueValidated"
    assert await effects(world, record.id, "booking.used") == 1
    done = await send(subgraph, UNDO, record.token, "ZZZZZZ", pro)
    assert done["__typename"] == "ValidationUndone"
    assert await effects(world, record.id, "booking.validation_undone") == 1


async def test_booking_and_cancelling_at_once_keep_the_books(
    world: World, subgraph: SubgraphClient, balanced: Check
) -> None:
    stock, people = await world.event_stock(quantity=5), await world.crowd(10)

    async def waver(person: UUID) -> None:
        who = principal("beneficiary", person_id=person)
        for _ in range(8):
            variables = {"what": str(stock), "key": str(new_id())}
            done = (await subgraph.data(BOOK, variables, by=who, at=NOW))["done"]
            if done["__typename"] == "OfferBooked":
                variables = {"what": done["booking"]["id"], "key": str(new_id())}
                gone = (await subgraph.data(CANCEL, variables, by=who, at=NOW))["done"]
                assert gone["__typename"] == "BookingCancelled"
            else:
                assert done["code"] == "SOLD_OUT"

    await asyncio.gather(*(waver(person) for person in people))
    assert await world.left(stock) == (5, 0)
    await balanced()
