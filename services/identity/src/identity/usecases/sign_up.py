"""Sign up a young person in the app. The answer never tells whether the address was known."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.ids import new_id
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.age import age_on, local_day
from identity.domain.contact import parse_email, parse_name
from identity.domain.passwords import check_password
from identity.domain.refusals import TooYoung
from identity.domain.sign_up_form import MINIMUM_AGE
from identity.domain.territory import check_postal_code, department_of, zone_of
from identity.persistence import people, structures
from identity.persistence.changing import change
from identity.persistence.event_states import person_event
from identity.persistence.tables import persons


@dataclass(frozen=True, slots=True)
class AppForm:
    """What the app's sign-up form says, checked and normalised; the password is hashed apart."""

    email: str
    first_name: str
    last_name: str
    birth_date: date
    postal_code: str

    @classmethod
    def parse(
        cls,
        *,
        email: str,
        password: str,
        first_name: str,
        last_name: str,
        birth_date: date,
        postal_code: str,
        now: datetime,
    ) -> "AppForm | Refusal":
        """The form, or why it cannot be taken: the first wrong field in the order of the form."""
        address = parse_email(email)
        if isinstance(address, Refusal):
            return address
        if (weak := check_password(password, now)) is not None:
            return weak
        first, last = parse_name(first_name, "firstName"), parse_name(last_name, "lastName")
        if isinstance(first, Refusal):
            return first
        if isinstance(last, Refusal):
            return last
        code = postal_code.strip().upper()
        if (malformed := check_postal_code(code)) is not None:
            return malformed
        if age_on(birth_date, local_day(now, zone_of(department_of(code)))) < MINIMUM_AGE:
            return TooYoung(MINIMUM_AGE)
        return cls(address, first, last, birth_date, code)


async def sign_up(
    connection: AsyncConnection, form: AppForm, password_hash: str, now: datetime, sealer: Sealer
) -> dict[str, Any]:
    """The id to show. A fresh id is shown for a known address too, where it leads nowhere.

    A known and confirmed address gets a mail that says so; one not confirmed yet is taken as a
    new start: the last form counts, and only the last link.
    """
    shown_id = new_id()
    details = {
        "password_hash": password_hash,
        "first_name": form.first_name,
        "last_name": form.last_name,
        "birth_date": form.birth_date,
        "postal_code": form.postal_code,
        "department_code": department_of(form.postal_code),
    }
    person = await people.add(connection, id=shown_id, email=form.email, created_at=now, **details)
    if person is not None:
        await outbox.emit(connection, [person_event(person, sealer, "signed_up")])
        await mail.enqueue(connection, "confirm_email", {"person_id": str(person.id)})
    else:
        await _again(connection, form.email, details, sealer)
    return {"person_id": str(shown_id)}


async def _again(connection: AsyncConnection, email: str, details: dict[str, Any], sealer: Sealer) -> None:
    known = await people.lock_by_email(connection, email)
    person_id: UUID = known.id
    if known.email_confirmed_at is not None:
        await mail.enqueue(connection, "account_exists", {"person_id": str(person_id)})
        return
    # Nobody takes over what a pro has begun: their form stays, they only get a fresh link.
    if not await structures.attached(connection, person_id):
        person = await change(connection, persons, person_id, **details)
        await outbox.emit(connection, [person_event(person, sealer, "signed_up_again")])
    await mail.enqueue(connection, "confirm_email", {"person_id": str(person_id)})
