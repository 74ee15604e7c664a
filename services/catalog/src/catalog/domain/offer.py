"""What makes an offer valid, and what of it may still change (domain.md §3.2)."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from catalog.domain.access_url import is_offer_url
from catalog.domain.compliance import FREEZING_VERDICTS, OfferValidation
from catalog.domain.isbn import normalised_isbn
from catalog.domain.policies import first_refusal
from catalog.domain.refusals.offer import (
    AccessibilityRequired,
    DigitalOfferNeedsVirtualVenue,
    EducationalCannotBeDuo,
    ExtraFieldNotAllowed,
    InvalidIsbn,
    InvalidOfferName,
    InvalidUrl,
    IsbnRequired,
    NumberInOfferName,
    OfferFieldImmutable,
    OfferNotEditable,
    OfferTextTooLong,
    PhysicalOfferNeedsPhysicalVenue,
    SubcategoryNotEducational,
    SubcategoryNotSelectable,
    SynchronisedOfferNotEditable,
    UnknownSubcategory,
    UrlNotAllowed,
    UrlRequired,
)
from catalog.domain.subcategories import SUBCATEGORIES, ConditionalField, Platform, Subcategory, is_selectable
from catalog.domain.withdrawal import Withdrawal, WithdrawalRefusal, as_kept, check_withdrawal
from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.text import one_line, several_lines

OfferRefusal = (
    InvalidOfferName
    | NumberInOfferName
    | OfferTextTooLong
    | UnknownSubcategory
    | SubcategoryNotSelectable
    | SubcategoryNotEducational
    | EducationalCannotBeDuo
    | IsbnRequired
    | InvalidIsbn
    | ExtraFieldNotAllowed
    | UrlNotAllowed
    | UrlRequired
    | InvalidUrl
    | DigitalOfferNeedsVirtualVenue
    | PhysicalOfferNeedsPhysicalVenue
    | AccessibilityRequired
    | WithdrawalRefusal
)
OfferEditionRefusal = OfferNotEditable | OfferFieldImmutable | SynchronisedOfferNotEditable

MAX_NAME_LENGTH = 90
MAX_TEXT_LENGTHS = {"description": 10_000, "withdrawal details": 2_000}


@dataclass(frozen=True, slots=True)
class Accessibility:
    """Four answers that every offer owes; None means not answered."""

    audio: bool | None
    mental: bool | None
    motor: bool | None
    visual: bool | None


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """An offer as it is asked for. `extra` maps conditional fields to their text."""

    name: str
    subcategory_id: str
    venue_is_virtual: bool
    accessibility: Accessibility
    description: str | None = None
    is_duo: bool = False
    is_educational: bool = False
    url: str | None = None
    isbn: str | None = None
    extra: Mapping[ConditionalField, str] = field(default_factory=dict)
    withdrawal: Withdrawal = field(default_factory=Withdrawal)
    asked_by_admin: bool = False
    from_ticketing_provider: bool = False

    @property
    def subcategory(self) -> Subcategory:
        """The row of the sub-category; rules that read it come after the one that checks its id."""
        return SUBCATEGORIES[self.subcategory_id]

    @property
    def is_digital(self) -> bool:
        return bool(self.url)


def normalised(typed: OfferDraft) -> OfferDraft:
    """The draft as it is judged and kept; what cannot be read stays as typed, for its rule to refuse."""
    extra = {field: one_line(text) for field, text in typed.extra.items()}
    return replace(
        typed,
        name=one_line(typed.name),
        description=several_lines(typed.description or "") or None,
        url=one_line(typed.url or "") or None,
        isbn=_isbn(typed.isbn),
        extra={field: text for field, text in extra.items() if text},
        withdrawal=as_kept(typed.withdrawal),
    )


def _isbn(typed: str | None) -> str | None:
    return (normalised_isbn(typed) or one_line(typed) or None) if typed is not None else None


def _name_fits(draft: OfferDraft, now: datetime) -> InvalidOfferName | None:
    return None if 1 <= len(one_line(draft.name)) <= MAX_NAME_LENGTH else InvalidOfferName(MAX_NAME_LENGTH)


NUMBERS_IN_NAMES = DatedTable(
    name="whether the name of an offer may hold the number of its product",
    keyed_by="instant at which the offer is created",
    rows=(
        row(BEGINNING, True, source="A:core/offers/validation.py"),
        row(
            midnight("Europe/Paris", 2024, 1, 1),
            False,
            source="M:core/offers/validation.py check_offer_name_does_not_contain_ean",
            note="the source says 2024 or later",
        ),
    ),
)
_THIRTEEN_DIGITS = re.compile(r"\d{13}")


def _name_holds_no_number(draft: OfferDraft, now: datetime) -> NumberInOfferName | None:
    if NUMBERS_IN_NAMES.at(now) or not _THIRTEEN_DIGITS.search(draft.name):
        return None
    return NumberInOfferName()


def _texts_fit(draft: OfferDraft, now: datetime) -> OfferTextTooLong | None:
    texts = {"description": draft.description, "withdrawal details": draft.withdrawal.details}
    for name, max_length in MAX_TEXT_LENGTHS.items():
        if len(texts[name] or "") > max_length:
            return OfferTextTooLong(name, max_length)
    return None


def _subcategory_is_known(draft: OfferDraft, now: datetime) -> UnknownSubcategory | None:
    return None if draft.subcategory_id in SUBCATEGORIES else UnknownSubcategory(draft.subcategory_id)


def _subcategory_is_selectable(draft: OfferDraft, now: datetime) -> SubcategoryNotSelectable | None:
    subcategory = draft.subcategory
    if is_selectable(subcategory, now) or (subcategory.is_activation and draft.asked_by_admin):
        return None
    return SubcategoryNotSelectable(subcategory.id)


def _educational_is_eligible(draft: OfferDraft, now: datetime) -> SubcategoryNotEducational | None:
    if draft.is_educational and not draft.subcategory.can_be_educational:
        return SubcategoryNotEducational(draft.subcategory_id)
    return None


def _educational_is_not_duo(draft: OfferDraft, now: datetime) -> EducationalCannotBeDuo | None:
    return EducationalCannotBeDuo() if draft.is_educational and draft.is_duo else None


def _isbn_is_valid(draft: OfferDraft, now: datetime) -> OfferRefusal | None:
    if draft.isbn is None:
        return IsbnRequired(draft.subcategory_id) if draft.subcategory.needs_isbn else None
    if not draft.subcategory.needs_isbn:
        return ExtraFieldNotAllowed(ConditionalField.ISBN.value, draft.subcategory_id)
    return None if normalised_isbn(draft.isbn) else InvalidIsbn(draft.isbn)


def _extra_is_asked_for(draft: OfferDraft, now: datetime) -> ExtraFieldNotAllowed | None:
    for name in draft.extra:
        if name not in draft.subcategory.conditional_fields or name is ConditionalField.ISBN:
            return ExtraFieldNotAllowed(name.value, draft.subcategory_id)
    return None


def _accessibility_is_given(draft: OfferDraft, now: datetime) -> AccessibilityRequired | None:
    answers = draft.accessibility
    missing = tuple(name for name in answers.__slots__ if getattr(answers, name) is None)
    return AccessibilityRequired(missing) if missing else None


def _url_suits_subcategory(draft: OfferDraft, now: datetime) -> UrlNotAllowed | UrlRequired | None:
    if draft.is_digital and draft.subcategory.platform is Platform.OFFLINE:
        return UrlNotAllowed(draft.subcategory_id)
    if not draft.is_digital and draft.subcategory.platform is Platform.ONLINE:
        return UrlRequired(draft.subcategory_id)
    return None


def _url_suits_venue(draft: OfferDraft, now: datetime) -> OfferRefusal | None:
    if draft.is_digital and not draft.venue_is_virtual:
        return DigitalOfferNeedsVirtualVenue()
    if not draft.is_digital and draft.venue_is_virtual:
        return PhysicalOfferNeedsPhysicalVenue()
    return None


def _url_is_valid(draft: OfferDraft, now: datetime) -> InvalidUrl | None:
    return InvalidUrl() if draft.url and not is_offer_url(draft.url) else None


def _withdrawal_is_given(draft: OfferDraft, now: datetime) -> WithdrawalRefusal | None:
    return check_withdrawal(
        draft.subcategory_id, draft.withdrawal, now, by_ticketing_provider=draft.from_ticketing_provider
    )


OFFER_RULES: tuple[Callable[[OfferDraft, datetime], OfferRefusal | None], ...] = (
    _name_fits,
    _name_holds_no_number,
    _texts_fit,
    _subcategory_is_known,
    _subcategory_is_selectable,
    _educational_is_eligible,
    _educational_is_not_duo,
    _isbn_is_valid,
    _extra_is_asked_for,
    _url_suits_subcategory,
    _url_is_valid,
    _url_suits_venue,
    _accessibility_is_given,
    _withdrawal_is_given,
)


def check_offer(draft: OfferDraft, now: datetime) -> OfferRefusal | None:
    """First reason why this offer cannot be created at `now`, if any."""
    return first_refusal(OFFER_RULES, draft, now)


def is_effectively_duo(subcategory: Subcategory, is_duo: bool) -> bool:
    """The pro's choice counts only where the sub-category can be duo; elsewhere it is silently void."""
    return is_duo and subcategory.can_be_duo


