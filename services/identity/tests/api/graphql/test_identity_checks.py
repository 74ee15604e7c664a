"""From the identity check to the credit (domain.md §2.2, §2.4)."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.ids import new_id
from chassis.testing import principal
from identity.persistence.tables import grants, identity_checks

pytestmark = pytest.mark.servers

PENDING = "{ pendingIdentityChecks(first: 10) { edges { node { id person { email } } } } }"
REJECT = """
mutation ($id: ID!, $key: UUID!) {
  rejectIdentityCheck(personId: $id, idempotencyKey: $key) {
    __typename ... on IdentityCheckRejected { person { identityCheck { status } } } ... on Refusal { code }
  }
}"""


@pytest.mark.parametrize(
    ("at", "birth_date", "postal_code", "expected"),
    [
        (
            datetime(2019, 10, 1, 9, tzinfo=UTC),
            "2001-02-03",
            "93100",
            {"kind": "GRANT_18_V1", "amountCents": 50000, "digitalCapCents": 20000, "physicalCapCents": 20000,
             "expiresAt": None},
        ),
        (
            datetime(2022, 10, 1, 9, tzinfo=UTC),
            "2004-02-03",
            "75011",
            {"kind": "GRANT_18_V2", "amountCents": 30000, "digitalCapCents": 10000, "physicalCapCents": None,
             "expiresAt": "2024-10-01T09:00:00Z"},
        ),
        (
            datetime(2022, 10, 1, 9, tzinfo=UTC),
            "2006-11-03",
            "97400",
            {"kind": "GRANT_15_17", "amountCents": 2000, "digitalCapCents": None, "physicalCapCents": None,
             "expiresAt": "2024-11-02T20:00:00Z"},
        ),
        (
            datetime(2026, 11, 22, 9, tzinfo=UTC),
            "2008-02-03",
            "35000",
            {"kind": "GRANT_17_18", "amountCents": 15000, "digitalCapCents": 5000, "physicalCapCents": None,
             "expiresAt": "2029-02-03T11:00:00Z"},
        ),
        (
            datetime(2026, 11, 22, 9, tzinfo=UTC),
            "2010-02-03",
            "35000",
            {"kind": "GRANT_FREE", "amountCents": 0, "digitalCapCents": None, "physicalCapCents": None,
             "expiresAt": "2031-02-03T11:00:00Z"},
        ),
    ],
)  # fmt: skip
async def test_the_credit_follows_from_the_age_and_the_business_clock(
    identity: Any, at: datetime, birth_date: str, postal_code: str, expected: dict[str, Any]
) -> None:
    young = await identity.young_person(at=at, birthDate=birth_date, postalCode=postal_code)
    grant = await identity.granted(young, at, birthDate=birth_date, postalCode=postal_code)
    assert {name: grant[name] for name in expected} == expected
    assert grant["grantedAt"] == at.isoformat().replace("+00:00", "Z")
    (event,) = await identity.events("identity.grant.v1")
    assert (event["person_id"], event["kind"]) == (str(young.person_id), expected["kind"])
    assert event["amount_cents"] == expected["amountCents"]
    assert (event["digital_cap_cents"], event["expires_at"]) == (
        expected["digitalCapCents"],
        expected["expiresAt"],
    )
    assert (await identity.events("identity.person.v1"))[-1]["roles"] != []


async def test_the_credit_comes_by_mail(identity: Any) -> None:
    await identity.granted(await identity.young_person())
    mail = (await identity.mails())[-1]
    assert (mail["To"], mail["Subject"]) == ("jeune@example.com", "Votre crédit pass Culture : 150 €")
    assert "04/05/2029" in mail.get_content()
    assert "50 €" in mail.get_content()


async def test_E71_50_at_17_then_150_more_at_18_on_the_same_grant(identity: Any) -> None:
    young = await identity.young_person(birthDate="2009-01-20")
    first = await identity.granted(young, birthDate="2009-01-20")
    later = datetime(2027, 2, 1, tzinfo=UTC)
    second = await identity.granted(young, later, birthDate="2009-01-20")
    assert (first["amountCents"], second["amountCents"]) == (5000, 20000)
    assert first["id"] == second["id"]
    versions = [
        (event["version"], event["amount_cents"]) for event in await identity.events("identity.grant.v1")
    ]
    assert versions == [(1, 5000), (2, 20000)]
    assert (await identity.mails())[-1]["Subject"] == "Votre crédit pass Culture : 150 €"


async def test_an_older_active_credit_ends_when_a_new_one_replaces_it(identity: Any) -> None:
    before, after = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)
    young = await identity.young_person(at=before, birthDate="2008-06-01")
    await identity.granted(young, before, birthDate="2008-06-01")
    new = await identity.granted(young, after, birthDate="2008-06-01")
    assert (new["kind"], new["amountCents"]) == ("GRANT_17_18", 5000)
    first, opened, ended = await identity.events("identity.grant.v1")
    assert opened["replaces_grant_id"] == first["id"] == ended["id"]
    assert ended["expires_at"] == "2025-09-01T00:00:00Z"


BAD_INPUT: list[tuple[dict[str, Any], str]] = [
    ({"documentNumber": "12-34"}, "INVALID_DOCUMENT_NUMBER"),
    ({"lastName": ""}, "INVALID_NAME"),
    ({"city": "x" * 200}, "INVALID_NAME"),
    ({"postalCode": "Rennes"}, "INVALID_POSTAL_CODE"),
    ({"activity": "Pirate"}, "UNKNOWN_ACTIVITY"),
    ({"honourStatement": False}, "STEP_MISSING"),
    ({"birthDate": "2007-11-22"}, "NOT_ELIGIBLE_AGE"),
    ({"birthDate": "2012-01-01"}, "NOT_ELIGIBLE_AGE"),
    ({"postalCode": "98860"}, "RESIDENCE_EXCLUDED"),
]


async def test_what_cannot_be_granted_is_refused_at_once_and_nothing_is_written(identity: Any) -> None:
    young = await identity.young_person()
    for change, code in BAD_INPUT:
        assert (await identity.submit(young, **change))["code"] == code, change
    assert await identity.count(identity_checks) == 0


async def test_E70_a_second_request_for_the_same_credit_is_refused(identity: Any) -> None:
    young = await identity.young_person()
    await identity.granted(young)
    assert (await identity.submit(young))["code"] == "GRANT_ALREADY_GIVEN"


async def test_one_check_waits_at_a_time_and_is_decided_once(identity: Any) -> None:
    young = await identity.young_person()
    assert (await identity.accept(young))["code"] == "IDENTITY_CHECK_MOVE_REFUSED"
    await identity.submit(young)
    assert (await identity.submit(young))["code"] == "IDENTITY_CHECK_MOVE_REFUSED"
    assert (await identity.accept(young))["__typename"] == "IdentityCheckAccepted"
    assert (await identity.accept(young))["code"] == "IDENTITY_CHECK_MOVE_REFUSED"
    assert await identity.count(grants) == 1


async def test_a_rejected_check_gives_nothing_and_may_be_handed_in_again(identity: Any) -> None:
    young = await identity.young_person()
    await identity.submit(young)
    listed = await identity.act(PENDING, by=identity.admin)
    assert [edge["node"]["person"]["email"] for edge in listed["edges"]] == ["jeune@example.com"]
    rejected = await identity.act(REJECT, {"id": str(young.person_id)}, by=identity.admin)
    assert rejected["person"]["identityCheck"]["status"] == "REJECTED"
    assert (await identity.act(PENDING, by=identity.admin))["edges"] == []
    assert await identity.count(grants) == 0
    assert (await identity.granted(young))["amountCents"] == 15000


async def test_a_file_opened_at_18_and_accepted_at_19_is_granted(identity: Any) -> None:
    young = await identity.young_person(birthDate="2007-11-23")
    await identity.submit(young, birthDate="2007-11-23")
    accepted = await identity.accept(young, datetime(2027, 1, 5, tzinfo=UTC))
    assert accepted["grant"]["amountCents"] == 15000


async def test_the_same_names_and_birth_date_are_the_same_person(identity: Any) -> None:
    await identity.granted(await identity.young_person())
    other = await identity.young_person(email="autre@example.com")
    await identity.submit(other, documentNumber="99ZZ88YY7", firstName="ELISE", lastName="Mar-tin")
    assert (await identity.accept(other))["code"] == "DUPLICATE_BENEFICIARY"


async def test_a_document_serves_one_person(identity: Any) -> None:
    await identity.granted(await identity.young_person())
    other = await identity.young_person(email="autre@example.com")
    await identity.submit(other, documentNumber="12ab34cd5", firstName="Zoé")
    assert (await identity.accept(other))["code"] == "DOCUMENT_ALREADY_USED"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({"documentNumber": "99ZZ88YY7"}, "DUPLICATE_BENEFICIARY"),
        ({"firstName": "Zoé"}, "DOCUMENT_ALREADY_USED"),
    ],
)
async def test_two_files_of_one_person_accepted_at_once_give_one_credit(
    identity: Any, second: dict[str, Any], code: str
) -> None:
    one, two = await identity.young_person(), await identity.young_person(email="autre@example.com")
    await identity.submit(one)
    await identity.submit(two, **second)
    answers = await asyncio.gather(identity.accept(one), identity.accept(two))
    assert sorted(answer.get("code", "") for answer in answers) == ["", code]
    assert await identity.count(grants) == 1


async def test_fifty_equal_acceptances_give_one_credit_and_one_answer(identity: Any) -> None:
    young = await identity.young_person()
    await identity.submit(young)
    document = """
    mutation ($id: ID!, $key: UUID!) {
      acceptIdentityCheck(personId: $id, idempotencyKey: $key) { ... on IdentityCheckAccepted { grant { id } } }
    }"""
    variables = {"id": str(young.person_id), "key": str(new_id())}
    answers = await asyncio.gather(*(identity.act(document, variables, by=identity.admin) for _ in range(50)))
    assert len({answer["grant"]["id"] for answer in answers}) == 1
    assert await identity.count(grants) == 1


async def test_only_the_team_decides_and_lists(identity: Any) -> None:
    young = await identity.young_person()
    await identity.submit(young)
    variables = {"id": str(young.person_id), "key": str(new_id())}
    accept = """mutation ($id: ID!, $key: UUID!) {
      acceptIdentityCheck(personId: $id, idempotencyKey: $key) { __typename }
    }"""
    for document in (accept, REJECT):
        for who in (young, principal("pro"), principal("finance")):
            assert await identity.api.error_code(document, variables, by=who) == "FORBIDDEN"
        assert await identity.api.error_code(document, variables) == "UNAUTHENTICATED"
    assert await identity.api.error_code(PENDING, by=young) == "FORBIDDEN"
    for document in (accept, REJECT):
        answer = await identity.act(document, {"id": str(new_id())}, by=identity.admin)
        assert answer["__typename"] == "PersonNotFound"
