"""`identity.person.v1`: who somebody is, for whoever books, pays or writes to them."""

from chassis import republish
from chassis.outbox import Event, Published
from chassis.sealed import Sealer
from identity.persistence.records import PersonRecord
from identity.persistence.tables import persons

TOPIC = "identity.person.v1"


def event(person: PersonRecord, sealer: Sealer, what: str = "changed") -> Event:
    """Names, address, birth date and phone travel sealed; of who is anonymous there are none: copies forget them."""
    sealed = {
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "phone": person.phone,
    }
    if person.anonymised_at is not None:
        sealed = dict.fromkeys(sealed)
    state = {
        "roles": sorted(person.roles),
        "is_active": person.is_active,
        "suspension_reason": person.suspension_reason,
        "email_confirmed": person.email_confirmed_at is not None,
        "department_code": person.department_code,
        "sealed": sealer.seal(sealed, (TOPIC, person.id)),
    }
    return Event(TOPIC, person.id, person.version, f"person.{what}", state)


def published(sealer: Sealer) -> Published:
    return republish.published(TOPIC, persons, lambda row: event(row, sealer, "republished"))
