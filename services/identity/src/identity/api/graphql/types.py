"""What the subgraph shows: people, structures, attachments, grants, identity checks."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry

from chassis.graphql import Cents, Info, Node, Nodes, judged, seen, uuid_of
from identity.api.graphql.access import is_team, sees_person, sees_structure, works_for
from identity.api.graphql.loaders import (
    load_attachment,
    load_attachments_of_person,
    load_attachments_of_structure,
    load_check,
    load_email_change,
    load_grant,
    load_grants,
    load_latest_check,
    load_person,
    load_provider,
    load_structure,
)
from identity.domain import companies
from identity.domain.attachments import AttachmentStatus
from identity.domain.email_changes import EmailChangeStatus, status_at
from identity.domain.factors import Factor
from identity.domain.file_steps import CheckStatus
from identity.domain.grants import GrantKind, TopUpKind
from identity.domain.leaving import DeactivationReason
from identity.domain.structures import StructureStatus
from identity.domain.suspension import SuspensionReason
from identity.persistence.records import (
    AttachmentRecord,
    EmailChangeRecord,
    GrantRecord,
    IdentityCheckRecord,
    PersonRecord,
    ProviderRecord,
    SessionRecord,
    StructureRecord,
)
from identity.usecases.open_session import OpenedSession
from identity.usecases.resend_confirmation import resends_left

strawberry.enum(StructureStatus, description="Where a structure is in its life.")
strawberry.enum(AttachmentStatus, description="Where a person's request to act for a structure is.")
strawberry.enum(CheckStatus, name="IdentityCheckStatus", description="What was decided on an identity check.")
strawberry.enum(SuspensionReason, description="Why an account is suspended.")
strawberry.enum(EmailChangeStatus, description="How far a change of address is.")
strawberry.enum(DeactivationReason, description="Why somebody says that they leave.")
strawberry.enum(Factor, description="What the team proves besides a password.")
strawberry.enum(GrantKind, description="A credit, by its regime and edition.")
strawberry.enum(TopUpKind, description="Why an amount was added to a credit.")


@strawberry.type(
    description="A company as the public register knows it; null where it keeps something to itself."
)
class Company:
    siren: str
    name: str
    is_active: bool = strawberry.field(description="False once it has ceased.")
    street: str | None
    postal_code: str | None
    city: str | None

    @classmethod
    def of(cls, company: companies.Company) -> Self:
        return cls(
            siren=company.siren,
            name=company.name,
            is_active=company.is_active,
            street=company.street,
            postal_code=company.postal_code,
            city=company.city,
        )


@judged
@strawberry.type(description="A credit that was given to a person.")
class Grant(Node):
    person_id: strawberry.Private[UUID]
    is_proven: strawberry.Private[bool]
    id: strawberry.ID
    kind: GrantKind
    amount_cents: Cents = strawberry.field(description="All that was granted, top-ups included.")
    digital_cap_cents: Cents | None = strawberry.field(description="Limit for online offers; null: none.")
    physical_cap_cents: Cents | None = strawberry.field(description="Limit for physical goods; null: none.")
    granted_at: datetime
    expires_at: datetime | None = strawberry.field(description="First instant without it; null: never.")
    top_ups: list[TopUpKind]

    @classmethod
    def of(cls, record: GrantRecord, *, is_proven: bool = False) -> Self:
        return cls(
            person_id=record.person_id,
            is_proven=is_proven,
            id=strawberry.ID(str(record.id)),
            kind=record.kind,
            amount_cents=Cents(record.amount_cents),
            digital_cap_cents=_cents(record.digital_cap_cents),
            physical_cap_cents=_cents(record.physical_cap_cents),
            granted_at=record.granted_at,
            expires_at=record.expires_at,
            top_ups=list(record.top_ups),
        )

    @classmethod
    async def visible(cls, info: Info, id_: UUID) -> Self | None:
        """The credit, for whoever may see it; else null, as for none."""
        record = await load_grant(info, id_)
        return await seen(info, cls.of(record) if record else None)

    async def may_be_seen(self, info: Info) -> bool:
        return self.is_proven or sees_person(info.context.principal, self.person_id)


@judged
@strawberry.type(description="A person's identity check. The number of the document is not kept.")
class IdentityCheck(Node):
    person_id: strawberry.Private[UUID]
    is_proven: strawberry.Private[bool]
    id: strawberry.ID
    status: CheckStatus
    submitted_at: datetime
    decided_at: datetime | None
    first_name: str
    last_name: str
    birth_date: date
    city: str
    postal_code: str
    activity: str

    @classmethod
    def of(cls, record: IdentityCheckRecord, *, is_proven: bool = False) -> Self:
        return cls(
            person_id=record.person_id,
            is_proven=is_proven,
            id=strawberry.ID(str(record.id)),
            status=record.status,
            submitted_at=record.submitted_at,
            decided_at=record.decided_at,
            first_name=record.first_name,
            last_name=record.last_name,
            birth_date=record.birth_date,
            city=record.city,
            postal_code=record.postal_code,
            activity=record.activity,
        )

    @classmethod
    async def visible(cls, info: Info, id_: UUID) -> Self | None:
        """The check, for whoever may see it; else null, as for none."""
        record = await load_check(info, id_)
        return await seen(info, cls.of(record) if record else None)

    async def may_be_seen(self, info: Info) -> bool:
        return self.is_proven or sees_person(info.context.principal, self.person_id)

    @strawberry.field(description="Whose check it is.")
    async def person(self, info: Info) -> "Person | None":
        return await Person.visible(info, self.person_id)


@judged
@strawberry.type(description="A move of one's account to another address.")
class EmailChange:
    person_id: strawberry.Private[UUID]
    new_email: str
    status: EmailChangeStatus
    asked_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, record: EmailChangeRecord, wall_now: datetime) -> Self:
        return cls(
            person_id=record.person_id,
            new_email=record.new_email,
            status=status_at(record.status, record.expires_at, wall_now),
            asked_at=record.asked_at,
            expires_at=record.expires_at,
        )

    async def may_be_seen(self, info: Info) -> bool:
        """Oneself, and the team."""
        return sees_person(info.context.principal, self.person_id)


@judged
@strawberry.federation.type(keys=["id"], description="A person with an account.")
class Person(Node):
    person_id: strawberry.Private[UUID]
    is_proven: strawberry.Private[bool]
    """This very request has proved to be theirs: with the password, or with a token that is good once."""
    is_typed: strawberry.Private[bool]
    """Made of what this very request has typed; nothing of any account is in it, nor reached from it."""
    id: strawberry.ID
    email: str
    first_name: str
    last_name: str
    birth_date: date | None
    phone: str | None
    department_code: str | None
    roles: list[str] = strawberry.field(
        description="beneficiary, underage_beneficiary, pro, admin, finance. PRO needs a validated structure."
    )
    is_active: bool
    email_confirmed: bool

    @classmethod
    def of(cls, record: PersonRecord, *, is_proven: bool = False, is_typed: bool = False) -> Self:
        return cls(
            person_id=record.id,
            is_proven=is_proven,
            is_typed=is_typed,
            id=strawberry.ID(str(record.id)),
            email=record.email,
            first_name=record.first_name,
            last_name=record.last_name,
            birth_date=record.birth_date,
            phone=record.phone,
            department_code=record.department_code,
            roles=sorted(record.roles),
            is_active=record.is_active,
            email_confirmed=record.email_confirmed_at is not None,
        )

    @classmethod
    async def visible(cls, info: Info, person_id: UUID) -> Self | None:
        """The person, for whoever may see them; else null, as for nobody."""
        if not sees_person(info.context.principal, person_id):
            return None
        record = await load_person(info, person_id)
        return cls.of(record) if record else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        return await cls.visible(info, uuid_of(id))

    async def may_be_seen(self, info: Info) -> bool:
        return self.is_typed or self._is_theirs(info)

    def _is_theirs(self, info: Info) -> bool:
        """May the account behind be looked into?"""
        return self.is_proven or sees_person(info.context.principal, self.person_id)

    @strawberry.field(description="Credits given so far, oldest first.")
    async def grants(self, info: Info) -> list[Grant]:
        if not self._is_theirs(info):
            return []
        held = await load_grants(info, self.person_id)
        return [Grant.of(record, is_proven=self.is_proven) for record in held]

    @strawberry.field(description="Structures this person acts for, or has asked to act for.")
    async def attachments(self, info: Info) -> list["Attachment"]:
        if not self._is_theirs(info):
            return []
        own = await load_attachments_of_person(info, self.person_id)
        return [Attachment.of(record, is_proven=self.is_proven) for record in own]

    @strawberry.field(description="The latest identity check; null when none was handed in.")
    async def identity_check(self, info: Info) -> IdentityCheck | None:
        if not self._is_theirs(info):
            return None
        record = await load_latest_check(info, self.person_id)
        return IdentityCheck.of(record, is_proven=self.is_proven) if record else None

    @strawberry.field(description="The last change of address that was asked for; null when none ever was.")
    async def email_change(self, info: Info) -> EmailChange | None:
        if not self._is_theirs(info) or self.is_proven:
            return None
        record = await load_email_change(info, self.person_id)
        return EmailChange.of(record, info.context.runtime.clock.now()) if record else None


@judged
@strawberry.federation.type(keys=["id"], description="A legal entity (SIREN) that offers culture.")
class Structure(Node):
    record: strawberry.Private[StructureRecord]
    is_typed: strawberry.Private[bool]
    """Made of what this very request has typed, as for a Person."""
    id: strawberry.ID
    siren: str
    name: str
    status: StructureStatus
    validated_at: datetime | None

    @classmethod
    def of(cls, record: StructureRecord, *, is_typed: bool = False) -> Self:
        return cls(
            record=record,
            is_typed=is_typed,
            id=strawberry.ID(str(record.id)),
            siren=record.siren,
            name=record.name,
            status=record.status,
            validated_at=record.validated_at,
        )

    @classmethod
    async def visible(cls, info: Info, structure_id: UUID) -> Self | None:
        """The structure, for whoever may see it; else null, as for an id that means nothing."""
        record = await load_structure(info, structure_id)
        return cls.of(record) if record and await sees_structure(info, record) else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        return await cls.visible(info, uuid_of(id))

    async def may_be_seen(self, info: Info) -> bool:
        return self.is_typed or await sees_structure(info, self.record)

    @strawberry.field(description="Its people; null for who is neither one of them nor of the team.")
    async def attachments(self, info: Info) -> list["Attachment"] | None:
        if not is_team(info.context.principal) and not await works_for(info, self.record):
            return None
        of_all = await load_attachments_of_structure(info, self.record.id)
        return [Attachment.of(record) for record in of_all]


@judged
@strawberry.type(description="What ties a person to a structure.")
class Attachment(Node):
    record: strawberry.Private[AttachmentRecord]
    is_proven: strawberry.Private[bool]
    id: strawberry.ID
    status: AttachmentStatus
    requested_at: datetime

    @classmethod
    def of(cls, record: AttachmentRecord, *, is_proven: bool = False) -> Self:
        return cls(
            record=record,
            is_proven=is_proven,
            id=strawberry.ID(str(record.id)),
            status=record.status,
            requested_at=record.created_at,
        )

    @classmethod
    async def visible(cls, info: Info, id_: UUID) -> Self | None:
        """The attachment, for whoever may see it; else null, as for none."""
        record = await load_attachment(info, id_)
        return await seen(info, cls.of(record) if record else None)

    async def may_be_seen(self, info: Info) -> bool:
        """Whose it is, the team, and the people of the structure."""
        if self.is_proven or sees_person(info.context.principal, self.record.person_id):
            return True
        structure = await load_structure(info, self.record.structure_id)
        return structure is not None and await works_for(info, structure)

    @strawberry.field(description="The name of whoever asked, for the people of the structure.")
    async def person_name(self, info: Info) -> str | None:
        person = await load_person(info, self.record.person_id)
        return f"{person.first_name} {person.last_name}" if person else None

    @strawberry.field(description="The person; null for other people than the team.")
    async def person(self, info: Info) -> Person | None:
        return await Person.visible(info, self.record.person_id)

    @strawberry.field(description="The structure; null while the viewer may not see it.")
    async def structure(self, info: Info) -> Structure | None:
        return await Structure.visible(info, self.record.structure_id)


@judged
@strawberry.type(description="A technical partner: ticketing or stock software. Public.")
class Provider(Node):
    id: strawberry.ID
    name: str

    @classmethod
    def of(cls, record: ProviderRecord) -> Self:
        return cls(id=strawberry.ID(str(record.id)), name=record.name)

    @classmethod
    async def visible(cls, info: Info, id_: UUID) -> Self | None:
        record = await load_provider(info, id_)
        return await seen(info, cls.of(record) if record else None)

    async def may_be_seen(self, info: Info) -> bool:
        """Everybody: who made it known is not shown."""
        return True


@judged
@strawberry.type(description="A session of one's own that is open: somewhere somebody is signed in.")
class OpenSession:
    person_id: strawberry.Private[UUID]
    id: strawberry.ID
    opened_at: datetime
    last_used_at: datetime
    is_current: bool = strawberry.field(description="Whether it is the one that asks.")

    @classmethod
    def of(cls, record: SessionRecord, current: UUID | None) -> Self:
        return cls(
            person_id=record.person_id,
            id=strawberry.ID(str(record.id)),
            opened_at=record.opened_at,
            last_used_at=record.last_used_at,
            is_current=record.id == current,
        )

    async def may_be_seen(self, info: Info) -> bool:
        """Oneself alone: not even the team."""
        principal = info.context.principal
        return principal is not None and principal.person_id == self.person_id


@strawberry.type(description="How often the link that confirms an address may still be mailed again.")
class ConfirmationResends:
    email: str = strawberry.field(description="The address as it was understood.")
    remaining: int = strawberry.field(description="The same for an address that nobody has signed up with.")
    resets_at: datetime | None = strawberry.field(
        description="When it may be as often as at first; null: it may be now."
    )

    @classmethod
    async def read(cls, info: Info, address: str) -> Self:
        """Of an address in its one form."""
        runtime = info.context.runtime
        async with info.context.db.read() as connection:
            left = await resends_left(connection, address, runtime.clock.now(), runtime.mails)
        return cls(email=address, remaining=left.remaining, resets_at=left.resets_at)


NODES = Nodes(
    own={
        "Person": Person.visible,
        "Structure": Structure.visible,
        "Attachment": Attachment.visible,
        "Grant": Grant.visible,
        "IdentityCheck": IdentityCheck.visible,
        "Provider": Provider.visible,
    },
    foreign=(
        *("Venue", "Offer", "Stock"),
        *("Booking", "Wallet"),
        *("BankAccount", "Reimbursement", "CashflowBatch"),
    ),
)
"""Identity answers `node` for all contexts: alone of them, it shows nothing of another's (docs/adr/0023)."""


@strawberry.type(description="An open session. The refresh token is good once.")
class Session:
    access_token: str = strawberry.field(description="Bearer token for the API, good for 15 minutes.")
    refresh_token: str
    expires_in_seconds: int
    person: Person

    @classmethod
    def of(cls, opened: OpenedSession) -> Self:
        return cls(
            access_token=opened.access_token,
            refresh_token=opened.refresh_token,
            expires_in_seconds=opened.expires_in_seconds,
            person=Person.of(opened.person, is_proven=True),
        )


@strawberry.type(description="The change of address has moved on.")
class EmailChangeMoved:
    status: EmailChangeStatus


@strawberry.type(description="The structure has moved.")
class StructureDecided:
    structure: Structure


@strawberry.type(description="The attachment has moved.")
class AttachmentDecided:
    attachment: Attachment


def _cents(amount_cents: int | None) -> Cents | None:
    return None if amount_cents is None else Cents(amount_cents)
