"""Columns in clear become sealed ones under a service that goes on: what a revision calls for its table.

`op.get_context().config.attributes["seal"](op.get_context(), "persons", ("first_name", "birth_date"))`:
a revision reads nothing of today's code, and only who migrates has the keys.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from chassis.at_rest import KeyRing, written

PAGE: Final = 500
"""Rows that are sealed in one statement."""

_BEFORE_ALL: Final = UUID(int=0)


class FirstSeals:
    """Expand, seal, contract.

    - Expand: an empty column beside each one in clear.
    - Seal: page by page, each committed by itself, while others read and write. What they change meanwhile, a
      trigger marks to be sealed again. A migration that was killed goes on where it was.
    - Contract, in one short transaction: what is left is sealed and the columns in clear are dropped. Then the
      table is written anew, because a dropped column stays in its files.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def __call__(
        self, migration: MigrationContext, table: str, columns: Sequence[str], row: str = "id"
    ) -> None:
        """Texts and dates of `table`, whose primary key is `row`, a UUID. Where they are sealed already, nothing."""
        connection = migration.connection
        assert connection is not None
        if mandatory := _in_clear(connection, table, columns):
            words = _Words(table, tuple(mandatory), row)
            with migration.autocommit_block():
                for statement in words.expanding:
                    connection.exec_driver_sql(statement)
                self._seal(connection, words)
            connection.exec_driver_sql(words.locking)
            self._seal(connection, words)
            for statement in words.contracting(mandatory):
                connection.exec_driver_sql(statement)
        with migration.autocommit_block():
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")

    def _seal(self, connection: sa.Connection, words: "_Words") -> None:
        after = _BEFORE_ALL
        while rows := connection.execute(words.reading, {"after": after}).all():
            connection.execute(words.sealing, [self._sealed(words, row._mapping) for row in rows])
            after = rows[-1].row_id

    def _sealed(self, words: "_Words", row: Mapping[Any, Any]) -> dict[str, Any]:
        id_, values = row["row_id"], {"row_id": row["row_id"]}
        for name in words.columns:
            value = values[f"old_{name}"] = row[name]
            values[f"new_{name}"] = (
                None if value is None else self._ring.seal(f"{words.table}.{name}", id_, written(value))
            )
        return values


class _Words:
    """The statements of one table. Its names are those of a revision, never of a client."""

    def __init__(self, table: str, columns: Sequence[str], row: str) -> None:
        self.table = table
        self.columns = columns
        listed = ", ".join(columns)
        waiting = " OR ".join(f"({name} IS NOT NULL AND {name}_sealed IS NULL)" for name in columns)
        self.expanding = (
            *(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {name}_sealed bytea" for name in columns),
            f"CREATE OR REPLACE FUNCTION {table}_seal_again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            + "".join(f"NEW.{name}_sealed := NULL; " for name in columns)
            + "RETURN NEW; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_seal_again BEFORE UPDATE OF {listed} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_seal_again()",
        )
        self.reading = sa.text(
            f"SELECT {row} AS row_id, {listed} FROM {table}"  # noqa: S608
            f" WHERE {row} > :after AND ({waiting}) ORDER BY {row} LIMIT {PAGE}"
        )
        self.sealing = sa.text(
            f"UPDATE {table} SET "  # noqa: S608
            + ", ".join(f"{name}_sealed = :new_{name}" for name in columns)
            + f" WHERE {row} = :row_id"
            + "".join(f" AND {name} IS NOT DISTINCT FROM :old_{name}" for name in columns)
        )
        """Nothing of a row that changed since it was read: it is still waiting, and read again."""
        self.locking = f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"

    def contracting(self, mandatory: Mapping[str, bool]) -> Sequence[str]:
        return (
            f"DROP TRIGGER {self.table}_seal_again ON {self.table}",
            f"DROP FUNCTION {self.table}_seal_again",
            *(f"ALTER TABLE {self.table} DROP COLUMN {name}" for name in self.columns),
            *(f"ALTER TABLE {self.table} RENAME COLUMN {name}_sealed TO {name}" for name in self.columns),
            *(
                f"ALTER TABLE {self.table} ALTER COLUMN {name} SET NOT NULL"
                for name in self.columns
                if mandatory[name]
            ),
        )


def _in_clear(connection: sa.Connection, table: str, columns: Sequence[str]) -> dict[str, bool]:
    """Those of the columns that are not sealed, and whether each must have a value."""
    rows = connection.execute(
        sa.text(
            "SELECT column_name, is_nullable = 'NO' AS is_mandatory FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = :table AND data_type <> 'bytea'"
        ),
        {"table": table},
    )
    found = {row.column_name: row.is_mandatory for row in rows}
    return {name: found[name] for name in columns if name in found}
