"""The searchable offers of the database are those of the domain's rules."""

import itertools
from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog.domain.visibility import is_searchable
from catalog.persistence.offers import page_of_offers
from catalog.persistence.stocks import live_stocks_by_offer
from catalog.persistence.tables import offers, stocks, structures, venues
from chassis.ids import new_id
from chassis.testing import TODAY

pytestmark = pytest.mark.servers

MOMENTS = (None, TODAY - timedelta(seconds=1), TODAY, TODAY + timedelta(seconds=1))
PLACES = ((None, 5), (5, 4), (5, 5), (5, 6), (0, 0))


def _stocks():
    for starts_at, limit, (quantity, booked), deleted in itertools.product(
        MOMENTS, MOMENTS, PLACES, (False, True)
    ):
        if starts_at is None or limit is None or limit <= starts_at:
            yield {
                "starts_at": starts_at,
                "booking_limit_at": limit,
                "quantity": quantity,
                "booked": booked,
                "is_deleted": deleted,
            }


def _offers():
    live = {"validation": "APPROVED", "is_active": True, "published_at": TODAY}
    yield from ((live, stock) for stock in _stocks())
    bookable = {
        "quantity": None,
        "booked": 0,
        "is_deleted": False,
        "starts_at": None,
        "booking_limit_at": None,
    }
    for validation, published_at in itertools.product(("DRAFT", "PENDING", "APPROVED", "REJECTED"), MOMENTS):
        active = validation == "APPROVED" and published_at is not None
        yield {"validation": validation, "is_active": active, "published_at": published_at}, bookable


async def _fill(connection):
    """Every kind of offer at every kind of place; returns how many."""
    places, made, lots = [], [], []
    for status, validated in itertools.product(("pending", "validated", "rejected", "closed"), (True, False)):
        structure_id, venue_id = new_id(), new_id()
        places.append(
            (
                {"id": structure_id, "version": 1, "status": status},
                {
                    "id": venue_id,
                    "structure_id": structure_id,
                    "is_virtual": True,
                    "is_validated": validated,
                    "name": "Offre numérique",
                    "timezone": "Europe/Paris",
                    "created_at": TODAY,
                },
            )
        )
        kinds = list(_offers()) if (status, validated) == ("validated", True) else list(_offers())[-16:]
        for offer, stock in kinds:
            offer_id = new_id()
            made.append(
                {
                    "id": offer_id,
                    "venue_id": venue_id,
                    "structure_id": structure_id,
                    "subcategory_id": "VOD",
                    "name": "Un film",
                    "extra": {},
                    "is_duo": False,
                    "product_key": str(offer_id),
                    "audio_accessible": True,
                    "mental_accessible": True,
                    "motor_accessible": True,
                    "visual_accessible": True,
                    "created_at": TODAY,
                    **offer,
                }
            )
            lots.append(
                {"id": new_id(), "offer_id": offer_id, "price_cents": 100, "created_at": TODAY, **stock}
            )
    await connection.execute(sa.insert(structures), [structure for structure, _ in places])
    await connection.execute(sa.insert(venues), [venue for _, venue in places])
    await connection.execute(sa.insert(offers), made)
    await connection.execute(sa.insert(stocks), lots)
    return len(made)


async def test_sql_and_domain_agree_on_what_is_searchable(runtime):
    async def compare(connection):
        count = await _fill(connection)
        everything = {"structure_id": None, "venue_id": None, "after": None, "limit": count + 1}
        seen = await page_of_offers(connection, **everything, searchable_at=None)
        found = await page_of_offers(connection, **everything, searchable_at=TODAY)
        lots = await live_stocks_by_offer(connection, [each.offer.id for each in seen])
        by_rules = {
            each.offer.id
            for each in seen
            if is_searchable(each.offer.facts(lots.get(each.offer.id, [])), each.place, TODAY)
        }
        return count, len(seen), {each.offer.id for each in found}, by_rules

    count, seen, by_sql, by_rules = await runtime.database.run(compare)
    assert seen == count
    assert by_sql == by_rules
    assert 0 < len(by_sql) < count
