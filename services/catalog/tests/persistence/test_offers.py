"""The searchable offers of the database are those of the domain's rules."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from catalog.domain.visibility import is_searchable
from catalog.persistence.offers import page_of_offers
from catalog.persistence.stocks import live_stocks_by_offer
from catalog.persistence.tables import offers, stocks, structures, venues
from chassis.cursors import Window
from chassis.ids import new_id
from chassis.testing import TODAY

pytestmark = pytest.mark.servers

AGO, IN_A_SECOND = TODAY - timedelta(seconds=1), TODAY + timedelta(seconds=1)


def mostly(good, *bad):
    """In order as often as not, or hardly any offer would be found."""
    return st.sampled_from([good] * 2 * len(bad) + list(bad))


LIMITS_AND_STARTS = [
    (limit, starts_at)
    for limit in (None, AGO, TODAY, IN_A_SECOND)
    for starts_at in (None, AGO, TODAY, IN_A_SECOND)
    if limit is None or starts_at is None or limit <= starts_at
]
STOCKS = st.builds(
    lambda instants, counts, is_deleted: {
        "booking_limit_at": instants[0],
        "starts_at": instants[1],
        "quantity": counts[0],
        "booked": counts[1],
        "is_deleted": is_deleted,
    },
    mostly((IN_A_SECOND, IN_A_SECOND), *LIMITS_AND_STARTS),
    mostly((None, 5), (5, 4), (5, 5), (5, 6), (0, 0)),
    mostly(False, True),
)
OFFERS = st.fixed_dictionaries(
    {
        "validation": mostly("APPROVED", "DRAFT", "PENDING", "REJECTED"),
        "published_at": mostly(AGO, None, TODAY, IN_A_SECOND),
        "status": mostly("validated", "pending", "rejected", "closed"),
        "venue_is_validated": mostly(True, False),
        "stocks": st.lists(STOCKS, max_size=3),
    }
)


async def _fill(connection, drawn):
    rows = {structures: [], venues: [], offers: [], stocks: []}
    for offer in drawn:
        structure_id, venue_id, offer_id = new_id(), new_id(), new_id()
        rows[structures].append({"id": structure_id, "version": 1, "status": offer["status"]})
        rows[venues].append(
            {
                "id": venue_id,
                "structure_id": structure_id,
                "is_virtual": True,
                "is_validated": offer["venue_is_validated"],
                "name": "Offre numérique",
                "timezone": "Europe/Paris",
                "created_at": TODAY,
            }
        )
        rows[offers].append(
            {
                "id": offer_id,
                "venue_id": venue_id,
                "structure_id": structure_id,
                "subcategory_id": "VOD",
                "name": "Un film",
                "extra": {},
                "is_duo": False,
                "product_key": str(offer_id),
                "validation": offer["validation"],
                "is_active": offer["validation"] == "APPROVED" and offer["published_at"] is not None,
                "published_at": offer["published_at"],
                "audio_accessible": True,
                "mental_accessible": True,
                "motor_accessible": True,
                "visual_accessible": True,
                "created_at": TODAY,
            }
        )
        rows[stocks].extend(
            {"id": new_id(), "offer_id": offer_id, "price_cents": 100, "created_at": TODAY, **stock}
            for stock in offer["stocks"]
        )
    for table, values in rows.items():
        if values:
            await connection.execute(sa.insert(table), values)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(OFFERS, min_size=1, max_size=30))
async def test_sql_and_domain_agree_on_what_is_searchable(runtime, drawn):
    async with runtime.database.read() as connection:
        await connection.execute(sa.text("TRUNCATE structures, venues, offers, stocks"))
        await _fill(connection, drawn)
        everything = {"structure_id": None, "venue_id": None, "window": Window(len(drawn))}
        seen = await page_of_offers(connection, **everything, searchable_at=None)
        found = await page_of_offers(connection, **everything, searchable_at=TODAY)
        lots = await live_stocks_by_offer(connection, [each.offer.id for each in seen])
    by_sql = {each.offer.id for each in found}
    by_rules = {
        each.offer.id
        for each in seen
        if is_searchable(each.offer.facts(lots.get(each.offer.id, [])), each.place, TODAY)
    }
    event(f"{len(by_sql)} of {len(drawn)} are found")
    assert len(seen) == len(drawn)
    assert by_sql == by_rules
