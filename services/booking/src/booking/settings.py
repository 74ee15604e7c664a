"""What booking takes from its environment, beyond what every service is."""

from typing import ClassVar

from pydantic import Field

from chassis.settings import ServiceSettings


class BookingSettings(ServiceSettings):
    context: ClassVar[str] = "booking"

    guichet_attempts_per_minute: int = Field(default=60, ge=1, description="contremarques a person may try")
    guichet_attempts_per_minute_per_address: int = Field(default=300, ge=1)
