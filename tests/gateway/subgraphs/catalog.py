"""Offers, and two that go wrong."""

import strawberry

from chassis.graphql import ApiError, ErrorCode, build_schema


@strawberry.federation.type(keys=["id"])
class Offer:
    id: strawberry.ID
    name: str

    @strawberry.field
    def similar(self, first: int = 3) -> list["Offer"]:
        return [offer(strawberry.ID(f"{self.id}.{rank}")) for rank in range(1, first + 1)]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Offer | None":
        return offer(id)


def offer(id: strawberry.ID) -> Offer:
    return Offer(id=id, name=f"Concert {id}")


@strawberry.type
class Query:
    @strawberry.field
    def offer(self, id: strawberry.ID) -> Offer | None:
        if id == "missing":
            raise ApiError(ErrorCode.NOT_FOUND, "Cette offre n'existe pas.")
        if id == "bug":
            raise RuntimeError("secret detail of the machinery")
        return offer(id)

    @strawberry.field
    def offers(self, first: int = 20) -> list[Offer]:
        return [offer(strawberry.ID(str(rank))) for rank in range(1, first + 1)]


schema = build_schema(Query)
