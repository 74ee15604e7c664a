"""The API's schema and the documents of its clients are as graphql-eslint recommends, but for a written list."""

import json
import shutil
from pathlib import Path

import pytest

from local_platform.checks import documents

from .conftest import OpenWorkshop
from .workshops import HERE, Workshop

ACCEPTED = {
    "no-typename-prefix: grantedAt: DateTime!": "A grant is granted: the word is the law's, not the type's.",
    "relay-edge-types: type OpenSessionEdge {": "One's own sessions are read together, and closed.",
    "relay-edge-types: type SearchHitEdge {": "A hit is a place in one search; its `offer` is what is found again.",
}
"""Complaints that stand, each with the reason; rules that do not fit at all are in eslint/eslint.config.mjs."""


def _with_operations(workshop: Workshop) -> Workshop:
    folder = workshop.folder / "operations"
    folder.mkdir()
    for file in (HERE / "codegen" / "operations.graphql", *documents.FOLDER.glob("*.graphql")):
        shutil.copyfile(file, folder / file.name)
    known = {file.read_text() for file in folder.iterdir()}
    of_the_demo = [text for text in json.loads(documents.MANIFEST.read_text()).values() if text not in known]
    for number, text in enumerate(of_the_demo):
        (folder / f"demo_{number}.graphql").write_text(text)
    return workshop


def _complaints(workshop: Workshop) -> set[str]:
    """Rule and line of the schema or document, of every complaint."""
    done = workshop.run("eslint", "--format", "json", ".")
    found = set()
    for file in json.loads(done.stdout):
        lines = Path(file["filePath"]).read_text().splitlines()
        for said in file["messages"]:
            found.add(f"{said['ruleId'].removeprefix('@graphql-eslint/')}: {lines[said['line'] - 1].strip()}")
    return found


@pytest.mark.clients
def test_schema_and_documents_are_as_recommended(open_node: OpenWorkshop) -> None:
    assert _complaints(_with_operations(open_node("eslint"))) == set(ACCEPTED)
