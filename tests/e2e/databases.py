"""What stands in the databases of a platform, so that a test can say that nothing was written."""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import asyncpg

from local_platform.platform.own_secrets import CONTEXTS
from local_platform.platform.platform import Platform
from local_platform.servers.certificates import client_of

RESTLESS = frozenset({"throttles", "alembic_version"})
"""Tables that count attempts or that no request writes."""

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_CONTENT = """
SELECT '{table}' AS name, count(*) AS rows, coalesce(md5(string_agg(line, '' ORDER BY line)), '') AS digest
FROM (SELECT md5(t::text) AS line FROM "{table}" AS t) AS lines
"""

_MAILS_OWED = "SELECT count(*) FROM outgoing_mails WHERE sent_at IS NULL AND parked_at IS NULL"

Snapshot = Mapping[str, tuple[int, str]]
"""`context.table` → its number of rows and a digest of their contents."""


@dataclass(frozen=True)
class Databases:
    """A connection to each context's database, as that context's own role."""

    connections: Mapping[str, asyncpg.Connection]

    @classmethod
    async def open(cls, platform: Platform) -> Self:
        connections, folder = {}, platform.certificates
        for context in CONTEXTS:
            url = platform.settings_of(context)[f"PASS_DATABASE_URL_{context.upper()}"].replace(
                "+asyncpg", ""
            )
            shown = None if folder is None else client_of(folder, context)
            connections[context] = await asyncpg.connect(url, ssl=shown)
        return cls(connections)

    async def close(self) -> None:
        for connection in self.connections.values():
            await connection.close()

    async def tables(self) -> Sequence[tuple[str, str]]:
        """Each (context, table)."""
        found = []
        for context, connection in self.connections.items():
            found += [(context, row["tablename"]) for row in await connection.fetch(_TABLES)]
        return found

    async def snapshot(self, leave_out: Iterable[str] = RESTLESS) -> Snapshot:
        """The content of every table now."""
        tables: dict[str, list[str]] = {}
        for context, table in await self.tables():
            if table not in leave_out:
                tables.setdefault(context, []).append(table)
        content = {}
        for context, names in tables.items():
            query = " UNION ALL ".join(_CONTENT.format(table=table) for table in names)
            for row in await self.connections[context].fetch(query):
                content[f"{context}.{row['name']}"] = (row["rows"], row["digest"])
        return content

    async def settled(self, patience_seconds: float = 60.0) -> Snapshot:
        """The content once all that was told is heard and every mail sent: nothing waits, and nothing moves any more.

        A mail that is owed may wait longer than nothing moves; the link in it is written when it leaves.
        """
        deadline = time.monotonic() + patience_seconds
        before = await self.snapshot()
        while True:
            await asyncio.sleep(0.4)
            after = await self.snapshot()
            waiting = [name for name, (rows, _) in after.items() if name.endswith(".outbox") and rows]
            for context, connection in self.connections.items():
                waiting += [f"{context}.outgoing_mails"] * await connection.fetchval(_MAILS_OWED)
            if after == before and not waiting:
                return after
            assert time.monotonic() < deadline, f"never at rest: {waiting or changed(before, after)}"
            before = after

    async def rows(self, context: str, query: str, *arguments: Any) -> Sequence[Mapping[str, Any]]:
        return [dict(row) for row in await self.connections[context].fetch(query, *arguments)]

    async def forget_attempts(self) -> None:
        """Nobody is throttled any more."""
        for context, table in await self.tables():
            if table == "throttles":
                await self.connections[context].execute("DELETE FROM throttles")

    async def text_of(self, context: str, table: str) -> str:
        """Every row of a table as JSON text, bytes as readable text."""
        rows = await self.connections[context].fetch(f'SELECT * FROM "{table}"')
        return "\n".join(json.dumps(dict(row), default=_readable, ensure_ascii=False) for row in rows)


def changed(before: Snapshot, after: Snapshot) -> Mapping[str, tuple[object, object]]:
    """The tables that differ: rows and digest before, and after."""
    return {
        name: (before.get(name), after.get(name))
        for name in {*before, *after}
        if before.get(name) != after.get(name)
    }


def _readable(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
