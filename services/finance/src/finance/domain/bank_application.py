"""The application by which a place gives its bank details (domain.md §5.6, §6.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from chassis.refusals import Refusal
from finance.domain import bank_details
from finance.domain.bank_details import BankDetails
from finance.domain.refusals import (
    ApplicationOutdated,
    ApplicationOutranked,
    BankDetailsMissing,
    BankDetailsTooEarly,
    MoveNotAllowed,
    VenueNotFound,
)


class Status(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    """DRAFT in the words of 2021."""
    WITH_PENDING_CORRECTIONS = "with pending corrections"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REPLACED = "replaced"
    """Was accepted until another account of the structure was."""


STATUS_OF_DMS_STATE: Final = {
    "received": Status.SUBMITTED,
    "initiated": Status.SUBMITTED,
    "closed": Status.ACCEPTED,
    "refused": Status.REJECTED,
    "without_continuation": Status.REJECTED,
}
"""States of *Démarches Simplifiées* and the status they stand for."""

WEIGHT: Final = {
    Status.ACCEPTED: 2,
    Status.SUBMITTED: 1,
    Status.WITH_PENDING_CORRECTIONS: 1,
    Status.REJECTED: 0,
    Status.REPLACED: 0,
}
"""Between two applications for one account, the heavier status holds."""


class Event(StrEnum):
    """What happens to one application."""

    SUBMIT = "submit"
    ASK_CORRECTIONS = "ask corrections"
    CORRECT = "correct"
    ACCEPT = "accept"
    REJECT = "reject"
    REPLACE = "replace"


MOVES: Final = {
    (None, Event.SUBMIT): Status.SUBMITTED,
    (Status.REJECTED, Event.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Event.ASK_CORRECTIONS): Status.WITH_PENDING_CORRECTIONS,
    (Status.WITH_PENDING_CORRECTIONS, Event.CORRECT): Status.SUBMITTED,
    (Status.SUBMITTED, Event.ACCEPT): Status.ACCEPTED,
    (Status.SUBMITTED, Event.REJECT): Status.REJECTED,
    (Status.WITH_PENDING_CORRECTIONS, Event.REJECT): Status.REJECTED,
    (Status.ACCEPTED, Event.REPLACE): Status.REPLACED,
}


def move(status: Status | None, event: Event) -> Status | MoveNotAllowed:
    """The status after `event`; a refusal where the table has no such move. None: no application yet."""
    after = MOVES.get((status, event))
    return MoveNotAllowed(state=status or "none", event=event) if after is None else after


@dataclass(frozen=True, slots=True)
class Application:
    """One state of one application, as received."""

    application_id: int
    status: Status
    modified_at: datetime
    iban: str = ""
    bic: str = ""


def check_details(application: Application) -> BankDetails | Refusal | None:
    """Bank details of an accepted application; None for the others, which must not carry any."""
    if application.status is Status.ACCEPTED:
        if not application.iban or not application.bic:
            return BankDetailsMissing()
        return bank_details.check(application.iban, application.bic)
    return BankDetailsTooEarly() if application.iban or application.bic else None


def refuse_update(current: Application, new: Application) -> Refusal | None:
    """Why `new` does not replace `current`, or None.

    Outdated when modified strictly earlier; outranked when it comes from another application whose
    status weighs strictly less.
    """
    if new.modified_at < current.modified_at:
        return ApplicationOutdated(known_modified_at=current.modified_at)
    if new.application_id != current.application_id and WEIGHT[new.status] < WEIGHT[current.status]:
        return ApplicationOutranked(current_status=current.status)
    return None


class KnownVenue(NamedTuple):
    """A venue of the structure that an application names."""

    venue_id: UUID
    siret: str | None
    name: str


def attach_to_venue(siret: str | None, name: str, venues: Iterable[KnownVenue]) -> UUID | VenueNotFound:
    """The venue an application is about: by SIRET when it gives one, else by exact name.

    Refused when none or several match. `venues` are those of the structure only.
    """
    matches = [venue.venue_id for venue in venues if (venue.siret == siret if siret else venue.name == name)]
    return matches[0] if len(matches) == 1 else VenueNotFound(matches=len(matches))
