"""What one request reads, together and once."""

from typing import TypeVar
from uuid import UUID

from chassis.graphql import Info, load
from identity.persistence import (
    attachments,
    email_changes,
    grants,
    identity_checks,
    people,
    providers,
    structures,
)
from identity.persistence.records import (
    AttachmentRecord,
    EmailChangeRecord,
    GrantRecord,
    IdentityCheckRecord,
    PersonRecord,
    ProviderRecord,
    StructureRecord,
)

T = TypeVar("T")


async def load_person(info: Info, id_: UUID) -> PersonRecord | None:
    return await load(info, people.by_ids, id_)


async def load_structure(info: Info, id_: UUID) -> StructureRecord | None:
    return await load(info, structures.by_ids, id_)


async def load_grants(info: Info, person_id: UUID) -> list[GrantRecord]:
    return await load(info, grants.of_people, person_id) or []


async def load_latest_check(info: Info, person_id: UUID) -> IdentityCheckRecord | None:
    return await load(info, identity_checks.latest_of_people, person_id)


async def load_attachment(info: Info, id_: UUID) -> AttachmentRecord | None:
    return await load(info, attachments.by_ids, id_)


async def load_grant(info: Info, id_: UUID) -> GrantRecord | None:
    return await load(info, grants.by_ids, id_)


async def load_check(info: Info, id_: UUID) -> IdentityCheckRecord | None:
    return await load(info, identity_checks.by_ids, id_)


async def load_provider(info: Info, id_: UUID) -> ProviderRecord | None:
    return await load(info, providers.by_ids, id_)


async def load_attachments_of_person(info: Info, person_id: UUID) -> list[AttachmentRecord]:
    return await load(info, attachments.of_people, person_id) or []


async def load_attachments_of_structure(info: Info, structure_id: UUID) -> list[AttachmentRecord]:
    return await load(info, attachments.of_structures, structure_id) or []


async def written_person(info: Info, id_: UUID) -> PersonRecord:
    """A person whom the request has just changed."""
    return _there(await load_person(info, id_))


async def load_email_change(info: Info, person_id: UUID) -> EmailChangeRecord | None:
    return await load(info, email_changes.latest_of_people, person_id)


async def written_email_change(info: Info, person_id: UUID) -> EmailChangeRecord:
    """The change of address that the request has just asked for."""
    return _there(await load_email_change(info, person_id))


async def written_structure(info: Info, id_: UUID) -> StructureRecord:
    """A structure that the request has just changed."""
    return _there(await load_structure(info, id_))


async def written_provider(info: Info, id_: UUID) -> ProviderRecord:
    """A technical partner that the request has just made."""
    return _there(await load_provider(info, id_))


async def written_attachment(info: Info, id_: UUID) -> AttachmentRecord:
    """An attachment that the request has just written."""
    return _there(await load_attachment(info, id_))


async def written_check(info: Info, person_id: UUID) -> IdentityCheckRecord:
    """The identity check that the request has just written."""
    return _there(await load_latest_check(info, person_id))


def _there(found: T | None) -> T:
    assert found is not None
    return found
