"""What operators and the nightly clock run."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.testing import do_job
from identity.jobs.birthday_top_ups import BIRTHDAY_TOP_UPS
from identity.jobs.create_staff import CREATE_STAFF
from identity.jobs.restate_expiries import RESTATE_EXPIRIES
from identity.persistence.tables import persons

pytestmark = pytest.mark.servers

STAFF = ("--email", "Equipe@example.com", "--role", "admin")
BORN = "2006-03-10"
REFRESH = """mutation ($token: String!) {
    refreshSession(refreshToken: $token) { __typename ... on Refusal { code } } }"""


async def test_staff_is_made_once_and_signs_in(identity: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASS_STAFF_PASSWORD", "Abcdefgh123!")
    assert await do_job(identity.runtime, CREATE_STAFF, *STAFF) == "admin account made"
    assert await do_job(identity.runtime, CREATE_STAFF, *STAFF) == "admin account unchanged"
    published = len(await identity.events("identity.person.v1"))
    assert published == 1
    colleague = await identity.colleague()
    changed = await do_job(identity.runtime, CREATE_STAFF, *STAFF, "--password", "Autrement123!")
    assert changed == "admin account updated"
    refreshed = await identity.act(REFRESH, {"token": colleague.session["refreshToken"]})
    assert refreshed["code"] == "INVALID_TOKEN", "whoever had the old one is out"
    assert (await identity.session_of(colleague))["code"] == "INVALID_CREDENTIALS"
    # The factor stays: with a new password an operator alone is not let in.
    assert (await identity.sign_in_staff(password="Autrement123!"))["offer"] is None
    assert (await identity.session_of(colleague, "Autrement123!"))["__typename"] == "Session"
    assert await identity.count(persons) == 1


async def test_staff_needs_a_good_password_and_an_account_of_its_own(
    identity: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PASS_STAFF_PASSWORD", raising=False)
    with pytest.raises(SystemExit, match="PASS_STAFF_PASSWORD"):
        await do_job(identity.runtime, CREATE_STAFF, *STAFF)
    await identity.young_person()
    with pytest.raises(SystemExit, match="bénéficiaire"):
        await do_job(
            identity.runtime,
            CREATE_STAFF,
            *("--email", "jeune@example.com", "--role", "finance", "--password", "Abcdefgh123!"),
        )


async def test_staff_is_never_granted_a_credit(identity: Any) -> None:
    staff = (await identity.colleague()).principal
    assert (await identity.submit(staff))["code"] == "ROLE_FORBIDDEN"


async def test_E66_the_nightly_run_adds_30_euros_on_the_17th_birthday_once(identity: Any) -> None:
    at = datetime(2022, 5, 1, tzinfo=UTC)
    young = await identity.young_person(at=at, birthDate=BORN)
    await identity.granted(young, at, birthDate=BORN)
    night = ("--at", "2023-03-10T00:00:00+01:00")
    assert await do_job(identity.runtime, BIRTHDAY_TOP_UPS, "--at", "2023-03-09T00:00:00+01:00") == (
        "0 birthday credits given"
    )
    assert await do_job(identity.runtime, BIRTHDAY_TOP_UPS, *night) == "1 birthday credits given"
    assert await do_job(identity.runtime, BIRTHDAY_TOP_UPS, *night) == "0 birthday credits given"
    assert [event["amount_cents"] for event in await identity.events("identity.grant.v1")] == [3000, 6000]
    mail = (await identity.mails())[-1]
    assert mail["Subject"] == "Votre crédit pass Culture : 30 €"
    assert "60 € en tout" in mail.get_content()


async def test_since_the_reform_the_run_opens_a_17_18_in_place_of_a_15_17(identity: Any) -> None:
    at = datetime(2025, 2, 1, tzinfo=UTC)
    young = await identity.young_person(at=at, birthDate="2008-06-01")
    await identity.granted(young, at, birthDate="2008-06-01")
    night = ("--at", "2025-06-01T00:00:00+02:00")
    assert await do_job(identity.runtime, BIRTHDAY_TOP_UPS, *night) == "1 birthday credits given"
    assert await do_job(identity.runtime, BIRTHDAY_TOP_UPS, *night) == "0 birthday credits given"
    assert (await identity.events("identity.grant.v1"))[1]["kind"] == "GRANT_17_18"
    assert (await identity.events("identity.person.v1"))[-1]["roles"] == ["underage_beneficiary"]


async def test_a_reform_moves_the_end_of_what_is_alive(identity: Any) -> None:
    at = datetime(2023, 8, 1, tzinfo=UTC)
    young = await identity.young_person(at=at, birthDate="2005-07-10")
    await identity.granted(young, at, birthDate="2005-07-10")
    before, since = ("--at", "2025-02-28T00:00:00Z"), ("--at", "2025-03-01T00:00:00+01:00")
    assert await do_job(identity.runtime, RESTATE_EXPIRIES, *before) == "0 credits end at another instant"
    assert await do_job(identity.runtime, RESTATE_EXPIRIES, *since) == "1 credits end at another instant"
    assert await do_job(identity.runtime, RESTATE_EXPIRIES, *since) == "0 credits end at another instant"
    assert (await identity.events("identity.grant.v1"))[-1]["expires_at"] == "2026-07-10T11:00:00Z"


async def test_a_credit_that_was_replaced_is_not_brought_back(identity: Any) -> None:
    before, after = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)
    young = await identity.young_person(at=before, birthDate="2008-06-01")
    await identity.granted(young, before, birthDate="2008-06-01")
    await identity.granted(young, after, birthDate="2008-06-01")
    assert await do_job(identity.runtime, RESTATE_EXPIRIES, "--at", "2025-09-02T00:00:00Z") == (
        "0 credits end at another instant"
    )
