from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from catalog.domain.compliance import Condition, OfferValidation, ScoreRule, ValidationConfiguration
from catalog.domain.facts import OfferFacts, StockFacts
from catalog.domain.publication import Publication, publish, unpublish
from catalog.domain.refusals import offer as refusals

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LOT = StockFacts(5_00, quantity=1)
DRAFT = OfferFacts(OfferValidation.DRAFT, is_active=False, stocks=(LOT,))
LIVE = OfferFacts(OfferValidation.APPROVED, is_active=True, stocks=(LOT,), published_at=NOW - DAY)


def test_a_draft_is_approved_and_published_now_or_later():
    assert publish(DRAFT, None, NOW) == Publication(OfferValidation.APPROVED, True, NOW)
    assert publish(DRAFT, NOW, NOW) == Publication(OfferValidation.APPROVED, True, NOW)
    assert publish(DRAFT, NOW + DAY, NOW) == Publication(OfferValidation.APPROVED, True, NOW + DAY)


def test_a_draft_that_scores_too_low_waits_for_the_team():
    condition = Condition("offer.name", "contains", ("gratuit",))
    severe = ValidationConfiguration(Decimal(1), (ScoreRule("suspicious", Decimal("0.5"), (condition,)),))
    waiting = publish(DRAFT, None, NOW, configuration=severe, facts={"offer.name": "Gratuit"})
    assert waiting == Publication(OfferValidation.PENDING, False, None)
    fine = publish(DRAFT, None, NOW, configuration=severe, facts={"offer.name": "Concert"})
    assert fine == Publication(OfferValidation.APPROVED, True, NOW)
    assert publish(LIVE, None, NOW, configuration=severe, facts={"offer.name": "Gratuit"}) == Publication(
        OfferValidation.APPROVED, True, NOW - DAY
    )


def test_what_is_published_keeps_its_date_and_what_is_planned_may_be_moved():
    assert publish(LIVE, None, NOW) == Publication(OfferValidation.APPROVED, True, NOW - DAY)
    assert publish(replace(LIVE, published_at=NOW), None, NOW + DAY) == Publication(
        OfferValidation.APPROVED, True, NOW
    )
    assert publish(replace(LIVE, published_at=NOW), NOW + DAY, NOW) == Publication(
        OfferValidation.APPROVED, True, NOW
    )
    planned = replace(LIVE, published_at=NOW + DAY)
    assert publish(planned, None, NOW) == Publication(OfferValidation.APPROVED, True, NOW)
    taken_back = replace(LIVE, is_active=False)
    assert publish(taken_back, None, NOW) == Publication(OfferValidation.APPROVED, True, NOW)


@pytest.mark.parametrize("validation", [OfferValidation.PENDING, OfferValidation.REJECTED])
def test_pending_and_rejected_offers_do_not_move(validation):
    held = replace(LIVE, validation=validation)
    assert publish(held, None, NOW) == refusals.OfferNotEditable()
    assert unpublish(held) == refusals.OfferNotEditable()


def test_instants_of_publication_are_to_come_and_within_two_years():
    assert publish(DRAFT, NOW - timedelta(microseconds=1), NOW) == refusals.PublicationInPast()
    limit = NOW + timedelta(days=730)
    assert isinstance(publish(DRAFT, limit, NOW), Publication)
    assert publish(DRAFT, limit + timedelta(microseconds=1), NOW) == refusals.PublicationTooFar(2)


def test_an_offer_that_nobody_could_book_is_not_published():
    assert publish(replace(DRAFT, stocks=()), None, NOW) == refusals.OfferWithoutStock()
    assert (
        publish(replace(DRAFT, stocks=(replace(LOT, booked=1),)), None, NOW) == refusals.OfferWithoutStock()
    )


def test_taking_back_keeps_the_verdict():
    assert unpublish(LIVE) == Publication(OfferValidation.APPROVED, False, None)
    assert unpublish(DRAFT) == Publication(OfferValidation.DRAFT, False, None)
