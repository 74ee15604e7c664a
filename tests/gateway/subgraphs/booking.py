"""Bookings refer to entities of the two other subgraphs, and change while one watches."""

import asyncio
from collections.abc import AsyncIterator

import strawberry

from chassis.graphql import Info, build_schema, require_person
from chassis.live.streams import TokenExpired


@strawberry.federation.type(keys=["id"])
class Offer:
    id: strawberry.ID

    @strawberry.field
    def is_booked(self) -> bool:
        return True

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Offer":
        return cls(id=id)


@strawberry.federation.type(keys=["id"])
class Person:
    id: strawberry.ID

    @strawberry.field
    def bookings(self, first: int = 2) -> list["Booking"]:
        return [booking(rank) for rank in range(1, first + 1)]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Person":
        return cls(id=id)


@strawberry.federation.type(keys=["id"])
class Booking:
    id: strawberry.ID
    quantity: int

    @strawberry.field
    def offer(self) -> Offer | None:
        return Offer(id=self.id)

    @strawberry.field
    def person(self) -> Person | None:
        return Person(id=self.id)


def booking(rank: int) -> Booking:
    return Booking(id=strawberry.ID(str(rank)), quantity=1 + rank % 2)


_watching: set[object] = set()


@strawberry.type
class Query:
    @strawberry.field
    def watchers(self) -> int:
        return len(_watching)

    @strawberry.field
    async def slow(self, pause_ms: int) -> bool | None:
        await asyncio.sleep(pause_ms / 1000)
        return True

    @strawberry.field
    def bookings(self, first: int = 3) -> list[Booking]:
        return [booking(rank) for rank in range(1, first + 1)]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def book(self, offer_id: strawberry.ID) -> Booking:
        return booking(int(offer_id))


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def booking_changes(self, count: int, pause_ms: int = 20) -> AsyncIterator[Booking]:
        watcher = object()
        _watching.add(watcher)
        try:
            for rank in range(1, count + 1):
                if rank > 1:
                    await asyncio.sleep(pause_ms / 1000)
                yield booking(rank)
        finally:
            _watching.discard(watcher)

    @strawberry.subscription
    async def own_changes(self, info: Info, good_for: int | None = None) -> AsyncIterator[Booking]:
        require_person(info)
        for rank in range(1, 1 + (good_for if good_for is not None else 1)):
            yield booking(rank)
        if good_for is not None:
            raise TokenExpired


schema = build_schema(Query, Mutation, Subscription, types=[Offer, Person])
