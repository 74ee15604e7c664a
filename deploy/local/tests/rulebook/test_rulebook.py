"""The rules can be found and asked: the page is what the tables say, and the desk answers from them."""

from datetime import date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from local_platform.paths import ROOT
from local_platform.rulebook import questions
from local_platform.rulebook.desk import desk
from local_platform.rulebook.editions import CONTEXTS, all_rules, place
from local_platform.rulebook.page import PAGE, render
from local_platform.rulebook.plain import euros, plain
from local_platform.rulebook.questions import PARIS
from local_platform.user_error import UserError


def test_the_page_of_rules_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run ./pass rules --write"


def test_every_context_has_rules_and_every_row_points_at_its_line() -> None:
    assert {rule.context for rule in all_rules()} == set(CONTEXTS)
    for rule in all_rules():
        for _, _, row in rule.editions():
            file, line = place(row)
            assert "row(" in (ROOT / file).read_text(encoding="utf-8").splitlines()[line - 1], (file, line)


@pytest.mark.parametrize(
    ("born", "on", "said"),
    [
        (date(2001, 5, 20), datetime(2019, 6, 1, 12, tzinfo=PARIS), "500 € (GRANT_18_V1) without end"),
        (date(2003, 12, 1), datetime(2022, 1, 10, 12, tzinfo=PARIS), "300 € (GRANT_18_V2) until 2024-01-10"),
        (date(2008, 5, 1), datetime(2026, 11, 22, 12, tzinfo=PARIS), "150 € (GRANT_17_18) until 2029-05-01"),
        (date(2015, 5, 1), datetime(2026, 11, 22, 12, tzinfo=PARIS), "No credit is given on 2026-11-22"),
    ],
)
def test_the_credit_of_a_day(born: date, on: datetime, said: str) -> None:
    assert questions.credit(born, on).sentence.startswith(said)


def test_e48_the_limit_of_a_booking() -> None:
    answer = questions.cancellation_limit(
        "CONCERT", datetime(2021, 11, 1, 10, tzinfo=PARIS), datetime(2021, 11, 20, 20, tzinfo=PARIS)
    )
    assert "2021-11-03 10:00 Paris" in answer.sentence


def test_e04_the_rate_that_the_turnover_gives() -> None:
    used_at = datetime(2021, 11, 2, 12, tzinfo=PARIS)
    answer = questions.reimbursement("CONCERT", 20_00, 39_990_00, used_at)
    assert answer.sentence.startswith("18.40 €, 92 % of 20 € (STANDARD)")
    before = questions.reimbursement("CONCERT", 20_00, 39_990_00, datetime(2021, 8, 15, 12, tzinfo=PARIS))
    assert before.sentence.startswith("17 €, 85 %")


def test_e56_an_unclaimed_book_expires() -> None:
    answer = questions.claim("LIVRE_PAPIER", datetime(2021, 9, 10, 15, tzinfo=PARIS))
    assert "2021-09-21" in answer.sentence


def test_the_desk_answers_with_the_row_and_its_line() -> None:
    done = CliRunner().invoke(desk, ["reimbursement", "20", "--turnover", "39990", "--on", "2021-11-02"])
    assert done.exit_code == 0
    assert "18.40 €" in done.output
    assert "bareme.py:" in done.output.replace("\n", "")


def test_an_unknown_subcategory_is_told_with_those_that_are_close() -> None:
    with pytest.raises(UserError) as told:
        questions.claim("LIVRE", datetime(2021, 9, 10, tzinfo=PARIS))
    assert "LIVRE_PAPIER" in told.value.remedy


@pytest.mark.parametrize(
    ("value", "name", "said"),
    [
        (150_00, "amount_cents", "150 €"),
        (9500, "rate_bp", "95 %"),
        (timedelta(hours=48), "", "48 h"),
        (timedelta(days=10), "", "10 days"),
        (None, "", "none"),
        (frozenset({"b", "a"}), "", "a, b"),
        ({}, "", "nothing"),
    ],
)
def test_values_in_words(value: object, name: str, said: str) -> None:
    assert plain(value, name) == said


def test_euros_shows_cents_only_when_there_are_some() -> None:
    assert [euros(cents) for cents in (0, 5, 1999, 2_000_000, -350)] == [
        "0 €", "0.05 €", "19.99 €", "20 000 €", "-3.50 €",
    ]  # fmt: skip
