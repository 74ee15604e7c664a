"""Where files are kept is said once, and checked at start."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from filestores.places import NotebookFiles, settings

from chassis.files.bucket import BucketStore
from chassis.files.folder import FolderStore
from chassis.settings import ConfigurationError
from chassis.testing import environment


@pytest.fixture
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment().items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_environment")
def test_production_refuses_to_start_without_a_place(
    monkeypatch: pytest.MonkeyPatch, inner_tls: Callable[[str], Mapping[str, str]]
) -> None:
    for name, value in environment({"env": "production", **inner_tls("notebook")}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match="PASS_FILES is missing"):
        NotebookFiles.load()
    monkeypatch.setenv("PASS_FILES", "s3://bucket?region=eu-west-3")
    assert isinstance(NotebookFiles.load().file_store(), BucketStore)


@pytest.mark.usefixtures("_environment")
def test_elsewhere_a_folder_of_the_machine_will_do() -> None:
    assert isinstance(NotebookFiles.load().file_store(), FolderStore)


def test_two_contexts_share_a_place_without_sharing_a_name(tmp_path: Path) -> None:
    store = settings(f"file://{tmp_path}/with%20blank").file_store()
    assert isinstance(store, FolderStore)
    assert store._root == tmp_path / "with blank" / "notebook"
    bucket = settings("s3://bucket/deep/prefix?endpoint=https://s3.example").file_store()
    assert isinstance(bucket, BucketStore)
    assert bucket._store.prefix == "deep/prefix/notebook"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/folder", "must be file"),
        ("file://folder", "must be file"),
        ("file:///", "must be file"),
        ("ftp://host/folder", "must be file"),
        ("s3://", "must be file"),
        ("s3:///prefix", "must be file"),
        ("s3://bucket?secret=x", "only endpoint and region"),
    ],
)
def test_a_place_that_is_none_is_named(place: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        settings(place)


def test_half_a_pair_of_keys_is_none() -> None:
    with pytest.raises(ValueError, match="go together"):
        settings("s3://bucket", files_secret_key=None)


def test_no_key_is_ever_shown() -> None:
    assert "secret" not in repr(settings("s3://bucket", files_secret_key="secret")).replace(
        "files_secret", ""
    )
