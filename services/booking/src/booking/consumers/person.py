"""identity.person.v1: who books, and where to write to them."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence.records import PersonCopy
from booking.usecases.follow_persons import follow_persons
from chassis.clock import Clock
from chassis.consumer import Message, Subscription
from chassis.copies import newest
from chassis.sealed import Sealer

TOPIC: Final = "identity.person.v1"


class PersonMessage(Message):
    roles: list[str]
    is_active: bool
    suspension_reason: str | None = None
    sealed: str | None = None


class PersonSealed(BaseModel):
    """What travels sealed inside a person."""

    model_config = ConfigDict(extra="ignore")

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    birth_date: date | None = None


def subscription(sealer: Sealer, clock: Clock) -> Subscription[PersonMessage]:
    async def apply(connection: AsyncConnection, messages: Sequence[PersonMessage]) -> None:
        latest = newest(messages)
        people = [_copy(message, sealer) for message in latest]
        reasons = {message.id: message.suspension_reason for message in latest}
        await follow_persons(connection, sealer, people, reasons, clock.now())

    return Subscription(TOPIC, PersonMessage, apply)


def _copy(message: PersonMessage, sealer: Sealer) -> PersonCopy:
    private = PersonSealed.model_validate(
        sealer.open(message.sealed, (TOPIC, message.id)) if message.sealed else {}
    )
    return PersonCopy(**message.model_dump(exclude={"sealed", "suspension_reason"}), **private.model_dump())
