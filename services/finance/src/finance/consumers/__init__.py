"""What finance hears, one module per topic: message model → copy, and what follows from it."""

from typing import Any

from chassis.clock import Clock
from chassis.consumer import Subscription
from finance.consumers import booking, person, session, structure, venue


def subscriptions(clock: Clock) -> tuple[Subscription[Any], ...]:
    return (
        booking.subscription(clock),
        venue.SUBSCRIPTION,
        structure.SUBSCRIPTION,
        person.SUBSCRIPTION,
        session.SUBSCRIPTION,
    )
