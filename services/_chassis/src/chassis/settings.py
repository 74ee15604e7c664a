"""Configuration from the environment, checked at start.

Each field `x` of the service `booking` is read from `PASS_X_BOOKING`, else `PASS_X`, else
from the file named by `PASS_X_FILE` (a mounted secret). Secrets have no default: a service
without its secrets does not start, in any mode.
"""

import os
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from chassis.at_rest import KeyRing
from chassis.incoming import CLIENT_ADDRESS_HEADER
from chassis.inner_tls import InnerTls, inner_tls
from chassis.provenance import Producers, Signer, public_keys
from chassis.sealed import Sealer

PREFIX = "PASS_"


class ConfigurationError(Exception):
    """The environment does not hold what the service needs; the message says what and how."""


class _ContextEnvironment(PydanticBaseSettingsSource):
    """Reads `PASS_<FIELD>_<CONTEXT>`, then `PASS_<FIELD>`, then the file in `PASS_<FIELD>_FILE`."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        context = getattr(self.settings_cls, "context", "")
        name = f"{PREFIX}{field_name.upper()}"
        for variable in (f"{name}_{context.upper()}", name):
            if (value := os.environ.get(variable)) not in (None, ""):
                return value, field_name, False
        if path := os.environ.get(f"{name}_FILE"):
            return _secret(f"{name}_FILE", path), field_name, False
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {}
        for name, field in self.settings_cls.model_fields.items():
            value, key, _ = self.get_field_value(field, name)
            if value is not None:
                values[key] = value
        return values


def _secret(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{variable}: {path} cannot be read ({type(error).__name__})") from None


class BrokerSettings(BaseSettings):
    """What is needed to be one of the platform's parts, and to reach the broker."""

    context: ClassVar[str] = ""

    env: Literal["development", "test", "production"] = "development"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    inner_tls: Path | None = Field(
        default=None, description="folder of own.pem and authority.pem: all that is inside is spoken by TLS"
    )
    kafka: str = Field(description="bootstrap servers, host:port[,host:port]")
    kafka_partitions: int = Field(default=3, ge=1)
    kafka_replication: int = Field(default=1, ge=1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, _ContextEnvironment(settings_cls)

    @model_validator(mode="after")
    def _is_believed_inside(self) -> Self:
        if self.inner_tls is None and self.env == "production":
            raise ValueError(
                "PASS_INNER_TLS must be set in production (./pass certificates makes the folder)"
            )
        self.inner()
        return self

    def inner(self) -> InnerTls | None:
        """What this process shows to the other parts and whom it believes; None where they speak in clear."""
        return None if self.inner_tls is None else inner_tls(self.inner_tls, self.context)

    @classmethod
    def load(cls) -> Self:
        """Settings from the environment.

        Raises ConfigurationError with one line per missing or wrong variable.
        """
        try:
            return cls()  # type: ignore[call-arg]  # the environment gives the rest
        except ValidationError as error:
            lines = [f"{cls.context or 'service'}: the configuration is not complete"]
            lines += [f"  {cls._line(problem)}" for problem in error.errors(include_input=False)]
            raise ConfigurationError("\n".join(lines)) from None

    @classmethod
    def _line(cls, problem: ErrorDetails) -> str:
        """What is wrong with one variable, never with its value: it may be a secret."""
        said = problem["msg"].removeprefix("Value error, ")
        if not problem["loc"]:
            return said
        field = str(problem["loc"][0])
        if problem["type"] == "missing":
            said = f"is missing ({cls.model_fields[field].description})"
        return f"{PREFIX}{field.upper()}: {said}"


class CommonSettings(BrokerSettings):
    """What every process of the platform needs."""

    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, ge=0, le=65535, description="0 takes any free port")
    worker_port: int = Field(default=0, ge=0, le=65535, description="health and metrics of `work`")
    event_keys: str = Field(
        description="public keys of the events' producers, context:key, separated by blanks"
    )
    jwks_url: str = Field(description="where identity publishes its public keys")
    time_travel: bool = Field(default=False, description="honour X-Pass-Clock; never in production")
    public_url: str = Field(default="http://127.0.0.1:4000", description="the door's address, seen in mails")
    client_address_header: Annotated[str, StringConstraints(to_lower=True)] = Field(
        default=CLIENT_ADDRESS_HEADER, description="where the door writes the client's address"
    )

    @field_validator("event_keys")
    @classmethod
    def _known_producers(cls, words: str) -> str:
        Producers.of(words)
        return words

    def producers(self) -> Producers:
        """What tells whether an event is its producer's."""
        return Producers.of(self.event_keys)

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.env == "production" and self.time_travel:
            raise ValueError("PASS_TIME_TRAVEL must be off in production")
        return self

    @model_validator(mode="after")
    def _keys_come_from_identity_itself(self) -> Self:
        if self.inner_tls is not None and not self.jwks_url.startswith("https://"):
            raise ValueError("PASS_JWKS_URL must begin with https:// where PASS_INNER_TLS is set")
        return self


