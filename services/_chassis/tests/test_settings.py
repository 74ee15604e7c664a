"""Configuration comes from the environment, in one order, and is checked before anything starts."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from notebook.settings import NotebookSettings

from chassis.provenance import Signer
from chassis.sealed import Sealer
from chassis.settings import ConfigurationError
from chassis.testing import EVENT_KEY, environment

COMPLETE = {
    **environment(),
    "PASS_KAFKA": "broker:9092",
    "PASS_JWKS_URL": "http://identity/jwks",
    "PASS_DATABASE_URL": "postgresql+asyncpg://role:hidden@host/db",
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)


def refusal() -> str:
    with pytest.raises(ConfigurationError) as refused:
        NotebookSettings.load()
    return str(refused.value)


def test_the_contexts_own_variable_comes_before_the_platforms_and_that_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "kafka"
    secret.write_text("from-file:1\n")
    monkeypatch.delenv("PASS_KAFKA")
    monkeypatch.setenv("PASS_KAFKA_FILE", str(secret))
    assert NotebookSettings.load().kafka == "from-file:1"
    monkeypatch.setenv("PASS_KAFKA", "from-platform:1")
    assert NotebookSettings.load().kafka == "from-platform:1"
    monkeypatch.setenv("PASS_KAFKA_NOTEBOOK", "from-context:1")
    assert NotebookSettings.load().kafka == "from-context:1"
    monkeypatch.setenv("PASS_KAFKA_NOTEBOOK", "")
    assert NotebookSettings.load().kafka == "from-platform:1", "an empty variable is not set"


def test_each_missing_variable_is_named_in_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASS_SEALING_KEY")
    monkeypatch.delenv("PASS_DATABASE_URL")
    assert refusal().splitlines() == [
        "notebook: the configuration is not complete",
        "  PASS_DATABASE_URL: is missing (postgresql+asyncpg://role:password@host:port/database)",
        "  PASS_SEALING_KEY: is missing (32 bytes, base64; seals personal data inside events)",
    ]


@pytest.mark.parametrize("env", ["development", "test", "production"])
def test_no_mode_starts_without_its_secrets(env: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASS_ENV", env)
    monkeypatch.delenv("PASS_SEALING_KEY")
    assert "PASS_SEALING_KEY" in refusal()


def test_production_refuses_time_travel(
    monkeypatch: pytest.MonkeyPatch, inner_tls: Callable[[str], Mapping[str, str]]
) -> None:
    for name, value in environment({"time_travel": "true", **inner_tls("notebook")}).items():
        monkeypatch.setenv(name, value)
    assert NotebookSettings.load().time_travel
    monkeypatch.setenv("PASS_ENV", "production")
    assert "PASS_TIME_TRAVEL must be off in production" in refusal()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PASS_HTTP_PORT", "70000", "PASS_HTTP_PORT: Input should be less than or equal to 65535"),
        ("PASS_EVENT_KEY", "c2hvcnQ=", "PASS_EVENT_KEY: the event key must be 32 bytes in base64"),
        ("PASS_EVENT_KEY", "!?", "PASS_EVENT_KEY: the event key is not base64"),
        ("PASS_EVENT_KEYS", "notebook", "PASS_EVENT_KEYS: each word must be context:key"),
        ("PASS_EVENT_KEYS", "notebook:!?", "PASS_EVENT_KEYS: the event key is not base64"),
        ("PASS_SEALING_KEY", "c2hvcnQ=", "PASS_SEALING_KEY: the sealing key must be 32 bytes in base64"),
        ("PASS_SEALING_KEY", "!?", "PASS_SEALING_KEY: the sealing key is not base64"),
        ("PASS_STORAGE_KEY", "c2hvcnQ=", "PASS_STORAGE_KEY: the storage key must be 32 bytes in base64"),
        ("PASS_STORAGE_KEYS_OLD", "!?", "PASS_STORAGE_KEYS_OLD: the storage key is not base64"),
        ("PASS_DATABASE_URL", "mysql://h", "PASS_DATABASE_URL: must begin with postgresql+asyncpg://"),
        ("PASS_SMTP", "mailhost", "PASS_SMTP: String should match pattern"),
        ("PASS_ENV", "prod", "PASS_ENV: Input should be 'development', 'test' or 'production'"),
    ],
)
def test_a_wrong_value_is_refused_without_being_repeated(
    variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert said in refusal()
    assert f"{value!r}" not in refusal()


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASS_SEALING_KEY")
    monkeypatch.setenv("PASS_SEALING_KEY_FILE", "/nowhere/key")
    assert refusal() == "PASS_SEALING_KEY_FILE: /nowhere/key cannot be read (FileNotFoundError)"


def test_secrets_are_not_in_the_settings_text() -> None:
    settings = NotebookSettings.load()
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert "hidden" not in text
        assert COMPLETE["PASS_SEALING_KEY"] not in text


def test_a_service_that_nobody_would_believe_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    public_key = Signer(EVENT_KEY).public_key
    monkeypatch.setenv("PASS_EVENT_KEYS", f"booking:{public_key}")
    assert "does not show the public key of PASS_EVENT_KEY as notebook's" in refusal()
    monkeypatch.setenv(
        "PASS_EVENT_KEYS", f"notebook:{Signer(Sealer.new_key()).public_key} notebook:{public_key}"
    )
    NotebookSettings.load()
