"""Identity does not start without a key it can sign with, and never shows one."""

import json
from collections.abc import Callable, Mapping

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from chassis.sealed import Sealer
from chassis.settings import ConfigurationError
from chassis.testing import SEALING_KEY, environment
from identity.settings import IdentitySettings
from identity.signing import AccessTokens, load_signing_key, load_verifying_keys

KEY = ECKey.generate_key("P-256")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, inner_tls: Callable[[str], Mapping[str, str]]) -> None:
    for name, value in {
        **environment(),
        **environment(inner_tls("identity")),
        "PASS_ENV": "production",
        "PASS_DIGEST_KEY": Sealer.new_key(),
        "PASS_COMPANY_REGISTRY": "https://register.example",
        "PASS_DATABASE_URL_IDENTITY": "postgresql+asyncpg://identity@127.0.0.1:1/identity",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("PASS_SIGNING_KEY", "PASS_SIGNING_KEY_IDENTITY", "PASS_SIGNING_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)


def test_production_refuses_to_start_without_a_signing_key() -> None:
    with pytest.raises(ConfigurationError, match="PASS_SIGNING_KEY"):
        IdentitySettings.load()


@pytest.mark.parametrize(
    "text", [KEY.as_pem(private=True).decode(), json.dumps(KEY.as_dict(private=True))], ids=["pem", "jwk"]
)
def test_the_key_may_be_pem_or_jwk(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PASS_SIGNING_KEY_IDENTITY", text)
    assert (
        load_signing_key(IdentitySettings.load().signing_key.get_secret_value()).thumbprint()
        == KEY.thumbprint()
    )


@pytest.mark.parametrize(
    "text",
    [
        "changeme",
        "{}",
        "{not json",
        KEY.as_pem(private=False).decode(),
        ECKey.generate_key("P-384").as_pem(private=True).decode(),
        RSAKey.generate_key(2048).as_pem(private=True).decode(),
        json.dumps(OctKey.generate_key(256).as_dict(private=True)),
    ],
    ids=["text", "empty", "broken", "public", "P-384", "RSA", "symmetric"],
)
def test_any_other_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PASS_SIGNING_KEY", text)
    with pytest.raises(ConfigurationError, match="P-256") as refused:
        IdentitySettings.load()
    assert text not in str(refused.value)


def test_the_public_keys_hold_nothing_private() -> None:
    key = load_signing_key(KEY.as_pem(private=True).decode())
    beside = load_verifying_keys(json.dumps([ECKey.generate_key("P-256").as_dict(private=True)]))
    signing, shown = AccessTokens(key, 900, beside).public_keys()["keys"]
    assert "d" not in signing
    assert "d" not in shown
    assert signing["kid"] == KEY.thumbprint()


@pytest.mark.parametrize("value", ["", "short", SEALING_KEY], ids=["empty", "short", "the sealing key"])
def test_the_digest_key_is_there_is_32_bytes_and_seals_nothing(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PASS_SIGNING_KEY", KEY.as_pem(private=True).decode())
    monkeypatch.setenv("PASS_DIGEST_KEY", value)
    with pytest.raises(ConfigurationError, match="PASS_DIGEST_KEY") as refused:
        IdentitySettings.load()
    assert not value or value not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["{}", "[1]", '["x"]', json.dumps([OctKey.generate_key(256).as_dict(private=True)])],
    ids=["no list", "a number", "a text", "symmetric"],
)
def test_keys_shown_beside_are_p_256_and_never_shown_in_an_error(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PASS_SIGNING_KEY", KEY.as_pem(private=True).decode())
    monkeypatch.setenv("PASS_VERIFYING_KEYS", text)
    with pytest.raises(ConfigurationError, match="PASS_VERIFYING_KEYS") as refused:
        IdentitySettings.load()
    assert text not in str(refused.value)


@pytest.mark.parametrize("register", ["", "offline"])
def test_production_does_not_take_the_sample_for_the_register(
    monkeypatch: pytest.MonkeyPatch, register: str
) -> None:
    monkeypatch.setenv("PASS_SIGNING_KEY", KEY.as_pem(private=True).decode())
    monkeypatch.setenv("PASS_COMPANY_REGISTRY", register)
    with pytest.raises(ConfigurationError, match="PASS_COMPANY_REGISTRY must be an address"):
        IdentitySettings.load()


@pytest.mark.parametrize(
    ("domain", "origins", "expected"),
    [
        ("", "", ("pass.example", ["https://pass.example:8443"])),
        ("pass.example", "https://equipe.pass.example", ("pass.example", ["https://equipe.pass.example"])),
        (
            "",
            "https://pass.example https://b.pass.example",
            ("pass.example", ["https://pass.example", "https://b.pass.example"]),
        ),
    ],
    ids=["by the public address", "a page below it", "two"],
)
def test_the_teams_keys_are_for_our_pages(
    monkeypatch: pytest.MonkeyPatch, domain: str, origins: str, expected: tuple[str, list[str]]
) -> None:
    monkeypatch.setenv("PASS_SIGNING_KEY", KEY.as_pem(private=True).decode())
    monkeypatch.setenv("PASS_PUBLIC_URL", "https://pass.example:8443")
    monkeypatch.setenv("PASS_PASSKEY_DOMAIN", domain)
    monkeypatch.setenv("PASS_PASSKEY_ORIGINS", origins)
    passkeys = IdentitySettings.load().passkeys()
    assert (passkeys.rp_id, list(passkeys.origins)) == expected


@pytest.mark.parametrize(
    "origins",
    [
        "pass.example",
        "https://pass.example/page",
        "https://pass.example.attacker.example",
        "https://xpass.example",
        "https://[",
    ],
)
def test_pages_of_others_are_none(monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    monkeypatch.setenv("PASS_SIGNING_KEY", KEY.as_pem(private=True).decode())
    monkeypatch.setenv("PASS_PASSKEY_DOMAIN", "pass.example")
    monkeypatch.setenv("PASS_PASSKEY_ORIGINS", origins)
    with pytest.raises(ConfigurationError, match="PASS_PASSKEY_ORIGINS"):
        IdentitySettings.load()
