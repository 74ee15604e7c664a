"""Every topic booking listens to."""

from collections.abc import Sequence
from typing import Any

from booking.consumers import grant, offer, person, reimbursement, session, stock, venue
from booking.runtime import BookingRuntime
from chassis.consumer import Subscription


def subscriptions(runtime: BookingRuntime) -> Sequence[Subscription[Any]]:
    sealer, clock = runtime.sealer, runtime.clock
    return (
        person.subscription(sealer, clock),
        grant.subscription(),
        venue.subscription(sealer),
        offer.subscription(sealer, clock),
        stock.subscription(sealer, clock),
        reimbursement.subscription(sealer, clock),
        session.SUBSCRIPTION,
    )
