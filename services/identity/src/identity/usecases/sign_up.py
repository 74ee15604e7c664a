"""Sign up a young person in the app. The answer never tells whether the address was known."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.departments import department_of, timezone_of
from chassis.ids import new_id
from chassis.sealed import Sealer
from identity.domain.age import age_on, local_day
from identity.domain.refusals import InvalidPostalCode, TooYoung
from identity.domain.sign_up_form import MINIMUM_AGE, Applicant, ApplicantRefusal
from identity.domain.territory import parse_postal_code
from identity.messages import person as person_message
from identity.persistence import people, sign_up_forms
from identity.persistence.mail_gate import MailGate
from identity.persistence.records import PersonRecord, SignUpFormRecord

_FORMS_KEPT_FOR = timedelta(days=90)

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
        code = parse_postal_code(postal_code)
        if isinstance(code, InvalidPostalCode):
            return code
        if age_on(birth_date, local_day(now, timezone_of(department_of(code)))) < MINIMUM_AGE:
            return TooYoung(MINIMUM_AGE)
        return cls(applicant, birth_date, code)


@dataclass(frozen=True, slots=True)
class SignUp:
    """`id` is the person's when they are new. For a known address it is fresh, and leads nowhere."""

    id: UUID


async def sign_up(
    connection: AsyncConnection,
    form: AppForm,
    password_hash: str,
    now: datetime,
    wall_now: datetime,
    sealer: Sealer,
    mails: MailGate,
) -> SignUp:
    """Keep the form, and mail its own link; a known and confirmed address gets a mail that says so.

    Nothing of a form reaches an account that is there already: two forms for one address wait side by
    side, whoever sent them, until somebody follows the link of one and knows that one's password.
    """
    shown_id = new_id()
    department = department_of(form.postal_code)
    person = await open_account(
        connection,
        PersonRecord(
            id=shown_id,
            email=form.applicant.email,
            password_hash=password_hash,
            first_name=form.applicant.first_name,
            last_name=form.applicant.last_name,
            birth_date=form.birth_date,
            postal_code=form.postal_code,
            department_code=department,
            created_at=now,
        ),
        sealer,
    )
    waiting = SignUpFormRecord(
        id=new_id(),
        person_id=person.id,
        password_hash=password_hash,
        first_name=form.applicant.first_name,
        last_name=form.applicant.last_name,
        birth_date=form.birth_date,
        postal_code=form.postal_code,
        department_code=department,
        created_at=wall_now,
    )
    await keep_form(connection, waiting, person, wall_now, mails)
    return SignUp(shown_id)


async def open_account(connection: AsyncConnection, person: PersonRecord, sealer: Sealer) -> PersonRecord:
    """The account of an address, locked: this new one, or the one that is there."""
    if await people.add(connection, person):
        await outbox.emit(connection, [person_message.event(person, sealer, "signed_up")])
        return person
    return await people.lock_by_email(connection, person.email)


async def keep_form(
    connection: AsyncConnection,
    form: SignUpFormRecord,
    person: PersonRecord,
    wall_now: datetime,
    mails: MailGate,
) -> None:
    """Keep a form for as long as any link could be good, and owe the mail that it causes."""
    await sign_up_forms.forget_before(connection, person.id, wall_now - _FORMS_KEPT_FOR)
    await sign_up_forms.add(connection, form)
    payload = {"person_id": str(person.id)}
    if person.email_confirmed_at is not None:
        await mails.owe(connection, person.email, "account_exists", payload, wall_now)
    else:
        payload["form_id"] = str(form.id)
        await mails.owe(connection, person.email, "confirm_email", payload, wall_now)