def artist_line(extra: Mapping[ConditionalField, str]) -> str | None:
    """Who the offer is by, for people and for the search (domain.md §3.7)."""
    names = (
        ConditionalField.AUTHOR,
        ConditionalField.PERFORMER,
        ConditionalField.SPEAKER,
        ConditionalField.STAGE_DIRECTOR,
    )
    people = [extra[name].strip() for name in names if extra.get(name, "").strip()]
    return " ".join(people) or None


def product_key(isbn: str | None, extra: Mapping[ConditionalField, str], offer_id: str) -> str:
    """What the same book or film has in common across venues: ISBN, else visa, else the offer alone."""
    return (isbn and normalised_isbn(isbn)) or extra.get(ConditionalField.VISA) or offer_id


class Synchronisation(StrEnum):
    """Who keeps the offer up to date."""

    MANUAL = "MANUAL"
    PROVIDER = "PROVIDER"
    ALLOCINE = "ALLOCINE"


IMMUTABLE_FIELDS = frozenset({"subcategory_id", "venue_id", "is_educational"})

_EDITABLE_WHEN_SYNCHRONISED = frozenset(
    {
        "audio_accessible",
        "mental_accessible",
        "motor_accessible",
        "visual_accessible",
        "external_ticket_office_url",
    }
)
_EDITABLE_SINCE_2025 = _EDITABLE_WHEN_SYNCHRONISED | {"name", "description", "url", "address"}


