"""Who is asking, and when."""

import strawberry

from chassis.graphql import Info, build_schema, require_person


@strawberry.federation.type(keys=["id"])
class Person:
    id: strawberry.ID
    first_name: str

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Person":
        return person(id)


def person(id: strawberry.ID) -> Person:
    return Person(id=id, first_name=f"Camille {id}")


@strawberry.type
class Query:
    @strawberry.field
    def person(self, id: strawberry.ID) -> Person | None:
        return person(id)

    @strawberry.field
    def me(self, info: Info) -> Person | None:
        return person(strawberry.ID(str(require_person(info).person_id)))

    @strawberry.field
    def now(self, info: Info) -> str:
        return info.context.now.isoformat()


schema = build_schema(Query)
