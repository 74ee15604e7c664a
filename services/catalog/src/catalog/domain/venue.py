"""What makes a venue valid (domain.md §2.5).

A venue is physical with a SIRET, physical without one (a comment says why), or virtual.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from catalog.domain.geography import are_coordinates
from catalog.domain.policies import first_refusal
from catalog.domain.refusals.venue import (
    InvalidBookingEmail,
    InvalidCoordinates,
    InvalidPostalCode,
    InvalidSiret,
    SiretNotOfStructure,
    SiretOrCommentRequired,
    VenueFieldForbidden,
    VenueFieldImmutable,
    VenueFieldRequired,
    VenueTextTooLong,
)
from chassis.departments import is_postal_code
from chassis.identifiers import Flaw, read_establishment, read_postal_code
from chassis.mail_addresses import MailFlaw, read_mail_address
from chassis.text import one_line, several_lines

VenueRefusal = (
    VenueFieldRequired
    | VenueTextTooLong
    | VenueFieldForbidden
    | InvalidSiret
    | SiretNotOfStructure
    | SiretOrCommentRequired
    | InvalidPostalCode
    | InvalidCoordinates
    | InvalidBookingEmail
)

VIRTUAL_VENUE_NAME = "Offre numérique"
"""Name of the venue that every structure is given for its online offers."""

MAX_LENGTHS = {
    "name": 128,
    "public_name": 128,
    "street": 200,
    "city": 50,
    "description": 1000,
    "booking_email": 120,
}


@dataclass(frozen=True, slots=True)
class VenueDraft:
    """A venue as it is asked for. `siren` is the structure's; None when not known yet."""

    siren: str | None
    name: str
    is_virtual: bool = False
    siret: str | None = None
    comment: str | None = None
    public_name: str | None = None
    description: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    booking_email: str | None = None


def normalised(typed: VenueDraft) -> VenueDraft:
    """The draft as it is judged and kept; what cannot be read stays as typed, for its rule to refuse."""
    return replace(
        typed,
        name=one_line(typed.name),
        siret=_read(read_establishment, typed.siret),
        comment=_text(several_lines, typed.comment),
        public_name=_text(one_line, typed.public_name),
        description=_text(several_lines, typed.description),
        street=_text(one_line, typed.street),
        postal_code=_read(read_postal_code, typed.postal_code),
        city=_text(one_line, typed.city),
        booking_email=_mail_address(typed.booking_email),
    )


def _text(keep: Callable[[str], str], typed: str | None) -> str | None:
    return keep(typed or "") or None


def _read(read: Callable[[str], str | Flaw], typed: str | None) -> str | None:
    if typed is None or (number := read(typed)) is Flaw.EMPTY:
        return None
    return typed if isinstance(number, Flaw) else number


def _mail_address(typed: str | None) -> str | None:
    if typed is None or (address := read_mail_address(typed)) is MailFlaw.EMPTY:
        return None
    return typed if isinstance(address, MailFlaw) else address


def is_siret(text: str) -> bool:
    """A SIRET, or New Caledonia's RIDET, in the form in which it is kept."""
    return read_establishment(text) == text


def _texts_fit(draft: VenueDraft) -> VenueTextTooLong | None:
    for field, max_length in MAX_LENGTHS.items():
        if len(getattr(draft, field) or "") > max_length:
            return VenueTextTooLong(field, max_length)
    return None


def _has_a_name(draft: VenueDraft) -> VenueFieldRequired | None:
    return None if one_line(draft.name) else VenueFieldRequired("name")


def _virtual_has_no_place(draft: VenueDraft) -> VenueFieldForbidden | None:
    if draft.is_virtual:
        for field in ("siret", "comment", "street", "postal_code", "city", "latitude", "longitude"):
            if getattr(draft, field) is not None:
                return VenueFieldForbidden(field)
    return None


def _has_siret_or_comment(draft: VenueDraft) -> SiretOrCommentRequired | None:
    if draft.is_virtual or draft.siret is not None or one_line(draft.comment or ""):
        return None
    return SiretOrCommentRequired()


def _siret_is_valid(draft: VenueDraft) -> InvalidSiret | None:
    if draft.siret is None or is_siret(draft.siret):
        return None
    return InvalidSiret()


def _siret_begins_with_siren(draft: VenueDraft) -> SiretNotOfStructure | None:
    if draft.siret is None or draft.siren is None or draft.siret.startswith(draft.siren):
        return None
    return SiretNotOfStructure(draft.siret, draft.siren)


def _has_an_address(draft: VenueDraft) -> VenueFieldRequired | None:
    if draft.is_virtual:
        return None
    required = ("postal_code", "city") if draft.siret is not None else ("street", "postal_code", "city")
    for field in required:
        if not one_line(getattr(draft, field) or ""):
            return VenueFieldRequired(field)
    return None


def _postal_code_is_valid(draft: VenueDraft) -> InvalidPostalCode | None:
    if draft.postal_code is None or is_postal_code(draft.postal_code):
        return None
    return InvalidPostalCode()


def _coordinates_are_valid(draft: VenueDraft) -> InvalidCoordinates | None:
    if draft.latitude is None and draft.longitude is None:
        return None
    if (
        draft.latitude is None
        or draft.longitude is None
        or not are_coordinates(draft.latitude, draft.longitude)
    ):
        return InvalidCoordinates(draft.latitude, draft.longitude)
    return None


def _booking_email_is_valid(draft: VenueDraft) -> InvalidBookingEmail | None:
    if draft.booking_email is None:
        return None
    address = read_mail_address(draft.booking_email, longest=MAX_LENGTHS["booking_email"])
    return InvalidBookingEmail() if isinstance(address, MailFlaw) else None


VENUE_RULES: tuple[Callable[[VenueDraft], VenueRefusal | None], ...] = (
    _has_a_name,
    _texts_fit,
    _virtual_has_no_place,
    _siret_is_valid,
    _siret_begins_with_siren,
    _has_siret_or_comment,
    _has_an_address,
    _postal_code_is_valid,
    _coordinates_are_valid,
    _booking_email_is_valid,
)


def check_venue(draft: VenueDraft) -> VenueRefusal | None:
    """First reason why this venue cannot be created, if any."""
    return first_refusal(VENUE_RULES, draft)


def check_venue_edition(before: VenueDraft, after: VenueDraft) -> VenueRefusal | VenueFieldImmutable | None:
    """As creation; besides, the SIRET can be set once and never changed, and the kind never changes."""
    if before.siret is not None and after.siret != before.siret:
        return VenueFieldImmutable("siret")
    if before.is_virtual != after.is_virtual:
        return VenueFieldImmutable("is_virtual")
    return check_venue(after)


assert set(MAX_LENGTHS) <= {field.name for field in fields(VenueDraft)}
