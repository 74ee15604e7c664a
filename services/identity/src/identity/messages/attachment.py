"""`identity.attachment.v1`: who acts for which structure, or has asked to."""

from chassis import republish
from chassis.outbox import Event, Published
from identity.persistence.records import AttachmentRecord
from identity.persistence.tables import attachments

TOPIC = "identity.attachment.v1"


def event(attachment: AttachmentRecord, what: str = "changed") -> Event:
    state = {
        "person_id": attachment.person_id,
        "structure_id": attachment.structure_id,
        "status": attachment.status,
    }
    return Event(TOPIC, attachment.id, attachment.version, f"attachment.{what}", state)


def published() -> Published:
    return republish.published(TOPIC, attachments, lambda row: event(row, "republished"))
