"""`identity.structure.v1`: a legal entity, and where it is in its life."""

from chassis import republish
from chassis.clock import iso
from chassis.outbox import Event, Published
from identity.domain.attachments import AttachmentStatus, abilities
from identity.persistence.records import StructureRecord
from identity.persistence.tables import structures

TOPIC = "identity.structure.v1"


def event(structure: StructureRecord, what: str = "changed") -> Event:
    """`abilities`: what its people may do, wherever that is done."""
    state = {
        "siren": structure.siren,
        "name": structure.name,
        "status": structure.status,
        "validated_at": iso(structure.validated_at),
        "abilities": sorted(abilities(structure.status, AttachmentStatus.VALIDATED)),
    }
    return Event(TOPIC, structure.id, structure.version, f"structure.{what}", state)


def published() -> Published:
    return republish.published(TOPIC, structures, lambda row: event(row, "republished"))
