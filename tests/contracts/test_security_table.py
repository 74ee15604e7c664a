"""`docs/security.md` holds the platform against OWASP ASVS: what it and `docs/data.md` cite is there; it adds up."""

import ast
import re
from collections import Counter
from functools import cache

import pytest

from local_platform.paths import ROOT

TEXT = (ROOT / "docs/security.md").read_text()
CITING = TEXT + (ROOT / "docs/data.md").read_text()
CITED = sorted(set(re.findall(r"`([\w./-]+\.py)::(test_\w+)`", CITING)))
ROWS = re.findall(
    r"^\| (V[\d.]+) \(L[12]\) \| .+? \| `(met|not applicable|not met)` \| (.+) \|$", TEXT, re.MULTILINE
)
VERDICTS = ("met", "not applicable", "not met")


@cache
def _tests_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


@pytest.mark.parametrize(("path", "name"), CITED)
def test_a_test_that_is_cited_is_there(path: str, name: str) -> None:
    assert name in _tests_of(path)


def test_every_requirement_has_one_row_and_what_is_met_names_a_test() -> None:
    assert len(ROWS) == len({id_ for id_, *_ in ROWS}) == 253
    assert [id_ for id_, verdict, said in ROWS if verdict == "met" and "::test_" not in said] == []


def test_the_summary_adds_up() -> None:
    counted = Counter((id_.split(".")[0], verdict) for id_, verdict, _ in ROWS)
    summary = re.findall(r"^\| (V\d+) [^|]+ \| (\d+) \| (\d+) \| (\d+) \|", TEXT, re.MULTILINE)
    assert len(summary) == 17
    for chapter, *numbers in summary:
        assert list(map(int, numbers)) == [counted[chapter, verdict] for verdict in VERDICTS], chapter
