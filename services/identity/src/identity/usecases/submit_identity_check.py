"""Hand in an identity check, with the profile and the honour statement of the file."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.refusals import Refusal
from identity.domain.beneficiaries import likeness, parse_activity, parse_document_number
from identity.domain.contact import parse_name
from identity.domain.file_steps import CheckStatus, Step
from identity.domain.refusals import (
    DocumentAlreadyUsed,
    DuplicateBeneficiary,
    IdentityCheckMoveRefused,
    StepMissing,
)
from identity.domain.territory import check_postal_code, department_of
from identity.persistence import identity_checks, people
from identity.persistence.changing import lock
from identity.persistence.secrets import Digester
from identity.persistence.tables import persons
from identity.usecases.judge_candidate import judge_candidate
from identity.usecases.unknown import Unknown


@dataclass(frozen=True, slots=True)
class CheckForm:
    """What the form says, checked and normalised."""

    document_number: str
    first_name: str
    last_name: str
    birth_date: date
    city: str
    postal_code: str
    activity: str

    @classmethod
    def parse(
        cls,
        *,
        document_number: str,
        first_name: str,
        last_name: str,
        birth_date: date,
        city: str,
        postal_code: str,
        activity: str,
        honour_statement: bool,
    ) -> "CheckForm | Refusal":
        """The form, or why it cannot be taken: the first wrong field in the order of the form."""
        parsed = (
            parse_document_number(document_number),
            parse_name(first_name, "firstName"),
            parse_name(last_name, "lastName"),
            parse_name(city, "city"),
            check_postal_code(postal_code.strip().upper()),
            parse_activity(activity),
        )
        for value in parsed:
            if isinstance(value, Refusal):
                return value
        if not honour_statement:
            return StepMissing(Step.HONOUR_STATEMENT)
        document, first, last, town, _, doing = map(str, parsed)
        return cls(document, first, last, birth_date, town, postal_code.strip().upper(), doing)

    def without_document(self) -> "CheckForm":
        """The same form with no number in it."""
        return replace(self, document_number="")


async def submit_identity_check(
    connection: AsyncConnection, person_id: UUID, form: CheckForm, now: datetime, digest: Digester
) -> dict[str, Any] | Refusal:
    """The ids of the person and the check. What would be refused at the decision is refused at once.

    Raises Unknown. The document's number is kept as a keyed digest only.
    """
    person = await lock(connection, persons, person_id)
    if person is None:
        raise Unknown
    department = department_of(form.postal_code)
    opened_at = await identity_checks.file_opened_at(connection, person_id) or now
    verdict = await judge_candidate(
        connection, person, birth_date=form.birth_date, department=department, opened_at=opened_at, now=now
    )
    if isinstance(verdict, Refusal):
        return verdict
    document = digest("document", form.document_number)
    if await people.document_is_taken(connection, person_id, document):
        return DocumentAlreadyUsed()
    look = digest("likeness", likeness(form.first_name, form.last_name, form.birth_date))
    if await people.has_look_alike(connection, person_id, look):
        return DuplicateBeneficiary()
    check = await identity_checks.add(
        connection,
        id=new_id(),
        person_id=person_id,
        status=CheckStatus.PENDING,
        document_digest=document,
        first_name=form.first_name,
        last_name=form.last_name,
        birth_date=form.birth_date,
        city=form.city,
        postal_code=form.postal_code,
        activity=form.activity,
        submitted_at=now,
    )
    if check is None:
        return IdentityCheckMoveRefused(CheckStatus.PENDING, "submit")
    return {"person_id": str(person_id), "identity_check_id": str(check.id)}
