"""Publishing an offer now or later, and taking it back (domain.md §3.2, §6.2)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from catalog.domain.compliance import (
    Confidence,
    OfferValidation,
    ValidationConfiguration,
    first_validation,
    is_active_after,
)
from catalog.domain.facts import OfferFacts
from catalog.domain.refusals.offer import (
    OfferNotEditable,
    OfferWithoutStock,
    PublicationInPast,
    PublicationTooFar,
)
from catalog.domain.visibility import has_bookable_stock

PublicationRefusal = OfferNotEditable | OfferWithoutStock | PublicationInPast | PublicationTooFar

MAX_YEARS_AHEAD = 2
_FARTHEST = timedelta(days=365 * MAX_YEARS_AHEAD)


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing makes of an offer; one that waits for the team is not active and has no date."""

    validation: OfferValidation
    is_active: bool
    published_at: datetime | None


def publish(
    offer: OfferFacts,
    publish_at: datetime | None,
    now: datetime,
    *,
    configuration: ValidationConfiguration | None = None,
    facts: Mapping[str, Any] | None = None,
    confidence: Collection[Confidence] = (),
) -> Publication | PublicationRefusal:
    """The offer published at `publish_at` (None: now), or why it cannot be.

    A draft is judged by the configuration and by the `confidence` in its structure and venue
    on this occasion; one that stays PENDING is not published. An offer already published keeps its date.
    """
    if offer.validation in (OfferValidation.PENDING, OfferValidation.REJECTED):
        return OfferNotEditable()
    if publish_at is not None and publish_at < now:
        return PublicationInPast()
    if publish_at is not None and publish_at > now + _FARTHEST:
        return PublicationTooFar(MAX_YEARS_AHEAD)
    if not has_bookable_stock(offer, now):
        return OfferWithoutStock()
    is_draft = offer.validation is OfferValidation.DRAFT
    validation = (
        first_validation(configuration, facts or {}, now, confidence) if is_draft else offer.validation
    )
    if not is_active_after(validation):
        return Publication(validation, is_active=False, published_at=None)
    if offer.is_active and offer.published_at is not None and offer.published_at <= now:
        return Publication(validation, is_active=True, published_at=offer.published_at)
    return Publication(validation, is_active=True, published_at=publish_at or now)


def unpublish(offer: OfferFacts) -> Publication | OfferNotEditable:
    """The offer taken back; existing bookings stay valid."""
    if offer.validation in (OfferValidation.PENDING, OfferValidation.REJECTED):
        return OfferNotEditable()
    return Publication(offer.validation, is_active=False, published_at=None)
