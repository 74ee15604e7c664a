"""Revision 0005 on a catalogue where two offers of one book were active."""

import importlib.util
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog.persistence.tables import offers
from chassis.testing import TODAY

pytestmark = pytest.mark.servers

ISBN = "9782070360024"
BEFORE = (
    "DROP INDEX offers_one_active_per_ean",
    "ALTER TABLE offers DROP COLUMN accepted_price_cents",
    "DROP TABLE price_limitations",
)


def statements():
    file = Path(__file__).parents[2] / "migrations/versions/0005_one_offer_per_ean.py"
    spec = importlib.util.spec_from_file_location("revision_0005", file)
    assert spec is not None
    assert spec.loader is not None
    revision = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(revision)
    return revision.STATEMENTS


async def test_the_one_published_first_stays_and_the_others_are_taken_back_with_a_new_version(pro, runtime):
    venue_id = await pro.a_venue()
    asked = {"venueId": venue_id, "subcategoryId": "LIVRE_PAPIER", "withdrawal": None, "isDuo": False}
    ids = [await pro.an_offer(**asked, isbn=ISBN) for _ in range(3)]
    for offer_id in ids:
        await pro.add_thing_stock(offerId=offer_id, priceCents=890, quantity=1)
        await pro.add_thing_stock(offerId=offer_id, priceCents=790, quantity=1)
    concert, _ = await pro.a_published_offer(venueId=venue_id)
    days = dict(zip(ids, (3, 1, 2), strict=True))
    async with runtime.database.engine.begin() as connection:
        for statement in BEFORE:
            await connection.execute(sa.text(statement))
        for offer_id, day in days.items():
            published = {"is_active": True, "validation": "APPROVED"}
            await connection.execute(
                sa.update(offers)
                .where(offers.c.id == sa.cast(offer_id, sa.Uuid))
                .values(**published, published_at=TODAY - timedelta(days=9 - day))
            )
        for statement in statements():
            await connection.execute(sa.text(statement))
        columns = (offers.c.is_active, offers.c.version, offers.c.accepted_price_cents)
        rows = {
            str(row.id): tuple(row)[1:] for row in await connection.execute(sa.select(offers.c.id, *columns))
        }
    assert [rows[offer_id] for offer_id in ids] == [(False, 2, 890), (True, 1, 890), (False, 2, 890)]
    assert rows[concert] == (True, 2, 2000)
