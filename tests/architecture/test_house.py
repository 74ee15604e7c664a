"""Four services of one shape: each rule holds everywhere, and is seen to turn red when it is broken."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import house

ROOT = Path(__file__).parents[2]

RULES = {rule.__name__: rule for rule in house.RULES}


@pytest.mark.parametrize("package", house.CONTEXTS)
@pytest.mark.parametrize("rule", RULES)
def test_the_house_has_one_shape(rule: str, package: str) -> None:
    assert RULES[rule](ROOT, package) == []


@pytest.mark.parametrize("package", house.SHARED)
def test_words_have_one_meaning_in_what_all_stand_on(package: str) -> None:
    assert house.words_have_one_meaning(ROOT, package) == []


BREACHES = {
    "rooms_have_one_name": ("src/booking/helpers.py", ""),
    "persistence_has_records": ("src/booking/persistence/records.py", None),
    "one_mutation_a_file": (
        "src/booking/api/graphql/mutations/lend_offer.py",
        "import strawberry\n\n@strawberry.mutation(description='')\ndef give_offer() -> None: ...\n",
    ),
    "use_cases_are_named_by_their_file": ("src/booking/usecases/lend_offer.py", "def give_offer(): ...\n"),
    "use_cases_say_what_they_refuse": (
        "src/booking/usecases/lend_offer.py",
        "async def lend_offer() -> int | Refusal: ...\n",
    ),
    "consumers_are_named_by_their_topic": (
        "src/booking/consumers/bookings.py",
        'TOPIC = "catalog.venue.v1"\n',
    ),
    "requests_read_through_loaders": (
        "src/booking/api/graphql/lent.py",
        "from chassis.graphql import Info, load\n",
    ),
    "signatures_are_typed": (
        "src/booking/persistence/lent.py",
        "def lent(row: sa.Row[Any]) -> None: ...\n",
    ),
    "words_have_one_meaning": ("src/booking/usecases/lend_offer.py", "def lend_offer(told): ...\n"),
    "imports_keep_their_names": (
        "src/booking/usecases/lend_offer.py",
        "from booking.domain import refusals as no\n\ndef lend_offer(): ...\n",
    ),
    "tests_mirror_sources": ("tests/nowhere/test_lend_offer.py", ""),
}


def test_each_rule_has_a_breach() -> None:
    assert set(BREACHES) == set(RULES)


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("tree")
    without_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "services/booking", tree / "services/booking", ignore=without_caches)
    return tree


@pytest.mark.parametrize("rule", RULES)
def test_a_breach_turns_its_rule_red(copied_tree: Path, rule: str) -> None:
    place, breach = BREACHES[rule]
    file = copied_tree / "services/booking" / place
    before = file.read_text() if file.exists() else None
    if breach is None:
        file.unlink()
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(breach)
    try:
        check: Callable[[Path, str], list[str]] = RULES[rule]
        assert check(copied_tree, "booking") != []
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before)


NOT_CALLED_YET = Path(__file__).with_name("not_called_yet.txt")


@pytest.mark.parametrize("package", house.CONTEXTS)
def test_every_rule_of_the_domain_is_called_by_something_that_runs(package: str) -> None:
    """But for those of the list, which can only shrink: whoever wires one strikes it out."""
    waiting = {
        line.removeprefix(f"{package}: ")
        for line in NOT_CALLED_YET.read_text().splitlines()
        if line.startswith(f"{package}: ")
    }
    assert house.uncalled(ROOT, package) == waiting


def test_a_rule_that_nobody_calls_is_found(copied_tree: Path) -> None:
    file = copied_tree / "services/booking/src/booking/domain/lending.py"
    file.write_text("def lend():\n    return may_lend()\n\n\ndef may_lend():\n    return True\n")
    found = house.uncalled(copied_tree, "booking")
    file.unlink()
    assert found - house.uncalled(copied_tree, "booking") == {"lending.lend", "lending.may_lend"}
