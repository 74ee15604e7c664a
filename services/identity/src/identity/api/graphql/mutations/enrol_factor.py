"""`enrolFactor`"""

import strawberry

from chassis.graphql import ApiError, ErrorCode, Info, answer, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.types import Session
from identity.domain.factors import Factor
from identity.usecases.enrol_factor import EnrolFactorRefusal, enrol_factor
from identity.usecases.prove_password import TooManyAttempts


@strawberry.type(description="The factor is registered, and the session open.")
class FactorEnrolled:
    session: Session
    recovery_codes: list[str] = strawberry.field(
        description="Each opens one session in the place of a lost factor. Shown this once."
    )


EnrolFactorResult = result_union("EnrolFactorResult", FactorEnrolled, EnrolFactorRefusal)


@strawberry.mutation(
    graphql_type=EnrolFactorResult,
    description="Team: register the factor that `signInStaff` offered, by a first code or the new key's answer.",
)
async def enrol_factor_mutation(info: Info, challenge: str, factor: Factor, proof: str) -> object:
    spend(info)
    context = info.context
    try:
        enrolled = await enrol_factor(context.runtime, challenge, factor, proof, context.client_address)
    except TooManyAttempts:
        raise ApiError(
            ErrorCode.TOO_MANY_REQUESTS, "Trop de codes erronés : réessayez dans une heure, ou avec une clé."
        ) from None
    if isinstance(enrolled, Refusal):
        return answer(enrolled)
    context.subjects.append(enrolled.session.person.id)
    return FactorEnrolled(session=Session.of(enrolled.session), recovery_codes=list(enrolled.recovery_codes))
