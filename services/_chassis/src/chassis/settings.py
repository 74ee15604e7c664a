"""Configuration from the environment, checked at start.

Each field `x` of the service `booking` is read from `PASS_X_BOOKING`, else `PASS_X`, else
from the file named by `PASS_X_FILE` (a mounted secret). Secrets have no default: a service
without its secrets does not start, in any mode.
"""

import os
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

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
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {}
        for name, field in self.settings_cls.model_fields.items():
            value, key, _ = self.get_field_value(field, name)
            if value is not None:
                values[key] = value
        return values


class CommonSettings(BaseSettings):
    """What every process of the platform needs."""

    context: ClassVar[str] = ""

    env: Literal["development", "test", "production"] = "development"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, ge=0, le=65535, description="0 takes any free port")
    worker_port: int = Field(default=0, ge=0, le=65535, description="health and metrics of `work`")
    kafka: str = Field(description="bootstrap servers, host:port[,host:port]")
    kafka_partitions: int = Field(default=3, ge=1)
    kafka_replication: int = Field(default=1, ge=1)
    jwks_url: str = Field(description="where identity publishes its public keys")
    time_travel: bool = Field(default=False, description="honour X-Pass-Clock; never in production")
    public_url: str = Field(default="http://127.0.0.1:4000", description="address people see in mails")

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
    def _production_is_strict(self) -> Self:
        if self.env == "production" and self.time_travel:
            raise ValueError("PASS_TIME_TRAVEL must be off in production")
        return self

    @classmethod
    def load(cls) -> Self:
        """Settings from the environment.

        Raises ConfigurationError with one line per missing or wrong variable.
        """
        try:
            return cls()  # type: ignore[call-arg]  # the environment gives the rest
        except ValidationError as error:
            lines = [f"{cls.context or 'service'}: the configuration is not complete"]
            for problem in error.errors(include_input=False, include_url=False):
                name = "_".join(str(part) for part in problem["loc"]).upper()
                lines.append(f"  {PREFIX}{name or 'CONFIGURATION'}: {problem['msg'].lower()}")
            raise ConfigurationError("\n".join(lines)) from None


class ServiceSettings(CommonSettings):
    """A service with a database of its own."""

    database_url: SecretStr = Field(description="postgresql+asyncpg://role:password@host:port/database")
    database_pool: int = Field(default=10, ge=1)
    sealing_key: SecretStr = Field(description="32 bytes, base64; seals personal data inside events")
    smtp: str = Field(default="127.0.0.1:2525", description="host:port of the mail relay")
    mail_from: str = "pass Culture <ne-pas-repondre@pass.example>"
