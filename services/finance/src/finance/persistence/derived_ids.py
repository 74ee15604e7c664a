"""Ids that follow from what they are about: made again, they are the same, in Python and in the database."""

from hashlib import sha256
from typing import Final
from uuid import UUID

DERIVED_ID: Final = (
    "overlay(overlay(left(encode(sha256(uuid_send({of}) || CAST({what} AS bytea)), 'hex'), 32)"
    " placing '8' from 13) placing 'a' from 17)::uuid"
)
"""`derived_id` in SQL, of an id and an ASCII text: functions of every PostgreSQL, no extension."""


def derived_id(of: UUID, what: str) -> UUID:
    """A UUID of version 8: the SHA-256 of an id and an ASCII text, cut, with version and variant in their places."""
    digits = sha256(of.bytes + what.encode("ascii")).hexdigest()
    return UUID(f"{digits[:12]}8{digits[13:16]}a{digits[17:32]}")
