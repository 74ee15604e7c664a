"""Who reads a note: sealed where it lies."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.kept import Aggregates
from notebook.tables import readers


@dataclass(frozen=True, slots=True)
class Reader:
    """A row of `readers`."""

    id: UUID
    version: int
    note_id: UUID
    name: str
    born_on: date | None


READERS = Aggregates(readers, Reader)