class ServiceSettings(CommonSettings):
    """A service with a database of its own."""

    database_url: SecretStr = Field(description="postgresql+asyncpg://role:password@host:port/database")
    database_pool: int = Field(default=10, ge=1)
    sealing_key: SecretStr = Field(description="32 bytes, base64; seals personal data inside events")
    sealing_keys_old: SecretStr = Field(
        default=SecretStr(""), description="earlier sealing keys, separated by blanks: they still read"
    )
    storage_key: SecretStr = Field(
        description="32 bytes, base64, of this context alone; seals personal data inside its tables"
    )
    storage_keys_old: SecretStr = Field(
        default=SecretStr(""), description="earlier storage keys, separated by blanks: they still read"
    )
    event_key: SecretStr = Field(description="32 bytes, base64; signs the events of this context")
    smtp: str = Field(
        default="127.0.0.1:2525", pattern=r":\d{1,5}$", description="host:port of the mail relay"
    )
    jobs_at_once: int = Field(default=3, ge=1, description="jobs that one worker does side by side")
    job_lease_seconds: float = Field(
        default=30.0, gt=0, description="after which a job of a process that died is taken over"
    )
    schedule: bool = Field(
        default=True, description="`work` also follows the timetable; off where CronJobs do it"
    )
    mail_from: str = "pass Culture <ne-pas-repondre@pass.example>"

    @field_validator("database_url")
    @classmethod
    def _asyncpg_address(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith("postgresql+asyncpg://"):
            raise ValueError("must begin with postgresql+asyncpg://")
        return url

    @field_validator("sealing_key", "sealing_keys_old")
    @classmethod
    def _usable_keys(cls, keys: SecretStr, info: ValidationInfo) -> SecretStr:
        words = keys.get_secret_value().split()
        if words or info.field_name == "sealing_key":
            Sealer(*words or [""])
        return keys

    @field_validator("storage_key", "storage_keys_old")
    @classmethod
    def _usable_storage_keys(cls, keys: SecretStr, info: ValidationInfo) -> SecretStr:
        words = keys.get_secret_value().split()
        if words or info.field_name == "storage_key":
            KeyRing(cls.context, *words or [""])
        return keys

    @field_validator("event_key")
    @classmethod
    def _usable_event_key(cls, key: SecretStr) -> SecretStr:
        Signer(key.get_secret_value())
        return key

    @model_validator(mode="after")
    def _is_believed(self) -> Self:
        if self.signer().public_key not in public_keys(self.event_keys).get(self.context, ()):
            raise ValueError(
                f"PASS_EVENT_KEYS does not show the public key of PASS_EVENT_KEY as {self.context}'s: "
                "nobody would believe its events"
            )
        return self

    def signer(self) -> Signer:
        """What signs this context's events."""
        return Signer(self.event_key.get_secret_value())

    def sealer(self) -> Sealer:
        """What seals with the newest key, and opens with any of them."""
        return Sealer(self.sealing_key.get_secret_value(), *self.sealing_keys_old.get_secret_value().split())

    def key_ring(self) -> KeyRing:
        """What seals in the tables of this context with the newest key, and opens with any of them."""
        older = self.storage_keys_old.get_secret_value().split()
        return KeyRing(self.context, self.storage_key.get_secret_value(), *older)
