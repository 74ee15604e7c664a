"""`identity.grant.v1`: a credit as it was given; what is left of it is booking's."""

from chassis import republish
from chassis.clock import iso
from chassis.outbox import Event, Published
from identity.persistence.records import GrantRecord
from identity.persistence.tables import grants

TOPIC = "identity.grant.v1"


def event(grant: GrantRecord, what: str = "changed") -> Event:
    """`replaces_grant_id` names the older grant whose leftover goes into this one."""
    state = {
        "person_id": grant.person_id,
        "kind": grant.kind,
        "amount_cents": grant.amount_cents,
        "digital_cap_cents": grant.digital_cap_cents,
        "physical_cap_cents": grant.physical_cap_cents,
        "granted_at": iso(grant.granted_at),
        "expires_at": iso(grant.expires_at),
        "replaces_grant_id": grant.replaces_grant_id,
    }
    return Event(TOPIC, grant.id, grant.version, f"grant.{what}", state)


def published() -> Published:
    return republish.published(TOPIC, grants, lambda row: event(row, "republished"))
