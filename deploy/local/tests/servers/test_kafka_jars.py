"""Only the locked jars are used."""

import shutil
from pathlib import Path

import pytest
from jgo.env import LockFile

from local_platform.servers import kafka_jars
from local_platform.user_error import UserError


def test_the_lock_holds_checksums_and_no_address() -> None:
    text = kafka_jars.LOCK.read_text()
    assert "://" not in text
    locked = LockFile.load(kafka_jars.LOCK).dependencies
    assert all(dependency.sha256 for dependency in locked)
    versions = {d.version for d in locked if d.groupId == "org.apache.kafka"}
    assert len(versions) == 1, "one Kafka, not a mixture"


@pytest.mark.servers
def test_a_damaged_jar_is_fetched_again_and_a_stray_one_removed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "jars"
    shutil.copytree(kafka_jars.ensure_jars(), folder)
    monkeypatch.setattr(kafka_jars, "JARS", folder)
    damaged = next(folder.glob("jspecify-*.jar"))
    damaged.write_bytes(b"not a jar")
    (folder / "stray-1.0.jar").write_bytes(b"")
    heard: list[tuple[int, int]] = []
    kafka_jars.ensure_jars(lambda there, total: heard.append((there, total)))
    assert damaged.stat().st_size > 100
    assert not (folder / "stray-1.0.jar").exists()
    (_, total) = heard[0]
    assert heard == [(total - 1, total), (total, total)]


@pytest.mark.servers
def test_a_jar_that_is_not_the_locked_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = kafka_jars.LOCK.read_text().replace('sha256 = "', 'sha256 = "0', 1)
    lock = tmp_path / "jgo.lock.toml"
    lock.write_text(
        changed.split("[[dependencies]]")[0] + "[[dependencies]]" + changed.split("[[dependencies]]")[1]
    )
    monkeypatch.setattr(kafka_jars, "LOCK", lock)
    monkeypatch.setattr(kafka_jars, "JARS", tmp_path / "jars")
    with pytest.raises(UserError, match=r"not the one that jgo\.lock\.toml names"):
        kafka_jars.ensure_jars()
    assert not list((tmp_path / "jars").glob("*.jar"))
