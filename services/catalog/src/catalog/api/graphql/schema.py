"""The subgraph, put together."""

import strawberry

from catalog.api.graphql.glossary import GLOSSARY
from catalog.api.graphql.mutations.add_stocks import add_stocks_mutation
from catalog.api.graphql.mutations.add_thing_stock import add_thing_stock_mutation
from catalog.api.graphql.mutations.create_offer import create_offer_mutation
from catalog.api.graphql.mutations.create_venue import create_venue_mutation
from catalog.api.graphql.mutations.delete_stock import delete_stock_mutation
from catalog.api.graphql.mutations.publish_offer import publish_offer_mutation
from catalog.api.graphql.mutations.unpublish_offer import unpublish_offer_mutation
from catalog.api.graphql.mutations.update_stock import update_stock_mutation
from catalog.api.graphql.queries import Query
from catalog.api.graphql.types import Offer, Stock, Structure, Venue
from chassis.graphql import PLAIN, build_schema
from chassis.graphql.schema import Subgraph


@strawberry.type
class Mutation:
    create_venue = create_venue_mutation
    create_offer = create_offer_mutation
    add_stocks = add_stocks_mutation
    add_thing_stock = add_thing_stock_mutation
    update_stock = update_stock_mutation
    delete_stock = delete_stock_mutation
    publish_offer = publish_offer_mutation
    unpublish_offer = unpublish_offer_mutation


def subgraph(introspection: bool) -> Subgraph:
    return build_schema(
        Query,
        Mutation,
        types=[Structure, Venue, Offer, Stock],
        introspection=introspection,
        glossary=GLOSSARY,
        ids={"OfferSubcategory.id": PLAIN, "subcategoryId": PLAIN},
    )
