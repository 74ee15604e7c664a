"""Hand in an identity check, with the profile and the honour statement of the file."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.refusals import Refusal
from identity.domain.beneficiaries import parse_activity, parse_document_number
from identity.domain.contact import parse_name
from identity.domain.file_steps import CheckStatus, Step
from identity.domain.refusals import (
    IdentityCheckMoveRefused,
    InvalidDocumentNumber,
    InvalidName,
    InvalidPostalCode,
    PersonNotFound,
    StepMissing,
    UnknownActivity,
)
from identity.domain.territory import parse_postal_code
from identity.persistence import identity_checks, people
from identity.persistence.records import IdentityCheckRecord
from identity.persistence.secrets import Digester
from identity.usecases.judge_candidate import GrantRefusal, judge_candidate

CheckFormRefusal = InvalidDocumentNumber | InvalidName | InvalidPostalCode | UnknownActivity | StepMissing
SubmitIdentityCheckRefusal = CheckFormRefusal | PersonNotFound | GrantRefusal | IdentityCheckMoveRefused


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
    ) -> "CheckForm | CheckFormRefusal":
        """The form, or why it cannot be taken: the first wrong field in the order of the form."""
        document = parse_document_number(document_number)
        if isinstance(document, Refusal):
            return document
        first, last = parse_name(first_name, "firstName"), parse_name(last_name, "lastName")
        town = parse_name(city, "city")
        for name in (first, last, town):
            if isinstance(name, Refusal):
                return name
        code = parse_postal_code(postal_code)
        if isinstance(code, Refusal):
            return code
        doing = parse_activity(activity)
        if isinstance(doing, Refusal):
            return doing
        if not honour_statement:
            return StepMissing(Step.HONOUR_STATEMENT)
        return cls(document, str(first), str(last), birth_date, str(town), code, doing)

    def without_document(self) -> "CheckForm":
        """The same form with no number in it."""
        return replace(self, document_number="")


async def submit_identity_check(
    connection: AsyncConnection, person_id: UUID, form: CheckForm, now: datetime, digest: Digester
) -> IdentityCheckRecord | SubmitIdentityCheckRefusal:
    """The check, pending. What the person's own file would be refused for is refused at once.

    Whether somebody else has this document, or these names and this birth date, comes out at the team's
    decision alone: said at once, it would let anybody try out the birth dates of others. The document's
    number is kept as keyed digests only.
    """
    person = await people.lock(connection, person_id)
    if person is None:
        return PersonNotFound()
    opened_at = await identity_checks.file_opened_at(connection, person_id) or now
    verdict = await judge_candidate(
        connection,
        person,
        birth_date=form.birth_date,
        postal_code=form.postal_code,
        opened_at=opened_at,
        now=now,
    )
    if isinstance(verdict, Refusal):
        return verdict
    documents = digest.each("document", form.document_number)
    check = IdentityCheckRecord(
        id=new_id(),
        person_id=person_id,
        status=CheckStatus.PENDING,
        document_digest=documents[0],
        document_digests=tuple(documents),
        first_name=form.first_name,
        last_name=form.last_name,
        birth_date=form.birth_date,
        city=form.city,
        postal_code=form.postal_code,
        activity=form.activity,
        submitted_at=now,
    )
    if not await identity_checks.add(connection, check):
        return IdentityCheckMoveRefused(CheckStatus.PENDING, "submit")
    return check
