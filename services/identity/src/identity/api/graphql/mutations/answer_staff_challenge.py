"""`answerStaffChallenge`"""

import strawberry

from chassis.graphql import Info, answer, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.mutations._tried_too_often import CODES, tried_too_often
from identity.api.graphql.types import Session
from identity.domain.factors import Factor
from identity.usecases.answer_staff_challenge import AnswerStaffChallengeRefusal, answer_staff_challenge

AnswerStaffChallengeResult = result_union("AnswerStaffChallengeResult", Session, AnswerStaffChallengeRefusal)


@strawberry.mutation(
    graphql_type=AnswerStaffChallengeResult,
    description="Team: the second of two steps. Opens the session of whoever has the factor too.",
)
async def answer_staff_challenge_mutation(info: Info, challenge: str, factor: Factor, proof: str) -> object:
    spend(info)
    context = info.context
    with tried_too_often(CODES):
        opened = await answer_staff_challenge(
            context.runtime, challenge, factor, proof, context.client_address
        )
    if isinstance(opened, Refusal):
        return answer(opened)
    context.subjects.append(opened.person.id)
    return Session.of(opened)
