"""Bank accounts through the subgraph: who gives them, who decides, who sees them."""

import asyncio
import logging

import pytest

from chassis.ids import new_id
from chassis.testing import principal

pytestmark = pytest.mark.servers

SUBMIT = """
    mutation ($input: SubmitBankAccountInput!, $key: UUID!) {
      submitBankAccount(input: $input, idempotencyKey: $key) {
        __typename
        ... on BankAccountSubmitted { bankAccount { id iban bic label status decidedAt structure { id } } }
        ... on Refusal { code message }
      }
    }
"""
ACCEPT = """
    mutation ($id: ID!, $key: UUID!) {
      acceptBankAccount(id: $id, idempotencyKey: $key) {
        __typename
        ... on BankAccountAccepted { bankAccount { id status decidedAt } }
        ... on Refusal { code message }
        ... on MoveNotAllowed { state event }
      }
    }
"""
REJECT = ACCEPT.replace("acceptBankAccount", "rejectBankAccount").replace("Accepted", "Rejected")
LIST = "query ($s: ID!) { bankAccounts(structureId: $s) { id iban status } }"
FINANCE = principal("finance")


@pytest.fixture
async def place(world):
    """A structure and somebody who works there."""
    structure = await world.structure()
    return structure, principal("pro", structures=(structure,))


async def submit(subgraph, structure, by, key=None, **more):
    details = {"label": "Compte courant", "iban": "fr76 3000 6000 0112 3456 7890 189", "bic": "agrifrpp"}
    variables = {"input": {"structureId": str(structure)} | details | more, "key": str(key or new_id())}
    return (await subgraph.data(SUBMIT, variables, by=by))["submitBankAccount"]


async def decide(subgraph, mutation, account_id, key=None):
    variables = {"id": account_id, "key": str(key or new_id())}
    (answer,) = (await subgraph.data(mutation, variables, by=FINANCE)).values()
    return answer


async def test_a_place_submits_its_account_and_finance_accepts_it(subgraph, place):
    structure, pro = place
    account = (await submit(subgraph, structure, pro))["bankAccount"]
    assert account | {"id": None} == {
        "id": None,
        "iban": "FR7630006000011234567890189",
        "bic": "AGRIFRPP",
        "label": "Compte courant",
        "status": "SUBMITTED",
        "decidedAt": None,
        "structure": {"id": str(structure)},
    }
    accepted = await decide(subgraph, ACCEPT, account["id"])
    assert accepted["bankAccount"]["status"] == "ACCEPTED"
    assert accepted["bankAccount"]["decidedAt"] == "2026-11-22T10:00:00Z"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("iban", "FR7630006000011234567890180", "INVALID_IBAN"),
        ("iban", "TN5910006035183598478831", "IBAN_OUTSIDE_SEPA"),
        ("bic", "AGRI", "INVALID_BIC"),
    ],
)
async def test_wrong_details_are_refused_and_nothing_is_written(subgraph, world, place, field, value, code):
    answer = await submit(subgraph, *place, **{field: value})
    assert answer["code"] == code
    assert answer["message"].endswith(".")
    assert await world.value("SELECT count(*) FROM bank_accounts") == 0
    assert await world.value("SELECT count(*) FROM outbox") == 0


async def test_accepting_another_account_replaces_the_first(subgraph, world, place):
    structure, pro = place
    first = (await submit(subgraph, structure, pro))["bankAccount"]["id"]
    second = (await submit(subgraph, structure, pro, iban="FR1420041010050500013M02606"))["bankAccount"]["id"]
    await decide(subgraph, ACCEPT, first)
    await decide(subgraph, ACCEPT, second)
    listed = (await subgraph.data(LIST, {"s": str(structure)}, by=pro))["bankAccounts"]
    assert [(account["id"], account["status"]) for account in listed] == [
        (second, "ACCEPTED"),
        (first, "REPLACED"),
    ]


async def test_an_account_is_decided_once(subgraph, place):
    account = (await submit(subgraph, *place))["bankAccount"]["id"]
    assert (await decide(subgraph, REJECT, account))["bankAccount"]["status"] == "REJECTED"
    answer = await decide(subgraph, ACCEPT, account)
    assert (answer["code"], answer["state"]) == ("MOVE_NOT_ALLOWED", "rejected")


async def test_two_accounts_accepted_at_once_leave_one(subgraph, world, place):
    accounts = [(await submit(subgraph, *place))["bankAccount"]["id"] for _ in range(4)]
    await asyncio.gather(*(decide(subgraph, ACCEPT, account) for account in accounts))
    statuses = await world.rows("SELECT status, count(*) AS n FROM bank_accounts GROUP BY 1 ORDER BY 1")
    assert statuses == [{"status": "accepted", "n": 1}, {"status": "replaced", "n": 3}]


