import dataclasses

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from catalog.persistence import records
from catalog.persistence.tables import METADATA, offers, stocks, structures, venues
from chassis import tables as chassis_tables


@pytest.mark.parametrize(
    ("record", "table"),
    [
        (records.StructureRecord, structures),
        (records.VenueRecord, venues),
        (records.OfferRecord, offers),
        (records.StockRecord, stocks),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_records_are_the_columns_in_their_order(record, table):
    columns = [column.name for column in table.columns if column.name != "changed_at"]
    assert [field.name for field in dataclasses.fields(record)] == columns


@pytest.mark.servers
async def test_the_migrations_make_the_tables_that_the_code_knows(runtime):
    whole = sa.MetaData()
    for metadata in (METADATA, chassis_tables.METADATA):
        for table in metadata.tables.values():
            table.to_metadata(whole)

    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, whole)
        histories = ("alembic_version", "chassis_version")
        return [
            each
            for each in found
            if "comment" not in str(each[0]) and not any(history in str(each) for history in histories)
        ]

    async with runtime.database.read() as connection:
        assert await connection.run_sync(differences) == []
