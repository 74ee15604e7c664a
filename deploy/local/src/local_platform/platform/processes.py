"""Every process of the platform with its settings: the composition root of one machine."""

import hashlib
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from local_platform.paths import PYTHON, ROOT
from local_platform.platform.external_servers import ExternalServers
from local_platform.platform.own_secrets import (
    CONTEXTS,
    event_key_of,
    event_keys,
    password_of,
    storage_key_of,
)
from local_platform.servers import router_binary
from local_platform.servers.door import door_part
from local_platform.servers.kafka import LocalKafka
from local_platform.servers.parts import (
    KafkaPart,
    Part,
    PostgresPart,
    ProcessPart,
    Tell,
    inherited_environment,
)
from local_platform.servers.ports import LOOPBACK, Ports
from local_platform.servers.postgres import LocalPostgres
from local_platform.servers.router import gateway_part
from local_platform.user_error import UserError


def all_parts(
    state: Path,
    ports: Ports,
    external: ExternalServers,
    secrets: Mapping[str, str],
    durable: bool,
    certificates: Path | None = None,
) -> Sequence[Part]:
    """The parts of one platform, in the order in which a person reads them; `certificates`: theirs, for inner TLS."""
    own = [context for context in CONTEXTS if context not in external.databases]
    settings = shared_settings(state, ports, external, secrets, certificates)
    parts: list[Part] = []
    if own:
        server = LocalPostgres(
            state / "postgres",
            ports["postgres"],
            durable=durable,
            log=state / "logs" / "postgres.log",
            certificates=certificates,
        )
        parts.append(PostgresPart(server, {context: secrets[password_of(context)] for context in own}))
    if external.kafka is None:
        broker = LocalKafka(
            state / "kafka",
            ports["kafka"],
            ports["kafka-controller"],
            state / "logs" / "kafka.log",
            certificates,
        )
        parts.append(KafkaPart(broker))
    if external.smtp is None:
        command = [
            str(PYTHON),
            "-m",
            "local_platform.servers.mailbox",
            str(ports["mailbox"]),
            str(state / "mail"),
        ]
        parts.append(ProcessPart("mailbox", command, {}, ports["mailbox"], state, ready_path=None))
    jwks = jwks_url(ports, certificates)
    parts.append(door_part(state, ports, certificates))
    parts.append(gateway_part(state, ports, jwks, router_binary.find(), certificates))
    for context in CONTEXTS:
        parts.extend(_context_parts(context, state, ports, external, settings, certificates))
        if context == "catalog":
            search = _python("search", "serve", ports["search"], settings, state, _kafka(external))
            parts.append(replace(search, certificates=certificates))
    return parts


def shared_settings(
    state: Path,
    ports: Ports,
    external: ExternalServers,
    secrets: Mapping[str, str],
    certificates: Path | None = None,
) -> Mapping[str, str]:
    """The settings that services read, for all of them; a context's own names end in its name."""
    settings = {
        "PASS_ENV": "development",
        "PASS_TIME_TRAVEL": "true",
        # Everybody on this machine comes from one place.
        "PASS_SIGN_UPS_PER_PLACE_PER_MINUTE_IDENTITY": "10000",
        # The story is played again before the last code has passed, which is a wrong one then.
        "PASS_CODES_PER_PERSON_PER_HOUR_IDENTITY": "1000",
        "PASS_HTTP_HOST": LOOPBACK,
        "PASS_KAFKA": external.kafka or f"{LOOPBACK}:{ports['kafka']}",
        "PASS_SMTP": external.smtp or f"{LOOPBACK}:{ports['mailbox']}",
        "PASS_JWKS_URL": jwks_url(ports, certificates),
        "PASS_PUBLIC_URL": f"http://{LOOPBACK}:{ports['door']}",
        "PASS_SEALING_KEY": secrets["PASS_SEALING_KEY"],
        "PASS_EVENT_KEYS": event_keys(secrets),
        "PASS_DIGEST_KEY_IDENTITY": secrets["PASS_DIGEST_KEY"],
        "PASS_SIGNING_KEY_IDENTITY": secrets["PASS_SIGNING_KEY"],
        "PASS_FILES": f"file://{quote(str(state / 'files'))}",
        "PASS_INDEX_DIR_SEARCH": str(state / "search"),
        "PASS_HTTP_PORT_SEARCH": str(ports["search"]),
    }
    for context in CONTEXTS:
        settings[event_key_of(context)] = secrets[event_key_of(context)]
        settings[storage_key_of(context)] = secrets[storage_key_of(context)]
        settings[f"PASS_DATABASE_URL_{context.upper()}"] = database_url(context, ports, external, secrets)
        settings[f"PASS_HTTP_PORT_{context.upper()}"] = str(ports[context])
        settings[f"PASS_WORKER_PORT_{context.upper()}"] = str(ports[f"{context}-worker"])
    if certificates is not None:
        own = {name: str(certificates / name) for name in (*CONTEXTS, "search")}
        settings |= {f"PASS_INNER_TLS_{name.upper()}": folder for name, folder in own.items()}
    return settings


