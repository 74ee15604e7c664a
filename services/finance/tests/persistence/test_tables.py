"""The tables that the code reads are those that the migrations make."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from chassis import tables
from chassis.migrations import CHASSIS
from finance.persistence.tables import METADATA

pytestmark = pytest.mark.servers


def ours(name, kind, _):
    return kind != "table" or name != CHASSIS.version_table


async def test_migrations_make_the_tables_of_the_code(world):
    def differences(connection):
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours})
        return compare_metadata(context, [METADATA, tables.METADATA])

    async with world.runtime.database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_structure_has_one_accepted_account_at_most(world):
    structure = await world.structure()
    await world.accepted_account(structure)
    with pytest.raises(DBAPIError, match="bank_accounts_one_accepted"):
        await world.rows(
            """
            INSERT INTO bank_accounts (id, version, structure_id, label, iban, bic, status, submitted_by, submitted_at)
            SELECT gen_random_uuid(), 1, structure_id, label, iban, bic, 'accepted', submitted_by, now()
            FROM bank_accounts RETURNING id
            """
        )
