"""`identity.session.v1`: sessions that ended while an access token of theirs was good."""

from datetime import timedelta

import sqlalchemy as sa

from chassis import republish
from chassis.outbox import Event, Published
from identity.domain.account_tokens import good_until
from identity.persistence.records import SessionRecord
from identity.persistence.tables import sessions

TOPIC = "identity.session.v1"
VERSION = 1
"""A session ends once."""

_MATTERS_FOR = timedelta(minutes=30)
"""Longer than any access token lives."""


def event(session: SessionRecord, what: str = "ended") -> Event:
    state = {"until": good_until(session.last_used_at)}
    return Event(TOPIC, session.id, VERSION, f"session.{what}", state)


def published() -> Published:
    ended = sa.select(sessions).where(
        sessions.c.closed_at.is_not(None), sessions.c.changed_at > sa.func.now() - _MATTERS_FOR
    )
    return republish.published(TOPIC, sessions, lambda row: event(row, "republished"), ended, passes=True)
