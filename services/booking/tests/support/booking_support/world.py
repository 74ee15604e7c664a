"""A small world made known to booking by events, as its neighbours publish them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.consumers.subscriptions import subscriptions
from booking.persistence.copies import keep_persons
from booking.persistence.records import BookingRecord, PersonCopy
from booking.persistence.tables import persons
from booking.runtime import BookingRuntime
from booking.usecases.book_offer import BookOfferRefusal, book_offer
from booking.usecases.cancel_booking import CancelBookingRefusal, cancel_booking
from booking.usecases.find_contremarque import Desk
from booking.usecases.undo_validation import UndoValidationRefusal, undo_validation
from booking.usecases.validate_contremarque import ValidateContremarqueRefusal, validate_contremarque
from chassis import tables
from chassis.clock import iso
from chassis.ids import new_id

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
START = datetime(2026, 12, 20, 20, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

_CROWD = """
    INSERT INTO wallets (id, version, person_id, kind, amount_cents, digital_cap_cents, granted_at, expires_at)
    SELECT gen_random_uuid(), version, somebody, kind, amount_cents, digital_cap_cents, granted_at, expires_at
    FROM wallets, unnest(CAST(:ids AS uuid[])) AS somebody WHERE person_id = :one
    """

_FAIR = (
    """
    INSERT INTO offers (
        id, version, venue_id, subcategory_id, name, is_duo, url, validation, is_active, published_at
    )
    SELECT another, version, venue_id, subcategory_id, name, is_duo, url, validation, is_active, published_at
    FROM offers, unnest(CAST(:offers AS uuid[])) AS another
    WHERE id = (SELECT offer_id FROM stocks WHERE id = :like)
    """,
    """
    INSERT INTO stocks (
        id, version, offer_id, price_label, price_cents, starts_at, booking_limit_at, is_deleted, offered, capacity
    )
    SELECT
        another, version, of_offer, price_label, price_cents, starts_at, booking_limit_at, is_deleted, offered,
        capacity
    FROM stocks, unnest(CAST(:stocks AS uuid[]), CAST(:offers AS uuid[])) AS more (another, of_offer)
    WHERE id = :like
    """,
)


@dataclass(slots=True)
class World:
    runtime: BookingRuntime
    venue_id: UUID = field(default_factory=new_id)
    structure_id: UUID = field(default_factory=new_id)
    _versions: Any = field(default_factory=lambda: count(1))

    async def tell(self, topic: str, **state: Any) -> None:
        """One event of that topic, as it comes out of Kafka."""
        await self.tell_together(topic, state)

    async def tell_together(self, topic: str, *states: Mapping[str, Any]) -> None:
        """Events of that topic in one batch."""
        subscription = next(one for one in subscriptions(self.runtime) if one.topic == topic)
        messages = [
            subscription.model.model_validate_json(
                orjson.dumps({"version": next(self._versions), "unknown_field": True, **state}, default=str)
            )
            for state in states
        ]

        async def apply(connection: AsyncConnection) -> None:
            await subscription.apply(connection, messages)

        await self.runtime.database.run(apply)

    async def person(
        self, *, amount_cents: int | None = 300_00, birth_date: str = "2008-05-01", **facts: Any
    ) -> UUID:
        """A beneficiary with one grant, or without any when the amount is None."""
        person_id = facts.pop("id", None) or new_id()
        private = {
            "email": f"{person_id.hex[-6:]}@example.fr",
            "first_name": "Léa",
            "last_name": "Martin",
            "birth_date": birth_date,
            "phone": "+33612345678",
        }
        usual = {
            "roles": ["beneficiary"],
            "is_active": True,
            "sealed": self.runtime.sealer.seal(private, ("identity.person.v1", person_id)),
        }
        await self.tell("identity.person.v1", id=person_id, **{**usual, **facts})
        if amount_cents is not None:
            await self.grant(person_id, amount_cents)
        return person_id

    async def crowd(self, size: int) -> list[UUID]:
        """That many people with 300 € each, alike but for their ids."""
        one, ids = await self.person(), [new_id() for _ in range(size)]
        async with self.runtime.database.engine.begin() as connection:
            found = await connection.execute(sa.select(persons).where(persons.c.id == one))
            like = PersonCopy(**found.mappings().one())
            await keep_persons(connection, [replace(like, id=id_) for id_ in ids])
            await connection.execute(sa.text(_CROWD), {"ids": ids, "one": one})
        return ids

    async def grant(self, person_id: UUID, amount_cents: int, **facts: Any) -> UUID:
        grant_id = facts.pop("id", None) or new_id()
        usual = {
            "kind": "GRANT_18_V2",
            "digital_cap_cents": 100_00,
            "granted_at": iso(LONG_AGO),
            "expires_at": "2028-01-01T00:00:00Z",
        }
        await self.tell(
            "identity.grant.v1",
            id=grant_id,
            person_id=person_id,
            amount_cents=amount_cents,
            **{**usual, **facts},
        )
        return grant_id

    async def venue(self, **facts: Any) -> None:
        usual = {
            "structure_id": self.structure_id,
            "structure_status": "validated",
            "name": "SARL Les Docks",
            "public_name": "Le Vauban",
            "street": "17 avenue Clemenceau",
            "postal_code": "29200",
            "city": "Brest",
            "department_code": "29",
            "timezone": "Europe/Paris",
            "sealed": self.runtime.sealer.seal(
                {"booking_email": "billetterie@levauban.example"}, ("catalog.venue.v1", self.venue_id)
            ),
        }
        await self.tell("catalog.venue.v1", id=self.venue_id, **{**usual, **facts})

    async def offer(self, subcategory_id: str = "CONCERT", **facts: Any) -> UUID:
        offer_id = facts.pop("id", None) or new_id()
        usual = {
            "venue_id": self.venue_id,
            "structure_id": self.structure_id,
            "name": "Concert de Miossec",
            "is_duo": True,
            "url": None,
            "validation": "APPROVED",
            "is_active": True,
            "published_at": iso(LONG_AGO),
        }
        await self.tell("catalog.offer.v1", id=offer_id, subcategory_id=subcategory_id, **{**usual, **facts})
        return offer_id

    async def stock(self, offer_id: UUID, **facts: Any) -> UUID:
        stock_id = facts.pop("id", None) or new_id()
        usual = {
            "price_label": "Plein tarif",
            "price_cents": 10_00,
            "quantity": 100,
            "starts_at": iso(START),
            "booking_limit_at": iso(START),
            "is_deleted": False,
        }
        await self.tell("catalog.stock.v1", id=stock_id, offer_id=offer_id, **{**usual, **facts})
        return stock_id

    async def event_stock(self, **facts: Any) -> UUID:
        """A stock of a concert of its own."""
        return await self.stock(await self.offer(), **facts)

    async def thing_stock(self, subcategory_id: str = "LIVRE_PAPIER", **facts: Any) -> UUID:
        """A stock of a thing of its own; `url` goes to the offer."""
        offer = {"url": facts.pop("url", None), "is_duo": False, "name": "Le Grand Meaulnes"}
        undated = {"starts_at": None, "booking_limit_at": None, "price_label": None}
        return await self.stock(await self.offer(subcategory_id, **offer), **{**undated, **facts})

    async def fair(self, size: int, *, like: UUID) -> list[UUID]:
        """That many stocks alike, each of an offer of its own."""
        ids = {"stocks": [new_id() for _ in range(size)], "offers": [new_id() for _ in range(size)]}
        async with self.runtime.database.engine.begin() as connection:
            for statement in _FAIR:
                await connection.execute(sa.text(statement), {**ids, "like": like})
        return ids["stocks"]

    async def book(
        self,
        person_id: UUID,
        stock_id: UUID,
        quantity: int = 1,
        *,
        now: datetime = NOW,
        key: UUID | None = None,
        structure_ids: Collection[UUID] = (),
    ) -> BookingRecord | BookOfferRefusal:
        return await book_offer(
            self.runtime.database,
            self.runtime.sealer,
            person_id=person_id,
            structure_ids=structure_ids,
            stock_id=stock_id,
            quantity=quantity,
            key=key or new_id(),
            now=now,
        )

    async def booked(self, person_id: UUID, stock_id: UUID, **how: Any) -> BookingRecord:
        record = await self.book(person_id, stock_id, **how)
        assert isinstance(record, BookingRecord), record
        return record

    async def cancel(
        self, record: BookingRecord, *, by: UUID | None = None, id: UUID | None = None, now: datetime = NOW
    ) -> BookingRecord | CancelBookingRefusal:
        return await self.runtime.database.run(
            lambda connection: cancel_booking(
                connection,
                self.runtime.sealer,
                person_id=by or record.person_id,
                booking_id=id or record.id,
                now=now,
            )
        )

    @property
    def desk(self) -> Desk:
        """Somebody of the structure, at its Guichet."""
        return Desk(new_id(), frozenset({self.structure_id}), "192.0.2.1")

    async def validate(
        self, code: str, *, desk: Desk | None = None, now: datetime
    ) -> BookingRecord | ValidateContremarqueRefusal:
        at = desk or self.desk
        return await self.runtime.database.run(
            lambda connection: validate_contremarque(
                connection, self.runtime.sealer, desk=at, code=code, now=now
            )
        )

    async def undo(
        self, code: str, *, desk: Desk | None = None, now: datetime = NOW
    ) -> BookingRecord | UndoValidationRefusal:
        at = desk or self.desk
        return await self.runtime.database.run(
            lambda connection: undo_validation(connection, self.runtime.sealer, desk=at, code=code, now=now)
        )

    async def one(self, statement: str, **parameters: Any) -> Any:
        async with self.runtime.database.read() as connection:
            return (await connection.execute(sa.text(statement), parameters)).one()

    async def left(self, stock_id: UUID) -> tuple[int | None, int]:
        """Capacity and places taken."""
        return tuple(await self.one("SELECT capacity, taken FROM stocks WHERE id = :id", id=stock_id))

    async def spent(self, person_id: UUID) -> tuple[int, int]:
        """Cents spent in all and on digital offers, over all grants."""
        return tuple(
            await self.one(
                "SELECT coalesce(sum(spent_cents), 0)::int, coalesce(sum(digital_spent_cents), 0)::int"
                " FROM wallets WHERE person_id = :id",
                id=person_id,
            )
        )

    async def events(self, topic: str) -> list[dict[str, Any]]:
        """What waits in the outbox for that topic, oldest first, sealed fields opened."""
        async with self.runtime.database.read() as connection:
            rows = await connection.execute(
                sa.select(tables.outbox).where(tables.outbox.c.topic == topic).order_by(tables.outbox.c.id)
            )
            published = [{"type": row.type, "key": row.key, **orjson.loads(row.payload)} for row in rows]
        for event in published:
            if "sealed" in event:
                event["sealed"] = self.runtime.sealer.open(event["sealed"], (topic, UUID(event["id"])))
        return published

    async def mails(self) -> list[tuple[str, str]]:
        """Kind and booking of every mail owed, oldest first."""
        async with self.runtime.database.read() as connection:
            rows = await connection.execute(
                sa.select(tables.outgoing_mails).order_by(tables.outgoing_mails.c.id)
            )
            return [(row.kind, row.payload["booking_id"]) for row in rows]
