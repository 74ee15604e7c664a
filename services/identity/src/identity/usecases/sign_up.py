"""Sign up a young person in the app. The answer never tells whether the address was known."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.ids import new_id
from chassis.sealed import Sealer
from identity.domain.age import age_on, local_day
from identity.domain.refusals import InvalidPostalCode, TooYoung
from identity.domain.sign_up_form import MINIMUM_AGE, Applicant, ApplicantRefusal
from identity.domain.territory import check_postal_code, department_of, zone_of
from identity.messages import person as person_message
from identity.persistence import attachments, people
from identity.persistence.records import PersonRecord

SignUpRefusal = ApplicantRefusal | InvalidPostalCode | TooYoung


@dataclass(frozen=True, slots=True)
class AppForm:
    """What the app's sign-up form says, checked and normalised."""

    applicant: Applicant
    birth_date: date
    postal_code: str

    @classmethod
    def parse(
        cls, applicant: Applicant, birth_date: date, postal_code: str, now: datetime
    ) -> "AppForm | InvalidPostalCode | TooYoung":
        code = postal_code.strip().upper()
        if (malformed := check_postal_code(code)) is not None:
            return malformed
        if age_on(birth_date, local_day(now, zone_of(department_of(code)))) < MINIMUM_AGE:
            return TooYoung(MINIMUM_AGE)
        return cls(applicant, birth_date, code)


@dataclass(frozen=True, slots=True)
class SignUp:
    """`id` is the person's when they are new. For a known address it is fresh, and leads nowhere."""

    id: UUID


async def sign_up(
    connection: AsyncConnection, form: AppForm, password_hash: str, now: datetime, sealer: Sealer
) -> SignUp:
    """A known and confirmed address gets a mail that says so; one not confirmed yet is taken as a
    new start: the last form counts, and only the last link.
    """
    person = PersonRecord(
        id=new_id(),
        email=form.applicant.email,
        password_hash=password_hash,
        first_name=form.applicant.first_name,
        last_name=form.applicant.last_name,
        birth_date=form.birth_date,
        postal_code=form.postal_code,
        department_code=department_of(form.postal_code),
        created_at=now,
    )
    if await people.add(connection, person):
        await outbox.emit(connection, [person_message.event(person, sealer, "signed_up")])
        await mail.enqueue(connection, "confirm_email", {"person_id": str(person.id)})
    else:
        await _again(connection, person, sealer)
    return SignUp(person.id)


async def _again(connection: AsyncConnection, form: PersonRecord, sealer: Sealer) -> None:
    known = await people.lock_by_email(connection, form.email)
    if known.email_confirmed_at is not None:
        await mail.enqueue(connection, "account_exists", {"person_id": str(known.id)})
        return
    # Nobody takes over what a pro has begun: their form stays, they only get a fresh link.
    if not await attachments.states_of_person(connection, known.id):
        started_anew = replace(form, id=known.id, version=known.version, created_at=known.created_at)
        person = await people.save(connection, started_anew)
        await outbox.emit(connection, [person_message.event(person, sealer, "signed_up_again")])
    await mail.enqueue(connection, "confirm_email", {"person_id": str(known.id)})
