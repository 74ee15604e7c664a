"""What the catalogue needs of its environment: nothing beyond what every service does."""

from typing import ClassVar

from chassis.settings import ServiceSettings


class CatalogSettings(ServiceSettings):
    context: ClassVar[str] = "catalog"
