"""The ledger's own guards, against raw SQL."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from chassis.ids import new_id

pytestmark = pytest.mark.servers

INSERT = """
    INSERT INTO ledger (entry_id, kind, account, amount_cents, structure_id, batch_id, subject_id, recorded_at)
    VALUES (:entry, 'priced', 'credit', :one, :any, :any, :any, now()),
           (:entry, 'priced', 'contribution', :other, :any, :any, :any, now())
"""


async def attempt(world, sql, **values):
    await world.runtime.database.run(lambda connection: connection.execute(sa.text(sql), values))


@pytest.mark.parametrize(
    "sql", ["UPDATE ledger SET amount_cents = 1", "DELETE FROM ledger", "TRUNCATE ledger"]
)
async def test_nobody_changes_the_ledger_not_even_a_superuser(world, sql):
    await attempt(world, INSERT, entry=new_id(), any=new_id(), one=-5, other=5)
    with pytest.raises(DBAPIError, match="append-only"):
        await attempt(world, sql)
    assert await world.value("SELECT count(*) FROM ledger") == 2


async def test_the_owner_has_no_right_to_change_it(world):
    rights = await world.rows(
        """
        SELECT DISTINCT privilege_type FROM information_schema.role_table_grants
        WHERE table_name = 'ledger' AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
        """
    )
    assert rights == [{"privilege_type": "INSERT"}]


@pytest.mark.parametrize("verb", ["UPDATE ledger SET kind = kind", "DELETE FROM ledger", "TRUNCATE ledger"])
async def test_an_owner_that_is_no_superuser_is_denied_before_the_trigger(world, verb):
    async with world.runtime.database.engine.connect() as connection:
        for statement in (
            "CREATE ROLE plain_owner",
            "GRANT plain_owner TO CURRENT_USER",
            "ALTER TABLE ledger OWNER TO plain_owner",
            "SET LOCAL ROLE plain_owner",
        ):
            await connection.execute(sa.text(statement))
        assert await connection.scalar(sa.text("SELECT count(*) FROM ledger")) == 0
        with pytest.raises(DBAPIError, match="permission denied for table ledger"):
            await connection.execute(sa.text(verb))


@pytest.mark.parametrize(("one", "other"), [(-5, 6), (5, 5), (0, 0)])
async def test_an_entry_that_does_not_balance_is_refused(world, one, other):
    with pytest.raises(DBAPIError, match=r"sum to zero|ledger_amount_not_zero"):
        await attempt(world, INSERT, entry=new_id(), any=new_id(), one=one, other=other)
    assert await world.value("SELECT count(*) FROM ledger") == 0
