"""The ways in: GraphQL."""
