"""Identifiers: UUID version 7, so that new rows land at the end of their index."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh, time-ordered identifier."""
    return UUID(int=uuid_utils.uuid7().int)
