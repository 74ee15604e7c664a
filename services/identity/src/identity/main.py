"""Identity put together: the only module that knows every layer of it."""

from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chassis.auth import TEAM, Keys, StaticKeys
from chassis.graphql.schema import Subgraph
from chassis.security_log import Watch
from chassis.service import Service
from identity.jobs.anonymise_accounts import ANONYMISE_ACCOUNTS
from identity.jobs.birthday_top_ups import BIRTHDAY_TOP_UPS
from identity.jobs.create_staff import CREATE_STAFF
from identity.jobs.restate_expiries import RESTATE_EXPIRIES
from identity.jobs.timetable import TIMETABLE
from identity.mails.compose import composer
from identity.messages import published
from identity.persistence.tables import METADATA
from identity.runtime import IdentityRuntime
from identity.settings import IdentitySettings


def _schema(introspection: bool) -> Subgraph:
    from identity.api.graphql.schema import subgraph

    return subgraph(introspection)


def _routes(runtime: IdentityRuntime) -> Sequence[BaseRoute]:
    public_keys = runtime.access_tokens.public_keys()

    async def jwks(_: Request) -> Response:
        return JSONResponse(public_keys, headers={"cache-control": "public, max-age=300"})

    return [Route("/.well-known/jwks.json", jwks)]


def _own_keys(runtime: IdentityRuntime) -> Keys:
    """Identity verifies with its own key: it needs nobody to be up."""
    return StaticKeys(runtime.access_tokens.key_set())


SERVICE: Service[IdentityRuntime] = Service(
    name="identity",
    settings=IdentitySettings,
    runtime=IdentityRuntime,
    migrations=Path(__file__).parents[2] / "migrations",
    schema=_schema,
    tables=METADATA,
    published=lambda runtime: published(runtime.sealer),
    compose_mail=composer,
    routes=_routes,
    keys=_own_keys,
    watch=Watch(
        staff=TEAM,
        acts=frozenset(
            {
                *(
                    "signIn",
                    "signOut",
                    "refreshSession",
                    "closeSession",
                    "signUp",
                    "signUpPro",
                    "confirmEmail",
                ),
                "resendConfirmation",
                *("deactivateAccount", "reactivateAccount", "reportSignIn"),
                *("requestEmailChange", "confirmEmailChange", "applyEmailChange", "cancelEmailChange"),
                *("requestPasswordReset", "resetPassword", "changePassword"),
                *("signInStaff", "answerStaffChallenge", "enrolFactor"),
                *("joinStructure", "submitIdentityCheck"),
            }
        ),
    ),
    jobs=(CREATE_STAFF, ANONYMISE_ACCOUNTS, BIRTHDAY_TOP_UPS, RESTATE_EXPIRIES),
    timetable=TIMETABLE,
)
