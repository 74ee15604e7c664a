"""`signInStaff`"""

from datetime import datetime
from typing import Self

import strawberry

from chassis.graphql import Info, answer, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.mutations._tried_too_often import PASSWORDS, tried_too_often
from identity.domain.factors import Factor
from identity.usecases.sign_in_staff import Offer, OpenedChallenge, SignInStaffRefusal, sign_in_staff


@strawberry.type(
    description="What somebody without a second factor may register: one of the two, with `enrolFactor`."
)
class FactorOffer:
    otpauth_uri: str = strawberry.field(
        description="For an application that computes codes, as a QR code; shown this once."
    )
    creation_options: str = strawberry.field(
        description="For a key: JSON for `PublicKeyCredential.parseCreationOptionsFromJSON`."
    )

    @classmethod
    def of(cls, offer: Offer) -> Self:
        return cls(otpauth_uri=offer.otpauth_uri, creation_options=offer.creation_options)


@strawberry.type(
    description="The password was right, and opens nothing yet. Good for one right answer, five minutes and five tries."
)
class StaffChallenge:
    challenge: str
    expires_at: datetime = strawberry.field(description="Until when it may be answered.")
    factors: list[Factor] = strawberry.field(
        description="What `answerStaffChallenge` takes; empty while there is an offer."
    )
    request_options: str | None = strawberry.field(
        description="JSON for `PublicKeyCredential.parseRequestOptionsFromJSON`; null without a key."
    )
    offer: FactorOffer | None = strawberry.field(
        description="At the first sign-in, or after a reset: a factor has to be registered first; else null."
    )

    @classmethod
    def of(cls, opened: OpenedChallenge) -> Self:
        return cls(
            challenge=opened.secret,
            expires_at=opened.expires_at,
            factors=list(opened.factors),
            request_options=opened.request_options,
            offer=FactorOffer.of(opened.offer) if opened.offer is not None else None,
        )


SignInStaffResult = result_union("SignInStaffResult", StaffChallenge, SignInStaffRefusal)


@strawberry.mutation(
    graphql_type=SignInStaffResult,
    description=(
        "Team: the first of two steps. Unknown addresses, wrong passwords, closed accounts and everybody else's get "
        "one answer."
    ),
)
async def sign_in_staff_mutation(info: Info, email: str, password: str) -> object:
    spend(info)
    context = info.context
    with tried_too_often(PASSWORDS):
        opened = await sign_in_staff(context.runtime, email, password, context.client_address)
    if isinstance(opened, Refusal):
        return answer(opened)
    context.subjects.append(opened.person.id)
    return StaffChallenge.of(opened)
