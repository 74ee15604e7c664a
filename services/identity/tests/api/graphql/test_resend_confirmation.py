"""`resendConfirmation` and `confirmationResends`: a new link, three times a day, for any address alike."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from chassis.ids import new_id
from identity.domain.account_tokens import RESENDS
from identity.persistence.tables import persons

pytestmark = pytest.mark.servers

RESEND = """mutation ($email: String!, $key: UUID!) { resendConfirmation(email: $email, idempotencyKey: $key) {
  __typename
  ... on ConfirmationResent { resends { email remaining resetsAt } }
  ... on Refusal { code message } } }"""
LEFT = "query ($email: String!) { confirmationResends(email: $email) { email remaining resetsAt } }"
ADDRESS = "jeune@example.com"


async def resend(identity: Any, email: str = ADDRESS, key: str | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = await identity.act(RESEND, {"email": email, "key": key or str(new_id())})
    return answer


async def left(identity: Any, email: str = ADDRESS) -> Any:
    return (await identity.api.data(LEFT, {"email": email}))["confirmationResends"]


async def test_the_new_link_confirms_once_the_first_has_expired(identity: Any) -> None:
    await identity.sign_up()
    first = await identity.mailed_token()
    identity.runtime.clock.instant += timedelta(minutes=31)
    assert (await identity.confirm_email(first))["code"] == "INVALID_TOKEN"
    assert (await resend(identity))["resends"]["remaining"] == RESENDS - 1
    assert (await identity.confirm_email(await identity.mailed_token()))["__typename"] == "EmailConfirmed"


@pytest.mark.parametrize("known", [True, False])
async def test_the_fourth_within_a_day_is_refused_for_every_address(identity: Any, *, known: bool) -> None:
    if known:
        await identity.sign_up()
    assert (await left(identity))["remaining"] == 3
    for remaining in (2, 1, 0):
        answer = await resend(identity, "  Jeune@Example.com ")
        assert (answer["resends"]["remaining"], answer["resends"]["email"]) == (remaining, ADDRESS)
    refused = await resend(identity)
    assert refused["code"] == "NO_RESEND_LEFT"
    assert refused["message"] == "Ce message a déjà été renvoyé 3 fois en 24 heures : réessayez demain."
    assert (await left(identity))["remaining"] == 0
    identity.runtime.clock.instant += timedelta(hours=24)
    assert await left(identity) == {"email": ADDRESS, "remaining": 3, "resetsAt": None}
    assert (await resend(identity))["resends"]["remaining"] == 2


async def test_the_same_key_counts_and_mails_once(identity: Any) -> None:
    await identity.sign_up()
    key = str(new_id())
    answers = [await resend(identity, key=key) for _ in range(4)]
    assert [answer["resends"]["remaining"] for answer in answers] == [2] * 4
    assert len(await identity.mails()) == 2


async def test_three_at_once_and_three_more_are_three(identity: Any) -> None:
    await identity.sign_up()
    answers = await asyncio.gather(*(resend(identity) for _ in range(6)))
    assert sorted(answer["__typename"] for answer in answers) == [
        *["ConfirmationResent"] * 3,
        *["NoResendLeft"] * 3,
    ]


async def test_a_confirmed_address_and_an_unknown_one_are_owed_nothing(identity: Any) -> None:
    await identity.young_person()
    before = len(await identity.mails())
    known, unknown = await resend(identity), await resend(identity, "personne@example.com")
    assert known["resends"].keys() == unknown["resends"].keys()
    assert known["resends"]["remaining"] == unknown["resends"]["remaining"]
    assert len(await identity.mails()) == before
    assert await identity.count(persons) == 1


async def test_a_stranger_who_types_the_address_after_its_owner_does_not_keep_the_link_from_them(
    identity: Any,
) -> None:
    await identity.sign_up()
    await identity.sign_up(password="Un-autre-mot-2", firstName="Mallory")
    identity.runtime.clock.instant += timedelta(minutes=61)
    await resend(identity)
    tokens = re.findall(r"token=(\S+)", (await identity.mails())[-1].get_content())
    assert len(tokens) == 2
    answers = [await identity.confirm_email(token) for token in tokens]
    assert [answer["__typename"] for answer in answers] == ["InvalidCredentials", "EmailConfirmed"]


async def test_what_is_no_address_is_refused(identity: Any) -> None:
    assert (await resend(identity, "jeune"))["code"] == "MALFORMED_EMAIL"
    assert await left(identity, "jeune") is None


async def test_a_network_that_asks_too_often_waits(identity: Any) -> None:
    identity.runtime.settings.sign_ups_per_place_per_minute = 2
    for number in range(2):
        await resend(identity, f"a{number}@example.com")
    asked = {"email": "b@example.com", "key": str(new_id())}
    assert await identity.api.error_code(RESEND, asked) == "TOO_MANY_REQUESTS"
