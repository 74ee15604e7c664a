"""`enrolFactor`"""

import strawberry

from chassis.graphql import Info, answer, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.mutations._tried_too_often import CODES, tried_too_often
from identity.api.graphql.types import Session
from identity.domain.factors import Factor
from identity.usecases.enrol_factor import EnrolFactorRefusal, enrol_factor


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
    with tried_too_often(CODES):
        enrolled = await enrol_factor(context.runtime, challenge, factor, proof, context.client_address)
    if isinstance(enrolled, Refusal):
        return answer(enrolled)
    context.subjects.append(enrolled.session.person.id)
    return FactorEnrolled(session=Session.of(enrolled.session), recovery_codes=list(enrolled.recovery_codes))
