"""The subgraph, put together."""

import strawberry

from catalog.api.graphql.mutations.add_stocks import add_stocks, add_thing_stock
from catalog.api.graphql.mutations.create_offer import create_offer
from catalog.api.graphql.mutations.create_venue import create_venue
from catalog.api.graphql.mutations.delete_stock import delete_stock
from catalog.api.graphql.mutations.publish_offer import publish_offer, unpublish_offer
from catalog.api.graphql.mutations.update_stock import update_stock
from catalog.api.graphql.queries import Query
from catalog.api.graphql.types import Offer, Stock, Structure, Venue
from chassis.graphql import build_schema
from chassis.graphql.schema import Subgraph


@strawberry.type
class Mutation:
    create_venue = create_venue
    create_offer = create_offer
    add_stocks = add_stocks
    add_thing_stock = add_thing_stock
    update_stock = update_stock
    delete_stock = delete_stock
    publish_offer = publish_offer
    unpublish_offer = unpublish_offer


def subgraph(introspection: bool) -> Subgraph:
    return build_schema(Query, Mutation, types=[Structure, Venue, Offer, Stock], introspection=introspection)