def _editable(synchronised: frozenset[str]) -> Mapping[Synchronisation, frozenset[str] | None]:
    return {
        Synchronisation.MANUAL: None,
        Synchronisation.PROVIDER: synchronised,
        Synchronisation.ALLOCINE: synchronised | {"is_duo"},
    }


EDITABLE_FIELDS = DatedTable(
    name="editable fields of an offer",
    keyed_by="instant of the edition",
    rows=(
        row(
            BEGINNING,
            _editable(_EDITABLE_WHEN_SYNCHRONISED),
            source="A:core/offers/validation.py; domain.md §3.2",
        ),
        row(
            midnight("Europe/Paris", 2025, 1, 1),
            _editable(_EDITABLE_SINCE_2025),
            source="M:core/offers/validation.py EDITABLE_FIELDS",
            note="the source gives the year only",
        ),
    ),
)
"""Fields a pro may edit; None means all that are not immutable."""


def check_offer_edition(
    validation: OfferValidation,
    synchronisation: Synchronisation,
    changed_fields: Collection[str],
    now: datetime,
) -> OfferEditionRefusal | None:
    """First reason why these fields of an existing offer cannot be changed, if any."""
    if validation in FREEZING_VERDICTS.at(now):
        return OfferNotEditable()
    editable = EDITABLE_FIELDS.at(now)[synchronisation]
    for name in sorted(changed_fields):
        if name in IMMUTABLE_FIELDS:
            return OfferFieldImmutable(name)
        if editable is not None and name not in editable:
            return SynchronisedOfferNotEditable(name)
    return None
