"""The committed OpenAPI documents are what the code says today, valid, and tried against the code."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from chassis.rest import document, print_openapi

from .services import CONTEXTS, service

ROOT = Path(__file__).parents[2]
WITH_REST = [context for context in CONTEXTS if service(context).rest is not None]


def _committed(context: str) -> Path:
    return ROOT / "services" / context / "contracts/openapi.json"


def test_a_document_is_committed_for_each_context_with_a_rest_api_and_no_other() -> None:
    assert [context for context in CONTEXTS if _committed(context).exists()] == WITH_REST


@pytest.mark.parametrize("context", WITH_REST)
def test_the_committed_document_is_the_services_own(context: str) -> None:
    declared = service(context).rest
    assert declared is not None
    assert print_openapi(declared()) == _committed(context).read_text(), "run ./pass schema"
    for schema in document(declared())["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("context", WITH_REST)
def test_the_document_is_tried_against_the_service(context: str) -> None:
    trial = ROOT / "services" / context / "tests/api/rest/test_conformance.py"
    assert "conformance import statuses" in trial.read_text()