def settings_of(context: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Only what one context may know: no other's database, no key that is not its own."""
    others = tuple(f"_{name.upper()}" for name in (*CONTEXTS, "search") if name != context)
    return {name: value for name, value in settings.items() if not name.endswith(others)}


def database_url(context: str, ports: Ports, external: ExternalServers, secrets: Mapping[str, str]) -> str:
    """SQLAlchemy URL of a context's database, the external one or ours."""
    own = f"{context}:{secrets[password_of(context)]}@{LOOPBACK}:{ports['postgres']}/{context}"
    return external.databases.get(context, f"postgresql+asyncpg://{own}")


def jwks_url(ports: Ports, certificates: Path | None = None) -> str:
    """Where identity publishes its public keys."""
    return f"{'http' if certificates is None else 'https'}://{LOOPBACK}:{ports['identity']}/.well-known/jwks.json"


def _context_parts(
    context: str,
    state: Path,
    ports: Ports,
    external: ExternalServers,
    settings: Mapping[str, str],
    certificates: Path | None,
) -> Sequence[Part]:
    database = () if context in external.databases else ("postgres",)
    migrate = _migration(context, state, settings_of(context, settings))
    serve = _python(context, "serve", ports[context], settings, state, after=database, prepare=migrate)
    worker_port = ports[f"{context}-worker"]
    worker = _python(context, "work", worker_port, settings, state, after=(context, *_kafka(external)))
    return replace(serve, certificates=certificates), replace(worker, certificates=certificates)


def _python(
    package: str,
    verb: str,
    port: int,
    settings: Mapping[str, str],
    state: Path,
    after: Sequence[str],
    prepare: Callable[[Tell], None] = lambda tell: None,
) -> ProcessPart:
    name = package if verb == "serve" else f"{package}-worker"
    command = [str(PYTHON), "-m", package, verb]
    return ProcessPart(name, command, settings_of(package, settings), port, state, after, prepare)


def _kafka(external: ExternalServers) -> Sequence[str]:
    return ("kafka",) if external.kafka is None else ()


def _migration(context: str, state: Path, settings: Mapping[str, str]) -> Callable[[Tell], None]:
    """Bring the database to the newest revision; skipped when these very revisions were run already."""

    def migrate(tell: Tell) -> None:
        stamp = state / "migrated" / context
        wanted = _edition(ROOT / "services" / context / "migrations", settings)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        tell("migrating its database")
        log = state / "logs" / f"{context}-migrate.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as output:
            done = subprocess.run(
                [PYTHON, "-m", context, "migrate"],
                env={**inherited_environment(), **settings},
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode != 0:
            raise UserError(f"The database of {context} could not be migrated.", "Its log says why.", log)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(wanted)

    return migrate


def _edition(migrations: Path, settings: Mapping[str, str]) -> str:
    files = sorted(migrations.rglob("*.py"))
    urls = [value for name, value in settings.items() if name.startswith("PASS_DATABASE_URL")]
    whole = b"\0".join([*(file.read_bytes() for file in files), *(url.encode() for url in urls)])
    return hashlib.sha256(whole).hexdigest()
