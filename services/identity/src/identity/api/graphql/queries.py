"""What may be asked of identity."""

from uuid import UUID

import strawberry

from chassis.graphql import (
    After,
    Before,
    Connection,
    First,
    Info,
    Last,
    load,
    page,
    require,
    require_person,
    uuid_of,
    window,
)
from identity.api.graphql.access import is_team
from identity.api.graphql.types import IdentityCheck, Person, Structure
from identity.domain.structures import StructureStatus
from identity.persistence import identity_checks, people, structures


@strawberry.type
class Query:
    @strawberry.field(description="The signed-in person; null when nobody is.")
    async def me(self, info: Info) -> Person | None:
        principal = info.context.principal
        if principal is None:
            return None
        person = await load(info, people.by_ids, principal.person_id)
        return Person.of(person) if person else None

    @strawberry.field(description="A structure; null when it is not there, or not for the viewer.")
    async def structure(self, info: Info, id: strawberry.ID) -> Structure | None:
        return await Structure.visible(info, uuid_of(id))

    @strawberry.field(description="The viewer's own structures; all of them for the team. Newest first.")
    async def structures(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        status: StructureStatus | None = None,
    ) -> Connection[Structure] | None:
        principal = require_person(info)
        asked = window(first, after, last, before, UUID)
        async with info.context.db.read() as connection:
            rows = await structures.page(
                connection,
                member_id=None if is_team(principal) else principal.person_id,
                status=status,
                window=asked,
            )
        return page(rows, asked, node=Structure.of, keys=lambda row: [str(row.id)])

    @strawberry.field(description="Identity checks that wait for the team. Oldest first.")
    async def pending_identity_checks(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[IdentityCheck] | None:
        require(info, "admin")
        asked = window(first, after, last, before, UUID)
        async with info.context.db.read() as connection:
            rows = await identity_checks.pending_page(connection, asked)
        return page(rows, asked, node=IdentityCheck.of, keys=lambda row: [str(row.id)])
