"""The migrations lead to the tables the code knows, and the constraints guard the rules."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from chassis import tables as chassis_tables
from chassis.at_rest import placed
from chassis.ids import new_id
from identity.persistence.tables import METADATA, grants, persons, structures

pytestmark = pytest.mark.servers


async def test_the_migrated_database_has_exactly_the_tables_of_the_code(identity: Any) -> None:
    def differences(connection: sa.Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_server_default": False,
                "include_name": lambda name, *_: name != "chassis_version",
            },
        )
        return list(compare_metadata(context, [METADATA, chassis_tables.METADATA]))

    async with identity.runtime.database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def person(**changes: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "email": "a@example.com",
        "password_hash": "x",
        "first_name": "A",
        "last_name": "B",
        "created_at": sa.func.now(),
        **changes,
    }


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (persons, person(email="A@example.com")),
        (persons, person(roles=["admin", "beneficiary"])),
        (
            structures,
            {"id": new_id(), "siren": "x", "name": "x", "status": "pending", "created_at": sa.func.now()},
        ),
        (
            structures,
            {
                "id": new_id(),
                "siren": "732829320",
                "name": "x",
                "status": "validated",
                "created_at": sa.func.now(),
            },
        ),
    ],
)
async def test_the_database_refuses_what_the_rules_forbid(
    identity: Any, table: sa.Table, values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        async with identity.runtime.database.engine.begin() as connection:
            await connection.execute(sa.insert(table).values(**placed(table, values)))


async def test_no_second_grant_of_a_family_and_no_negative_amount(identity: Any) -> None:
    async with identity.runtime.database.engine.begin() as connection:
        owner = person()
        await connection.execute(sa.insert(persons).values(**placed(persons, owner)))
    grant = {
        "person_id": owner["id"],
        "kind": "GRANT_17_18",
        "family": "GRANT_17_18",
        "granted_at": sa.func.now(),
    }
    with pytest.raises(IntegrityError, match="grants_amounts"):
        await _grant(identity, grant, -1)
    await _grant(identity, grant, 5000)
    with pytest.raises(IntegrityError, match="grants_person_id_family"):
        await _grant(identity, grant, 5000)


async def _grant(identity: Any, grant: dict[str, Any], cents: int) -> None:
    async with identity.runtime.database.engine.begin() as connection:
        await connection.execute(sa.insert(grants).values(id=new_id(), amount_cents=cents, **grant))
