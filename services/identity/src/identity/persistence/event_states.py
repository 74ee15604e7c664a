"""From a row to the event that tells it: the state of the row is the state of the event."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.clock import iso
from chassis.outbox import Event
from chassis.sealed import Sealer

PERSON = "identity.person.v1"
STRUCTURE = "identity.structure.v1"
ATTACHMENT = "identity.attachment.v1"
GRANT = "identity.grant.v1"


def _plain(driver_id: UUID) -> UUID:
    """The driver has a UUID class of its own, which the JSON writer does not take."""
    return UUID(int=driver_id.int)


def person_event(row: sa.Row[Any], sealer: Sealer, what: str = "changed") -> Event:
    """Names, address, birth date and phone travel sealed."""
    sealed = {
        "email": row.email,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "birth_date": row.birth_date.isoformat() if row.birth_date else None,
        "phone": row.phone,
    }
    state = {
        "roles": sorted(row.roles),
        "is_active": row.is_active,
        "email_confirmed": row.email_confirmed_at is not None,
        "department_code": row.department_code,
        "sealed": sealer.seal(sealed),
    }
    return Event(PERSON, _plain(row.id), row.version, f"person.{what}", state)


def structure_event(row: sa.Row[Any], what: str = "changed") -> Event:
    state = {
        "siren": row.siren,
        "name": row.name,
        "status": row.status,
        "validated_at": iso(row.validated_at),
    }
    return Event(STRUCTURE, _plain(row.id), row.version, f"structure.{what}", state)


def attachment_event(row: sa.Row[Any], what: str = "changed") -> Event:
    state = {
        "person_id": str(row.person_id),
        "structure_id": str(row.structure_id),
        "status": row.status,
    }
    return Event(ATTACHMENT, _plain(row.id), row.version, f"attachment.{what}", state)


def grant_event(row: sa.Row[Any], what: str = "changed") -> Event:
    """`replaces_grant_id` names the older grant whose leftover goes into this one."""
    state = {
        "person_id": str(row.person_id),
        "kind": row.kind,
        "amount_cents": row.amount_cents,
        "digital_cap_cents": row.digital_cap_cents,
        "physical_cap_cents": row.physical_cap_cents,
        "granted_at": iso(row.granted_at),
        "expires_at": iso(row.expires_at),
        "replaces_grant_id": str(row.replaces_grant_id) if row.replaces_grant_id else None,
    }
    return Event(GRANT, _plain(row.id), row.version, f"grant.{what}", state)
