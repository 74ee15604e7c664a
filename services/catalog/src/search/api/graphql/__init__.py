"""The subgraph: one field, `searchOffers`."""
