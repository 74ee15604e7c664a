"""Configuration of identity: the common one, keys, passwords, the team's second factors, the register of companies."""

from typing import ClassVar, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from chassis.outbound import OutboundSettings
from chassis.settings import ServiceSettings
from identity.passkeys import Passkeys
from identity.persistence.secrets import Digester
from identity.signing import load_signing_key, load_verifying_keys

OFFLINE: Final = "offline"


class IdentitySettings(OutboundSettings, ServiceSettings):
    context: ClassVar[str] = "identity"

    signing_key: SecretStr = Field(description="private P-256 key, PEM or JWK; signs access tokens (ES256)")
    argon2_time_cost: int = Field(default=3, ge=1)
    argon2_memory_kib: int = Field(default=65536, ge=8)
    verifying_keys: SecretStr = Field(
        default=SecretStr(""),
        description="a JSON list of further P-256 keys, as JWK: the next one and the last, shown but not signed with",
    )
    digest_key: SecretStr = Field(
        description="32 bytes, base64; recognises documents and people, and outlives every other key"
    )
    digest_keys_old: SecretStr = Field(
        default=SecretStr(""), description="earlier digest keys, separated by blanks: still compared with"
    )
    hashes_at_once: int = Field(
        default=2, ge=1, description="passwords that one process works on side by side"
    )
    sign_in_attempts_per_minute: int = Field(
        default=10, ge=1, description="failed ones, for one account, and for one account from one place"
    )
    sign_in_attempts_per_place_per_minute: int = Field(
        default=30, ge=1, description="failed ones, from one network, whatever the account"
    )
    codes_per_person_per_hour: int = Field(
        default=10, ge=1, description="wrong ones, of somebody of the team whose password was right"
    )
    passkey_domain: str = Field(
        default="", description="what the team's keys are made for; the host of PASS_PUBLIC_URL when empty"
    )
    passkey_origins: str = Field(
        default="",
        description="of the pages where the team signs in, separated by blanks; that of PASS_PUBLIC_URL when empty",
    )
    sign_ups_per_place_per_minute: int = Field(default=60, ge=1, description="from one network")
    identity_checks_per_person_per_hour: int = Field(default=10, ge=1)
    mails_per_address_per_hour: int = Field(
        default=5, ge=1, description="of those that anybody can have sent to anybody"
    )
    company_registry: str = Field(
        default=OFFLINE,
        pattern=r"^(offline|https?://.+)$",
        description="address of the search of companies, or `offline` for a small sample",
    )

    @field_validator("signing_key")
    @classmethod
    def _signing_key_is_usable(cls, value: SecretStr) -> SecretStr:
        load_signing_key(value.get_secret_value())
        return value

    @field_validator("verifying_keys")
    @classmethod
    def _verifying_keys_are_usable(cls, value: SecretStr) -> SecretStr:
        load_verifying_keys(value.get_secret_value())
        return value

    @field_validator("digest_key", "digest_keys_old")
    @classmethod
    def _digest_keys_are_usable(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        words = value.get_secret_value().split()
        if words or info.field_name == "digest_key":
            Digester(*words or [""])
        return value

    @model_validator(mode="after")
    def _each_key_has_one_use(self) -> Self:
        sealing = f"{self.sealing_key.get_secret_value()} {self.sealing_keys_old.get_secret_value()}".split()
        if self.digest_key.get_secret_value() in sealing:
            raise ValueError("PASS_DIGEST_KEY must not be a sealing key: they are changed at other times")
        return self

    @model_validator(mode="after")
    def _keys_are_for_our_own_pages(self) -> Self:
        passkeys = self.passkeys()
        for origin in passkeys.origins:
            is_origin = bool(origin) and origin == origin_of(origin)
            if not is_origin or not f".{urlsplit(origin).hostname}".endswith(f".{passkeys.rp_id}"):
                raise ValueError(
                    "PASS_PASSKEY_ORIGINS must be origins (https://host) of PASS_PASSKEY_DOMAIN or below it"
                )
        return self

    @model_validator(mode="after")
    def _production_asks_the_register(self) -> Self:
        if self.env == "production" and self.company_registry == OFFLINE:
            raise ValueError(
                "PASS_COMPANY_REGISTRY must be an address in production: the sample knows nobody"
            )
        return self

    def passkeys(self) -> Passkeys:
        """What judges the team's keys: made for our domain, asked for by our pages."""
        origins = self.passkey_origins.split() or [origin_of(self.public_url)]
        return Passkeys(self.passkey_domain or urlsplit(self.public_url).hostname or "", origins)

    def digester(self) -> Digester:
        """What digests with the newest key, and compares with any of them."""
        return Digester(self.digest_key.get_secret_value(), *self.digest_keys_old.get_secret_value().split())


def origin_of(address: str) -> str:
    """`https://host[:port]` of an address, as browsers write it; empty for what is none."""
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower()}" if is_usable else ""
