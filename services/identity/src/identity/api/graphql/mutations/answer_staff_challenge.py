"""`answerStaffChallenge`"""

import strawberry

from chassis.graphql import ApiError, ErrorCode, Info, answer, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.types import Session
from identity.domain.factors import Factor
from identity.usecases.answer_staff_challenge import AnswerStaffChallengeRefusal, answer_staff_challenge
from identity.usecases.prove_password import TooManyAttempts

AnswerStaffChallengeResult = result_union("AnswerStaffChallengeResult", Session, AnswerStaffChallengeRefusal)


@strawberry.mutation(
    graphql_type=AnswerStaffChallengeResult,
    description="Team: the second of two steps. Opens the session of whoever has the factor too.",
)
async def answer_staff_challenge_mutation(info: Info, challenge: str, factor: Factor, proof: str) -> object:
    spend(info)
    context = info.context
    try:
        opened = await answer_staff_challenge(
            context.runtime, challenge, factor, proof, context.client_address
        )
    except TooManyAttempts:
        raise ApiError(
            ErrorCode.TOO_MANY_REQUESTS, "Trop de codes erronés : réessayez dans une heure, ou avec une clé."
        ) from None
    if isinstance(opened, Refusal):
        return answer(opened)
    context.subjects.append(opened.person.id)
    return Session.of(opened)
