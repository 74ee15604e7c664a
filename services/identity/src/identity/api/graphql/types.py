"""What the subgraph shows: people, structures, attachments, grants, identity checks."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry

from chassis.graphql import ApiError, Cents, ErrorCode, Info
from identity.api.graphql import loaders
from identity.api.graphql.loaders import Row
from identity.api.graphql.visibility import is_team, sees_person, sees_structure, works_for
from identity.domain.attachments import AttachmentStatus
from identity.domain.file_steps import CheckStatus
from identity.domain.grants import GrantKind, TopUpKind
from identity.domain.structures import StructureStatus

strawberry.enum(StructureStatus, description="Where a structure is in its life.")
strawberry.enum(AttachmentStatus, description="Where a person's request to act for a structure is.")
strawberry.enum(CheckStatus, name="IdentityCheckStatus", description="What was decided on an identity check.")
strawberry.enum(GrantKind, description="A credit, by its regime and edition.")
strawberry.enum(TopUpKind, description="Why an amount was added to a credit.")


def parse_id(value: strawberry.ID) -> UUID:
    """Raises ApiError BAD_INPUT on what is no identifier."""
    try:
        return UUID(str(value))
    except ValueError:
        raise ApiError(ErrorCode.BAD_INPUT, "Cet identifiant n’est pas valide.") from None


@strawberry.type(description="A credit that was given to a person.")
class Grant:
    id: strawberry.ID
    kind: GrantKind
    amount_cents: Cents = strawberry.field(description="All that was granted, top-ups included.")
    digital_cap_cents: Cents | None = strawberry.field(description="Limit for online offers; null: none.")
    physical_cap_cents: Cents | None = strawberry.field(description="Limit for physical goods; null: none.")
    granted_at: datetime
    expires_at: datetime | None = strawberry.field(description="First instant without it; null: never.")
    top_ups: list[TopUpKind]

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(
            id=strawberry.ID(str(row.id)),
            kind=GrantKind(row.kind),
            amount_cents=Cents(row.amount_cents),
            digital_cap_cents=row.digital_cap_cents,
            physical_cap_cents=row.physical_cap_cents,
            granted_at=row.granted_at,
            expires_at=row.expires_at,
            top_ups=[TopUpKind(kind) for kind in row.top_ups],
        )


@strawberry.type(description="A person's identity check. The number of the document is not kept.")
class IdentityCheck:
    person_id: strawberry.Private[UUID]
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
    def of(cls, row: Row) -> Self:
        return cls(
            person_id=row.person_id,
            id=strawberry.ID(str(row.id)),
            status=CheckStatus(row.status),
            submitted_at=row.submitted_at,
            decided_at=row.decided_at,
            first_name=row.first_name,
            last_name=row.last_name,
            birth_date=row.birth_date,
            city=row.city,
            postal_code=row.postal_code,
            activity=row.activity,
        )

    @strawberry.field(description="Whose check it is.")
    async def person(self, info: Info) -> "Person | None":
        row = await loaders.persons(info.context).load(self.person_id)
        return Person.of(row) if row and sees_person(info.context.principal, row.id) else None


@strawberry.federation.type(keys=["id"], description="A person with an account.")
class Person:
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
    def of(cls, row: Row) -> Self:
        return cls(
            id=strawberry.ID(str(row.id)),
            email=row.email,
            first_name=row.first_name,
            last_name=row.last_name,
            birth_date=row.birth_date,
            phone=row.phone,
            department_code=row.department_code,
            roles=sorted(row.roles),
            is_active=row.is_active,
            email_confirmed=row.email_confirmed_at is not None,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """Null for whoever may not see the person, as for nobody."""
        person_id = parse_id(id)
        if not sees_person(info.context.principal, person_id):
            return None
        row = await loaders.persons(info.context).load(person_id)
        return cls.of(row) if row else None

    @strawberry.field(description="Credits given so far, oldest first.")
    async def grants(self, info: Info) -> list[Grant]:
        return [
            Grant.of(row) for row in await loaders.grants_of_person(info.context).load(UUID(str(self.id)))
        ]

    @strawberry.field(description="Structures this person acts for, or has asked to act for.")
    async def attachments(self, info: Info) -> list["Attachment"]:
        rows = await loaders.attachments_of_person(info.context).load(UUID(str(self.id)))
        return [Attachment.of(row) for row in rows]

    @strawberry.field(description="The latest identity check; null when none was handed in.")
    async def identity_check(self, info: Info) -> IdentityCheck | None:
        row = await loaders.latest_check(info.context).load(UUID(str(self.id)))
        return IdentityCheck.of(row) if row else None


@strawberry.federation.type(keys=["id"], description="A legal entity (SIREN) that offers culture.")
class Structure:
    row: strawberry.Private[Row]
    id: strawberry.ID
    siren: str
    name: str
    status: StructureStatus
    validated_at: datetime | None

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(
            row=row,
            id=strawberry.ID(str(row.id)),
            siren=row.siren,
            name=row.name,
            status=StructureStatus(row.status),
            validated_at=row.validated_at,
        )

    @classmethod
    async def visible(cls, info: Info, structure_id: UUID) -> Self | None:
        """The structure, for whoever may see it; else null, as for an id that means nothing."""
        row = await loaders.structures(info.context).load(structure_id)
        return cls.of(row) if row and await sees_structure(info.context, row) else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        return await cls.visible(info, parse_id(id))

    @strawberry.field(description="Its people; null for who is neither one of them nor of the team.")
    async def attachments(self, info: Info) -> list["Attachment"] | None:
        context = info.context
        if not is_team(context.principal) and not await works_for(context, self.row):
            return None
        rows = await loaders.attachments_of_structure(context).load(self.row.id)
        return [Attachment.of(row) for row in rows]


@strawberry.type(description="What ties a person to a structure.")
class Attachment:
    row: strawberry.Private[Row]
    id: strawberry.ID
    status: AttachmentStatus
    requested_at: datetime

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(
            row=row,
            id=strawberry.ID(str(row.id)),
            status=AttachmentStatus(row.status),
            requested_at=row.created_at,
        )

    @strawberry.field(description="The name of whoever asked, for the people of the structure.")
    async def person_name(self, info: Info) -> str | None:
        row = await loaders.persons(info.context).load(self.row.person_id)
        return f"{row.first_name} {row.last_name}" if row else None

    @strawberry.field(description="The person; null for other people than the team.")
    async def person(self, info: Info) -> Person | None:
        row = await loaders.persons(info.context).load(self.row.person_id)
        return Person.of(row) if row and sees_person(info.context.principal, row.id) else None

    @strawberry.field(description="The structure; null while the viewer may not see it.")
    async def structure(self, info: Info) -> Structure | None:
        return await Structure.visible(info, self.row.structure_id)


@strawberry.type(description="An open session. The refresh token is good once.")
class Session:
    access_token: str = strawberry.field(description="Bearer token for the API, good for 15 minutes.")
    refresh_token: str
    expires_in_seconds: int
    person: Person
