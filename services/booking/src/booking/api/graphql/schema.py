"""The subgraph, put together."""

import strawberry

from booking.api.graphql.glossary import GLOSSARY
from booking.api.graphql.mutations.book_offer import book_offer
from booking.api.graphql.mutations.cancel_booking import cancel_booking
from booking.api.graphql.mutations.undo_validation import undo_validation
from booking.api.graphql.mutations.validate_contremarque import validate_contremarque
from booking.api.graphql.queries import Query
from booking.api.graphql.subscriptions.booking_changed import booking_changed
from booking.api.graphql.types import Person
from chassis.graphql import build_schema
from chassis.graphql.schema import Subgraph


@strawberry.type
class Mutation:
    book_offer = book_offer
    cancel_booking = cancel_booking
    validate_contremarque = validate_contremarque
    undo_validation = undo_validation


@strawberry.type
class Subscription:
    booking_changed = booking_changed


def subgraph(introspection: bool) -> Subgraph:
    return build_schema(
        Query,
        Mutation,
        Subscription,
        types=[Person],
        introspection=introspection,
        glossary=GLOSSARY,
        ids={"structureId": "Structure"},
    )
