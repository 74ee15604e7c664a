"""Who sees what of a booking."""

from uuid import UUID

from booking.persistence.bookings import BookingRecord
from chassis.auth import Principal

OVERSEERS = frozenset({"admin", "finance"})


def is_own(record: BookingRecord, principal: Principal | None) -> bool:
    return principal is not None and principal.person_id == record.person_id


def may_see(record: BookingRecord, principal: Principal | None) -> bool:
    """The beneficiary, the structure that is booked, and the team; for anybody else it does not exist."""
    if principal is None:
        return False
    return (
        principal.person_id == record.person_id
        or record.structure_id in principal.structure_ids
        or not principal.roles.isdisjoint(OVERSEERS)
    )


def may_act_for(structure_id: UUID, principal: Principal) -> bool:
    return structure_id in principal.structure_ids or not principal.roles.isdisjoint(OVERSEERS)


def may_see_person(person_id: UUID, principal: Principal | None) -> bool:
    """Credit and bookings are one's own business, and support's."""
    return principal is not None and (principal.person_id == person_id or "admin" in principal.roles)
