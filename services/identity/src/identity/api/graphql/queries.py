"""What may be asked of identity."""

from uuid import UUID

import strawberry

from chassis.graphql import (
    After,
    ApiError,
    Before,
    Connection,
    ErrorCode,
    First,
    Info,
    Last,
    Node,
    count_place,
    page,
    require,
    require_person,
    spend,
    uuid_of,
    window,
)
from chassis.refusals import Refusal
from identity.api.graphql.access import TEAM, acting, is_team
from identity.api.graphql.loaders import load_person
from identity.api.graphql.types import (
    NODES,
    Company,
    ConfirmationResends,
    IdentityCheck,
    OpenSession,
    Person,
    Provider,
    Structure,
)
from identity.domain.company_numbers import check_siren, compact
from identity.domain.contact import parse_email
from identity.domain.roles import Role
from identity.domain.structures import StructureStatus
from identity.partners.company_registry import RegistryUnavailable
from identity.persistence import identity_checks, providers, sessions, structures
from identity.runtime import IdentityRuntime
from identity.usecases.find_company import TooManyQuestions, find_company


@strawberry.type
class Query:
    @strawberry.field(description="The signed-in person; null when nobody is.")
    async def me(self, info: Info) -> Person | None:
        principal = info.context.principal
        if principal is None:
            return None
        person = await load_person(info, principal.person_id)
        return Person.of(person) if person else None

    @strawberry.field(
        description="A thing of any type by its identifier; null when it is not there, or not for the viewer."
    )
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return await NODES.find(info, id)

    @strawberry.field(
        description="As `node`, for up to 100 identifiers: each in its place, null where there is nothing."
    )
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None] | None:
        return await NODES.find_each(info, ids)

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

    @strawberry.field(description="Where one is signed in, and can go on being. Newest first.")
    async def my_sessions(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[OpenSession] | None:
        principal = await acting(info)
        asked = window(first, after, last, before, UUID)
        wall_now = info.context.runtime.clock.now()
        async with info.context.db.read() as connection:
            rows = await sessions.page(connection, principal.person_id, wall_now, asked)
        return page(
            rows,
            asked,
            node=lambda row: OpenSession.of(row, principal.session_id),
            keys=lambda row: [str(row.id)],
        )

    @strawberry.field(
        description="How often the link that confirms an address may still be mailed again; null for what is none."
    )
    async def confirmation_resends(self, info: Info, email: str) -> ConfirmationResends | None:
        spend(info)
        runtime = info.context.runtime
        address = parse_email(email)
        if isinstance(address, Refusal):
            return None
        await count_place(info, "resends-left", runtime.settings.sign_ups_per_place_per_minute)
        return await ConfirmationResends.read(info, address)

    @strawberry.field(description="Identity checks that wait for the team. Oldest first.")
    async def pending_identity_checks(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[IdentityCheck] | None:
        require(info, "admin")
        asked = window(first, after, last, before, UUID)
        async with info.context.db.read() as connection:
            rows = await identity_checks.pending_page(connection, asked)
        return page(rows, asked, node=IdentityCheck.of, keys=lambda row: [str(row.id)])

    @strawberry.field(description="Technical partners, for everybody. Newest first.")
    async def providers(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Provider] | None:
        asked = window(first, after, last, before, UUID)
        async with info.context.db.read() as connection:
            rows = await providers.page(connection, asked)
        return page(rows, asked, node=Provider.of, keys=lambda row: [str(row.id)])

    @strawberry.field(
        description="What the public register of companies says of a SIREN; null when it knows none. For pros."
    )
    async def company(self, info: Info, siren: str) -> Company | None:
        principal = await acting(info, Role.PRO, TEAM)
        number = compact(siren)
        if (malformed := check_siren(number)) is not None:
            raise ApiError(ErrorCode.BAD_INPUT, malformed.message)
        runtime: IdentityRuntime = info.context.runtime
        try:
            company = await find_company(
                info.context.db, runtime.companies, principal.person_id, number, now=runtime.clock.now()
            )
        except TooManyQuestions:
            raise ApiError(
                ErrorCode.TOO_MANY_REQUESTS, "Trop de recherches en une minute : patientez un instant."
            ) from None
        except RegistryUnavailable:
            raise ApiError(
                ErrorCode.UNAVAILABLE, "Le répertoire des entreprises ne répond pas : réessayez plus tard."
            ) from None
        return Company.of(company) if company is not None else None
