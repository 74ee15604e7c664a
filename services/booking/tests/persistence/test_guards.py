"""The last guard: what the database refuses whatever the code above it does."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from booking.persistence.tables import METADATA
from booking_support.world import World
from chassis import tables
from chassis.db import constraint

pytestmark = pytest.mark.servers


async def refused(world: World, statement: str, **parameters: object) -> str | None:
    """The constraint that refuses a statement."""
    with pytest.raises(IntegrityError) as caught:
        async with world.runtime.database.engine.begin() as connection:
            await connection.execute(sa.text(statement), parameters)
    return constraint(caught.value)


async def test_a_wallet_is_never_overdrawn(world: World) -> None:
    person = await world.person()
    update = "UPDATE wallets SET {} WHERE person_id = :id"
    for change, guard in (
        ("spent_cents = 30001", "wallets_not_overdrawn"),
        ("spent_cents = -1", "wallets_not_overdrawn"),
        ("digital_spent_cents = 10001", "wallets_within_digital_cap"),
        ("physical_cap_cents = 5, physical_spent_cents = 6", "wallets_within_physical_cap"),
        ("physical_spent_cents = -1", "wallets_within_physical_cap"),
    ):
        assert await refused(world, update.format(change), id=person) == guard


async def test_a_stock_is_never_oversold(world: World) -> None:
    stock, unlimited = await world.event_stock(quantity=5), await world.thing_stock(quantity=None)
    update = "UPDATE stocks SET taken = :taken WHERE id = :id"
    assert await refused(world, update, id=stock, taken=6) == "stocks_not_oversold"
    assert await refused(world, update, id=stock, taken=-1) == "stocks_not_oversold"
    assert await refused(world, update, id=unlimited, taken=-1) == "stocks_not_oversold"


async def test_a_contremarque_is_unique_for_ever_and_an_offer_booked_once(world: World) -> None:
    person, stock = await world.person(), await world.event_stock()
    record = await world.booked(person, stock)
    copy = """
        INSERT INTO bookings (id, token, person_id, stock_id, offer_id, venue_id, structure_id, offer_name,
            subcategory_id, capped_deposit, quantity, unit_price_cents, status, created_at)
        SELECT gen_random_uuid(), {token}, person_id, stock_id, {offer}, venue_id, structure_id, offer_name,
            subcategory_id, capped_deposit, 1, 0, 'CONFIRMED', created_at FROM bookings WHERE id = :id
    """
    other = {"token": "'ZZZZZZ'", "offer": "gen_random_uuid()"}
    same_token = copy.format(**{**other, "token": "token"})
    assert await refused(world, same_token, id=record.id) == "bookings_token_unique"
    same_offer = copy.format(**{**other, "offer": "offer_id"})
    assert await refused(world, same_offer, id=record.id) == "bookings_one_per_offer"


async def test_the_tables_in_the_code_are_the_tables_of_the_migrations(world: World) -> None:
    ours = {*METADATA.tables, *tables.METADATA.tables}

    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, type_, _: type_ != "table" or name in METADATA.tables},
        )
        return compare_metadata(context, METADATA)

    async with world.runtime.database.read() as connection:
        assert await connection.run_sync(differences) == []
    assert "bookings" in ours
