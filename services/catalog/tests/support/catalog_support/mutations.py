"""The mutations as clients send them; each answers under `result`."""

CREATE_VENUE = """
mutation ($input: CreateVenueInput!, $key: UUID!) {
  result: createVenue(input: $input, idempotencyKey: $key) {
    __typename
    ... on VenueCreated { venue { id name siret city departmentCode timezone latitude longitude bookingEmail } }
    ... on Refusal { code message }
  }
}
"""
CREATE_OFFER = """
mutation ($input: CreateOfferInput!, $key: UUID!) {
  result: createOffer(input: $input, idempotencyKey: $key) {
    __typename
    ... on OfferCreated {
      offer { id name status validation isDuo isbn productKey artist url venue { id } extraFields { name value } }
    }
    ... on Refusal { code message }
  }
}
"""
ADD_STOCKS = """
mutation ($input: AddStocksInput!, $key: UUID!) {
  result: addStocks(input: $input, idempotencyKey: $key) {
    __typename
    ... on StocksAdded { stocks { id priceLabel priceCents quantity startsAt bookingLimitAt } }
    ... on Refusal { code message }
  }
}
"""
ADD_THING_STOCK = """
mutation ($input: AddThingStockInput!, $key: UUID!) {
  result: addThingStock(input: $input, idempotencyKey: $key) {
    __typename
    ... on ThingStockAdded { stock { id priceCents quantity priceLabel startsAt } }
    ... on Refusal { code message }
  }
}
"""
UPDATE_STOCK = """
mutation ($input: UpdateStockInput!, $key: UUID!) {
  result: updateStock(input: $input, idempotencyKey: $key) {
    __typename
    ... on StockUpdated {
      stock { priceCents quantity startsAt bookingLimitAt booked bookableFacts { condition holds } }
    }
    ... on Refusal { code message }
  }
}
"""
DELETE_STOCK = """
mutation ($id: ID!, $key: UUID!) {
  result: deleteStock(stockId: $id, idempotencyKey: $key) {
    __typename
    ... on StockDeleted { stockId }
    ... on Refusal { code message }
  }
}
"""
PUBLISH = """
mutation ($id: ID!, $key: UUID!, $publishAt: DateTime) {
  result: publishOffer(offerId: $id, idempotencyKey: $key, publishAt: $publishAt) {
    __typename
    ... on OfferPublished { offer { id status publishedAt validation } }
    ... on Refusal { code message }
  }
}
"""
UNPUBLISH = """
mutation ($id: ID!, $key: UUID!) {
  result: unpublishOffer(offerId: $id, idempotencyKey: $key) {
    __typename
    ... on OfferUnpublished { offer { status publishedAt } }
    ... on Refusal { code message }
  }
}
"""
