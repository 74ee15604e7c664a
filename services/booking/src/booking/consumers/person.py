"""identity.person.v1: who books, and where to write to them."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import copies
from booking.persistence.records import PersonCopy
from chassis.consumer import Message, Subscription
from chassis.copies import newest
from chassis.sealed import Sealer

TOPIC: Final = "identity.person.v1"


class PersonMessage(Message):
    roles: list[str]
    is_active: bool
    sealed: str | None = None


class PersonSealed(BaseModel):
    """What travels sealed inside a person."""

    model_config = ConfigDict(extra="ignore")

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    birth_date: date | None = None


def subscription(sealer: Sealer) -> Subscription[PersonMessage]:
    async def apply(connection: AsyncConnection, messages: Sequence[PersonMessage]) -> None:
        await copies.keep_persons(connection, [_copy(message, sealer) for message in newest(messages)])

    return Subscription(TOPIC, PersonMessage, apply)


def _copy(message: PersonMessage, sealer: Sealer) -> PersonCopy:
    private = PersonSealed.model_validate(
        sealer.open(message.sealed, (TOPIC, message.id)) if message.sealed else {}
    )
    return PersonCopy(**message.model_dump(exclude={"sealed"}), **private.model_dump())
