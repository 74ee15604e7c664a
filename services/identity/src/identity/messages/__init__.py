"""What identity publishes: one module per aggregate, from its record to its event. It listens to nobody."""

from collections.abc import Sequence

from chassis.outbox import Published
from chassis.sealed import Sealer
from identity.messages import attachment, grant, person, session, structure


def published(sealer: Sealer) -> Sequence[Published]:
    """Its topics, and how each is published again from its table."""
    return (
        person.published(sealer),
        structure.published(),
        attachment.published(),
        grant.published(),
        session.published(),
    )
