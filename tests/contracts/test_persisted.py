"""In production documents of the manifest alone are answered: whatever keeps an account safe is among them."""

import json

import pytest
from graphql import FieldNode, OperationDefinitionNode, build_schema, parse, validate

from local_platform.paths import ROOT

MANIFEST: dict[str, str] = json.loads((ROOT / "gateway/persisted/documents.json").read_text())
DOCUMENTS = {name: parse(text) for name, text in MANIFEST.items()}
SCHEMA = build_schema((ROOT / "gateway/api.graphql").read_text(), assume_valid=True)

KEEPS_AN_ACCOUNT_SAFE = {
    *("signIn", "refreshSession", "signOut", "mySessions", "closeSession"),
    *("requestPasswordReset", "resetPassword", "changePassword", "confirmEmail"),
    *("signInStaff", "answerStaffChallenge", "enrolFactor", "resetFactors", "suspendPerson"),
}


@pytest.mark.parametrize("field", sorted(KEEPS_AN_ACCOUNT_SAFE))
def test_it_can_be_asked_in_production(field: str) -> None:
    """Else nobody could end the session that was stolen from them, or give a colleague back a lost factor."""
    asked = {
        selection.name.value
        for document in DOCUMENTS.values()
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        for selection in definition.selection_set.selections
        if isinstance(selection, FieldNode)
    }
    assert field in asked


@pytest.mark.parametrize("name", MANIFEST)
def test_each_is_one_that_the_schema_answers(name: str) -> None:
    assert validate(SCHEMA, DOCUMENTS[name]) == []
