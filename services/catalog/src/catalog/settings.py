"""What the catalogue is told by its environment: nothing beyond what every service is."""

from typing import ClassVar

from chassis.settings import ServiceSettings


class CatalogSettings(ServiceSettings):
    context: ClassVar[str] = "catalog"