async def test_one_key_has_one_effect(subgraph, world, place):
    structure, pro = place
    key = new_id()
    answers = await asyncio.gather(*(submit(subgraph, structure, pro, key) for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert await world.value("SELECT count(*) FROM bank_accounts") == 1
    other = {
        "input": {"structureId": str(structure), "label": "Autre", "iban": "x", "bic": "y"},
        "key": str(key),
    }
    assert await subgraph.error_code(SUBMIT, other, by=pro) == "IDEMPOTENCY_CONFLICT"


async def test_only_a_pro_of_the_structure_submits(subgraph, place):
    structure, _ = place
    variables = {
        "input": {"structureId": str(structure), "label": "x", "iban": "x", "bic": "x"},
        "key": str(new_id()),
    }
    assert await subgraph.error_code(SUBMIT, variables) == "UNAUTHENTICATED"
    for stranger in (principal("pro"), principal("beneficiary", structures=(structure,)), FINANCE):
        assert await subgraph.error_code(SUBMIT, variables, by=stranger) == "FORBIDDEN"


async def test_only_finance_decides_and_only_on_accounts_that_exist(subgraph, place):
    account = (await submit(subgraph, *place))["bankAccount"]["id"]
    variables = {"id": account, "key": str(new_id())}
    for mutation in (ACCEPT, REJECT):
        assert await subgraph.error_code(mutation, variables) == "UNAUTHENTICATED"
        for stranger in (place[1], principal("admin")):
            assert await subgraph.error_code(mutation, variables, by=stranger) == "FORBIDDEN"
        unknown = {"id": str(new_id()), "key": str(new_id())}
        (refused,) = (await subgraph.data(mutation, unknown, by=FINANCE)).values()
        assert refused["code"] == "BANK_ACCOUNT_NOT_FOUND"
        wrong = {"id": "12", "key": str(new_id())}
        assert await subgraph.error_code(mutation, wrong, by=FINANCE) == "BAD_INPUT"


async def test_an_iban_is_seen_by_its_structure_and_by_finance_only(subgraph, place):
    structure, pro = place
    await submit(subgraph, structure, pro)
    variables = {"s": str(structure)}
    for viewer in (pro, FINANCE):
        (account,) = (await subgraph.data(LIST, variables, by=viewer))["bankAccounts"]
        assert account["iban"] == "FR7630006000011234567890189"
    assert await subgraph.error_code(LIST, variables) == "UNAUTHENTICATED"
    for stranger in (principal("pro"), principal("beneficiary"), principal("admin")):
        assert await subgraph.error_code(LIST, variables, by=stranger) == "FORBIDDEN"


async def test_whoever_submitted_an_account_never_decides_on_it(subgraph, place):
    structure, pro = place
    account = (await submit(subgraph, structure, pro))["bankAccount"]["id"]
    joined_finance = principal("finance", person_id=pro.person_id)
    for mutation in (ACCEPT, REJECT):
        variables = {"id": account, "key": str(new_id())}
        (refused,) = (await subgraph.data(mutation, variables, by=joined_finance)).values()
        assert refused["code"] == "SECOND_PERSON_NEEDED"
    assert (await decide(subgraph, ACCEPT, account))["bankAccount"]["status"] == "ACCEPTED"


@pytest.mark.parametrize("role", ["finance", "admin"])
async def test_the_team_never_submits_for_a_structure(subgraph, place, role):
    structure, _ = place
    both = principal("pro", role, structures=(structure,))
    variables = {
        "input": {"structureId": str(structure), "label": "x", "iban": "x", "bic": "x"},
        "key": str(new_id()),
    }
    assert await subgraph.error_code(SUBMIT, variables, by=both) == "FORBIDDEN"


async def test_a_label_is_asked_for(subgraph, place):
    structure, pro = place
    for label in ("  ", "x" * 101):
        variables = {
            "input": {"structureId": str(structure), "label": label, "iban": "x", "bic": "x"},
            "key": str(new_id()),
        }
        assert await subgraph.error_code(SUBMIT, variables, by=pro) == "BAD_INPUT"


async def test_no_bank_detail_is_ever_logged(subgraph, place, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    await submit(subgraph, *place)
    await submit(subgraph, *place, iban="FR7630006000011234567890180")
    said = caplog.text + "".join(capsys.readouterr())
    assert "3000600001" not in said.replace(" ", "")


@pytest.mark.parametrize("status", ["closed", "rejected"])
@pytest.mark.parametrize(
    "said", [{"abilities": ["see_structure"]}, {}], ids=["by its abilities", "before they were told"]
)
async def test_a_structure_that_is_not_open_enters_no_bank_details(world, subgraph, place, status, said):
    structure, pro = place
    before = (await submit(subgraph, structure, pro))["bankAccount"]
    await world.structure(id=structure, version=2, status=status, **said)
    refused = await submit(subgraph, structure, pro)
    assert refused["code"] == "STRUCTURE_NOT_OPEN"
    listed = (await subgraph.data(LIST, {"s": str(structure)}, by=pro))["bankAccounts"]
    assert [each["id"] for each in listed] == [before["id"]]
    # It is still owed what was used before: the team decides on what it had entered.
    assert (await decide(subgraph, ACCEPT, before["id"]))["bankAccount"]["status"] == "ACCEPTED"


async def test_a_structure_of_which_nothing_was_heard_yet_may_enter_them(subgraph):
    structure = new_id()
    done = await submit(subgraph, structure, principal("pro", structures=(structure,)))
    assert done["__typename"] == "BankAccountSubmitted"


async def test_the_same_key_after_the_closing_gives_the_same_account(world, subgraph, place):
    structure, pro = place
    key = new_id()
    account = (await submit(subgraph, structure, pro, key))["bankAccount"]
    await world.structure(id=structure, version=2, status="closed")
    assert (await submit(subgraph, structure, pro, key))["bankAccount"]["id"] == account["id"]
