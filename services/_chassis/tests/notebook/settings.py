from typing import ClassVar

from chassis.settings import ServiceSettings


class NotebookSettings(ServiceSettings):
    context: ClassVar[str] = "notebook"
