"""Finance on a database of its own, and the world around it as events say it is."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.ids import new_id
from finance.consumers import subscriptions
from finance.domain.bank_application import Event
from finance.persistence.records import BankAccountRecord, BatchRecord
from finance.runtime import FinanceRuntime
from finance.usecases.close_fortnight import CloseFortnightRefusal, close_fortnight
from finance.usecases.decide_bank_account import decide_bank_account
from finance.usecases.submit_bank_account import Submission, submit_bank_account

IBAN, BIC = "FR7630006000011234567890189", "AGRIFRPP"
OTHER_IBAN, OTHER_BIC = "FR1420041010050500013M02606", "PSSTFRPP"
USED_AT = datetime(2026, 11, 10, 18, tzinfo=UTC)
LAST_DAY = date(2026, 11, 15)
AFTER_THE_FORTNIGHT = datetime(2026, 11, 16, 8, tzinfo=UTC)


@dataclass
class World:
    """Publishes to finance what the other contexts would, and does the common acts in one line."""

    runtime: FinanceRuntime
    by: UUID = field(default_factory=new_id)
    finance: UUID = field(default_factory=new_id)

    async def publish(self, topic: str, *states: dict[str, Any]) -> None:
        """Apply events of a topic, in one batch."""
        (subscription,) = (heard for heard in subscriptions(self.runtime.clock) if heard.topic == topic)
        messages = [subscription.model.model_validate(state) for state in states]
        await self.runtime.database.run(lambda connection: subscription.apply(connection, messages))

    async def structure(self, name: str = "Librairie du Port", **more: Any) -> UUID:
        structure_id = more.pop("id", None) or new_id()
        state = {"id": structure_id, "version": 1, "siren": "853318459", "name": name, "status": "validated"}
        await self.publish("identity.structure.v1", state | more)
        return structure_id

    async def venue(self, structure_id: UUID, **more: Any) -> UUID:
        venue_id = more.pop("id", None) or new_id()
        state = {
            "id": venue_id,
            "version": 1,
            "structure_id": structure_id,
            "siret": "85331845900015",
            "name": "La Librairie",
            "street": "12 bis rue des Arts",
            "postal_code": "13001",
            "city": "Marseille",
        }
        await self.publish("catalog.venue.v1", state | more)
        return venue_id

    def used_booking(self, structure_id: UUID, venue_id: UUID, **more: Any) -> dict[str, Any]:
        """The state of a used booking of 20 € in November 2026, as booking publishes it."""
        person = {"token": "ABC234", "first_name": "Zoé", "last_name": "Dupont"}
        booking_id = more.get("id") or new_id()
        return {
            "id": booking_id,
            "version": 3,
            "person_id": new_id(),
            "structure_id": structure_id,
            "venue_id": venue_id,
            "offer_id": new_id(),
            "offer_name": "Concert d'été",
            "subcategory_id": "CONCERT",
            "deposit_kind": "GRANT_18_V1",
            "quantity": 1,
            "unit_price_cents": 20_00,
            "status": "USED",
            "created_at": datetime(2026, 11, 1, tzinfo=UTC),
            "used_at": USED_AT,
            "starts_at": None,
            "sealed": self.runtime.sealer.seal(person, ("booking.booking.v1", booking_id)),
        } | more

    async def used(self, structure_id: UUID, venue_id: UUID, **more: Any) -> UUID:
        state = self.used_booking(structure_id, venue_id, **more)
        await self.publish("booking.booking.v1", state)
        return state["id"]

    async def accepted_account(self, structure_id: UUID, iban: str = IBAN, bic: str = BIC) -> UUID:
        now = self.runtime.clock.now()
        submission = Submission(structure_id, "Compte courant", iban, bic, by=self.by)
        account = await self.runtime.database.run(
            lambda connection: submit_bank_account(connection, submission, now)
        )
        assert isinstance(account, BankAccountRecord)
        await self.runtime.database.run(
            lambda connection: decide_bank_account(
                connection, account.id, Event.ACCEPT, by=self.finance, now=now
            )
        )
        return account.id

    async def paid_place(self, **more: Any) -> tuple[UUID, UUID]:
        """A structure with an accepted account, and its venue."""
        structure_id = await self.structure(**more)
        await self.accepted_account(structure_id)
        return structure_id, await self.venue(structure_id)

    async def close(
        self, last_day: date = LAST_DAY, now: datetime = AFTER_THE_FORTNIGHT, by: UUID | None = None
    ) -> BatchRecord | CloseFortnightRefusal:
        return await close_fortnight(
            self.runtime.database,
            last_day=last_day,
            now=now,
            debtor=self.runtime.debtor,
            execution_delay=self.runtime.execution_delay,
            by=by,
        )

    async def rows(self, query: str | sa.Executable, **values: Any) -> list[dict[str, Any]]:
        """Rows of a query by hand."""
        statement = sa.text(query) if isinstance(query, str) else query
        async with self.runtime.database.read() as connection:
            return [dict(row) for row in (await connection.execute(statement, values)).mappings()]

    async def value(self, sql: str, **values: Any) -> Any:
        async with self.runtime.database.read() as connection:
            return await connection.scalar(sa.text(sql), values)
