"""Configuration of identity: the common one, the key that signs sessions, and the cost of a password."""

from typing import ClassVar

from pydantic import Field, SecretStr, field_validator

from chassis.settings import ServiceSettings
from identity.signing import load_signing_key


class IdentitySettings(ServiceSettings):
    context: ClassVar[str] = "identity"

    signing_key: SecretStr = Field(description="private P-256 key, PEM or JWK; signs access tokens (ES256)")
    argon2_time_cost: int = Field(default=3, ge=1)
    argon2_memory_kib: int = Field(default=65536, ge=8)
    hashes_at_once: int = Field(
        default=2, ge=1, description="passwords that one process works on side by side"
    )
    sign_in_attempts_per_minute: int = Field(
        default=10, ge=1, description="failed ones, for one account, and for one account from one place"
    )
    sign_in_attempts_per_place_per_minute: int = Field(
        default=30, ge=1, description="failed ones, from one network, whatever the account"
    )
    sign_ups_per_place_per_minute: int = Field(default=60, ge=1, description="from one network")
    mails_per_address_per_hour: int = Field(
        default=5, ge=1, description="of those that anybody can have sent to anybody"
    )

    @field_validator("signing_key")
    @classmethod
    def _signing_key_is_usable(cls, value: SecretStr) -> SecretStr:
        load_signing_key(value.get_secret_value())
        return value
